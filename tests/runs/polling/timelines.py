"""Answers about a run, and what the state machine makes of them, for tests that send nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from workflow_runs import (
    TERMINAL,
    Poll,
    PollPolicy,
    PollState,
    PollTerms,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    ResponseHead,
    RunNotFound,
    RunRef,
    RunResult,
    RunStatus,
    RunStep,
    WorkflowRun,
    poll_step,
)
from workflow_runs._run.run import with_origin

from tests.runs.made_runs import run_fields

REF = RunRef("dify", "5b1f")
START = datetime(2026, 11, 28, 12, tzinfo=UTC)
STEADY = PollPolicy(initial=1.0, factor=2.0, maximum=8.0, jitter=0.0, max_consecutive_errors=2, unknown_polls=3)
"""Without chance, and with small limits."""

Answer: TypeAlias = WorkflowRun | Exception


def run(
    status: RunStatus = RunStatus.RUNNING,
    *,
    retry_after: float | None = None,
    steps: Iterable[RunStatus] = (),
    **fields: Any,
) -> WorkflowRun:
    """A run of Dify; `retry_after` is what its response asked for, `steps` are the statuses of its steps."""
    made = tuple(
        RunStep(id=str(number), status=item, result=RunResult.SUCCESS if item in TERMINAL else None)
        for number, item in enumerate(steps)
    )
    response = ResponseHead(200, {}, retry_after=retry_after)
    return with_origin(WorkflowRun(**run_fields(status, steps=made, **fields)), {"response": response})


def unknown(word: str | None = "frozen") -> WorkflowRun:
    """A run whose status nobody knows."""
    return run(RunStatus.UNKNOWN, raw_status=word)


def refused(status: int, retry_after: float | None = None) -> ProviderError:
    """The error for an HTTP status; 0 for a connection that broke off."""
    kinds: dict[int, type[ProviderError]] = {404: RunNotFound, 429: RateLimited}
    transient = status in (0, 408, 429, 500, 502, 503, 504)
    kind = kinds.get(status, ProviderUnavailable if transient else ProviderError)
    message = f"dify:5b1f: {status}"
    return kind(message, provider="dify", ref=REF, status=status or None, retry_after=retry_after, transient=transient)


def step(
    state: PollState,
    answer: Answer,
    *,
    now: datetime = START,
    policy: PollPolicy = STEADY,
    random: Callable[[], float] = lambda: 0.0,
    **terms: Any,
) -> Poll:
    """One step of the machine, without chance."""
    return poll_step(REF, state, answer, now, PollTerms(policy=policy, **terms), random)


def played(answers: Iterable[Answer], *, policy: PollPolicy = STEADY, **terms: Any) -> list[Poll]:
    """The steps for answers that all come at once, each at the time at which the step before asks for it."""
    polls, state, now = list[Poll](), PollState(), START
    for answer in answers:
        poll = step(state, answer, now=now, policy=policy, **terms)
        polls.append(poll)
        state, now = poll.state, poll.next_poll or now
    return polls


def pauses(polls: Iterable[Poll]) -> list[float | None]:
    """The seconds from each answer of `played` to the next request."""
    waited, result = 0.0, list[float | None]()
    for poll in polls:
        result.append(round(poll.state.waited - waited, 6) if poll.next_poll else None)
        waited = poll.state.waited
    return result


def after(seconds: float) -> datetime:
    """The moment so many seconds after `START`."""
    return START + timedelta(seconds=seconds)
