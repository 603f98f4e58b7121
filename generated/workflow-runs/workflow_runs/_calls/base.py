"""What `Runs` and `AsyncRuns` do; their constructors, with an argument for each provider, are generated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack, ExitStack
from types import TracebackType
from typing import Self

from workflow_client_core import ApiError, AsyncClient, Client

from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .clients import Clients


class BaseRuns:
    """Gets runs; safe to share between threads.

    Args:
        clients: by provider; they stay open. For None a client is made on first use, with the
            credentials from the environment.
        allowed_base_urls: by provider, the servers that references may name beside the client's own.

    Raises:
        TypeError: a client is of another class than its provider's.
        UnknownProvider, ClientNotInstalled: a client is given for a provider that does not exist, or cannot be used.
        ValueError: an allowed address is not the URL of a server.
    """

    def __init__(
        self, clients: Mapping[str, Client | None], *, allowed_base_urls: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._clients = Clients(type(self).__name__, "client", clients, allowed_base_urls)

    def get(self, ref: RunRef | str) -> WorkflowRun:
        """Ask the provider for a run.

        A value that cannot be read is None, and listed in `issues`. The client's retries and time limit hold.

        Args:
            ref: which run, as a `RunRef` or as its text form: `dify:5b1f`, `copyai:WCFG-1/WRUN-2`.

        Raises:
            InvalidRef: the reference is malformed, or asks for a tenant or server that the client is not for. Nothing
                was sent.
            UnknownProvider: there is no such provider.
            ClientNotInstalled: the client of the provider is missing.
            ProviderError: there are no credentials or no connection, or the provider reports an error; `__cause__` is
                the client's error.
            UnreadableAnswer: the response is not a JSON object; a ProviderError and a NormalizationError.
            RuntimeError: these runs are closed.
        """
        call = self._clients.call(ref)
        try:
            response = call.adapter.fetch(call.client, call.ref)
        except (ApiError, ValueError) as error:
            refusal = call.refusal(error)
            if refusal is error:
                raise
            raise refusal from error
        return call.run(response)

    def close(self) -> None:
        """Close the clients that were made here; those that were passed stay open. Closing twice is fine."""
        with ExitStack() as stack:
            for client in self._clients.close():
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
        self, clients: Mapping[str, AsyncClient | None], *, allowed_base_urls: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._clients = Clients(type(self).__name__, "async_client", clients, allowed_base_urls)

    async def get(self, ref: RunRef | str) -> WorkflowRun:
        """Ask the provider for a run. See `BaseRuns.get`, also for what it raises."""
        call = self._clients.call(ref)
        try:
            response = await call.adapter.fetch_async(call.client, call.ref)
        except (ApiError, ValueError) as error:
            refusal = call.refusal(error)
            if refusal is error:
                raise
            raise refusal from error
        return call.run(response)

    async def aclose(self) -> None:
        """Close the clients that were made here; those that were passed stay open. Closing twice is fine."""
        async with AsyncExitStack() as stack:
            for client in self._clients.close():
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
