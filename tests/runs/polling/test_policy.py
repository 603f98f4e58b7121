"""`PollPolicy` refuses what cannot be, and says what it should be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import PollPolicy

SECONDS = "from 0 to 31622400"
POSITIVE = "from 0.001 to 31622400"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("initial", 0, f"must be a number {POSITIVE}, not '0'"),
        ("maximum", float("inf"), f"must be a number {POSITIVE}, not 'inf'"),
        ("maximum", float("nan"), f"must be a number {POSITIVE}, not 'nan'"),
        ("max_server_delay", -1.0, f"must be a number {SECONDS}, not '-1.0'"),
        ("not_found_grace", 10**20, f"must be a number {SECONDS}, not '100000000000000000000'"),
        ("factor", 0.5, "must be a number from 1 to 1000, not '0.5'"),
        ("jitter", 1.5, "must be a number from 0 to 1, not '1.5'"),
        ("max_consecutive_errors", -1, "must be a number from 0, not '-1'"),
        ("unknown_polls", 0, "must be a number from 1, not '0'"),
    ],
)
def test_a_number_out_of_range(name: str, value: float, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(f'{name} of a PollPolicy {message}')}$"):
        PollPolicy(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("maximum", "10s", "must be a number of seconds, not '10s'"),
        ("jitter", True, "must be a number, not 'True'"),
        ("factor", None, "must be a number, not 'None'"),
        ("unknown_polls", 3.0, "must be a whole number, not 3.0"),
        ("max_consecutive_errors", False, "must be a whole number, not False"),
    ],
)
def test_what_is_not_a_number(name: str, value: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(f'{name} of a PollPolicy {message}')}$"):
        PollPolicy(**{name: value})


def test_an_initial_time_above_the_maximum() -> None:
    message = "initial of a PollPolicy, 60 s, must not be longer than its maximum, 30 s"
    with pytest.raises(ValueError, match=f"^{message}$"):
        PollPolicy(initial=60)


def test_numbers_that_are_too_large_for_a_float() -> None:
    for name in ("initial", "maximum", "factor", "jitter", "max_server_delay", "not_found_grace"):
        with pytest.raises(ValueError, match=rf"^{name} of a PollPolicy must be a number from .*, not '1000"):
            PollPolicy(**{name: 10**400})


@given(
    st.floats(0.001, 100) | st.integers(1, 100),
    st.floats(1, 1000) | st.integers(1, 1000),
    st.floats(0, 1000),
    st.integers(0, 10**6),
)
def test_delays_grow_from_the_initial_one_to_the_maximum(
    initial: float, factor: float, more: float, unmoved: int
) -> None:
    policy = PollPolicy(initial=initial, factor=factor, maximum=initial + more)
    assert policy.delay(0) == initial
    assert initial <= policy.delay(unmoved) <= policy.delay(unmoved + 1) <= policy.maximum
