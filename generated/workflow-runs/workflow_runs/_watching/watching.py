"""What the synchronous and the asynchronous watch have in common: what threads or tasks report, and what follows."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .._stores.errors import StoreError
from .watch import Request, Watch

LATE = 2.0
"""Seconds that requests in flight get after the time has passed. Their own limits should have ended them before."""
_FIRST_QUIET, _QUIET = 2.0, 0.05
"""Seconds that an iterator of references gets, for its first one and between them, before a clock is asked to sleep.

A clock for tests may then jump ahead; with one that really sleeps, it makes no difference.
"""
_REPORTS_AT_ONCE = 100
_LEAST_SECONDS = 0.001


class Reading(Protocol):
    """What reads references."""

    def go_on(self) -> None:
        """Read one more."""
        ...

    def close(self) -> None:
        """Read no more."""
        ...


class Watching:
    """A watch, and what was reported about it; the one who delivers the changes does what follows from that.

    Args:
        notify: called after each report, by whoever reports.
    """

    def __init__(self, watch: Watch, notify: Callable[[], object]) -> None:
        self.watch = watch
        self.closed = False
        self._process = os.getpid()
        self._reading: Reading | None = None
        self.reports: deque[Callable[[], object]] = deque()
        self.quiet = _FIRST_QUIET
        """Seconds that an iterator of references gets from now on until a clock is asked to sleep."""
        self._notify = notify

    def handle_reports(self) -> bool:
        """Do what follows from some of the reports; False: there are none."""
        some = min(len(self.reports), _REPORTS_AT_ONCE)
        for _ in range(some):
            self.quiet = _QUIET
            self.reports.popleft()()
            if self.watch.deliveries:
                break
        return some > 0

    def check_process(self) -> None:
        """Raise RuntimeError in a process that was forked since, and has none of the threads that send requests."""
        if self._process != os.getpid():
            raise RuntimeError("this watch began before its process was forked; watch anew in the child")

    def read(self, reading: Reading) -> None:
        """Let this read the references."""
        self._reading = reading
        self.watch.read_more = reading.go_on

    def close(self) -> None:
        """Take no more reports, and read no more."""
        self.closed = True
        if self._reading is not None:
            self._reading.close()

    def ref_came(self, ref: RunRef | str) -> None:
        """Report a reference, which is in the store from now on: an iterator may not give it a second time."""
        try:
            self.watch.remember(ref)
        except StoreError as error:
            self.broke(error)
        else:
            self._report(partial(self.watch.add, ref))

    def refs_ended(self, error: BaseException | None) -> None:
        """Report the end of the references, or the error that reading them raised."""
        self._report(partial(self._end, error))

    def answer_came(self, request: Request, answer: WorkflowRun | Exception) -> None:
        """Report what came of a request."""
        self._report(partial(self.watch.answered, request, answer))

    def not_sent(self) -> None:
        """Report that a request was not sent after all."""
        self._report(_nothing)

    def broke(self, error: BaseException) -> None:
        """Report what ends the watch, such as SystemExit."""
        self._report(partial(_raise, error))

    def _report(self, report: Callable[[], object]) -> None:
        if not self.closed:
            self.reports.append(report)
            self._notify()

    def _end(self, error: BaseException | None) -> None:
        self.watch.has_more = False
        if error is not None:
            raise error


def seconds_left(request: Request, began: float) -> float:
    """How long a request may take that is sent only now; `began`: the time of `time.monotonic` when it was made."""
    return max(_LEAST_SECONDS, request.seconds - (time.monotonic() - began))


def _nothing() -> None:
    pass


def _raise(error: BaseException) -> None:
    raise error
