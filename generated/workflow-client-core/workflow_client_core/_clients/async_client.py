"""The base of generated asynchronous clients."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, overload

from msgspec import UNSET

from .._api import Api, Operation
from .._transport.call_options import CallOptions, RequestOptions
from .._transport.limits import MAX_RESPONSE_SIZE, Timeout
from .._transport.retry import Retry
from .base import BaseClient
from .steps import Call

if TYPE_CHECKING:
    import httpx2

    from .._pages.pages import AsyncPages
    from .._pages.progress import Next
    from .._request.request import Request
    from .._response.raw import RawResponse
    from .._response.response import Response
    from .._streams.streams import AsyncEventStream
    from .async_caller import AsyncCaller

T = TypeVar("T")

# What making a client, or a call, needs is imported inside its methods: importing a package does not wait for it.


class AsyncClient(BaseClient):
    """The base of asynchronous clients; see `Client`. Safe to share between tasks, also of several event loops.

    Each event loop has connections of its own, which are closed when it ends, if nobody closes the client before.
    Credentials may also be coroutine functions.
    """

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None = None,
        server_urls: Mapping[str, str] | None = None,
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
            server_urls=server_urls,
            timeout=timeout,
            retry=retry,
            max_response_size=max_response_size,
            auth=auth,
            allow_insecure_http=allow_insecure_http,
        )
        from .._connections.shared import AsyncSharedConnections

        self._connections = AsyncSharedConnections(http_client, transport)

    async def __aenter__(self) -> Self:
        if self._closed or self._connections.closed.is_set():
            raise self._settings.closed_error()
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

    @overload
    async def request(self, method: str, path: str, *, type: type[T], **options: Unpack[RequestOptions]) -> T: ...
    @overload
    async def request(self, method: str, path: str, **options: Unpack[RequestOptions]) -> Any: ...
    async def request(self, method: str, path: str, *, type: Any = Any, **options: Unpack[RequestOptions]) -> Any:
        """See `Client.request`."""
        operation, body, call_options = self._own_call(method, path, type, options)
        return await self._call(operation, {}, body, **call_options)

    async def _call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> T:
        return await self._open_caller().result(Call(operation, values, body, **options))

    async def _call_raw(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> RawResponse[T]:
        return await self._open_caller().raw_response(Call(operation, values, body, **options))

    async def _stream(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream[T]:
        return await self._open_caller().stream(Call(operation, values, body, **options))

    def _pages(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Any, T]:
        from .._pages.pages import AsyncPages

        async def respond(page: Next) -> tuple[Request, Response]:
            return await self._open_caller().respond(Call(operation, page.values, page.body, url=page.url, **options))

        return AsyncPages(operation, values, body, respond)

    def _open_caller(self) -> AsyncCaller:
        """What carries the calls out."""
        if self._closed:
            raise self._settings.closed_error()
        caller: AsyncCaller | None = self._caller
        if caller is None:
            from .async_caller import AsyncCaller

            self._caller = caller = AsyncCaller(self._settings, self._connections)
        return caller


class AsyncRawCalls:
    """What has the methods of a client or a group, with the whole response as their result."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.raw"

    async def _call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> RawResponse[T]:
        return await self._client._call_raw(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage]


class AsyncRawMethods(AsyncRawCalls):
    """The base of `AsyncClient.raw`: the client's methods, with the whole response as their result."""

    @overload
    async def request(
        self, method: str, path: str, *, type: type[T], **options: Unpack[RequestOptions]
    ) -> RawResponse[T]: ...
    @overload
    async def request(self, method: str, path: str, **options: Unpack[RequestOptions]) -> RawResponse[Any]: ...
    async def request(
        self, method: str, path: str, *, type: Any = Any, **options: Unpack[RequestOptions]
    ) -> RawResponse[Any]:
        """See `Client.request`."""
        own_call = self._client._own_call(method, path, type, options)  # pyright: ignore[reportPrivateUsage]
        return await self._call(own_call.operation, {}, own_call.body, **own_call.options)


class AsyncPaginatedMethods:
    """The base of `AsyncClient.paginated`: the client's methods that have pages, with all pages as their result."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.paginated"

    def _pages(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Any, T]:
        return self._client._pages(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage]
