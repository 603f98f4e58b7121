"""Scalars in spellings that msgspec does not read."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

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


class Unfit(Exception):
    """A value is not what is `expected`, which is worded as in a message."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def scalar_reader(type_: Any, json_type: str) -> Callable[[Raw], Any] | None:
    """What reads spellings that msgspec does not, of a `type_` in texts or numbers; None: it reads all of them.

    It raises Unfit.
    """
    if json_type == "text":
        return _TEXTS.get(type_)
    if json_type == "number" and (type_ is int or enum_base(type_) is int):
        return lambda raw: _integer(type_, raw)
    return _float if json_type == "number" and type_ in (float, Any) else None


def _float(_: Raw) -> float:
    raise Unfit("number within the range of a 64-bit float")


def _integer(type_: Any, raw: Raw) -> Any:
    """An integer in another spelling: `1.0`, `1e3`. Exact, unlike the detour by a float."""
    try:
        number = Decimal(bytes(raw).decode())
    except ArithmeticError:  # an exponent beyond all measure
        raise Unfit(type_name(type_)) from None
    if number and number.adjusted() >= _MOST_DIGITS:
        raise Unfit(f"{type_name(type_)} of at most {_MOST_DIGITS} digits")
    integer = int(number) if number else 0
    if integer != number:
        raise Unfit(type_name(type_))
    try:
        return type_(integer)
    except ValueError:  # an enum that is not open
        raise Unfit(type_name(type_)) from None


def _timestamp(raw: Raw) -> datetime:
    return _moment(TEXT.decode(raw), "date-time")


def _moment(text: str, expected: str) -> datetime:
    """A date-time that msgspec refuses: a leap second, a fraction that rounds up beyond the last year, or no seconds.

    Sources: RFC 3339, 5.6 and appendix D; ISO 8601 for those without seconds.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise Unfit(expected)
    start, seconds, fraction, zone = match[1], match[2] or "00", (match[3] or "")[:7], match[4] or ""
    leap = seconds == "60"
    try:
        moment = msgspec.convert(f"{start}:{'59' if leap else seconds}{fraction}{zone}", datetime)
        if leap:
            moment = _after_leap(moment)
    except (msgspec.ValidationError, OverflowError):
        raise Unfit(expected) from None
    return moment


def _after_leap(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.astimezone(UTC).time() < time(23, 59, 59):
        raise OverflowError("leap seconds are inserted at the end of a day in UTC")
    return moment + timedelta(seconds=1)


def _time(raw: Raw) -> time:
    """A time of day, by the rules for date-times: a leap second is the first second of the next day."""
    return _moment(f"2000-01-01T{TEXT.decode(raw)}", "time").timetz()


def _duration(raw: Raw) -> timedelta:
    """A duration of ISO 8601 in its less usual forms (weeks, fractions of any unit), or of protobuf ("3.5s").

    Sources: RFC 3339, appendix A; ISO 8601; https://protobuf.dev/programming-guides/json/ (Duration).
    """
    text = TEXT.decode(raw)
    match = _DURATION.fullmatch(text)
    if match is not None:
        sign, *amounts = match.groups()
    elif (match := _SECONDS.fullmatch(text)) is not None:
        sign, *amounts = match[1], None, None, None, None, match[2]
    else:
        # How long a month is depends on which one it is.
        raise Unfit("duration without years and months" if _CALENDAR_DURATION.match(text) else "duration")
    microseconds = sum(
        Decimal(amount.replace(",", ".")) * (unit // _MICROSECOND)
        for amount, unit in zip(amounts, _UNITS, strict=True)
        if amount is not None
    )
    try:
        return timedelta(microseconds=round(microseconds) * (-1 if sign == "-" else 1))
    except OverflowError:
        raise Unfit("duration of at most 999999999 days") from None


def _base64(raw: Raw) -> bytes:
    """Bytes in the alphabet that is safe in URLs, without padding, or in lines (RFC 4648, 5 and 3.2; RFC 2045, 6.8)."""
    text = TEXT.decode(raw).translate(_STANDARD_ALPHABET)
    try:
        return binascii.a2b_base64(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), strict_mode=True)
    except ValueError:
        raise Unfit("base64 text") from None


_STANDARD_ALPHABET = str.maketrans({"-": "+", "_": "/", "\r": None, "\n": None})
_TEXTS: dict[Any, Callable[[Raw], Any]] = {
    datetime: _timestamp,
    time: _time,
    timedelta: _duration,
    bytes: _base64,
}
