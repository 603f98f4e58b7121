"""Converters to durations, which are never negative."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from .notes import Notes
from .numbers import Number, span

Absent: TypeAlias = UnsetType | None

_OUT_OF_RANGE = "a duration that is negative or too long"
_LONGEST_TEXT = 100
_NO_TIME = timedelta()
_MICROSECONDS = {
    **{"ns": Decimal("0.001"), "us": Decimal(1), "ms": Decimal(1_000), "s": Decimal(1_000_000)},
    **{"\u00b5s": Decimal(1), "\u03bcs": Decimal(1)},  # the micro sign, and the Greek letter
    **{"m": Decimal(60_000_000), "h": Decimal(3_600_000_000), "d": Decimal(86_400_000_000)},
}
_UNIT = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d)")
_CLOCK = re.compile(r"(?:([0-9]{1,9})(?:\.|[ ]days?,?[ ]))?([0-9]{1,9}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]{1,30})?)")


def seconds(value: Number | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from seconds, rounded to microseconds; never negative."""
    return _of_units(value, 1_000_000, pointer, notes)


def milliseconds(value: Number | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from milliseconds, rounded to microseconds; never negative."""
    return _of_units(value, 1_000, pointer, notes)


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
            notes.add(pointer, "out of range", _OUT_OF_RANGE)
        else:
            notes.add(pointer, "unreadable", "expected a duration in days or smaller units, found other text")
        return None
    return _not_negative(duration, pointer, notes)


def unit_duration(value: str | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from text with units, rounded to microseconds: `3.5s`, `1m30s`, `250ms`.

    The units are those of Go's `time.ParseDuration` (ns, us, ms, s, m, h), and d for 24 hours.
    """
    if value is None or isinstance(value, UnsetType):
        return None
    units = _UNIT.findall(value) if len(value) <= _LONGEST_TEXT else []
    if value != "0" and (not units or "".join(number + unit for number, unit in units) != value):
        notes.add(pointer, "unreadable", "expected a duration with units such as 1m30s, found other text")
        return None
    return _of_units(sum((Decimal(n) * _MICROSECONDS[unit] for n, unit in units), Decimal()), 1, pointer, notes)


def clock_duration(value: str | Absent, pointer: str, notes: Notes) -> timedelta | None:
    """A duration from text with hours, minutes and seconds, rounded to microseconds: `00:01:30`, `26:00:05.25`.

    Days may stand before it, as Python and .NET write them: `1 day, 0:00:05`, `1.02:00:05`.
    """
    if value is None or isinstance(value, UnsetType):
        return None
    match = _CLOCK.fullmatch(value)
    if match is None:
        notes.add(pointer, "unreadable", "expected a duration such as 01:30:00, found other text")
        return None
    days, hours, minutes, second = match.groups()
    whole = (int(days or 0) * 24 + int(hours)) * 3_600 + int(minutes) * 60
    return seconds(whole + (Decimal(second) if "." in second else int(second)), pointer, notes)


def _of_units(value: Number | Absent, microseconds: int, pointer: str, notes: Notes) -> timedelta | None:
    """The duration of a number of units, of so many microseconds each."""
    if value is None or value is UNSET:
        return None
    return _not_negative(span(value, microseconds, pointer, notes, _OUT_OF_RANGE), pointer, notes)


def _not_negative(duration: timedelta | None, pointer: str, notes: Notes) -> timedelta | None:
    if duration is None or duration >= _NO_TIME:
        return duration
    notes.add(pointer, "out of range", _OUT_OF_RANGE)
    return None
