"""A converter never raises, whatever its input, and notes each value that it drops."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workflow_runs._reading import values

from tests.examples import examples
from tests.runs.converting import Odd, convert, object_of_text

# Made of their sizes: hypothesis shows what it draws, and Python shows no integer of more than 4,300 digits.
POWERS = st.builds(lambda size, sign: sign * 10**size, st.integers(0, 5000), st.sampled_from([-1, 1]))
NUMBERS = st.integers() | POWERS | st.floats()
ZONES: st.SearchStrategy[Any] = st.none() | st.timezones() | st.just(Odd())
MOMENTS = st.datetimes(timezones=ZONES)
TEXTS = st.text(st.characters()) | st.from_regex(r"[+-]?[0-9]{1,20}(\.[0-9]+)?([eE][+-]?[0-9]{1,30})?")
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.text(), JSON, max_size=3)
STAMPS = st.datetimes(timezones=st.timezones()).map(datetime.isoformat) | st.from_regex(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9](\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-2][0-9]:?[0-5][0-9])?"
)
MAIL_DATES = st.datetimes(timezones=st.timezones()).map(format_datetime) | st.from_regex(
    r"((Mon|Sun), )?[0-3]?[0-9] (Jan|Feb|Dec) ([0-9]{2}|[0-9]{4}) [0-2]?[0-9]:[0-5][0-9](:[0-6][0-9])?"
    r" (GMT|UT|EST|[+-][0-2][0-9][0-6][0-9])"
)
PERIODS = st.timedeltas().map(lambda value: msgspec.json.encode(value).decode()[1:-1])

UNITS = st.from_regex(r"([0-9]{1,20}(\.[0-9]{0,9})?(ns|us|\u00b5s|ms|s|m|h|d)){1,4}")
CLOCKS = st.from_regex(r"([0-9]{1,10}(\.| days?, ))?[0-9]{1,10}:[0-9]{1,2}:[0-9]{2}(\.[0-9]{1,12})?")

ACCEPTED: list[tuple[Callable[..., Any], st.SearchStrategy[Any]]] = [
    (values.utc, MOMENTS),
    (values.rfc3339, TEXTS | STAMPS),
    (values.epoch_seconds, NUMBERS),
    (values.epoch_milliseconds, NUMBERS),
    (values.epoch_seconds_or_rfc822, NUMBERS | TEXTS | MAIL_DATES),
    (values.seconds, NUMBERS),
    (values.milliseconds, NUMBERS),
    (values.iso_duration, TEXTS | PERIODS),
    (values.integer, NUMBERS | TEXTS),
    (values.from_zero, NUMBERS),
    (values.utc_time, MOMENTS | TEXTS | STAMPS),
    (values.epoch_microseconds, NUMBERS | st.decimals()),
    (values.epoch_nanoseconds, NUMBERS | st.decimals()),
    (values.unit_duration, TEXTS | UNITS),
    (values.clock_duration, TEXTS | CLOCKS),
    (values.decimal, NUMBERS | TEXTS),
    (values.json_text, TEXTS | (DOCUMENTS | JSON).map(json.dumps)),
    (values.as_json, JSON | NUMBERS | MOMENTS | st.text(st.characters())),
    (values.keys, DOCUMENTS),
    (object_of_text, TEXTS | DOCUMENTS | (DOCUMENTS | JSON).map(json.dumps)),
    (values.as_object, JSON),
]


@pytest.mark.parametrize(("converter", "strategy"), ACCEPTED, ids=lambda value: getattr(value, "__name__", ""))
@settings(max_examples=examples(50))
@given(data=st.data())
def test_no_converter_raises_and_all_tell_what_they_drop(
    converter: Callable[..., Any], strategy: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    value = data.draw(strategy)
    result, problems = convert(converter, value)
    assert (result, problems) == convert(converter, value)
    if converter in (object_of_text, values.json_text):
        assert result is not None or problems or str(value).strip() == "null"
    else:
        assert (result is None) == bool(problems) or value is None
    if isinstance(result, datetime):
        assert result.tzinfo is UTC
    if isinstance(result, timedelta):
        assert result >= timedelta()
    assert [problem for problem in problems if len(problem) > 200] == []
    again: Any = msgspec.json.decode(msgspec.json.encode(result), type=type(result))
    assert again == result, "every unified value goes to JSON and back"


@given(NUMBERS)
def test_numbers_become_text_that_says_the_same(number: float) -> None:
    text, _ = convert(values.text, number)
    if text is not None:
        assert type(number)(text) == number
        assert "e" not in text.lower()
        assert not text.endswith(".0")
