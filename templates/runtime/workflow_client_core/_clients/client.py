"""The base of generated synchronous clients."""

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

    from .._pages.pages import Pages
    from .._pages.progress import Next
    from .._request.request import Request
    from .._response.raw import RawResponse
    from .._response.response import Response
    from .._streams.streams import EventStream
    from .caller import Caller

T = TypeVar("T")

# What making a client, or a call, needs is imported inside its methods: importing a package does not wait for it.


class Client(BaseClient):
    """The base of synchronous clients; safe to share between threads.

    Args:
        api: what the generated package knows about its API.
        values: credentials, globals and server variables by argument name; None: not passed. A credential
            is a str, or a function that returns one and is called before every attempt; after a 401 it is called
            once more, and the call repeated once if it returns another one.
        base_url: absolute http or https URL that replaces the documented server.
        server_urls: URLs that replace servers which operations name for themselves, by these servers as documented.
        timeout: the limits of a call, or just the seconds that it may take in total.
        retry: when and how often a call is repeated.
        max_response_size: the largest body that is read, in bytes, counted after unpacking.
        auth: your own way to authenticate, instead of credentials.
        http_client: your own httpx2 client, which is never closed; the stricter of its time limits and ours hold.
        transport: your own httpx2 transport for the client that is made here.
        allow_insecure_http: whether credentials may be sent over http to other machines.

    Raises:
        CredentialsError: the credentials can work for no operation.
        ValueError: there is no usable server, or the arguments contradict each other.
        TypeError: an argument is of another kind, such as an `httpx2.AsyncClient`, which is for asynchronous clients.
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
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
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
        from .._connections.shared import SharedConnections

        self._connections = SharedConnections(http_client, transport)

    def __enter__(self) -> Self:
        if self._closed or self._connections.closed.is_set():
            raise self._settings.closed_error()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the httpx2 client was passed in. Twice is fine.

        Calls in flight in other threads then raise `ConnectionFailed`; on an httpx2 client that was
        passed in, they finish their present attempt.
        """
        self._closed = True
        if not self._shares_connections:
            self._connections.close()

    @overload
    def request(self, method: str, path: str, *, type: type[T], **options: Unpack[RequestOptions]) -> T: ...
    @overload
    def request(self, method: str, path: str, **options: Unpack[RequestOptions]) -> Any: ...
    def request(self, method: str, path: str, *, type: Any = Any, **options: Unpack[RequestOptions]) -> Any:
        """Call what the API's description lacks, with the credentials, limits, repeats and errors of every call.

        The response is read as `type`; without it, as the JSON that it is, else as text or bytes. None: it is empty.

        Args:
            method: such as GET.
            path: it is appended to `base_url`, begins with a slash, and may have a query.
            type: a model, or any type that JSON can be read as.
            options: see `RequestOptions`.

        Raises:
            ValueError: the method or the path cannot be sent, or there are two bodies.
            ApiError: what every call raises.
        """
        operation, body, call_options = self._own_call(method, path, type, options)
        return self._call(operation, {}, body, **call_options)

    def _call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> T:
        return self._open_caller().result(Call(operation, values, body, **options))

    def _call_raw(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> RawResponse[T]:
        return self._open_caller().raw_response(Call(operation, values, body, **options))

    def _stream(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> EventStream[T]:
        return self._open_caller().stream(Call(operation, values, body, **options))

    def _pages(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> Pages[Any, T]:
        from .._pages.pages import Pages

        def respond(page: Next) -> tuple[Request, Response]:
            return self._open_caller().respond(Call(operation, page.values, page.body, url=page.url, **options))

        return Pages(operation, values, body, respond)

    def _open_caller(self) -> Caller:
        """What carries the calls out."""
        if self._closed:
            raise self._settings.closed_error()
        caller: Caller | None = self._caller
        if caller is None:
            from .caller import Caller

            self._caller = caller = Caller(self._settings, self._connections)
        return caller


class RawCalls:
    """What has the methods of a client or a group, with the whole response as their result."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.raw"

    def _call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> RawResponse[T]:
        return self._client._call_raw(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage] - in this module


class RawMethods(RawCalls):
    """The base of `Client.raw`: the client's methods, with the whole response as their result."""

    @overload
    def request(
        self, method: str, path: str, *, type: type[T], **options: Unpack[RequestOptions]
    ) -> RawResponse[T]: ...
    @overload
    def request(self, method: str, path: str, **options: Unpack[RequestOptions]) -> RawResponse[Any]: ...
    def request(
        self, method: str, path: str, *, type: Any = Any, **options: Unpack[RequestOptions]
    ) -> RawResponse[Any]:
        """See `Client.request`."""
        own_call = self._client._own_call(method, path, type, options)  # pyright: ignore[reportPrivateUsage]
        return self._call(own_call.operation, {}, own_call.body, **own_call.options)


class PaginatedMethods:
    """The base of `Client.paginated`: the client's methods that have pages, with all pages as their result."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.paginated"

    def _pages(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> Pages[Any, T]:
        return self._client._pages(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage]
