"""Converters from a provider's values to those of the unified model.

Adapters pass values of the client's models, which may be absent (`UNSET` or None), and get the unified value or None.
No converter raises for a value of its declared type; those that take `notes` note why a value became None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar, cast

from msgspec import Struct, UnsetType
from workflow_client_core import InvalidResponse, decode

from .notes import Notes
from .times import (
    epoch_milliseconds,
    epoch_seconds,
    epoch_seconds_or_rfc822,
    iso_duration,
    milliseconds,
    rfc3339,
    seconds,
    utc,
)

__all__ = [
    "agreeing",
    "as_object",
    "decimal",
    "epoch_milliseconds",
    "epoch_seconds",
    "epoch_seconds_or_rfc822",
    "filled_text",
    "first",
    "given",
    "integer",
    "iso_duration",
    "json_object",
    "milliseconds",
    "number_text",
    "or_else",
    "plain",
    "rfc3339",
    "seconds",
    "unless_empty",
    "utc",
]

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
Absent: TypeAlias = UnsetType | None

_MOST_DIGITS = 4300  # the most that CPython converts between int and text
_TOO_LARGE = 10**_MOST_DIGITS
_FIRST_INEXACT_FLOAT = 2**53
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_JSON_TYPES: dict[type, str] = {str: "text", list: "array", bool: "true or false", int: "number", float: "number"}


def given(value: T | Absent) -> T | None:
    """The value as it is; None for `UNSET`."""
    return None if isinstance(value, UnsetType) else value


def or_else(value: T | None, default: T) -> T:
    """The value, or a default where there is none."""
    return default if value is None else value


def first(*candidates: T | None) -> T | None:
    """The first value that is present."""
    return next((candidate for candidate in candidates if candidate is not None), None)


def agreeing(pointers: tuple[str, ...], notes: Notes, *candidates: T | None) -> T | None:
    """The first value that is present; others that differ from it are noted as disagreements."""
    present = [(at, candidate) for at, candidate in zip(pointers, candidates, strict=True) if candidate is not None]
    if not present:
        return None
    first_pointer, value = present[0]
    for at, candidate in present[1:]:
        if candidate != value:
            notes.add(at, "disagreement", f"it is not what stands at {first_pointer}, which counts")
    return value


def unless_empty(value: S) -> S | None:
    """An object of the unified model, or None where all its fields are absent."""
    return None if value == type(value)() else value


def plain(value: str | Absent) -> str | None:
    """An enum value as plain text."""
    return None if value is None or isinstance(value, UnsetType) else str(value)


def number_text(value: float | str | Absent, pointer: str, notes: Notes) -> str | None:
    """A number as text, without a trailing `.0` and without an exponent: 3.0 is `3`. Text stays as it is.

    A float of 2**53 or more is None: another number may have been sent (IEEE 754, binary64).
    """
    if value is None or isinstance(value, UnsetType):
        return None
    if isinstance(value, str):
        return str(value)
    number = _decimal(value)
    if number is None or (type(value) is float and abs(value) >= _FIRST_INEXACT_FLOAT):
        notes.add(pointer, "out of range", "a number too large to be read exactly")
        return None
    return f"{_without_trailing_zeros(number):f}"


def filled_text(value: str | Absent) -> str | None:
    """Text that is not empty; None for empty text."""
    return plain(value) or None


def integer(value: float | str | Absent, pointer: str, notes: Notes) -> int | None:
    """An integer that may be written as text or with a fraction of zero: 7, 7.0, `"7"`. At most 4,300 digits."""
    if value is None or isinstance(value, UnsetType):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if -_TOO_LARGE < value < _TOO_LARGE:
            return int(value)
        notes.add(pointer, "out of range", f"an integer of more than {_MOST_DIGITS} digits")
        return None
    number = _decimal(value)
    if number is None:
        notes.add(pointer, "not a number", f"expected an integer, found {_json_type(value)}")
    elif number and number.adjusted() >= _MOST_DIGITS:
        notes.add(pointer, "out of range", f"an integer of more than {_MOST_DIGITS} digits")
    elif number and (number.adjusted() < 0 or number != number.to_integral_value()):
        notes.add(pointer, "not a number", "expected an integer, found a number with a fraction")
    else:
        return int(number)
    return None


def decimal(value: float | str | Absent, pointer: str, notes: Notes) -> Decimal | None:
    """A number exactly as it is written, also as text: 2.5, `"2.5"`. At most 4,300 digits."""
    if value is None or isinstance(value, UnsetType):
        return None
    number = _decimal(value)
    if number is None:
        notes.add(pointer, "not a number", f"expected a number, found {_json_type(value)}")
    elif number and not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        notes.add(pointer, "out of range", f"a number of more than {_MOST_DIGITS} digits")
    else:
        return _without_trailing_zeros(number)
    return None


def json_object(value: str | dict[str, Any] | Absent, pointer: str, notes: Notes) -> dict[str, Any] | None:
    """A JSON object, or the text of one. The text `null` is None, without a note."""
    if not isinstance(value, str):
        return given(value)
    if value.strip(" \t\r\n") == "null":
        return None
    try:
        decoded = decode(value.encode(errors="surrogatepass"), dict[str, Any])
    except InvalidResponse as error:
        if error.issue is None:
            notes.add(pointer, "not JSON", str(error).removeprefix("the document cannot be read: "))
        else:  # `found` may quote the text; its first word does not
            notes.add(pointer, "not an object", f"expected a JSON object, found {error.issue.found.split()[0]}")
        return None
    for issue in decoded.issues:
        notes.add(pointer, "unreadable", f"expected {issue.expected} at {issue.pointer} in the text")
    return decoded.parsed


def as_object(value: Any, pointer: str, notes: Notes) -> dict[str, Any] | None:
    """A value that has to be a JSON object."""
    if value is None or isinstance(value, UnsetType):
        return None
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    notes.add(pointer, "not an object", f"expected an object, found {_json_type(value)}")
    return None


def _decimal(value: float | str) -> Decimal | None:
    """A finite number exactly as it is written; None where there is none."""
    match value:
        case bool():
            return None
        case str():
            text = value.strip()
        case int():
            text = str(int(value)) if -_TOO_LARGE < value < _TOO_LARGE else ""
        case _:
            text = repr(float(value))
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent that Decimal cannot hold
        return None


def _without_trailing_zeros(number: Decimal) -> Decimal:
    """The same number, without zeros at its end, an exponent, or a minus before a zero."""
    text = f"{number or Decimal():f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _json_type(value: object) -> str:
    return _JSON_TYPES.get(type(value), "text" if isinstance(value, str) else "another value")
