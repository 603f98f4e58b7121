"""Sending by httpx2; loaded, and httpx2 with it, when the first request is sent.

How the total time limit holds, also against a server that sends a byte now and then: asynchronous calls run in a
cancel scope. Synchronous ones cannot be interrupted, so every read and write of a connection is limited to the time
that the call has left. The connections are reached by httpx2's `trace` extension, which reports each one that is
opened; the call is found by a context variable, as httpx2 does all its work in the thread that called it. What is not
limited: a name lookup, which ends by the limits of the system's resolver, and connecting to a host with several
addresses, each of which gets the time that was left at the start.
"""

from __future__ import annotations

import select
from collections.abc import Awaitable, Callable, Mapping
from http.cookiejar import CookieJar
from typing import Any, TypeAlias

import anyio
import httpx2
from httpx2 import RequestError
from msgspec.structs import replace

from .._connections.connections import AsyncConnections, Connections
from .._errors import CredentialsError
from .._response.response import OpenResponse, Response
from .attempt import CURRENT, Attempt, Failure, Result
from .limits import least
from .masking import masked_request
from .redaction import redact_logs
from .routes import AsyncRoutes, Routes
from .tracing import traced, traced_async
from .unpacking import async_pieces_of, pieces_of

_OPENED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
_SENDS = "http11.send_request_headers.started"
"""What httpcore2 reports when a request has its connection; also of a request to a proxy, which opens a tunnel."""
_WRITTEN_AT_ONCE = 16 * 1024
_FRAMING = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that describe a body as it was sent, not as it is after unpacking."""

Trace: TypeAlias = Callable[[str, Mapping[str, Any]], None]
AsyncTrace: TypeAlias = Callable[[str, Mapping[str, Any]], Awaitable[None]]


def send(attempt: Attempt, connections: Connections) -> Result:
    """Send a request once; more than once only where an `httpx2.Auth` of the caller asks for it."""
    http = connections.http(_new_client)
    token = CURRENT.set(attempt)
    try:
        outgoing = masked_request(attempt.request, http.headers, None if connections.owned else http.cookies)
        if attempt.terms.auth is None:
            return _once(http, outgoing, attempt, connections)
        flow = attempt.terms.auth.sync_auth_flow(outgoing)
        try:
            outgoing = next(flow)
            while True:
                attempt.protect(outgoing)
                result = _once(http, outgoing, attempt, connections)
                if isinstance(result, Failure):
                    return result
                try:
                    outgoing = flow.send(_as_read(result, outgoing))
                except StopIteration:
                    return result
                if isinstance(result, OpenResponse):
                    result.http.close()
        finally:
            flow.close()
    finally:
        CURRENT.reset(token)


async def send_async(attempt: Attempt, connections: AsyncConnections) -> Result:
    """The asynchronous twin of `send`."""
    http = connections.http(_new_async_client)
    token = CURRENT.set(attempt)
    try:
        outgoing = masked_request(attempt.request, http.headers, None if connections.owned else http.cookies)
        if attempt.terms.auth is None:
            return await _once_async(http, outgoing, attempt, connections)
        flow = attempt.terms.auth.async_auth_flow(outgoing)
        try:
            outgoing = await anext(flow)
            while True:
                attempt.protect(outgoing)
                result = await _once_async(http, outgoing, attempt, connections)
                if isinstance(result, Failure):
                    return result
                try:
                    outgoing = await flow.asend(_as_read(result, outgoing))
                except StopAsyncIteration:
                    return result
                if isinstance(result, OpenResponse):
                    await result.http.aclose()
        finally:
            await flow.aclose()
    finally:
        CURRENT.reset(token)


def _new_client(transport: httpx2.BaseTransport | None) -> httpx2.Client:
    """A client without time limits, which are set for each request."""
    http = httpx2.Client(timeout=None, transport=transport or Routes(), cookies=_NoCookies())
    _drop_replaced(http.headers)
    return http


def _new_async_client(transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    http = httpx2.AsyncClient(timeout=None, transport=transport or AsyncRoutes(), cookies=_NoCookies())
    _drop_replaced(http.headers)
    return http


def _drop_replaced(headers: httpx2.Headers) -> None:
    """Drop the default headers that every request of ours has."""
    del headers["Accept"], headers["User-Agent"]


class _NoCookies(CookieJar):
    """A jar that stays empty: what one call receives must not travel with another."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Keep nothing, and read nothing: Python's reader warns about cookies that it cannot read."""


@traced
def _once(http: httpx2.Client, outgoing: httpx2.Request, attempt: Attempt, connections: Connections) -> Result:
    if attempt.is_late():
        return attempt.timed_out()
    _extend(outgoing, attempt.timeouts(http.timeout), _trace(attempt, connections))
    attempt.waiting.begin(connections.passed, outgoing.extensions["timeout"]["pool"])
    try:
        response = http.send(outgoing, stream=True, follow_redirects=False, **attempt.auth_argument())
        if attempt.opens_stream(response):
            return replace(attempt.opened(response, outgoing, http.timeout), connections=connections)
        try:
            if attempt.begin(response):
                for chunk in pieces_of(response):
                    if not attempt.take(chunk):
                        break
        finally:
            response.close()
            outgoing.extensions.pop("trace", None)  # or attempt, request and response would hold one another
    except RequestError as error:
        return attempt.closed() if connections.aborted else attempt.failed(error)
    except CredentialsError as error:
        return attempt.refused(error)
    # Where callers pass a transport, the trace has raised that already.
    return attempt.closed() if connections.aborted and not connections.passed.argument else attempt.ended()


@traced_async
async def _once_async(
    http: httpx2.AsyncClient, outgoing: httpx2.Request, attempt: Attempt, connections: AsyncConnections
) -> Result:
    if attempt.is_late():
        return attempt.timed_out()
    opened: list[Any] = []
    _extend(outgoing, attempt.timeouts(http.timeout), _async_trace(attempt, connections, opened))
    attempt.waiting.begin(connections.passed, outgoing.extensions["timeout"]["pool"])
    try:
        response = await http.send(outgoing, stream=True, follow_redirects=False, **attempt.auth_argument())
        if attempt.opens_stream(response):
            return replace(attempt.opened(response, outgoing, http.timeout), connections=connections)
        try:
            if attempt.begin(response):
                async for chunk in async_pieces_of(response):
                    if not attempt.take(chunk):
                        break
        finally:
            await response.aclose()
            outgoing.extensions.pop("trace", None)  # or attempt, request and response would hold one another
    except RequestError as error:
        return attempt.failed(error)
    except CredentialsError as error:
        return attempt.refused(error)
    except anyio.get_cancelled_exc_class():
        await _close_all(opened)
        raise
    return attempt.ended()


def _extend(outgoing: httpx2.Request, timeouts: dict[str, float], trace: Trace | AsyncTrace) -> None:
    outgoing.extensions = {**outgoing.extensions, "timeout": timeouts, "trace": trace}


def _trace(attempt: Attempt, connections: Connections) -> Trace:
    """What limits and remembers the connections that are opened, and ends an attempt whose client was closed."""

    def trace(event: str, info: Mapping[str, Any]) -> None:
        attempt.waiting.end()
        if not connections.owned:
            attempt.protect_from_proxy(event, info)
            attempt.mask_passed(event, info)
        if event.endswith(_OPENED):
            stream = info["return_value"]
            _limit(stream)
            _ease_questions(stream)
            if not connections.watch(stream):
                stream.close()
        elif event == _SENDS:
            _trace_no_longer(info, connections)
        if connections.aborted and not attempt.is_open:
            raise httpx2.CloseError("closed")

    return trace


def _async_trace(attempt: Attempt, connections: AsyncConnections, opened: list[Any]) -> AsyncTrace:
    """What remembers the connections that are opened, until httpcore2 does."""

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        attempt.waiting.end()
        if not connections.owned:
            attempt.protect_from_proxy(event, info)
            attempt.mask_passed(event, info)
        if event.endswith(_OPENED):
            opened.append(info["return_value"])
            _ease_questions(info["return_value"])
            connections.watch(info["return_value"])
        elif ".send_" in event:  # from here on the connection is known, and may be shared
            opened.clear()
            if event == _SENDS:
                _trace_no_longer(info, connections)

    return trace


def _trace_no_longer(info: Mapping[str, Any], connections: Connections | AsyncConnections) -> None:
    """Spare a request on a connection of ours the events that follow, none of which opens another one.

    Transports that callers pass may send it again.
    """
    if not connections.passed.argument:
        info["request"].extensions.pop("trace", None)


async def _close_all(streams: list[Any]) -> None:
    """Close connections of a call that was cancelled: httpcore2 forgets them while TLS is being agreed on."""
    with anyio.CancelScope(shield=True):
        for stream in streams:
            await stream.aclose()


def _as_read(response: Response, request: httpx2.Request) -> httpx2.Response:
    """A response as an `httpx2.Auth` sees it: wholly read, within our limits."""
    headers = httpx2.Headers(response.headers)
    for name in _FRAMING:
        headers.pop(name, None)
    return httpx2.Response(response.status, headers=headers, content=response.content, request=request)


def _limit(stream: Any) -> None:
    """Keep the reads and writes of an `httpcore2.NetworkStream` to the time that the call in this thread has left."""
    read, write, start_tls = stream.read, stream.write, stream.start_tls

    def limited_read(max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = read(max_bytes, timeout=_limited(timeout))
        return data

    def limited_write(buffer: bytes, timeout: float | None = None) -> None:
        # In pieces, as the stream's own method would give each part of the buffer the whole time.
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            write(buffer[start : start + _WRITTEN_AT_ONCE], timeout=_limited(timeout))

    def limited_start_tls(ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        return start_tls(ssl_context, server_hostname, timeout=_limited(timeout))

    # The stream offers nothing better, and httpcore2 would not go on to use an object that wraps it.
    stream.read, stream.write, stream.start_tls = limited_read, limited_write, limited_start_tls


def _ease_questions(stream: Any) -> None:
    """Have an `httpcore2.NetworkStream` say quickly whether something has arrived, the end of the connection included.

    Before and after each call, httpcore2 asks that of every idle connection of its pool, which it locks meanwhile. Most
    of what it takes are the search for the socket, in anyio, and a new object that polls it.
    """
    extra_info, sock = stream.get_extra_info, stream.get_extra_info("socket")
    if sock is None or not hasattr(select, "poll"):  # as on Windows
        return
    arrivals = select.poll()
    arrivals.register(sock, select.POLLIN)

    def get_extra_info(info: str) -> Any:
        if info != "is_readable":
            return extra_info(info)
        return sock.fileno() < 0 or bool(arrivals.poll(0))  # negative: closed

    stream.get_extra_info = get_extra_info


def _limited(timeout: float | None) -> float | None:
    """The time limit of a read or write: `timeout`, or what the call has left where that is less."""
    current = CURRENT.get()
    # None: the connection belongs to an httpx2 client that has other users too.
    if current is None or current.is_open:
        return timeout
    left = current.terms.deadline.remaining()
    if left <= 0:
        raise httpx2.ReadTimeout("timed out")
    return least(left, timeout)


redact_logs()
