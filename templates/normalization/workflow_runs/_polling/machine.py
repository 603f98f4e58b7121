"""From an answer to the next request, as a function: no I/O and no clock, the same for sync, async and queues."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from .._form.models import RunStatus
from .._form.vocabulary import RESTING
from .._provider_errors.errors import NoRun, ProviderError, RunNotFound, UnreadableAnswer
from .._providers.poll_policy import PollPolicy
from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .._text import brief, quoted
from .change import Poll, RunChange
from .errors import DelayTooLong, StatusStaysUnknown, TooManyErrors, WaitTimeout
from .state import PollState, Progress

_LAST_LOOK = 1.0
"""Seconds that the last request has at least, where there is a choice."""


class PollTerms(Struct, frozen=True, kw_only=True):
    """What a wait goes by.

    - `policy`: when to ask again.
    - `until`: the statuses that end it. One that is terminal always does, as nothing can follow it.
    - `deadline`: when it ends at the latest, aware; None: never.
    """

    policy: PollPolicy = PollPolicy()
    until: Collection[RunStatus] = RESTING
    deadline: datetime | None = None


_USUAL = PollTerms()


def _any_number() -> float:
    """A number from 0 up to 1, by chance."""
    from random import random

    return random()


def poll_step(
    ref: RunRef,
    state: PollState,
    answer: WorkflowRun | Exception,
    now: datetime,
    terms: PollTerms = _USUAL,
    random: Callable[[], float] = _any_number,
) -> Poll:
    """What follows from an answer.

    Args:
        ref: the reference of the run.
        state: that of the poll before; `PollState()` for the first.
        answer: the run, or the error that asking for it raised.
        now: when it came, aware.
        terms: what the wait goes by.
        random: a source of numbers from 0 up to 1.
    """
    machine = _Machine(ref, now, terms, random)
    state = replace(state, polls=state.polls + 1)
    return machine.after_run(state, answer) if isinstance(answer, WorkflowRun) else machine.after_error(state, answer)


def timed_out(
    ref: RunRef,
    state: PollState,
    run: WorkflowRun | None = None,
    last_error: Exception | None = None,
    problem: str | None = None,
) -> Poll:
    """What follows when the deadline passes.

    Args:
        run: the run when it was last seen, where that is known.
        last_error: the error of the last request; None where it was answered, or is not known.
        problem: what that error says, where only this is known.
    """
    status = _status(state)
    seen = f"{brief(str(ref))} is still {status.upper()}" if status else f"{brief(str(ref))} has not been seen"
    message = f"{seen}, and the time to wait for it has passed, after {_counted(state.polls, 'request')}"
    if last_error is not None or problem is not None:
        message = f"{message}; the last one failed: {last_error or problem}"
    return _ended(ref, state, WaitTimeout(message, ref=ref, run=run, last_error=last_error), run)


class _Machine(Struct, frozen=True):
    """One step; its arguments are those of `poll_step`."""

    ref: RunRef
    now: datetime
    terms: PollTerms
    random: Callable[[], float]

    def after_run(self, state: PollState, run: WorkflowRun) -> Poll:
        """What follows from a success."""
        progress, before = Progress.of(run), state.progress
        kinds = progress.differences(before) if before else ("status",)
        rests = run.is_terminal or run.status in self.terms.until
        state = replace(state, errors=0, unmoved=0 if kinds else state.unmoved + 1, progress=progress, ended=rests)
        changes: tuple[RunChange, ...] = ()
        if kinds or rests:
            status = before.status if before else None
            changes = (RunChange(ref=self.ref, run=run, before=status, kinds=kinds, is_last=rests),)
        if rests:
            return Poll(ref=self.ref, state=state, run=run, changes=changes)
        if _is_unknown(run.status) and state.unmoved >= self.terms.policy.unknown_polls:
            return _ended(self.ref, state, self._stays_unknown(state, run), run, changes)
        asked = run.response.retry_after if run.response else None
        return self._next(Poll(ref=self.ref, state=state, run=run, changes=changes), asked or 0.0)

    def after_error(self, state: PollState, error: Exception) -> Poll:
        """What follows from an error."""
        policy = self.terms.policy
        if isinstance(error, RunNotFound) and state.progress is None and state.waited < policy.not_found_grace:
            state = replace(state, unmoved=state.unmoved + 1)
        elif not isinstance(error, ProviderError) or not _may_pass(error, state):
            return _ended(self.ref, state, error)
        elif self.terms.deadline and self.now >= self.terms.deadline:  # the error may be that it got too little time
            return timed_out(self.ref, state, last_error=error)
        elif state.errors >= policy.max_consecutive_errors:
            count = _counted(state.errors + 1, "error")
            message = f"{brief(str(self.ref))}: gave up after {count} in a row; the last one: {error}"
            return _ended(self.ref, state, TooManyErrors(message, ref=self.ref, last_error=error))
        else:
            state = replace(state, errors=state.errors + 1)
        return self._next(Poll(ref=self.ref, state=state, error=error), error.retry_after or 0.0)

    def _next(self, poll: Poll, asked: float) -> Poll:
        """The poll with the time of the next request, or, where none fits before the deadline, with the deadline.

        `asked` are the seconds that the server asks for.
        """
        policy, deadline, state = self.terms.policy, self.terms.deadline, poll.state
        if asked > policy.max_server_delay:
            too_long = DelayTooLong(
                f"{brief(str(self.ref))}: the server wants to be asked again in {asked:,.0f} seconds, and"
                f" max_server_delay is {policy.max_server_delay:g}; wait again later, or allow more",
                ref=self.ref,
                retry_after=asked,
                run=poll.run,
                last_error=poll.error,
            )
            return _ended(self.ref, state, too_long, poll.run, poll.changes)
        pauses = state.unmoved + state.errors - (state.progress is None)  # since anything was new
        usual = policy.delay(pauses) * (1 - policy.jitter * self.random())
        wait = max(usual, asked and asked + policy.initial * policy.jitter * self.random())
        left = (deadline - self.now).total_seconds() if deadline else math.inf
        look = left - _LAST_LOOK
        if wait > look >= max(asked, policy.initial):
            wait = look  # which says more than a wait that ends with an old answer
        wait = min(wait, left)
        state = replace(state, waited=state.waited + max(0.0, wait))
        return replace(poll, state=state, next_poll=self.now + timedelta(seconds=wait))

    def _stays_unknown(self, state: PollState, run: WorkflowRun) -> StatusStaysUnknown:
        word = quoted(run.raw_status) if run.raw_status else "missing"
        count = _counted(state.unmoved + 1, "answer")
        return StatusStaysUnknown(
            f"{brief(str(self.ref))}: its status is {word}, which says neither that it goes on nor that it has ended,"
            f" in {count} in a row; see what the provider shows, or allow more unknown_polls",
            ref=self.ref,
            run=run,
        )


def _ended(
    ref: RunRef,
    state: PollState,
    error: Exception,
    run: WorkflowRun | None = None,
    changes: tuple[RunChange, ...] = (),
) -> Poll:
    last = RunChange(ref=ref, run=run, before=_status(state), error=error, is_last=True)
    return Poll(ref=ref, state=replace(state, ended=True), run=run, error=error, changes=(*changes, last))


def _may_pass(error: ProviderError, state: PollState) -> bool:
    """Whether asking again may help. In place of a run that has been seen, a page or an empty body is an outage."""
    return error.transient or (state.progress is not None and isinstance(error, UnreadableAnswer | NoRun))


def _status(state: PollState) -> RunStatus | None:
    return state.progress.status if state.progress else None


def _is_unknown(status: RunStatus) -> bool:
    return status is RunStatus.UNKNOWN or not status.documented


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
