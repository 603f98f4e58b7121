"""The base of generated asynchronous clients; what both kinds share is decided in `_base`, without I/O."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from msgspec import UNSET

from ._api import Api, Operation
from ._base import BaseClient, Fetch, Send, Wait, outcome
from ._connections import AsyncConnections
from ._limits import MAX_RESPONSE_SIZE, Deadline, Timeout
from ._request import Request
from ._response import Answer, OpenAnswer, read_answer, read_raw
from ._retry import Retry
from ._secrets import Secret
from ._stream import AsyncEventStream

if TYPE_CHECKING:
    import httpx2

    from ._raw import RawResponse

T = TypeVar("T")


class AsyncClient(BaseClient):
    """The base of asynchronous clients; see `Client`. Safe to share between tasks of one loop.

    Credentials may also be coroutine functions.
    """

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None = None,
        timeout: float | Timeout = Timeout(),  # noqa: B008 - immutable
        retry: Retry = Retry(),  # noqa: B008 - immutable
        max_response_size: int = MAX_RESPONSE_SIZE,
        auth: httpx2.Auth | None = None,
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        allow_insecure_http: bool = False,
    ) -> None:
        super().__init__(
            api,
            values,
            base_url=base_url,
            timeout=timeout,
            retry=retry,
            max_response_size=max_response_size,
            auth=auth,
            allow_insecure_http=allow_insecure_http,
        )
        self._connections = AsyncConnections(http_client, transport)

    def with_options(
        self,
        *,
        timeout: float | Timeout | None = None,
        retry: Retry | None = None,
        max_response_size: int | None = None,
        base_url: str | None = None,
        globals: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other options, which shares the connections and credentials of this one.

        Closing it leaves this one open; closing this one closes both. None: as this one has it.

        Args:
            timeout: as in the constructor.
            retry: as in the constructor.
            max_response_size: as in the constructor.
            base_url: another server, also for operations that name a server of their own.
            globals: other values of some constructor arguments that fill parameters, such as `tenant`, by argument
                name; the rest stays.

        Raises:
            ValueError: a limit is none, or `base_url` no address of a server.
            TypeError: there is no such constructor argument among those that fill parameters.
            CredentialsError: a value cannot be sent, or credentials would travel to `base_url` in clear text.
        """
        return self._with_options(timeout, retry, max_response_size, base_url, globals)

    async def __aenter__(self) -> Self:
        if self._closed or self._connections.closed.is_set():
            raise self._is_closed()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the httpx2 client was passed in. Twice is fine.

        Calls in flight in other tasks then raise `ConnectionFailed`; on an httpx2 client that was
        passed in, they finish their present attempt.
        """
        self._closed = True
        if not self._shares_connections:
            await self._connections.close()

    async def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        request, answer = await self._answer(operation, values, body)
        return read_answer(operation, request, answer)

    async def _call_raw(
        self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET
    ) -> RawResponse[T]:
        request, answer = await self._answer(operation, values, body)
        return read_raw(operation, request, answer)

    async def _stream(
        self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET
    ) -> AsyncEventStream[T]:
        request, answer = await self._answer(operation, values, body)
        if isinstance(answer, OpenAnswer):
            from ._pieces import AsyncPieces

            pieces = AsyncPieces(answer, self._connections)
            return AsyncEventStream(operation, request, answer, self._reader(operation, request, answer), pieces)
        read_answer(operation, request, answer)  # raises, unless no content at all is documented
        return AsyncEventStream(operation, request, answer, None, None)

    async def _answer(
        self, operation: Operation[Any], values: Mapping[str, object], body: object
    ) -> tuple[Request, Answer]:
        if self._closed or self._connections.closed.is_set():
            raise self._is_closed()
        import anyio

        deadline = Deadline(self._timeout.total)
        step: Fetch | Send | Wait | None = None
        with anyio.CancelScope(deadline=anyio.current_time() + deadline.total) as scope:
            if not self._connections.enter(scope):
                raise self._is_closed()
            steps = self._steps(operation, values, body, deadline)
            reply: object = None
            try:
                await self._connections.sweep()
                while True:
                    try:
                        step = steps.send(reply)
                    except StopIteration as end:
                        return cast("tuple[Request, Answer]", end.value)
                    if isinstance(step, Fetch):
                        reply = Secret(step.source.fetch())
                        if isinstance(reply.reveal(), Awaitable):
                            reply = Secret(await cast("Awaitable[object]", reply.reveal()))
                    elif isinstance(step, Send):
                        from ._http import send_async

                        reply = await send_async(step.exchange, self._connections)
                    else:
                        reply = None
                        await anyio.sleep(step.seconds)
                        if self._connections.closed.is_set():
                            raise step.exchange.closed().error
            finally:
                steps.close()
                await self._connections.leave(scope)
        # Only the end of the scope leads here: the time is up, or the client was closed.
        assert step is not None
        exchange = step.exchange
        result = exchange.closed() if self._connections.aborted else exchange.timed_out()
        exchange.log(result)
        return outcome(exchange, result)


class AsyncRawMethods:
    """The base of what `AsyncClient.raw` gives: the client's methods, with the whole answer as their result."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.raw"

    async def _call(
        self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET
    ) -> RawResponse[T]:
        return await self._client._call_raw(operation, values, body)  # pyright: ignore[reportPrivateUsage]
