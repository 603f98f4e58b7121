"""Any sequence of answers and times: what holds for each step of the state machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from workflow_runs import (
    RESTING,
    TERMINAL,
    Poll,
    PollPolicy,
    PollState,
    PollTerms,
    RunStatus,
    WorkflowRun,
    poll_step,
)

from tests.runs.made_runs import runs
from tests.runs.polling.timelines import REF, START, Answer, after, refused, run, step

LIVE = [status for status in RunStatus if status not in TERMINAL]
WORDS = st.sampled_from([*LIVE, RunStatus("later_word")])
SECONDS = st.none() | st.sampled_from([0.0, 0.5, 3.0, 59.0, 60.0]) | st.floats(0, 60)
FEW = {"revision": st.sampled_from(["1", "2"]), "current_step": st.sampled_from("ab"), "raw_status": st.just("w")}


@st.composite
def policies(draw: st.DrawFn) -> PollPolicy:
    initial = draw(st.floats(0.001, 5))
    return PollPolicy(
        initial=initial,
        factor=draw(st.floats(1, 10)),
        maximum=initial + draw(st.floats(0, 30)),
        jitter=draw(st.floats(0, 1)),
        max_consecutive_errors=draw(st.integers(0, 3)),
        max_server_delay=60.0,
        unknown_polls=draw(st.integers(1, 4)),
        not_found_grace=draw(st.floats(0, 10)),
    )


@st.composite
def live_runs(draw: st.DrawFn) -> WorkflowRun:
    fields: dict[str, Any] = draw(st.fixed_dictionaries({}, optional=FEW))
    steps = draw(st.lists(st.sampled_from([RunStatus.PENDING, RunStatus.RUNNING]), max_size=2))
    return run(draw(WORDS), retry_after=draw(SECONDS), steps=steps, **fields)


def seen(answer: WorkflowRun) -> tuple[object, ...]:
    """What of a run counts as a change."""
    word = answer.raw_status if answer.status is RunStatus.UNKNOWN else None
    statuses = tuple((item.id, item.status) for item in answer.steps)
    return (answer.status, word), answer.revision, answer.current_step, statuses


KINDS = ("status", "revision", "current_step", "steps")


class Waiting(RuleBasedStateMachine):
    """A wait, step by step; a second one whose state travels as JSON does the same."""

    @initialize(
        policy=policies(),
        until=st.sets(st.sampled_from(LIVE[:-1])) | st.just(RESTING),
        left=st.none() | st.floats(0, 200),
    )
    def begin(self, policy: PollPolicy, until: set[RunStatus], left: float | None) -> None:
        self.deadline = None if left is None else after(left)
        self.terms = PollTerms(policy=policy, until=until, deadline=self.deadline)
        self.state, self.now = PollState(), START
        self.before: RunStatus | None = None
        self.seen: tuple[object, ...] | None = None
        self.answers = self.errors_in_a_row = self.last_changes = 0
        self.next_poll: datetime | None = START

    @precondition(lambda self: self.next_poll)
    @rule(answer=live_runs(), lag=st.floats(0, 3), seed=st.integers(0, 9))
    def answer(self, answer: WorkflowRun, lag: float, seed: int) -> None:
        poll = self.step(answer, lag, seed)
        differs = [
            kind
            for kind, old, new in zip(KINDS, self.seen or (None,) * 4, seen(answer), strict=True)
            if (self.seen is None and kind == "status") or (self.seen is not None and old != new)
        ]
        told = [change for change in poll.changes if change.kinds]
        assert [list(change.kinds) for change in told] == ([differs] if differs else [])
        assert all(change.run is answer for change in poll.changes)
        assert (answer.status in self.terms.until) <= (poll.error is None and poll.state.ended)
        self.seen, self.errors_in_a_row = seen(answer), 0
        self.check_pause(poll, (answer.response and answer.response.retry_after) or 0.0)

    @precondition(lambda self: self.next_poll)
    @rule(
        status=st.sampled_from([0, 429, 500, 503, 404, 404, 404, 401]),
        retry_after=SECONDS | st.just(61.0),
        lag=st.floats(0, 3),
        seed=st.integers(0, 9),
    )
    def error(self, status: int, retry_after: float | None, lag: float, seed: int) -> None:
        error = refused(status, retry_after)
        poll = self.step(error, lag, seed)
        self.errors_in_a_row += status not in (404, 401)
        assert poll.error is not None
        assert all(change.is_last and not change.kinds for change in poll.changes)
        if not poll.state.ended:
            assert poll.error is error
            assert self.errors_in_a_row == poll.state.errors <= self.terms.policy.max_consecutive_errors
            assert self.seen is None or status != 404
        if status == 401 or (status == 404 and self.seen):
            assert poll.changes[-1].error is error
        self.check_pause(poll, retry_after or 0.0)

    @precondition(lambda self: self.next_poll)
    @rule(status=st.sampled_from(sorted(TERMINAL)), retry_after=SECONDS)
    def ends(self, status: RunStatus, retry_after: float | None) -> None:
        poll = self.step(run(status, retry_after=retry_after), 0.0, 0)
        assert (poll.error, poll.next_poll, len(poll.changes)) == (None, None, 1)

    @precondition(lambda self: not self.next_poll)
    @rule()
    def is_over(self) -> None:
        """Nothing follows."""

    def step(self, answer: Answer, lag: float, seed: int) -> Poll:
        assert self.next_poll is not None
        self.now = self.next_poll + timedelta(seconds=lag)
        poll = self.stepped(self.state, answer, Random(seed).random)
        again = self.stepped(PollState.from_json(self.state.to_json()), answer, Random(seed).random)
        assert (again.state, again.next_poll, str(again.error)) == (poll.state, poll.next_poll, str(poll.error))
        assert [(c.kinds, c.before, c.is_last) for c in again.changes] == [
            (c.kinds, c.before, c.is_last) for c in poll.changes
        ]
        for change in poll.changes:
            assert change.before == self.before
            self.before = change.run.status if change.run else self.before
            self.last_changes += change.is_last
        assert poll.state.waited >= self.state.waited
        self.answers += 1
        self.state, self.next_poll = poll.state, poll.next_poll
        return poll

    def stepped(self, state: PollState, answer: Answer, random: Callable[[], float]) -> Poll:
        return poll_step(REF, state, answer, self.now, self.terms, random)

    def check_pause(self, poll: Poll, asked: float) -> None:
        if asked > self.terms.policy.max_server_delay:
            assert poll.state.ended
        if poll.next_poll is None:
            return
        policy, deadline = self.terms.policy, self.deadline or datetime.max.replace(tzinfo=START.tzinfo)
        assert poll.next_poll <= deadline
        assert poll.next_poll >= min(self.now + timedelta(seconds=asked), deadline)
        longest = max(policy.maximum, asked + policy.initial * policy.jitter)
        assert poll.next_poll <= self.now + timedelta(seconds=longest + 1e-6)

    @invariant()
    def is_consistent(self) -> None:
        if not hasattr(self, "state"):
            return
        assert self.state.ended == (self.next_poll is None) == (self.last_changes == 1)
        assert self.last_changes <= 1
        assert self.state.polls == self.answers


TestWaiting = Waiting.TestCase
TestWaiting.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(runs(), runs())
def test_a_state_travels_as_json_whatever_the_run_is(first: WorkflowRun, second: WorkflowRun) -> None:
    until = frozenset[RunStatus]()
    state = PollState()
    for answer in (first, second):
        poll = step(state, answer, until=until)
        assert PollState.from_json(poll.state.to_json()) == poll.state
        state = poll.state


@pytest.mark.parametrize("data", ["", "[]", '{"schema": "poll-state/2"}', '{"schema": "poll-state/1", "polls": "x"}'])
def test_what_is_not_a_state_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PollState.from_json(data)


def test_what_is_not_a_state_is_said_with_what_is_expected() -> None:
    with pytest.raises(
        ValueError, match=r"^the JSON is not the state of polling: Expected `object`, got `array`; "
    ) as caught:
        PollState.from_json("[]")
    assert str(caught.value).endswith("; expected what PollState.to_json wrote")
    with pytest.raises(
        TypeError, match=r"^the state of polling is read from bytes or text that is JSON, not from dict$"
    ):
        PollState.from_json({})  # type: ignore[arg-type]
