"""Waiting for one run: what happens between two requests, and the loops that ask and sleep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from threading import Event

from msgspec.structs import replace

from .._form.models import RunStatus
from .._providers.lookup import find
from .._providers.poll_policy import PollPolicy
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .._text import brief
from .arguments import check_callback, check_cancel, policy_of, seconds_of, statuses_of
from .change import Poll, RunChange
from .clock import SteadyTime, current_clock
from .errors import WaitCancelled, WaitError
from .machine import PollTerms, poll_step, timed_out
from .state import PollState


def terms_of(
    ref: RunRef, policy: PollPolicy | None, until: Collection[RunStatus], deadline: datetime | None
) -> PollTerms:
    """What a wait for this reference goes by; None: the policy of its provider.

    Raises:
        UnknownProvider: there is no such provider.
        ValueError, TypeError: see `statuses_of`; or `deadline` has no time zone, or `policy` is of another type.
    """
    policy = policy_of(policy)
    if deadline is not None:
        if not isinstance(deadline, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"deadline must be a datetime, not {type(deadline).__name__}")
        if deadline.utcoffset() is None:
            raise ValueError(f"deadline must have a time zone, such as datetime.now(UTC) has: {deadline!r}")
        deadline = deadline.astimezone(UTC)
    return PollTerms(policy=policy or find(ref.provider).polling, until=statuses_of(until), deadline=deadline)


class Waiting:
    """A run that is waited for, between two requests.

    Args:
        ref, timeout, until, policy, on_change, on_poll: see `BaseRuns.wait`, also for what is raised.
    """

    def __init__(
        self,
        ref: RunRef | str,
        timeout: float | timedelta | str,
        until: Collection[RunStatus],
        policy: PollPolicy | None,
        on_change: Callable[[RunChange], object] | None,
        on_poll: Callable[[Poll], object] | None,
    ) -> None:
        check_callback(on_change, "on_change")
        check_callback(on_poll, "on_poll")
        self.ref = checked(ref)
        seconds = seconds_of(timeout, "timeout")
        self._time = SteadyTime(current_clock())
        self._deadline = self._time.now() + timedelta(seconds=seconds)
        self._terms = terms_of(self.ref, policy, until, self._deadline)
        self._on_change = on_change
        self._on_poll = on_poll
        self._state = PollState()
        self._run: WorkflowRun | None = None
        self._last_error: Exception | None = None
        self._outcome: WorkflowRun | Exception | None = None

    def left(self) -> float:
        """Seconds until the time has passed; not above zero when it has."""
        return (self._deadline - self._time.now()).total_seconds()

    def next(self, answer: WorkflowRun | Exception | None) -> float | None:
        """Seconds until the next request; None: there is none, see `result`.

        Args:
            answer: the run, or the error that asking for it raised; None where the time had passed before.
        """
        if answer is None:
            poll = timed_out(self.ref, self._state, self._run, self._last_error)
        else:
            poll = poll_step(self.ref, self._state, answer, self._time.now(), self._terms)
        self._state, self._run, self._last_error = poll.state, poll.run or self._run, poll.error
        for change in poll.changes:
            if isinstance(change.error, WaitError):
                change.error.run = self._run
                change = replace(change, run=self._run)
            if change.is_last:
                self._outcome = change.error or change.run
            if self._on_change is not None:
                self._on_change(change)
        if self._on_poll is not None:
            self._on_poll(poll)
        return None if poll.next_poll is None else max(0.0, (poll.next_poll - self._time.now()).total_seconds())

    def result(self) -> WorkflowRun:
        """The run at rest.

        Raises:
            Exception: the error that ended the wait.
        """
        assert self._outcome is not None, "there is a result only after the last request"
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def cancelled(self) -> WaitCancelled:
        """The error to raise when the wait was cancelled."""
        return WaitCancelled(
            f"waiting for {brief(str(self.ref))} was cancelled; the run goes on",
            ref=self.ref,
            run=self._run,
            last_error=self._last_error,
        )


def wait(
    waiting: Waiting, answer: Callable[[RunRef, float], WorkflowRun | Exception], cancel: Event | None
) -> WorkflowRun:
    """The run at rest; see `BaseRuns.wait`. `answer` asks for it once, in so many seconds at most."""
    check_cancel(cancel)
    seconds: float | None = 0.0
    while seconds is not None:
        current_clock().sleep(seconds, cancel)
        if cancel is not None and cancel.is_set():
            raise waiting.cancelled()
        left = waiting.left()
        seconds = waiting.next(answer(waiting.ref, left) if left > 0 else None)
    return waiting.result()


async def wait_async(
    waiting: Waiting, answer: Callable[[RunRef, float], Awaitable[WorkflowRun | Exception]]
) -> WorkflowRun:
    """The run at rest; see `AsyncBaseRuns.wait`. `answer` asks for it once, in so many seconds at most."""
    seconds: float | None = 0.0
    while seconds is not None:
        await current_clock().sleep_async(seconds)
        left = waiting.left()
        seconds = waiting.next(await answer(waiting.ref, left) if left > 0 else None)
    return waiting.result()
