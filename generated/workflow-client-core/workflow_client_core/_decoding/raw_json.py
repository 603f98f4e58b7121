"""JSON as it was sent: repaired where its text is not sound, and looked at without being decoded."""

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
_NO_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(-?Infinity|NaN)', re.DOTALL)
NO_NUMBERS = {
    b"NaN": b"1e9999999999999999991",
    b"Infinity": b"1e9999999999999999992",
    b"-Infinity": b"-1e9999999999999999992",
}
"""What JSON does not know, but Python's `json` writes, and for each a number that no type can hold."""
_RAW = msgspec.json.Decoder(Raw)
OBJECT = msgspec.json.Decoder(dict[str, Raw])
ARRAY = msgspec.json.Decoder(list[Raw])
TEXT = msgspec.json.Decoder(str)
ANY = msgspec.json.Decoder(Any)

_JSON_TYPES = {"{": "object", "[": "array", '"': "text", "t": "true or false", "f": "true or false", "n": "null"}


def sound(data: bytes) -> tuple[Raw, list[tuple[str, ...]]]:
    """The document without a byte order mark and halves of surrogate pairs, and the paths of these halves.

    In place of NaN and infinities it has numbers that no type can hold, so that only they are unreadable.

    Raises:
        Unreadable: it is not JSON.
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
            reason = str(error)  # it names what is wrong with the syntax and where, and quotes nothing
        numeric = _NO_NUMBER.sub(lambda match: NO_NUMBERS[match[1]] if match[1] else match[0], data)
        repaired = _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], numeric)
        if repaired != data:
            try:
                return _RAW.decode(repaired), list(_halves(data)) if repaired != numeric else []
            except msgspec.DecodeError as error:
                reason = str(error)
    raise Unreadable(reason)


def _halves(data: bytes) -> Iterator[tuple[str, ...]]:
    """The paths of all texts and names with half a surrogate pair; names as they are after the repair."""
    import json

    root: object = json.loads(data.decode(), parse_int=bool, parse_float=bool)  # numbers do not matter, however large
    pending: list[tuple[tuple[str, ...], object]] = [((), root)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            if _repaired(value) != value:
                yield path
            continue
        items: list[tuple[str, object]] = []
        if isinstance(value, dict):
            items += cast("dict[str, object]", value).items()
        elif isinstance(value, list):
            items += ((str(index), item) for index, item in enumerate(cast("list[object]", value)))
        yield from ((*path, _repaired(name)) for name, _ in items if _repaired(name) != name)
        pending += reversed([((*path, _repaired(name)), item) for name, item in items])


def _repaired(text: str) -> str:
    if text.isascii():
        return text
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def json_type_of(raw: Raw) -> str:
    """The JSON type of a value, as messages call it."""
    return _JSON_TYPES.get(chr(memoryview(raw)[0]), "number")


def glance(raw: Raw, levels: int) -> Any:
    """The outermost levels of a value as plain Python, as many as the choice of a member needs."""
    json_type = json_type_of(raw)
    if json_type == "object":
        return {key: glance(item, levels - 1) for key, item in OBJECT.decode(raw).items()} if levels else {}
    if json_type == "array":
        return [glance(item, levels - 1) for item in ARRAY.decode(raw)] if levels else []
    try:
        return ANY.decode(raw)
    except msgspec.ValidationError:
        return math.inf  # a number beyond what Python can hold
