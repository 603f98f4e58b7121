"""Formats of JSON texts: durations, times of day, base64 and decimal numbers, in every spelling that is read."""

from __future__ import annotations

from datetime import UTC, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import workflow_client_core as core
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType
from workflow_client_core._models.encoding import encode
from workflow_client_core._models.types import type_name

from tests.examples import examples


class Formats(Struct, frozen=True, kw_only=True):
    duration: timedelta | UnsetType = UNSET
    clock: time | UnsetType = UNSET
    data: bytes | UnsetType = UNSET
    decimal: Decimal | UnsetType = UNSET


def lenient(name: str, text: str) -> tuple[Any, list[tuple[str, str]]]:
    decoded = core.decode(f'{{"{name}": {text}}}'.encode(), Formats)
    return getattr(decoded.parsed, name), [(issue.expected, issue.found) for issue in decoded.issues]


READ: list[tuple[str, str, Any]] = [
    ("duration", "PT5M", timedelta(minutes=5)),
    ("duration", "P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
    ("duration", "-PT1S", timedelta(seconds=-1)),
    ("duration", "P2W", timedelta(weeks=2)),
    ("duration", "P1W2D", timedelta(days=9)),
    ("duration", "PT1.5H", timedelta(minutes=90)),
    ("duration", "PT1,5S", timedelta(seconds=1.5)),
    ("duration", "P0.5D", timedelta(hours=12)),
    ("duration", "-P1W", timedelta(weeks=-1)),
    ("duration", "3.5s", timedelta(seconds=3.5)),
    ("duration", "-0.000001s", timedelta(microseconds=-1)),
    ("duration", "3s", timedelta(seconds=3)),
    ("clock", "10:20:30", time(10, 20, 30)),
    ("clock", "10:20:30.5Z", time(10, 20, 30, 500_000, UTC)),
    ("clock", "10:20:30+02:00", time(10, 20, 30, tzinfo=timezone(timedelta(hours=2)))),
    ("clock", "10:20", time(10, 20)),
    ("clock", "23:59:60Z", time(0, 0, tzinfo=UTC)),
    ("data", "aGk=", b"hi"),
    ("data", "aGk", b"hi"),
    ("data", "_-8=", b"\xff\xef"),
    ("data", "_-8", b"\xff\xef"),
    ("data", "aG\\r\\nk=", b"hi"),
    ("data", "", b""),
    ("decimal", "1.50", Decimal("1.50")),
    ("decimal", "12345678901234567890.12345678901234567890", Decimal("12345678901234567890.12345678901234567890")),
    ("decimal", "1e400", Decimal("1e400")),
]


@pytest.mark.parametrize(("name", "text", "expected"), READ)
def test_a_text_is_read(name: str, text: str, expected: Any) -> None:
    assert lenient(name, f'"{text}"') == (expected, [])
    value = Formats(**{name: expected})
    assert core.decode(encode(value), Formats).parsed == value


@pytest.mark.parametrize("number", ["1.50", "3", "12345678901234567890.12345678901234567890", "1e400", "-0.1"])
def test_a_decimal_number_is_exact(number: str) -> None:
    value, issues = lenient("decimal", number)
    assert str(value) == str(Decimal(number))
    assert issues == []


CALENDAR = "duration without years and months"
UNREADABLE: list[tuple[str, str, str, str]] = [
    ("duration", '"P1Y"', CALENDAR, "text 'P1Y'"),
    ("duration", '"P1M"', CALENDAR, "text 'P1M'"),
    ("duration", '"-P1Y2M3D"', CALENDAR, "text '-P1Y2M3D'"),
    ("duration", '"P"', "duration", "text 'P'"),
    ("duration", '"PT"', "duration", "text 'PT'"),
    ("duration", '"5 minutes"', "duration", "text '5 minutes'"),
    ("duration", '"s"', "duration", "text 's'"),
    ("duration", '"P99999999999W"', "duration of at most 999999999 days", "text 'P99999999999W'"),
    ("duration", "3", "duration", "number 3"),
    ("clock", '"25:00:00"', "time", "text '25:00:00'"),
    ("clock", '"10:20:60"', "time", "text '10:20:60'"),
    ("clock", '"2026-01-01T10:00"', "time", "text '2026-01-01T10:00'"),
    ("data", '"a"', "base64 text", "text 'a'"),
    ("data", '"a*b="', "base64 text", "text 'a*b='"),
    ("data", '"é"', "base64 text", "text 'é'"),
    ("data", "1", "base64 text", "number 1"),
    ("decimal", '"one"', "decimal", "text 'one'"),
    ("decimal", "true", "decimal", "true"),
    ("decimal", "[]", "decimal", "array"),
]


@pytest.mark.parametrize(("name", "text", "expected", "found"), UNREADABLE)
def test_a_value_is_unreadable(name: str, text: str, expected: str, found: str) -> None:
    assert lenient(name, text) == (UNSET, [(expected, found)])


@settings(max_examples=examples(100), derandomize=True, database=None)
@given(text=st.from_regex(r"[+-]?P?[0-9WDTHMS.,s]{0,12}", fullmatch=True) | st.text(alphabet="aA-_+/=\n1", max_size=9))
def test_no_text_is_more_than_an_issue(text: str) -> None:
    for name in ("duration", "clock", "data", "decimal"):
        value, issues = lenient(name, encode(text).decode())
        assert (value is UNSET) == bool(issues)


def test_alternatives_are_named_in_their_own_order() -> None:
    """Python takes `int | str` and `str | int` for equal, and so does a cache."""
    assert [type_name(int | str), type_name(str | int), type_name(int | str)] == [
        "integer or text",
        "text or integer",
        "integer or text",
    ]
