"""Converters to times and durations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs._reading import values

from tests.runs.converting import Odd, convert, type_name

UNREADABLE = ["unreadable: expected a date-time, found other text"]
NO_ZONE = ["no zone: a time without a zone could be any instant"]
NO_TIME = ["out of range: a time outside of the years 1 to 9999"]
NO_DURATION = ["out of range: a duration that is negative or too long"]


@pytest.mark.parametrize(
    ("moment", "result", "problems"),
    [
        (datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 1, 12, tzinfo=UTC), []),
        (datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))), datetime(2024, 5, 1, 10, tzinfo=UTC), []),
        (datetime(2024, 5, 1, 12), None, NO_ZONE),
        (datetime(2024, 5, 1, 12, tzinfo=Odd()), None, NO_ZONE),
        (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), []),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), None, NO_TIME),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), None, NO_TIME),
    ],
)
def test_times(moment: datetime, result: datetime | None, problems: list[str]) -> None:
    assert convert(values.utc, moment) == (result, problems)


@pytest.mark.parametrize(
    ("text", "result", "problems"),
    [
        ("2024-05-01T12:00:00Z", datetime(2024, 5, 1, 12, tzinfo=UTC), []),
        ("2024-05-01t12:00:00.25z", datetime(2024, 5, 1, 12, 0, 0, 250000, tzinfo=UTC), []),
        ("2024-05-01 12:00+0200", datetime(2024, 5, 1, 10, tzinfo=UTC), []),
        ("2024-05-01T12:00Z", datetime(2024, 5, 1, 12, tzinfo=UTC), []),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC), []),
        ("2024-05-01T12:00:00", None, NO_ZONE),
        ("9999-12-31T23:59:59-01:00", None, NO_TIME),
        ("2024-05-01", None, UNREADABLE),
        ("2024-02-30T12:00:00Z", None, UNREADABLE),
        ("1714564800", None, UNREADABLE),
        ('2024-05-01T12:00:00Z"', None, UNREADABLE),
        ("", None, UNREADABLE),
        ("\ud800", None, UNREADABLE),
    ],
)
def test_times_as_text(text: str, result: datetime | None, problems: list[str]) -> None:
    assert convert(values.rfc3339, text) == (result, problems)


@pytest.mark.parametrize(
    ("number", "result", "problems"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC), []),
        (1714564800, datetime(2024, 5, 1, 12, tzinfo=UTC), []),
        (1714564800.25, datetime(2024, 5, 1, 12, 0, 0, 250000, tzinfo=UTC), []),
        (-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), []),
        (253402300799, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), []),
        (253402300800, None, NO_TIME),
        (-62135596800, datetime(1, 1, 1, tzinfo=UTC), []),
        (-62135596801, None, NO_TIME),
        (1714564800000, None, NO_TIME),
        (10**400, None, NO_TIME),
        (1e308, None, NO_TIME),
        (float("inf"), None, NO_TIME),
        (float("nan"), None, NO_TIME),
    ],
    ids=type_name,
)
def test_seconds_since_the_epoch(number: float, result: datetime | None, problems: list[str]) -> None:
    assert convert(values.epoch_seconds, number) == (result, problems)


NOT_RFC_822 = ["unreadable: expected a date-time as in RFC 822, found other text"]


@pytest.mark.parametrize(
    ("value", "result", "problems"),
    [
        (1741772565, datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        (1741772565.5, datetime(2025, 3, 12, 9, 42, 45, 500000, tzinfo=UTC), []),
        (10**400, None, NO_TIME),
        ("Wed, 12 Mar 2025 09:42:45 GMT", datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        ("Wed, 12 Mar 2025 09:42:45 -0000", datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        ("Wed, 12 Mar 2025 09:42:45 +0000", datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        ("Wed, 12 Mar 2025 09:42:45 +0530", datetime(2025, 3, 12, 4, 12, 45, tzinfo=UTC), []),
        ("Wed, 12 Mar 2025 09:42:45 EST", datetime(2025, 3, 12, 14, 42, 45, tzinfo=UTC), []),
        ("Wed, 12 Mar 2025 09:42:45 PDT", datetime(2025, 3, 12, 16, 42, 45, tzinfo=UTC), []),
        ("12 Mar 2025 09:42:45 UT", datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        ("2 Mar 2025 09:42 Z", datetime(2025, 3, 2, 9, 42, tzinfo=UTC), []),
        ("Sun,  2 Mar 2025 9:42:45 UTC", datetime(2025, 3, 2, 9, 42, 45, tzinfo=UTC), []),
        ("wed,12 MAR 25 09:42:45 gmt", datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        (" Wed, 12\tMar 2025 09:42:45 GMT ", datetime(2025, 3, 12, 9, 42, 45, tzinfo=UTC), []),
        ("Sat, 31 Dec 2016 23:59:60 GMT", datetime(2017, 1, 1, tzinfo=UTC), []),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None, NO_TIME),
        ("Sun, 30 Feb 2025 09:42:45 GMT", None, NOT_RFC_822),
        ("0 Mar 2025 09:42:45 GMT", None, NOT_RFC_822),
        ("Wed, 12 Mar 2025 24:00:00 GMT", None, NOT_RFC_822),
        ("Wed, 12 Mar 2025 09:42:45", None, NOT_RFC_822),
        ("Wed, 12 Mar 2025 09:42:45 +2400", None, NOT_RFC_822),
        ("Wed, 12 Mar 2025 09:42:45 CET", None, NOT_RFC_822),
        ("Wed, 12 Mar 0025 09:42:45 GMT", None, NOT_RFC_822),
        ("Wed, 12 Mar 2025", None, NOT_RFC_822),
        ("Mittwoch, 12 Mar 2025 09:42:45 GMT", None, NOT_RFC_822),
        ("2025-03-12T09:42:45Z", None, NOT_RFC_822),
        ("1741772565", None, NOT_RFC_822),
        ("Wed, 12 Mar 2025 09:42:45 GMT\n", None, NOT_RFC_822),
        ("Wed, 1\u0662 Mar 2025 09:42:45 GMT", None, NOT_RFC_822),
        ("1 " * 1_000_000, None, NOT_RFC_822),
        ("\ud800", None, NOT_RFC_822),
        ("", None, NOT_RFC_822),
    ],
    ids=type_name,
)
def test_seconds_since_the_epoch_or_a_date_as_in_mail(
    value: float | str, result: datetime | None, problems: list[str]
) -> None:
    assert convert(values.epoch_seconds_or_rfc822, value) == (result, problems)


def test_milliseconds_since_the_epoch_are_exact() -> None:
    last = 253402300799999
    assert convert(values.epoch_milliseconds, last) == (datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), [])
    assert convert(values.epoch_milliseconds, last + 1) == (None, NO_TIME)
    assert convert(values.epoch_milliseconds, 1.5) == (datetime(1970, 1, 1, microsecond=1500, tzinfo=UTC), [])


@pytest.mark.parametrize(
    ("number", "result", "problems"),
    [
        (0, timedelta(), []),
        (-0.0, timedelta(), []),
        (1.5, timedelta(seconds=1.5), []),
        (0.0000004, timedelta(), []),
        (86399999913600, timedelta(999999999), []),
        (86399999999999, timedelta(999999999, 86399), []),
        (86400000000000, None, NO_DURATION),
        (-1, None, NO_DURATION),
        (10**400, None, NO_DURATION),
        (-(10**400), None, NO_DURATION),
        (float("inf"), None, NO_DURATION),
        (float("nan"), None, NO_DURATION),
    ],
    ids=type_name,
)
def test_durations(number: float, result: timedelta | None, problems: list[str]) -> None:
    assert convert(values.seconds, number) == (result, problems)
    if isinstance(number, int) and abs(number) < 10**300:
        assert convert(values.milliseconds, number * 1000) == (result, problems)


NO_ISO = ["unreadable: expected a duration in days or smaller units, found other text"]


@pytest.mark.parametrize(
    ("text", "result", "problems"),
    [
        ("PT1.5S", timedelta(seconds=1.5), []),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4), []),
        ("PT0S", timedelta(), []),
        ("-PT1S", None, NO_DURATION),
        ("P99999999999D", None, NO_DURATION),
        ("P1Y", None, NO_ISO),
        ("P1M", None, NO_ISO),
        ("P", None, NO_ISO),
        ("90", None, NO_ISO),
        ("", None, NO_ISO),
        ("\ud800", None, NO_ISO),
    ],
)
def test_durations_as_text(text: str, result: timedelta | None, problems: list[str]) -> None:
    assert convert(values.iso_duration, text) == (result, problems)


def test_a_duration_that_the_client_has_read_is_taken_as_it_is() -> None:
    assert convert(values.iso_duration, timedelta(seconds=3)) == (timedelta(seconds=3), [])
    assert convert(values.iso_duration, timedelta(seconds=-3))[0] is None


NO_UNITS = ["unreadable: expected a duration with units such as 1m30s, found other text"]


@pytest.mark.parametrize(
    ("text", "result", "problems"),
    [
        ("3.5s", timedelta(seconds=3.5), []),
        ("1m30s", timedelta(seconds=90), []),
        ("2h45m0.5s", timedelta(hours=2, minutes=45, seconds=0.5), []),
        ("1d12h", timedelta(hours=36), []),
        ("250ms", timedelta(milliseconds=250), []),
        ("1500us", timedelta(microseconds=1500), []),
        ("2\u00b5s", timedelta(microseconds=2), []),
        ("2\u03bcs", timedelta(microseconds=2), []),
        ("1500ns", timedelta(microseconds=2), []),
        (".5s1.m", timedelta(seconds=60.5), []),
        ("0", timedelta(), []),
        ("0s", timedelta(), []),
        ("99999999999999999999h", None, NO_DURATION),
        ("-1s", None, NO_UNITS),
        ("1", None, NO_UNITS),
        ("1 s", None, NO_UNITS),
        ("1y", None, NO_UNITS),
        ("s", None, NO_UNITS),
        ("", None, NO_UNITS),
        ("1s\n", None, NO_UNITS),
        ("1s" * 1_000_000, None, NO_UNITS),
        ("\u0661s", None, NO_UNITS),
    ],
    ids=type_name,
)
def test_durations_with_units(text: str, result: timedelta | None, problems: list[str]) -> None:
    assert convert(values.unit_duration, text) == (result, problems)


NO_CLOCK = ["unreadable: expected a duration such as 01:30:00, found other text"]


@pytest.mark.parametrize(
    ("text", "result", "problems"),
    [
        ("00:01:30", timedelta(seconds=90), []),
        ("0:00:05.250000", timedelta(seconds=5.25), []),
        ("26:00:05", timedelta(hours=26, seconds=5), []),
        ("1 day, 2:00:00", timedelta(hours=26), []),
        ("3 days 0:00:01", timedelta(days=3, seconds=1), []),
        ("1.02:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4), []),
        ("999999999:00:00", timedelta(hours=999999999), []),
        ("999999999.00:00:00", timedelta(days=999999999), []),
        ("999999999.24:00:00", None, NO_DURATION),
        ("00:60:00", None, NO_CLOCK),
        ("00:00:60", None, NO_CLOCK),
        ("-1 day, 23:59:59", None, NO_CLOCK),
        ("01:30", None, NO_CLOCK),
        ("90", None, NO_CLOCK),
        ("", None, NO_CLOCK),
        ("00:00:01\n", None, NO_CLOCK),
        ("0" * 1_000_000 + ":00:00", None, NO_CLOCK),
    ],
    ids=type_name,
)
def test_durations_like_a_clock(text: str, result: timedelta | None, problems: list[str]) -> None:
    assert convert(values.clock_duration, text) == (result, problems)


def test_a_time_without_a_zone_is_in_utc_where_the_provider_says_so() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for value in ("2026-01-02T03:04:05", "2026-01-02 04:04:05+01:00", moment, moment.replace(tzinfo=None)):
        assert convert(values.utc_time, value) == (moment, [])
    assert convert(values.utc_time, "soon")[1] == ["unreadable: expected a date-time, found other text"]


def test_smaller_units_since_the_epoch_are_exact() -> None:
    moment = datetime(2026, 1, 2, 2, 4, 5, 1, tzinfo=UTC)
    assert convert(values.epoch_microseconds, 1767319445000001) == (moment, [])
    assert convert(values.epoch_nanoseconds, 1767319445000001000) == (moment, [])
    assert convert(values.epoch_nanoseconds, Decimal("1767319445000001000.4")) == (moment, [])
    assert convert(values.epoch_seconds, Decimal("1767319445.000001")) == (moment, [])
    for number in (10**400, float("nan"), Decimal("Infinity"), Decimal("1e999999")):
        assert convert(values.epoch_nanoseconds, number) == (None, NO_TIME)


NUMBERS = (
    st.integers(-(10**14), 10**14)
    | st.floats(-1e13, 1e13)
    | st.integers(-(10**16), 10**16).map(lambda number: number / 1_000_000)
    | st.integers(-(2**34), 2**34).map(lambda number: number + 0.0000005)
)


@given(NUMBERS, st.sampled_from([(values.seconds, 1_000_000), (values.milliseconds, 1_000)]))
def test_durations_are_rounded_as_they_are_written(number: float, unit: tuple[Callable[..., Any], int]) -> None:
    converter, microseconds = unit
    exactly = timedelta(microseconds=round(Decimal(repr(number)) * microseconds))
    assert convert(converter, number) == ((None, NO_DURATION) if exactly < timedelta() else (exactly, []))


@given(NUMBERS, st.sampled_from([(values.epoch_seconds, 1_000_000), (values.epoch_milliseconds, 1_000)]))
def test_times_are_rounded_as_they_are_written(number: float, unit: tuple[Callable[..., Any], int]) -> None:
    converter, microseconds = unit
    assert convert(converter, number) == convert(values.epoch_microseconds, round(Decimal(repr(number)) * microseconds))
