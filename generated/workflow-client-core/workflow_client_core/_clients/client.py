"""The base of generated synchronous clients."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import CoroutineType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from msgspec import UNSET

from .._api import Api, Operation
from .._credentials.secrets import Secret
from .._pages.pages import Pages
from .._streams.streams import EventStream
from .._transport.connections import Connections
from .._transport.limits import MAX_RESPONSE_SIZE, Deadline, Timeout
from .._transport.retry import Retry
from .base import BaseClient
from .steps import Fetch, Lock, Send, Step

if TYPE_CHECKING:
    import httpx2

    from .._pages.progress import Next
    from .._request.request import Request
    from .._response.raw import RawResponse
    from .._response.response import Response

T = TypeVar("T")

# What a call needs is imported inside its methods: a program that only makes a client does not wait for it.


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
        self._connections = Connections(http_client, transport)

    def __enter__(self) -> Self:
        if self._closed or self._connections.closed.is_set():
            raise self._closed_error()
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

    def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        from .._response.read import read_response

        request, response = self._respond(operation, values, body)
        return read_response(operation, request, response)

    def _call_raw(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> RawResponse[T]:
        from .._response.read import read_raw

        request, response = self._respond(operation, values, body)
        return read_raw(operation, request, response)

    def _stream(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> EventStream[T]:
        from .._response.read import read_response
        from .._response.response import OpenResponse

        request, response = self._respond(operation, values, body)
        if isinstance(response, OpenResponse):
            from .._streams.pieces import Pieces

            pieces = Pieces(response, self._connections)
            return EventStream(operation, request, response, self._reader(operation, request, response), pieces)
        read_response(operation, request, response)  # raises, unless no content at all is documented
        return EventStream(operation, request, response)

    def _pages(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> Pages[Any, T]:
        def respond(page: Next) -> tuple[Request, Response]:
            return self._respond(operation, page.values, page.body, page.url)

        return Pages(operation, values, body, respond)

    def _respond(
        self, operation: Operation[Any], values: Mapping[str, object], body: object, url: str = ""
    ) -> tuple[Request, Response]:
        """Carry a call out, at `url` if it is given: the request that was sent last, and the response to it."""
        deadline = Deadline(self._timeout.total)
        if self._closed or not self._connections.enter():
            raise self._closed_error()
        steps = self._steps(operation, values, body, deadline, url)
        reply: object = None
        try:
            while True:
                try:
                    step = steps.send(reply)
                except StopIteration as end:
                    return cast("tuple[Request, Response]", end.value)
                reply = self._take(step)
        finally:
            steps.close()
            self._connections.leave()

    def _take(self, step: Step) -> object:
        """Do what a step asks for: the reply to it."""
        if isinstance(step, Fetch):
            fetched = Secret(step.source.fetch())
            if isinstance(fetched.reveal(), CoroutineType):  # it is refused, as it is not a text; nobody will await it
                cast("CoroutineType[object, object, object]", fetched.reveal()).close()
            return fetched
        if isinstance(step, Send):
            from .._transport.http import send

            return send(step.attempt, self._connections)
        if isinstance(step, Lock):
            left = min(max(step.attempt.terms.deadline.remaining(), 0), threading.TIMEOUT_MAX)
            return step.source.lock if step.source.lock.acquire(timeout=left) else None
        if self._connections.closed.wait(step.seconds):
            raise step.attempt.closed().error
        return None


class RawMethods:
    """The base of `Client.raw`: the client's methods, with the whole response as their result."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.raw"

    def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> RawResponse[T]:
        return self._client._call_raw(operation, values, body)  # pyright: ignore[reportPrivateUsage] - in this module


class PaginatedMethods:
    """The base of `Client.paginated`: the client's methods that have pages, with all pages as their result."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.paginated"

    def _pages(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> Pages[Any, T]:
        return self._client._pages(operation, values, body)  # pyright: ignore[reportPrivateUsage]
