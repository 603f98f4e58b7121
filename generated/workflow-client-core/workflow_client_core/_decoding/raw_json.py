"""JSON as it was sent: repaired where its text is not sound, and looked at without being decoded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, cast

import msgspec
from msgspec import Raw

from .._time_limit import check_time
from .results import Unreadable
from .strict import MAX_CONTAINERS, has_too_many_containers

_WHITESPACE = b" \t\r\n"
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
_HALF = re.compile(r"[\ud800-\udfff]")
RAW = msgspec.json.Decoder(Raw)
OBJECT = msgspec.json.Decoder(dict[str, Raw])
ARRAY = msgspec.json.Decoder(list[Raw])
TEXT = msgspec.json.Decoder(str)
ANY = msgspec.json.Decoder(Any)

_JSON_TYPES = {
    **dict.fromkeys(b"-0123456789", "number"),
    **dict.fromkeys(b"tf", "true or false"),
    **dict(zip(b'{["n', ("object", "array", "text", "null"), strict=True)),
}
"""JSON types by the first byte of a value."""


def unchecked(data: bytes) -> Raw:
    """The document as it was sent; whether it is JSON shows where it is decoded.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    if not data.isascii():
        data.decode()
    return Raw(data.strip(_WHITESPACE))


def sound(data: bytes) -> tuple[Raw, bytes]:
    """The document without a byte order mark and halves of surrogate pairs; and, if it had any, as it was with them.

    In place of NaN and infinities it has numbers that no type can hold, so that only they are unreadable.

    Raises:
        Unreadable: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    if has_too_many_containers(data):
        raise Unreadable(f"it has more than {MAX_CONTAINERS:,} lists and objects")
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8: {error.reason} (byte {error.start})"
    else:
        if not data.strip(_WHITESPACE):
            raise Unreadable("it is empty")
        try:
            return RAW.decode(data), b""
        except msgspec.DecodeError as error:
            reason = str(error)  # it names what is wrong with the syntax and where, and quotes nothing
        numeric = _with_numbers(data)
        repaired = _without_halves(numeric)
        if repaired != data:
            try:
                return RAW.decode(repaired), data if repaired != numeric else b""
            except msgspec.DecodeError as error:
                reason = str(error)
    raise Unreadable(reason)


def _with_numbers(data: bytes) -> bytes:
    """The document with numbers in place of NaN and infinities."""
    if b"NaN" not in data and b"Infinity" not in data:
        return data
    changed = bytearray()  # not a list of pieces: many small ones take many times the memory of the document
    start = 0
    for match in _NO_NUMBER.finditer(data):
        if match[1]:
            changed += data[start : match.start()]
            changed += NO_NUMBERS[match[1]]
            start = match.end()
    changed += data[start:]
    return bytes(changed)


def _without_halves(data: bytes) -> bytes:
    """The document with U+FFFD, whose escape is as long, in place of halves of surrogate pairs."""
    if b"\\u" not in data:
        return data
    repaired = bytearray(data)
    for match in _ESCAPE.finditer(data):
        if match[1]:
            repaired[match.start() : match.end()] = rb"\ufffd"
    return bytes(repaired)


def halves(data: bytes) -> Iterator[tuple[str, ...]]:
    """The paths of all texts and names with half a surrogate pair; names as they are after the repair."""
    import json

    root: object = json.loads(data.decode(), parse_int=bool, parse_float=bool)  # numbers do not matter, however large
    # An iterator per level: a list of what is still to come would take many times the memory of the document.
    levels = [_inside([root])]
    path: list[object] = []
    while levels:
        for name, value in levels[-1]:
            check_time()
            path[len(levels) - 1 :] = [name]
            if _has_half(name) or _has_half(value):
                yield tuple(_repaired(str(step)) for step in path[1:])
            if isinstance(value, dict | list) and value:
                levels.append(_inside(cast("dict[object, object] | list[object]", value)))
                break
        else:
            levels.pop()


def _inside(value: dict[object, object] | list[object]) -> Iterator[tuple[object, object]]:
    return iter(value.items()) if isinstance(value, dict) else enumerate(value)


def _has_half(value: object) -> bool:
    return isinstance(value, str) and not value.isascii() and _HALF.search(value) is not None


def _repaired(text: str) -> str:
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def json_type_of(raw: Raw) -> str:
    """The JSON type of a value, as messages call it."""
    return _JSON_TYPES[memoryview(raw)[0]]


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
