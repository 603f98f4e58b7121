"""What `Runs` and `AsyncRuns` do; their constructors, with an argument for each provider, are generated."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping
from contextlib import AsyncExitStack, ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from workflow_client_core import ApiError, AsyncClient, Client, Retry, Timeout

from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .clients import Clients
from .given import AsyncGiven, Given
from .options import Options

if TYPE_CHECKING:
    import httpx2


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
        chosen = self._clients.choose(ref)
        call = self._clients.call(chosen, chosen.client)
        try:
            response = call.adapter.fetch(call.client, call.ref)
        except (ApiError, ValueError) as error:
            refusal = call.refusal(error)
            if refusal is error:
                raise
            raise refusal from error
        return call.run(response)

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
        chosen = self._clients.choose(ref)
        client = chosen.client
        call = self._clients.call(
            chosen, await cast("Awaitable[object]", client) if isinstance(client, Awaitable) else client
        )
        try:
            response = await call.adapter.fetch_async(call.client, call.ref)
        except (ApiError, ValueError) as error:
            refusal = call.refusal(error)
            if refusal is error:
                raise
            raise refusal from error
        return call.run(response)

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
