"""Converters to times, which are aware and in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType
from workflow_client_core import InvalidResponse, decode

from .notes import Notes
from .numbers import Number, span

Absent: TypeAlias = UnsetType | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNREPRESENTABLE = (OverflowError, ValueError)  # beyond datetime and timedelta; NaN
_TIME_OUT_OF_RANGE = "a time outside of the years 1 to 9999"
_NOT_RFC_822 = "expected a date-time as in RFC 822, found other text"
_RFC_822 = re.compile(
    r"[ \t]*((mon|tue|wed|thu|fri|sat|sun),[ \t]*)?\d{1,2}"
    r"[ \t]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[ \t]+(\d{2}|[1-9]\d{3})"
    r"[ \t]+([01]?\d|2[0-3]):[0-5]\d(:([0-5]\d|60))?"
    r"[ \t]+(ut|utc|gmt|z|[ecmp][sd]t|[+-]([01]\d|2[0-3])[0-5]\d)[ \t]*",
    re.ASCII | re.IGNORECASE,
)


def utc(value: datetime | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time in UTC; None for a time without a zone, which could be any instant."""
    if value is None or value is UNSET:
        return None
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        notes.add(pointer, "no zone", "a time without a zone could be any instant")
        return None
    try:
        return value.astimezone(UTC)
    except _UNREPRESENTABLE:
        notes.add(pointer, "out of range", _TIME_OUT_OF_RANGE)
        return None


def rfc3339(value: str | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from text (RFC 3339, 5.6; the same spellings as `workflow_client_core.decode` reads)."""
    return utc(_read(value, pointer, notes) if isinstance(value, str) else value, pointer, notes)


def utc_time(value: str | datetime | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from text (as `rfc3339`), or one that the client has read; without a zone, it is in UTC."""
    moment = _read(value, pointer, notes) if isinstance(value, str) else value
    if isinstance(moment, datetime) and moment.utcoffset() is None:
        return moment.replace(tzinfo=UTC)
    return utc(moment, pointer, notes)


def _read(value: str, pointer: str, notes: Notes) -> datetime | None:
    """The time that a text names, with or without a zone."""
    try:
        return decode(msgspec.json.encode(value), datetime).parsed
    except (InvalidResponse, UnicodeEncodeError):
        notes.add(pointer, "unreadable", "expected a date-time, found other text")
        return None


def epoch_seconds(value: Number | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the seconds since 1970 in UTC, rounded to microseconds."""
    return _since_epoch(value, 1_000_000, pointer, notes)


def epoch_milliseconds(value: Number | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the milliseconds since 1970 in UTC, rounded to microseconds."""
    return _since_epoch(value, 1_000, pointer, notes)


def epoch_microseconds(value: Number | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the microseconds since 1970 in UTC."""
    return _since_epoch(value, 1, pointer, notes)


def epoch_nanoseconds(value: Number | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the nanoseconds since 1970 in UTC, rounded to microseconds."""
    return _since_epoch(value, Decimal("0.001"), pointer, notes)


def epoch_seconds_or_rfc822(value: float | str | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the seconds since 1970 in UTC, or from text such as `Wed, 12 Mar 2025 09:42:45 GMT`.

    The text is a date-time as in RFC 822 or RFC 5322 (3.3, 4.3); its weekday may be missing, and does not count.
    """
    if not isinstance(value, str):
        return _since_epoch(value, 1_000_000, pointer, notes)
    from email.utils import parsedate_tz  # here, because it takes longer to import than this package does

    date_time = parsedate_tz(value) if _RFC_822.fullmatch(value) else None
    if date_time is None:
        notes.add(pointer, "unreadable", _NOT_RFC_822)
        return None
    year, month, day, hours, minutes, second, *_, offset = date_time
    try:
        midnight = datetime(year, month, day, tzinfo=UTC)
        return midnight + timedelta(hours=hours, minutes=minutes, seconds=second - (offset or 0))
    except OverflowError:
        notes.add(pointer, "out of range", _TIME_OUT_OF_RANGE)
    except ValueError:  # such as the 30th of February
        notes.add(pointer, "unreadable", _NOT_RFC_822)
    return None


def _since_epoch(value: Number | Absent, microseconds: int | Decimal, pointer: str, notes: Notes) -> datetime | None:
    """The time that is a number of units, of so many microseconds each, after 1970."""
    if value is None or value is UNSET:
        return None
    try:
        if type(value) is int and type(microseconds) is int:
            return _EPOCH + timedelta(0, 0, value * microseconds)
        duration = span(value, microseconds, pointer, notes, _TIME_OUT_OF_RANGE)
        return None if duration is None else _EPOCH + duration
    except OverflowError:
        notes.add(pointer, "out of range", _TIME_OUT_OF_RANGE)
        return None
