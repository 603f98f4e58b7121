"""`AsyncRuns.watch`: requests are sent in tasks of the caller's event loop. asyncio is imported when it is used."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Coroutine, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from workflow_client_core import AsyncClient

from .._calls.asking import ask_async, call_for_async
from .._calls.clients import Clients
from .._polling.change import RunChange
from .._polling.clock import current_clock
from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .._text import brief
from .reading import READ_AHEAD, ReadingThread
from .terms import WatchTerms
from .watch import Request, Watch
from .watching import LATE, Watching, seconds_left

if TYPE_CHECKING:
    import asyncio


def watch_async(
    clients: Clients[AsyncClient], refs: Iterable[RunRef | str] | AsyncIterable[RunRef | str], terms: WatchTerms
) -> AsyncGenerator[RunChange]:
    """The changes of runs; see `AsyncBaseRuns.watch`."""
    if isinstance(refs, AsyncIterable):
        return _changes(clients, Watch(terms, (), has_more=True), aiter(refs))
    if isinstance(refs, Collection):
        return _changes(clients, Watch(terms, tuple(refs), has_more=False), None)
    return _changes(clients, Watch(terms, (), has_more=True), iter(refs))


async def _changes(
    clients: Clients[AsyncClient], watch: Watch, refs: AsyncIterator[RunRef | str] | Iterator[RunRef | str] | None
) -> AsyncGenerator[RunChange]:
    watching = _AsyncWatching(clients, watch)
    try:
        watching.begin(refs)
        while not watch.is_done:
            await watching.go_on()
            while watch.deliveries:
                delivery = watch.deliveries.popleft()
                yield delivery.change
                watch.delivered(delivery)
    finally:
        await watching.end()


class _AsyncWatching(Watching):
    """Its tasks are not those of a TaskGroup, which would cancel the caller's task between two changes."""

    def __init__(self, clients: Clients[AsyncClient], watch: Watch) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._reported = asyncio.Event()
        super().__init__(watch, self._reported.set)
        self._clients = clients
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, refs: AsyncIterator[RunRef | str] | Iterator[RunRef | str] | None) -> None:
        """Begin to read these references, if there are any."""
        if isinstance(refs, AsyncIterator):
            reading = _ReadingTask(refs, self)
            self.read(reading)
            self._run(reading.read())
        elif refs is not None:
            on_ref, on_end = partial(self._soon, self.ref_came), partial(self._soon, self.refs_ended)
            self.read(ReadingThread(refs, on_ref, on_end))

    async def end(self) -> None:
        """Cancel the tasks, and wait until they have ended."""
        import asyncio

        from anyio import CancelScope

        self.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            with CancelScope(shield=True):
                await asyncio.wait(self._tasks)

    async def go_on(self) -> None:
        """Send what is to be sent, and wait until there is something to do; do it."""
        import asyncio

        self._clients.check_open()
        self.check_process()
        self.watch.read()
        while request := self.watch.start():
            self._run(self._send(request))
        if not (self.handle_reports() or self.watch.deliveries or self.watch.is_reading or self.watch.is_done):
            await self._wait()
        else:
            await asyncio.sleep(0)  # let others have a turn

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _soon(self, report: Any, value: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(report, value)

    async def _send(self, request: Request) -> None:
        import asyncio

        try:
            answer = await self._answer(request)
        except BaseException as error:
            task = asyncio.current_task()
            if not isinstance(error, asyncio.CancelledError) or task is None or task.cancelling():
                self.broke(error)
                raise
            # A function of the caller awaited what somebody else cancelled: that is an error of this run alone.
            answer = RuntimeError(f"{brief(str(request.ref))}: getting its client was cancelled")
        if answer is None:
            self.not_sent()
        else:
            self.answer_came(request, answer)

    async def _answer(self, request: Request) -> WorkflowRun | Exception | None:
        began = time.monotonic()
        try:
            call = await call_for_async(self._clients, request.ref)
            if not self.watch.may_send(request, call.host):
                return None
            return await ask_async(call.once(seconds_left(request, began)))
        except Exception as error:
            return error

    async def _wait(self) -> None:
        """Wait until something is reported, or there may be something to start; give up the runs that are too late."""
        watch, clock = self.watch, current_clock()
        is_late = watch.seconds_left <= 0
        seconds = watch.seconds_until_next()
        if watch.in_flight:
            if not await self._is_reported_within(LATE if is_late else seconds) and is_late:
                watch.give_up()
        elif is_late:
            watch.give_up()
        elif not watch.has_more:
            await clock.sleep_async(seconds)
        elif not await self._is_reported_within(min(self.quiet, seconds)):
            self.quiet = 0.0
            await self._sleep(watch.seconds_until_next())

    async def _is_reported_within(self, seconds: float) -> bool:
        """Wait until something is reported, really for so many seconds at most, whatever clock there is."""
        import asyncio

        self._reported.clear()
        if not self.reports:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._reported.wait()
        return bool(self.reports)

    async def _sleep(self, seconds: float) -> None:
        """Let the clock sleep, until something is reported."""
        import asyncio

        self._reported.clear()
        if self.reports:
            return
        waits = [self._run(current_clock().sleep_async(seconds)), self._run(_wait_for(self._reported))]
        try:
            ended, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        for task in ended:
            task.result()  # or the error of a clock


class _ReadingTask:
    """Reads an asynchronous iterator."""

    def __init__(self, refs: AsyncIterator[RunRef | str], watching: _AsyncWatching) -> None:
        import asyncio

        self._refs = refs
        self._watching = watching
        self._room = asyncio.Semaphore(READ_AHEAD)

    def go_on(self) -> None:
        """Read one more."""
        self._room.release()

    def close(self) -> None:
        """Read no more: the task is cancelled with the others."""

    async def read(self) -> None:
        """Report the references, and their end."""
        try:
            async for ref in self._refs:
                self._watching.ref_came(ref)
                await self._room.acquire()
        except Exception as error:
            self._watching.refs_ended(error)
        except BaseException as error:
            self._watching.refs_ended(error)  # nobody hears of it when the task is cancelled by `end`
            raise
        else:
            self._watching.refs_ended(None)


async def _wait_for(event: asyncio.Event) -> None:
    await event.wait()
