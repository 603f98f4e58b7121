"""Converters of numbers, and of texts that are numbers."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

from msgspec import UNSET, UnsetType

from .._form.decimals import MOST_DIGITS, has_few_digits
from .notes import Notes

Absent: TypeAlias = UnsetType | None
Number: TypeAlias = float | Decimal

_LARGEST_EXPONENT = 308  # what readers of JSON read as a float
_TOO_LARGE = 10**MOST_DIGITS
_FIRST_INEXACT_FLOAT = 2**53
_FIRST_FLOAT_OF_TWO_MILLIONTHS = 2**33
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_JSON_TYPES: dict[type, str] = {str: "text", list: "array", bool: "true or false", int: "number", float: "number"}


def text(value: bool | float | str | Absent, pointer: str, notes: Notes) -> str | None:
    """A number as text, without a trailing `.0` and without an exponent: 3.0 is `3`. Text stays as it is.

    True and False are `true` and `false`. A float of 2**53 or more is None: another number may have been sent (IEEE
    754, binary64).
    """
    if type(value) is int and abs(value) < _TOO_LARGE:
        return str(value)
    if value is None or value is UNSET:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return str(value)
    if type(value) is float and abs(value) < _FIRST_INEXACT_FLOAT:
        if value.is_integer():
            return str(int(value))
        shown = repr(value)
        if "e" not in shown:
            return shown
    number = exact(value)
    if number is None or (type(value) is float and abs(value) >= _FIRST_INEXACT_FLOAT):
        notes.add(pointer, "out of range", "a number too large to be read exactly")
        return None
    return f"{_without_trailing_zeros(number):f}"


def integer(value: float | str | Absent, pointer: str, notes: Notes) -> int | None:
    """An integer that may be written as text or with a fraction of zero: 7, 7.0, `"7"`. At most 4,300 digits."""
    if type(value) is int and abs(value) < _TOO_LARGE:
        return value
    if value is None or value is UNSET:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < _TOO_LARGE:
            return int(value)
        notes.add(pointer, "out of range", f"an integer of more than {MOST_DIGITS} digits")
        return None
    number = exact(value)
    if number is None:
        notes.add(pointer, "not a number", f"expected an integer, found {json_type(value)}")
    elif number and number.adjusted() >= MOST_DIGITS:
        notes.add(pointer, "out of range", f"an integer of more than {MOST_DIGITS} digits")
    elif number and (number.adjusted() < 0 or number != number.to_integral_value()):
        notes.add(pointer, "not a number", "expected an integer, found a number with a fraction")
    else:
        return int(number)
    return None


def from_zero(value: float | Absent, pointer: str, notes: Notes) -> int | None:
    """An integer that counts from 0, as one that counts from 1: 0 is 1."""
    number = integer(value, pointer, notes)
    return None if number is None else integer(number + 1, pointer, notes)


def decimal(value: float | str | Absent, pointer: str, notes: Notes) -> Decimal | None:
    """A number exactly as it is written, also as text: 2.5, `"2.5"`. At most 4,300 digits."""
    if value is None or value is UNSET:
        return None
    if type(value) is int and abs(value) < _TOO_LARGE:
        return Decimal(value)
    number = exact(value)
    if number is None:
        notes.add(pointer, "not a number", f"expected a number, found {json_type(value)}")
        return None
    if not number or -MOST_DIGITS < number.adjusted() < MOST_DIGITS:
        plain = _without_trailing_zeros(number)
        if has_few_digits(plain):
            return plain
    notes.add(pointer, "out of range", f"a number of more than {MOST_DIGITS} digits")
    return None


def exact(value: Number | str) -> Decimal | None:
    """A finite number exactly as it is written; None where there is none."""
    match value:
        case bool():
            return None
        case Decimal():
            return value if value.is_finite() else None
        case str():
            text = value.strip()
        case int():
            text = str(int(value)) if abs(value) < _TOO_LARGE else ""
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
    digits = f"{number or Decimal():f}"
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def json_type(value: object) -> str:
    """A JSON value's type, for messages."""
    return _JSON_TYPES.get(type(value), "text" if isinstance(value, str) else "another value")


def span(value: Number, microseconds: int | Decimal, pointer: str, notes: Notes, out_of_range: str) -> timedelta | None:
    """The time that a number of units takes, of so many microseconds each; `out_of_range` describes one too long."""
    try:
        if type(value) is int and type(microseconds) is int:
            return timedelta(0, 0, value * microseconds)
        if type(value) is float and type(microseconds) is int and abs(value) < _FIRST_FLOAT_OF_TWO_MILLIONTHS:
            whole = round(value * microseconds)
            if whole / microseconds == value:  # and no other number of microseconds has the same float
                return timedelta(0, 0, whole)
        number = exact(value)
        if number is None or number.adjusted() > _LARGEST_EXPONENT:
            raise OverflowError
        return timedelta(microseconds=round(number * microseconds))
    except OverflowError:
        notes.add(pointer, "out of range", out_of_range)
        return None
