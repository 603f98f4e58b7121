"""Converters of JSON values."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import msgspec
from msgspec import UnsetType
from workflow_client_core import InvalidResponse, decode, encode

from .notes import Notes
from .numbers import json_type

Absent: TypeAlias = UnsetType | None

_DECODER = msgspec.json.Decoder()


def as_json(value: object, pointer: str, notes: Notes) -> Any:
    """A value of any type as JSON has it; of an object, the documented properties.

    None, with a note, for what JSON cannot express, such as NaN.
    """
    if value is None or isinstance(value, UnsetType):
        return None
    try:
        return _read_again(encode(value))
    except (TypeError, ValueError, InvalidResponse):
        notes.add(pointer, "unreadable", "expected a JSON value, found something that JSON cannot express")
        return None


def _read_again(written: bytes) -> Any:
    """What was written as JSON; `decode` reads what msgspec refuses, such as an integer of many digits."""
    try:
        return _DECODER.decode(written)
    except (msgspec.DecodeError, RecursionError):
        return decode(written, Any).parsed


def json_text(value: Any, pointer: str, notes: Notes) -> Any:
    """The JSON value in a text; any other value as it is. The text `null` is None, without a note."""
    if isinstance(value, str):
        return _decoded(value, pointer, notes)
    return None if isinstance(value, UnsetType) else value


def as_object(value: Any, pointer: str, notes: Notes) -> dict[str, Any] | None:
    """A value that has to be a JSON object."""
    if value is None or isinstance(value, UnsetType):
        return None
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    notes.add(pointer, "not an object", f"expected an object, found {json_type(value)}")
    return None


def _decoded(value: str, pointer: str, notes: Notes) -> Any:
    """The value in the text of JSON."""
    if value.strip(" \t\r\n") == "null":
        return None
    try:
        decoded = decode(value.encode(errors="surrogatepass"), Any)
    except InvalidResponse as error:
        if error.issue is None:
            notes.add(pointer, "not JSON", str(error).removeprefix("the document cannot be read: "))
        else:
            notes.add(pointer, "unreadable", f"expected {error.issue.expected} in the text")
        return None
    for issue in decoded.issues:
        notes.add(pointer, "unreadable", f"expected {issue.expected} at {issue.pointer} in the text")
    return decoded.parsed
