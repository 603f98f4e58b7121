"""The retry policy alone: no I/O, and a clock that only the tests advance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_client_core import Outcome, Retry

FAILED = Outcome()
IDEMPOTENT = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]
OTHERS = ["POST", "PATCH", "CONNECT", "get", ""]
POLICY = Retry()


def delay(
    policy: Retry = POLICY,
    *,
    attempt: int = 1,
    method: str = "GET",
    outcome: Outcome = FAILED,
    elapsed: float = 0.0,
    total: float = 60.0,
    random: Callable[[], float] = lambda: 1.0,
) -> float | None:
    return policy.delay(attempt=attempt, method=method, outcome=outcome, elapsed=elapsed, total=total, random=random)


def test_what_is_repeated() -> None:
    for method, status in product(IDEMPOTENT + OTHERS, [None, *range(300, 600)]):
        repeated = delay(method=method, outcome=Outcome(status)) is not None
        assert repeated is (method in IDEMPOTENT and status in (None, 408, 429, 500, 502, 503, 504)), (method, status)


def test_how_often() -> None:
    for retries, attempt in product(range(5), range(1, 8)):
        assert (delay(Retry(max_retries=retries), attempt=attempt) is not None) is (attempt <= retries)


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 8), (100, 8), (9999, 8)]
)
def test_the_wait_is_a_random_part_of_a_growing_span(attempt: int, longest: float) -> None:
    policy = Retry(max_retries=10_000, minimum=0.0)
    assert policy.backoff(attempt) == longest
    assert delay(policy, attempt=attempt, random=lambda: 0.0) == 0.0
    assert delay(policy, attempt=attempt, random=lambda: 0.25) == longest / 4
    assert delay(policy, attempt=attempt, random=lambda: 1.0) == longest


@pytest.mark.parametrize(
    ("retry_after", "random", "waits"),
    [
        (None, 0.0, 0.1),
        (None, 0.5, 0.3),
        (None, 1.0, 0.5),
        (0.0, 0.0, 0.1),
        (0.0, 1.0, 0.5),
        (0.05, 0.0, 0.1),
        (0.2, 0.0, 0.2),
        (0.2, 1.0, 0.6),
        (7.0, 0.0, 7.0),
        (7.0, 0.5, 7.2),
        (20.0, 1.0, 20.4),
    ],
)
def test_a_random_time_goes_on_top_of_the_least_wait_and_of_what_the_server_asks_for(
    retry_after: float | None, random: float, waits: float
) -> None:
    policy = Retry(max_retry_after=20.0)
    assert delay(policy, outcome=Outcome(503, retry_after), random=lambda: random) == pytest.approx(waits)


@pytest.mark.parametrize("retry_after", [20.001, 3600.0, 2.0**31])
def test_a_server_that_asks_for_more_than_is_waited_for_is_not_asked_again(retry_after: float) -> None:
    assert delay(Retry(max_retry_after=20.0), outcome=Outcome(429, retry_after), total=1e12) is None


@pytest.mark.parametrize(
    "settings", [{"initial": 0.0}, {"initial": 0.01}, {"maximum": 0.0}, {"maximum": 0.05, "initial": 7.0}]
)
def test_the_least_wait_is_longer_than_short_spans(settings: dict[str, float]) -> None:
    for random in (0.0, 1.0):
        assert delay(Retry(**settings), random=lambda value=random: value) == 0.1  # type: ignore[misc, arg-type]


def test_clients_that_were_told_the_same_time_do_not_come_back_together() -> None:
    numbers = Random(1)
    waits = [delay(outcome=Outcome(429, 2.0), random=numbers.random) for _ in range(100)]
    assert len({round(wait or 0, 2) for wait in waits}) > 30


@pytest.mark.parametrize(
    ("elapsed", "total", "repeated"),
    [(0, 60, True), (59.4, 60, True), (59.5, 60, False), (59.9, 60, False), (60, 60, False), (99, 60, False)],
)
def test_a_wait_that_the_deadline_does_not_allow_is_not_begun(elapsed: float, total: float, repeated: bool) -> None:
    assert (delay(elapsed=elapsed, total=total) is not None) is repeated


def test_the_statuses_are_the_callers() -> None:
    policy = Retry(statuses=frozenset({500}))
    assert delay(policy, outcome=Outcome(500)) is not None
    assert delay(policy, outcome=Outcome(503)) is None
    assert delay(policy) is not None, "failed connections are repeated whatever the statuses are"


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *[
            (name, value)
            for name in ("initial", "maximum", "minimum", "max_retry_after")
            for value in (-1, float("nan"), "1")
        ],
        ("maximum", float("inf")),
        ("max_retries", -1),
        ("max_retries", 1.5),
        ("max_retries", True),
        ("statuses", frozenset({200})),
        ("statuses", frozenset({1000})),
    ],
)
def test_arguments_without_sense_are_refused(argument: str, value: object) -> None:
    with pytest.raises(ValueError, match=argument):
        Retry(**{argument: value})  # type: ignore[arg-type]


def test_a_policy_is_a_value() -> None:
    assert Retry() == Retry()
    assert "max_retries=2" in repr(Retry())
    with pytest.raises(AttributeError):
        Retry().max_retries = 3  # type: ignore[misc]


SECONDS = st.floats(0, 1e6)
OUTCOMES = st.builds(Outcome, st.none() | st.integers(200, 599), st.none() | st.floats(0, 1e9))
POLICIES = st.builds(
    Retry,
    max_retries=st.integers(0, 20),
    initial=SECONDS,
    maximum=SECONDS,
    minimum=SECONDS,
    statuses=st.frozensets(st.integers(300, 599)) | st.just(Retry().statuses),
    max_retry_after=SECONDS,
)


def course(
    policy: Retry, method: str, attempts: list[tuple[Outcome, float]], total: float, random: Callable[[], float]
) -> Iterator[tuple[Outcome, float]]:
    """A call with a clock that only this function advances: the outcomes, and the delays after them."""
    now = 0.0
    for attempt, (outcome, took) in enumerate(attempts, 1):
        now = min(now + took, total)  # what keeps an attempt to the deadline is tested elsewhere
        wait = delay(policy, attempt=attempt, method=method, outcome=outcome, elapsed=now, total=total, random=random)
        if wait is None:
            return
        now += wait
        assert now < total
        yield outcome, wait


@given(
    policy=POLICIES,
    method=st.sampled_from(IDEMPOTENT + OTHERS),
    attempts=st.lists(st.tuples(OUTCOMES, SECONDS), max_size=30),
    total=st.floats(0.001, 1e6),
    parts=st.randoms(use_true_random=False),
)
def test_no_course_of_a_call_breaks_a_bound(
    policy: Retry, method: str, attempts: list[tuple[Outcome, float]], total: float, parts: object
) -> None:
    random: Callable[[], float] = parts.random  # type: ignore[attr-defined]
    waits = list(course(policy, method, attempts, total, random))
    assert len(waits) <= policy.max_retries
    assert not waits or method in IDEMPOTENT
    for attempt, (outcome, wait) in enumerate(waits, 1):
        assert outcome.status is None or outcome.status in policy.statuses
        asked = outcome.retry_after or 0.0
        assert asked <= policy.max_retry_after
        assert max(asked, policy.minimum) <= wait <= max(asked, policy.minimum) + policy.backoff(attempt)
        assert policy.backoff(attempt) <= policy.maximum
