"""Converters to times, which are aware and in UTC, and to durations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import msgspec
from msgspec import UnsetType
from workflow_client_core import InvalidResponse, decode

from .notes import Notes

Absent: TypeAlias = UnsetType | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNREPRESENTABLE = (OverflowError, ValueError)  # beyond datetime and timedelta; NaN
_TIME_OUT_OF_RANGE = "a time outside of the years 1 to 9999"
_DURATION_OUT_OF_RANGE = "a duration that is negative or too long"
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
    if value is None or isinstance(value, UnsetType):
        return None
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
    if value is None or isinstance(value, UnsetType):
        return None
    try:
        moment = decode(msgspec.json.encode(value), datetime).parsed
    except (InvalidResponse, UnicodeEncodeError):
        notes.add(pointer, "unreadable", "expected a date-time, found other text")
        return None
    return utc(moment, pointer, notes)


def epoch_seconds(value: float | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the seconds since 1970 in UTC, rounded to microseconds."""
    return _since_epoch(value, timedelta(seconds=1), pointer, notes)


def epoch_milliseconds(value: float | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the milliseconds since 1970 in UTC, rounded to microseconds."""
    return _since_epoch(value, timedelta(milliseconds=1), pointer, notes)


def epoch_seconds_or_rfc822(value: float | str | Absent, pointer: str, notes: Notes) -> datetime | None:
    """A time from the seconds since 1970 in UTC, or from text such as `Wed, 12 Mar 2025 09:42:45 GMT`.

    The text is a date-time as in RFC 822 or RFC 5322 (3.3, 4.3); its weekday may be missing, and does not count.
    """
    if not isinstance(value, str):
        return epoch_seconds(value, pointer, notes)
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


def seconds(value: float | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from seconds, rounded to microseconds; never negative."""
    return _duration(value, timedelta(seconds=1), pointer, notes)


def milliseconds(value: float | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from milliseconds, rounded to microseconds; never negative."""
    return _duration(value, timedelta(milliseconds=1), pointer, notes)


def iso_duration(value: str | timedelta | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from text (ISO 8601), in days and smaller units: years and months have no fixed length.

    If the API documents the text as a duration, the client has read it already.
    """
    if value is None or isinstance(value, UnsetType):
        return None
    if isinstance(value, timedelta):
        return _not_negative(value, pointer, notes)
    try:
        duration = msgspec.convert(value, timedelta)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        if "out of range" in str(error):
            notes.add(pointer, "out of range", _DURATION_OUT_OF_RANGE)
        else:
            notes.add(pointer, "unreadable", "expected a duration in days or smaller units, found other text")
        return None
    return _not_negative(duration, pointer, notes)


def _since_epoch(value: float | Absent, unit: timedelta, pointer: str, notes: Notes) -> datetime | None:
    if value is None or isinstance(value, UnsetType):
        return None
    try:
        return _EPOCH + value * unit
    except _UNREPRESENTABLE:
        notes.add(pointer, "out of range", _TIME_OUT_OF_RANGE)
        return None


def _duration(value: float | Absent, unit: timedelta, pointer: str, notes: Notes) -> timedelta | None:
    if value is None or isinstance(value, UnsetType):
        return None
    try:
        return _not_negative(value * unit, pointer, notes)
    except _UNREPRESENTABLE:
        notes.add(pointer, "out of range", _DURATION_OUT_OF_RANGE)
        return None


def _not_negative(duration: timedelta, pointer: str, notes: Notes) -> timedelta | None:
    if duration >= timedelta():
        return duration
    notes.add(pointer, "out of range", _DURATION_OUT_OF_RANGE)
    return None
