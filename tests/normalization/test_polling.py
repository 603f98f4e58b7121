"""`polling` in `provider.yaml` accepts what `PollPolicy` accepts, and means the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import PollPolicy

from generator.document.field_reader import FieldReader
from generator.document.loading import load, parse
from generator.document.problems import Problems
from generator.polling import USUAL, Polling, read_polling

FIELDS = PollPolicy.__struct_fields__
COUNTS = {"max_consecutive_errors", "unknown_polls"}
numbers = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(0, 2)
    | st.integers(-3, 100)
    | st.sampled_from([0, 0.001, 1, 1000, 1000.5, 366 * 86400, 366 * 86400 + 1, 10**400])
    | st.booleans()
)


def read(polling: Any) -> tuple[Polling, list[str]]:
    problems = Problems()
    document = parse(json.dumps({"polling": polling}, indent=0), "provider.yaml")
    return read_polling(document, FieldReader("provider-shape", problems)), [str(problem) for problem in problems]


def test_the_defaults_are_those_of_the_policy() -> None:
    assert USUAL.values == {name: getattr(PollPolicy(), name) for name in FIELDS}
    assert read({})[0] == USUAL
    assert USUAL.own_values == {}


@given(st.dictionaries(st.sampled_from(FIELDS), numbers, max_size=3))
def test_it_accepts_the_values_that_the_policy_accepts(values: dict[str, Any]) -> None:
    polling, problems = read(values)
    try:
        policy = PollPolicy(**values)
    except (TypeError, ValueError, OverflowError):
        assert problems
    else:
        assert problems == []
        assert PollPolicy(**polling.own_values) == policy  # type: ignore[arg-type]


@given(
    st.sampled_from([name for name in FIELDS if name not in {*COUNTS, "factor", "jitter", "maximum"}]),
    st.integers(1, 30_000).map(str) | st.decimals("0.1", 1000, places=2).map(str),
    st.sampled_from([("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]),
)
def test_units_of_durations(name: str, number: str, unit: tuple[str, float]) -> None:
    seconds = float(number) * unit[1]
    polling, problems = read({name: number + unit[0], "maximum": "366d"})
    is_allowed = (0.001 if name == "initial" else 0) <= seconds <= 366 * 86400
    assert (problems == []) is is_allowed
    if is_allowed:
        assert getattr(polling, name) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "s", "10", "10 s", "-1s", "1h30m", "1e3s", "\u0663s", "10S", ".5s", "10s\n", "nan"]
)
def test_texts_that_are_not_a_duration(text: str) -> None:
    hint = "write seconds, such as 2.5, or a number with a unit: 500ms, 10s, 2m, 1h"
    message = "`max_server_delay` is not a duration from 0 s to 366 days"
    problems = Problems()
    read_polling(
        parse(json.dumps({"polling": {"max_server_delay": text}}), "x"), FieldReader("provider-shape", problems)
    )
    assert [(problem.id, problem.message, problem.hint) for problem in problems] == [("provider-shape", message, hint)]


@pytest.mark.parametrize("value", ["[1]", "10s", "true", "1"])
def test_what_is_not_a_mapping(value: str) -> None:
    problems = Problems()
    document = parse(f"polling: {value}", "provider.yaml")
    assert read_polling(document, FieldReader("provider-shape", problems)) == USUAL
    assert [problem.message for problem in problems] == ["`polling` is not a mapping"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"initial": "1m"}, "`initial`, 60 s, is longer than `maximum`, 30 s"),
        ({"maximum": 0.5}, "`initial`, 1 s, is longer than `maximum`, 0.5 s"),
        ({"initial": "2m", "maximum": "90s"}, "`initial`, 120 s, is longer than `maximum`, 90 s"),
    ],
)
def test_an_initial_time_above_the_maximum(values: dict[str, Any], message: str) -> None:
    _, (problem,) = read(values)
    assert message in problem


def test_the_real_providers_say_where_it_comes_from(pytestconfig: pytest.Config) -> None:
    for path in pytestconfig.rootpath.glob("specs/*/provider.yaml"):
        if "polling" in load(path):
            assert "#" in path.read_text("utf-8").partition("\npolling:")[2], f"{path}: no comment quotes the source"
