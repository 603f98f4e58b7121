"""Scalars in spellings that msgspec does not read."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from .._models.types import enum_base, type_name
from .raw_json import TEXT

_MOST_DIGITS = 4300  # what CPython itself converts between int and str at most, and msgspec with it
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_NUMBER = r"(\d{1,20}(?:[.,]\d{1,20})?)"
_DURATION = re.compile(
    rf"([+-]?)P(?=[\dT])(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)
_CALENDAR_DURATION = re.compile(r"[+-]?P[\dWD.,]*[YM]", re.ASCII)
_SECONDS = re.compile(rf"([+-]?){_NUMBER}s", re.ASCII)
_UNITS = (timedelta(weeks=1), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))
_MICROSECOND = timedelta(microseconds=1)


class Unfit(NamedTuple):
    """What stands for a value that is not what is `expected`, worded as in a message; "": what its type's name says."""

    expected: str


UNFIT = Unfit("")


def read_scalar(type_: Any, json_type: str, raw: Raw) -> Any:
    """A value that msgspec refuses, as a `type_`, or `Unfit`: it may be spelled in a way that msgspec does not read."""
    if json_type == "text":
        reader = _TEXTS.get(type_)
        return UNFIT if reader is None else reader(TEXT.decode(raw))
    if json_type != "number":
        return UNFIT
    if type_ is int or enum_base(type_) is int:
        return _integer(type_, raw)
    return _OUT_OF_RANGE if type_ in (float, Any) else UNFIT


_OUT_OF_RANGE = Unfit("number within the range of a 64-bit float")


def _integer(type_: Any, raw: Raw) -> Any:
    """An integer in another spelling: `1.0`, `1e3`. Exact, unlike the detour by a float."""
    try:
        number = Decimal(bytes(raw).decode())
    except ArithmeticError:  # an exponent beyond all measure
        return UNFIT
    if number and number.adjusted() >= _MOST_DIGITS:
        return Unfit(f"{type_name(type_)} of at most {_MOST_DIGITS} digits")
    integer = int(number) if number else 0
    if integer != number:
        return UNFIT
    try:
        return type_(integer)
    except ValueError:  # an enum that is not open
        return UNFIT


def _timestamp(text: str) -> datetime | Unfit:
    """A date-time that msgspec refuses: a leap second, a fraction that rounds up beyond the last year, or no seconds.

    Sources: RFC 3339, 5.6 and appendix D; ISO 8601 for those without seconds.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return UNFIT
    start, seconds, fraction, zone = match[1], match[2] or "00", (match[3] or "")[:7], match[4] or ""
    leap = seconds == "60"
    try:
        moment = msgspec.convert(f"{start}:{'59' if leap else seconds}{fraction}{zone}", datetime)
        return _after_leap(moment) if leap else moment
    except (msgspec.ValidationError, OverflowError):
        return UNFIT


def _after_leap(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.astimezone(UTC).time() < time(23, 59, 59):
        raise OverflowError("leap seconds are inserted at the end of a day in UTC")
    return moment + timedelta(seconds=1)


def _time(text: str) -> time | Unfit:
    """A time of day, by the rules for date-times: a leap second is the first second of the next day."""
    moment = _timestamp(f"2000-01-01T{text}")
    return moment if isinstance(moment, Unfit) else moment.timetz()


def _duration(text: str) -> timedelta | Unfit:
    """A duration of ISO 8601 in its less usual forms (weeks, fractions of any unit), or of protobuf ("3.5s").

    Sources: RFC 3339, appendix A; ISO 8601; https://protobuf.dev/programming-guides/json/ (Duration).
    """
    match = _DURATION.fullmatch(text)
    if match is not None:
        sign, *amounts = match.groups()
    elif (match := _SECONDS.fullmatch(text)) is not None:
        sign, *amounts = match[1], None, None, None, None, match[2]
    else:
        # How long a month is depends on which one it is.
        return Unfit("duration without years and months" if _CALENDAR_DURATION.match(text) else "")
    microseconds = sum(
        Decimal(amount.replace(",", ".")) * (unit // _MICROSECOND)
        for amount, unit in zip(amounts, _UNITS, strict=True)
        if amount is not None
    )
    try:
        return timedelta(microseconds=round(microseconds) * (-1 if sign == "-" else 1))
    except OverflowError:
        return Unfit("duration of at most 999999999 days")


def _base64(text: str) -> bytes | Unfit:
    """Bytes in the alphabet that is safe in URLs, without padding, or in lines (RFC 4648, 5 and 3.2; RFC 2045, 6.8)."""
    text = text.translate(_STANDARD_ALPHABET)
    try:
        return binascii.a2b_base64(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), strict_mode=True)
    except ValueError:
        return UNFIT


_STANDARD_ALPHABET = str.maketrans({"-": "+", "_": "/", "\r": None, "\n": None})
_TEXTS: dict[Any, Callable[[str], Any]] = {
    datetime: _timestamp,
    time: _time,
    timedelta: _duration,
    bytes: _base64,
}
