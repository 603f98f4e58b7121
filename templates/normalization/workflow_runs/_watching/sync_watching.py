"""`Runs.watch`: the caller's thread delivers changes; others send requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Generator, Iterable, Iterator
from functools import partial

from workflow_client_core import Client

from .._calls.asking import ask, call_for
from .._calls.clients import Clients
from .._polling.arguments import check_cancel
from .._polling.change import RunChange
from .._polling.clock import current_clock
from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .reading import ReadingThread
from .terms import WatchTerms
from .watch import Request, Watch
from .watching import LATE, Watching, seconds_left
from .workers import Workers

_GLANCE = 0.1
"""Seconds after which a thread that waits for reports looks whether the watch was cancelled."""


def watch_sync(
    clients: Clients[Client], refs: Iterable[RunRef | str], terms: WatchTerms, cancel: threading.Event | None
) -> Generator[RunChange]:
    """The changes of runs; see `BaseRuns.watch`."""
    check_cancel(cancel)
    is_whole = isinstance(refs, Collection)
    watch = Watch(terms, tuple(refs) if is_whole else (), has_more=not is_whole)
    return _changes(_SyncWatching(clients, watch, cancel), None if is_whole else iter(refs))


def _changes(watching: _SyncWatching, refs: Iterator[RunRef | str] | None) -> Generator[RunChange]:
    watch = watching.watch
    try:
        watching.begin(refs)
        while not (watching.is_cancelled or watch.is_done):
            watching.go_on()
            while watch.deliveries and not watching.is_cancelled:
                delivery = watch.deliveries.popleft()
                yield delivery.change
                watch.delivered(delivery)
    finally:
        watching.end()


class _SyncWatching(Watching):
    def __init__(self, clients: Clients[Client], watch: Watch, cancel: threading.Event | None) -> None:
        self._reported = threading.Event()
        super().__init__(watch, self._reported.set)
        self._clients = clients
        self._cancel = cancel
        self._workers: Workers | None = None

    @property
    def is_cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.is_set()

    def begin(self, refs: Iterator[RunRef | str] | None) -> None:
        """Begin to read these references, if there are any."""
        self._workers = Workers()
        if refs is not None:
            self.read(ReadingThread(refs, self.ref_came, self.refs_ended))

    def end(self) -> None:
        """End the threads, as soon as each of them can."""
        self.close()
        if self._workers is not None:
            self._workers.close()

    def go_on(self) -> None:
        """Send what is to be sent, and wait until there is something to do; do it."""
        self._clients.check_open()
        self.check_process()
        self.watch.read()
        while (request := self.watch.start()) and self._workers:
            self._workers.submit(partial(self._send, request), self.watch.in_flight)
        if not (self.handle_reports() or self.watch.deliveries or self.watch.is_reading or self.watch.is_done):
            self._wait()

    def _send(self, request: Request) -> None:
        try:
            answer = self._answer(request)
        except BaseException as error:
            self.broke(error)
        else:
            if answer is None:
                self.not_sent()
            else:
                self.answer_came(request, answer)

    def _answer(self, request: Request) -> WorkflowRun | Exception | None:
        began = time.monotonic()
        try:
            call = None if self.closed else call_for(self._clients, request.ref)
            if call is None or self.closed or not self.watch.may_send(request, call.host):
                return None
            return ask(call.once(seconds_left(request, began)))
        except Exception as error:
            return error

    def _wait(self) -> None:
        """Wait until something is reported, or there may be something to start; give up the runs that are too late."""
        watch, clock = self.watch, current_clock()
        is_late = watch.seconds_left <= 0
        seconds = watch.seconds_until_next()
        if watch.in_flight:
            if not self._is_reported_within(LATE if is_late else seconds) and is_late:
                watch.give_up()
        elif is_late:
            watch.give_up()
        elif not watch.has_more:
            clock.sleep(seconds, self._cancel)
        elif not self._is_reported_within(min(self.quiet, seconds)):
            self.quiet, seconds = 0.0, watch.seconds_until_next()
            self._reported.clear()
            if not self.reports:  # any that comes from now on sets the event, which ends the sleep as a `cancel` does
                clock.sleep(seconds if self._cancel is None else min(seconds, _GLANCE), self._reported)

    def _is_reported_within(self, seconds: float) -> bool:
        """Wait until something is reported, really for so many seconds at most, whatever clock there is."""
        end = time.monotonic() + seconds
        while not self.is_cancelled:
            self._reported.clear()
            left = min(end - time.monotonic(), threading.TIMEOUT_MAX)
            if self.reports:
                return True
            if left <= 0:
                return False
            self._reported.wait(left if self._cancel is None else min(left, _GLANCE))
        return True
