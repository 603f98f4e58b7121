"""JSON as it was sent: made sound where it is not, and looked at without being decoded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, cast

import msgspec
from msgspec import Raw

from .results import Unreadable

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_RAW = msgspec.json.Decoder(Raw)
OBJECT = msgspec.json.Decoder(dict[str, Raw])
ARRAY = msgspec.json.Decoder(list[Raw])
TEXT = msgspec.json.Decoder(str)
ANY = msgspec.json.Decoder(Any)

_KINDS = {"{": "object", "[": "array", '"': "text", "t": "true or false", "f": "true or false", "n": "null"}


def sound(data: bytes) -> tuple[Raw, list[tuple[str, ...]]]:
    """The document without a byte order mark and halves of surrogate pairs, and the paths of the latter.

    Raises:
        Unreadable: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8: {error.reason} (byte {error.start})"
    else:
        if not data.strip(b" \t\r\n"):
            raise Unreadable("it is empty")
        try:
            return _RAW.decode(data), []
        except msgspec.DecodeError as error:
            reason = str(error)  # says what is wrong with the syntax and where, and quotes nothing
        mended = _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], data)
        if mended != data:
            try:
                return _RAW.decode(mended), list(_halves(data))
            except msgspec.DecodeError as error:
                reason = str(error)
    raise Unreadable(reason)


def _halves(data: bytes) -> Iterator[tuple[str, ...]]:
    """The paths of all texts and names with half a surrogate pair; names as they are after mending."""
    import json

    root: object = json.loads(data.decode(), parse_int=bool, parse_float=bool)  # numbers do not matter, however large
    pending: list[tuple[tuple[str, ...], object]] = [((), root)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            if _mended(value) != value:
                yield path
            continue
        items: list[tuple[str, object]] = []
        if isinstance(value, dict):
            items += cast("dict[str, object]", value).items()
        elif isinstance(value, list):
            items += ((str(index), item) for index, item in enumerate(cast("list[object]", value)))
        yield from ((*path, _mended(name)) for name, _ in items if _mended(name) != name)
        pending += reversed([((*path, _mended(name)), item) for name, item in items])


def _mended(text: str) -> str:
    if text.isascii():
        return text
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def kind_of(raw: Raw) -> str:
    """What kind of JSON value it is, in a reader's words."""
    return _KINDS.get(chr(memoryview(raw)[0]), "number")


def glance(raw: Raw, levels: int) -> Any:
    """The outermost levels of a value as plain Python, as far as the choice of a member looks at it."""
    kind = kind_of(raw)
    if kind == "object":
        return {key: glance(part, levels - 1) for key, part in OBJECT.decode(raw).items()} if levels else {}
    if kind == "array":
        return [glance(part, levels - 1) for part in ARRAY.decode(raw)] if levels else []
    try:
        return ANY.decode(raw)
    except msgspec.ValidationError:
        return math.inf  # a number beyond what Python can hold
