"""What `AsyncRuns` does; its constructor, with an argument for each provider, is generated."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from workflow_client_core import AsyncClient, Retry, Timeout

from .._calls.asking import ask_async, call_for_async
from .._calls.clients import Clients
from .._calls.given import AsyncGiven
from .._calls.options import Options
from .._form.models import RunStatus
from .._form.vocabulary import RESTING
from .._polling.change import Poll, RunChange
from .._polling.state import PollState
from .._providers.poll_policy import PollPolicy
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .._stores.store import Store

if TYPE_CHECKING:
    import httpx2


# What waiting and watching need is imported inside their methods: getting a run does not wait for it.


class AsyncBaseRuns:
    """Gets runs; safe to share between tasks of one loop. See `BaseRuns`."""

    def __init__(
        self,
        clients: Mapping[str, AsyncGiven[AsyncClient] | None],
        *,
        others: Mapping[str, AsyncGiven[AsyncClient] | None] | None,
        timeout: float | Timeout | None,
        retry: Retry | None,
        base_urls: Mapping[str, str] | None,
        transport: httpx2.AsyncBaseTransport | None,
        allowed_base_urls: Mapping[str, Iterable[str]] | None,
    ) -> None:
        name = type(self).__name__
        options = Options(name, "async", timeout, retry, base_urls, transport)
        self._clients: Clients[AsyncClient] = Clients(name, "async", clients, others, options, allowed_base_urls)

    async def get(self, ref: RunRef | str) -> WorkflowRun:
        """Ask the provider for a run. See `BaseRuns.get`, also for what it raises."""
        return await ask_async(await call_for_async(self._clients, ref))

    async def poll(
        self,
        ref: RunRef | str,
        state: PollState | None = None,
        *,
        until: Collection[RunStatus] = RESTING,
        policy: PollPolicy | None = None,
        deadline: datetime | None = None,
    ) -> Poll:
        """Ask for a run once, and say when to ask again. See `BaseRuns.poll`, also for what it raises."""
        from .._polling.arguments import state_of
        from .._polling.clock import current_clock
        from .._polling.machine import poll_step, timed_out
        from .._polling.waiting import terms_of

        ref, state, clock = checked(ref), state_of(state), current_clock()
        terms = terms_of(ref, policy, until, deadline)
        if state.ended:
            return Poll(ref=ref, state=state)
        left = None if terms.deadline is None else (terms.deadline - clock.utc()).total_seconds()
        if left is not None and left <= 0:
            return timed_out(ref, state)
        return poll_step(ref, state, await self._answer(ref, left), clock.utc(), terms)

    async def wait(
        self,
        ref: RunRef | str,
        *,
        timeout: float | timedelta | str,
        until: Collection[RunStatus] = RESTING,
        policy: PollPolicy | None = None,
        on_change: Callable[[RunChange], object] | None = None,
        on_poll: Callable[[Poll], object] | None = None,
    ) -> WorkflowRun:
        """Wait until a run rests. See `BaseRuns.wait`, also for what it raises.

        To end the wait, cancel the task; the run itself goes on.
        """
        from .._polling.waiting import Waiting, wait_async

        return await wait_async(Waiting(ref, timeout, until, policy, on_change, on_poll), self._answer)

    def watch(
        self,
        refs: Iterable[RunRef | str] | AsyncIterable[RunRef | str],
        *,
        timeout: float | timedelta | str,
        until: Collection[RunStatus] = RESTING,
        policy: PollPolicy | None = None,
        per_provider: int = 8,
        store: Store | None = None,
        on_poll: Callable[[Poll], object] | None = None,
    ) -> AsyncGenerator[RunChange]:
        """Wait for many runs at once, with asyncio. See `BaseRuns.watch`, also for what it raises.

        `refs` may be asynchronous, too. To end the watch, cancel the task, or close the iterator: `aclose` waits until
        the requests that are under way are cancelled, and so does `contextlib.aclosing(runs.watch(...))`.
        """
        from .._watching.async_watching import watch_async
        from .._watching.terms import check_refs, watch_terms

        check_refs(refs, may_be_async=True)
        terms = watch_terms(timeout, until, policy, per_provider, on_poll, store)
        self._clients.check_open()
        return watch_async(self._clients, refs, terms)

    async def aclose(self) -> None:
        """Close the clients that were made here, and the transport; clients of callers stay open. Twice is fine."""
        clients, transport = self._clients.close()
        async with AsyncExitStack() as stack:
            if transport is not None:
                stack.push_async_callback(transport.aclose)
            for client in clients:
                stack.push_async_callback(client.aclose)

    async def __aenter__(self) -> Self:
        self._clients.check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{self._clients}>"

    async def _answer(self, ref: RunRef, seconds: float | None) -> WorkflowRun | Exception:
        """The answer to one request, or the error; in so many seconds at most."""
        try:
            return await ask_async((await call_for_async(self._clients, ref)).once(seconds))
        except Exception as error:
            return error
