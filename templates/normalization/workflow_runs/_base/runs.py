"""What `Runs` does; its constructor, with an argument for each provider, is generated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self

from workflow_client_core import Client, Retry, Timeout

from .._calls.asking import ask, call_for
from .._calls.clients import Clients
from .._calls.given import Given
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


class BaseRuns:
    """Gets runs; safe to share between threads.

    Args:
        clients: by the providers of this package: a client, one for each account, or a function that returns one for a
            reference. They stay open. For None a client is made on first use, with the credentials that are then in
            the environment.
        others: the same for providers of other packages.
        timeout, retry: of the clients that are made here; None: each client's own.
        base_urls: the servers of the clients that are made here, by provider. References may name them.
        transport: the httpx2 transport of all clients that are made here. It is closed with them.
        allowed_base_urls: by provider, the servers that references may name beside the client's own.

    Raises:
        TypeError: a client is of another class than its provider's, or an option of another type; or `others` has a
            provider of this package.
        UnknownProvider, ClientNotInstalled: a client is given for a provider that does not exist, or cannot be used.
        ValueError: an address is not the URL of a server, a time limit cannot be used, there are no clients in a
            mapping, or an account cannot be called so.
    """

    def __init__(
        self,
        clients: Mapping[str, Given[Client] | None],
        *,
        others: Mapping[str, Given[Client] | None] | None,
        timeout: float | Timeout | None,
        retry: Retry | None,
        base_urls: Mapping[str, str] | None,
        transport: httpx2.BaseTransport | None,
        allowed_base_urls: Mapping[str, Iterable[str]] | None,
    ) -> None:
        name = type(self).__name__
        options = Options(name, "sync", timeout, retry, base_urls, transport)
        self._clients: Clients[Client] = Clients(name, "sync", clients, others, options, allowed_base_urls)

    def get(self, ref: RunRef | str) -> WorkflowRun:
        """Ask the provider for a run.

        A value that cannot be read is None, and listed in `issues`. The client's retries and time limit hold.

        Args:
            ref: which run, as a `RunRef` or as its text form: `dify:5b1f`, `copyai:WCFG-1/WRUN-2`.

        Raises:
            InvalidRef: the reference is malformed, or asks for an account, a tenant or a server that no client is for.
                Nothing was sent.
            UnknownProvider: there is no such provider.
            ClientNotInstalled: the client of the provider is missing.
            ProviderError: there are no credentials or no connection, or the provider reports an error; `__cause__` is
                the client's error.
            UnreadableAnswer: the response is not a JSON object; a ProviderError and a NormalizationError.
            TypeError: a function that was passed in place of a client returned something else. What it raises passes.
            RuntimeError: these runs are closed.
        """
        return ask(call_for(self._clients, ref))

    def poll(
        self,
        ref: RunRef | str,
        state: PollState | None = None,
        *,
        until: Collection[RunStatus] = RESTING,
        policy: PollPolicy | None = None,
        deadline: datetime | None = None,
    ) -> Poll:
        """Ask for a run once, and say when to ask again: one step of `wait`, for programs that have a queue.

        Nothing is raised for what the provider answers; it is the `error` of the poll. Nothing is sent if `state` says
        that there is nothing more to ask, or if the deadline has passed.

        Args:
            ref: which run.
            state: that of the poll before; None for the first.
            until, policy: see `wait`.
            deadline: when waiting ends, aware; None: never.

        Raises:
            InvalidRef, UnknownProvider: the reference cannot be read, or its provider does not exist.
            ValueError, TypeError: an argument cannot be used.
        """
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
        return poll_step(ref, state, self._answer(ref, left), clock.utc(), terms)

    def wait(
        self,
        ref: RunRef | str,
        *,
        timeout: float | timedelta | str,
        until: Collection[RunStatus] = RESTING,
        policy: PollPolicy | None = None,
        on_change: Callable[[RunChange], object] | None = None,
        on_poll: Callable[[Poll], object] | None = None,
        cancel: Event | None = None,
    ) -> WorkflowRun:
        """Wait until a run rests: it has ended, or somebody has to act. A run that failed is returned like any other.

        The clients' own retries are off meanwhile: the policy says what is asked again.

        Args:
            ref: which run.
            timeout: how long at most, requests included: seconds, a timedelta, or a text such as `10m` or `1h30m`.
            until: the statuses to wait for. A run that has ended is returned in any case.
            policy: when to ask again, and which errors to bear; None: as the provider's documentation suggests.
            on_change, on_poll: called with each change, the present state first, and with each answer.
            cancel: set it in another thread to end the wait; a request that is under way is finished first.

        Raises:
            WaitTimeout: the time has passed; the error has the run as it was last seen.
            TooManyErrors, DelayTooLong, StatusStaysUnknown: see `PollPolicy`.
            WaitCancelled: `cancel` was set.
            ProviderError: asking again does not help: 401, 403, 400, a late 404. As `get`, so its other errors.
            ValueError, TypeError: an argument cannot be used.
        """
        from .._polling.waiting import Waiting, wait

        return wait(Waiting(ref, timeout, until, policy, on_change, on_poll), self._answer, cancel)

    def watch(
        self,
        refs: Iterable[RunRef | str],
        *,
        timeout: float | timedelta | str,
        until: Collection[RunStatus] = RESTING,
        policy: PollPolicy | None = None,
        per_provider: int = 8,
        store: Store | None = None,
        on_poll: Callable[[Poll], object] | None = None,
        cancel: Event | None = None,
    ) -> Generator[RunChange]:
        """Wait for many runs at once: first tell how each of them is, then each change, until all rest.

        A run that cannot be asked for does not end the others: its last change has the `error`, one of those that
        `wait` raises. Runs are asked for while the iterator is; in between, nothing new is sent. Closing it ends it.

        Args:
            refs: which runs, each once. An iterator may wait for more: it is read in a thread of its own, up to 10,000
                runs ahead, until it ends or the time has passed. What it raises is raised here.
            timeout, until, policy: see `wait`; the time counts from this call.
            per_provider: the most requests at once to a server of a provider; fewer after a 429, none until its
                `Retry-After` has passed.
            store: where to go on from, so that a run that rested is not asked for again. A change is in it before it
                is told, until the iterator is asked for the next one.
            on_poll: called after each request. What it raises is raised here.
            cancel: set it in another thread to end the watch quietly. Requests under way are not waited for.

        Raises:
            RuntimeError: these runs are closed.
            StoreError: the store cannot be used; also later.
            ValueError, TypeError: an argument cannot be used.
        """
        from .._watching.sync_watching import watch_sync
        from .._watching.terms import check_refs, watch_terms

        check_refs(refs, may_be_async=False)
        terms = watch_terms(timeout, until, policy, per_provider, on_poll, store)
        self._clients.check_open()
        return watch_sync(self._clients, refs, terms, cancel)

    def close(self) -> None:
        """Close the clients that were made here, and the transport; clients of callers stay open. Twice is fine."""
        clients, transport = self._clients.close()
        with ExitStack() as stack:
            if transport is not None:
                stack.callback(transport.close)  # after the clients, which end what still uses it
            for client in clients:
                stack.callback(client.close)

    def __enter__(self) -> Self:
        self._clients.check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{self._clients}>"

    def _answer(self, ref: RunRef, seconds: float | None) -> WorkflowRun | Exception:
        """The answer to one request, or the error; in so many seconds at most."""
        try:
            return ask(call_for(self._clients, ref).once(seconds))
        except Exception as error:
            return error
