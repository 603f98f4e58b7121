"""Sending by httpx2; imported, and httpx2 with it, when the first request is sent.

How the total time limit is kept, also against a server that sends a byte now and then: asynchronous calls
run in a cancel scope. Synchronous ones cannot be interrupted, so every read and write of a connection is
limited to the time that the call has left. The connections are reached by httpx2's `trace` extension, which
tells of each one that is opened; the call is found by a context variable, as httpx2 does all its work in the
thread that called it. What is left: a name lookup, which ends by the limits of the system's resolver, and
connecting to a host with several addresses, each of which gets the time that was left at the start.
"""

from __future__ import annotations

import logging
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from io import BytesIO
from ssl import SSLCertVerificationError
from typing import Any, Literal, TypeAlias

import anyio
import httpx2
from httpx2 import RequestError
from msgspec import Struct
from msgspec.structs import replace

from ._connections import AsyncConnections, Connections
from ._errors import ApiError, ConnectionFailed, CredentialsError, RequestTimeout
from ._limits import Deadline, Timeout
from ._masking import MaskedHeaders, MaskedURL
from ._request import Request
from ._response import Answer, invalid_response
from ._secrets import MASK, SentCredential, chain, drop_frames, traces_of, without_secrets
from ._server import is_loopback

LOGGER = logging.getLogger("workflow_client_core")

# Their values are shown; all others may be credentials, of ours or of whoever configured the httpx2 client.
_PLAIN_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}
_OPENED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
_WRITTEN_AT_ONCE = 16 * 1024
_TRANSPORT_LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)
_SET_COOKIE = re.compile(r"""(?i)(b?['"]set-cookie['"], b?)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


class Terms(Struct, frozen=True):
    """What one attempt has to keep to, beside the request itself."""

    deadline: Deadline
    timeout: Timeout
    max_response_size: int
    auth: httpx2.Auth | None
    allow_insecure_http: bool


class Failure(Struct, frozen=True):
    """An attempt without an answer: what the call raises unless it is repeated, and whether that makes sense."""

    error: ApiError
    repeatable: bool


Result: TypeAlias = Answer | Failure


def new_client(transport: httpx2.BaseTransport | None) -> httpx2.Client:
    """A client of our own. Time limits are set for each request."""
    return httpx2.Client(timeout=None, transport=transport, cookies=_no_cookies())


def new_async_client(transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    """An asynchronous client of our own."""
    return httpx2.AsyncClient(timeout=None, transport=transport, cookies=_no_cookies())


def _no_cookies() -> CookieJar:
    """A jar that stays empty: what one call is told must not travel with another."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))


def _flow(connections: Connections, exchange: Exchange) -> Result:
    http = connections.http()
    token = _CURRENT.set(exchange)
    try:
        outgoing = exchange.outgoing(http)
        if exchange.terms.auth is None:
            return _send(http, outgoing, exchange, connections)
        flow = exchange.terms.auth.sync_auth_flow(outgoing)
        try:
            following = next(flow)
            while True:
                exchange.protect(following)
                result = _send(http, following, exchange, connections)
                if isinstance(result, Failure):
                    return result
                try:
                    following = flow.send(_unpacked(result, following))
                except StopIteration:
                    return result
        finally:
            flow.close()
    finally:
        _CURRENT.reset(token)


async def _async_flow(http: httpx2.AsyncClient, exchange: Exchange) -> Result:
    token = _CURRENT.set(exchange)
    try:
        outgoing = exchange.outgoing(http)
        if exchange.terms.auth is None:
            return await _send_async(http, outgoing, exchange)
        flow = exchange.terms.auth.async_auth_flow(outgoing)
        try:
            following = await anext(flow)
            while True:
                exchange.protect(following)
                result = await _send_async(http, following, exchange)
                if isinstance(result, Failure):
                    return result
                try:
                    following = await flow.asend(_unpacked(result, following))
                except StopAsyncIteration:
                    return result
        finally:
            await flow.aclose()
    finally:
        _CURRENT.reset(token)


def _send(http: httpx2.Client, outgoing: httpx2.Request, exchange: Exchange, connections: Connections) -> Result:
    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(_OPENED):
            stream = info["return_value"]
            _limit(stream)
            if not connections.watch(stream):
                stream.close()
        if connections.aborted:
            raise httpx2.CloseError("closed")

    if exchange.is_late():
        return exchange.timed_out()
    outgoing.extensions = {**outgoing.extensions, "timeout": exchange.timeouts(http.timeout), "trace": trace}
    try:
        response = http.send(outgoing, stream=True, follow_redirects=False, **exchange.auth())
        try:
            if exchange.begin(response):
                for chunk in response.iter_bytes():
                    if not exchange.take(chunk):
                        break
        finally:
            response.close()
    except RequestError as error:
        return exchange.closed() if connections.aborted else exchange.failed(error)
    return exchange.ended()


async def _send_async(http: httpx2.AsyncClient, outgoing: httpx2.Request, exchange: Exchange) -> Result:
    opened: list[Any] = []

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(_OPENED):
            opened.append(info["return_value"])
        elif ".send_" in event:  # from here on the connection is known, and may be shared
            opened.clear()

    if exchange.is_late():
        return exchange.timed_out()
    outgoing.extensions = {**outgoing.extensions, "timeout": exchange.timeouts(http.timeout), "trace": trace}
    try:
        response = await http.send(outgoing, stream=True, follow_redirects=False, **exchange.auth())
        try:
            if exchange.begin(response):
                async for chunk in response.aiter_bytes():
                    if not exchange.take(chunk):
                        break
        finally:
            await response.aclose()
    except RequestError as error:
        return exchange.failed(error)
    except anyio.get_cancelled_exc_class():
        # httpcore2 forgets a connection that is cancelled while TLS is being agreed on.
        with anyio.CancelScope(shield=True):
            for stream in opened:
                await stream.aclose()
        raise
    return exchange.ended()


class Exchange:
    """One attempt, as far as it has come. What it decides is the same for sync and async."""

    def __init__(self, request: Request, terms: Terms, attempt: int) -> None:
        self.request = request
        """As it is sent; with an own `httpx2.Auth`, with the credentials that this one added."""
        self.terms = terms
        self.attempt = attempt
        """The first one is 1."""
        self._head: httpx2.Response | None = None
        self._body = BytesIO()
        self._problem: Literal["", "too large", "too late"] = ""

    def send(self, connections: Connections) -> Result:
        """Send the request once; more than once only where an own `httpx2.Auth` asks for it."""
        return _flow(connections, self)

    async def send_async(self, connections: AsyncConnections) -> Result:
        """The asynchronous twin of `send`."""
        return await _async_flow(connections.http(), self)

    def outgoing(self, http: httpx2.Client | httpx2.AsyncClient) -> httpx2.Request:
        """The request for httpx2, with the default headers of `http` where we set none.

        Raises:
            ValueError: httpx2 cannot make a URL of the server's address.
        """
        request = self.request
        try:
            url = MaskedURL(request.url, request.shown_url)
            built = http.build_request(request.method, url, headers=request.headers, content=request.content)
        except httpx2.InvalidURL as error:
            drop_frames(error)
            reason = without_secrets(str(error), request.credentials)
            raise ValueError(f"{request.place} has an address that cannot be used: {reason}") from None
        built.url = url
        secret = {c.name.lower() for c in request.credentials} | {"authorization", "cookie"}
        plain = _PLAIN_HEADERS | {name.lower() for name, _ in request.headers}
        built.headers = MaskedHeaders(built.headers, frozenset(plain - secret))
        return built

    def auth(self) -> dict[str, Any]:
        """What keeps httpx2 from authenticating where we do it ourselves."""
        return {} if self.terms.auth is None else {"auth": None}

    def timeouts(self, own: httpx2.Timeout) -> dict[str, float | None]:
        """The `timeout` extension: our limits, those of the httpx2 client, and the time that is left."""
        left, timeout = max(self.terms.deadline.remaining(), 0.001), self.terms.timeout
        return {
            "connect": _least(left, timeout.connect, own.connect),
            "read": _least(left, timeout.read, own.read),
            "write": _least(left, timeout.read, own.write),
            "pool": _least(left, own.pool),
        }

    def protect(self, request: httpx2.Request) -> None:
        """Look at what an `httpx2.Auth` wants to send: mask what it added, and keep it from plain http.

        Raises:
            CredentialsError: it would travel in clear text to another machine.
        """
        url = request.url
        if url.scheme == "http" and not is_loopback(url.host) and not self.terms.allow_insecure_http:
            raise CredentialsError(
                f"{self.request.operation} would send a credential in clear text to http://{url.host}:"
                " use https, or pass allow_insecure_http=True",
                operation=self.request.operation,
            )
        if not isinstance(url, MaskedURL):
            port = f":{url.port}" if url.port else ""
            path = url.path + ("?***" if url.query else "")
            host = f"[{url.host}]" if ":" in url.host else url.host
            request.url = MaskedURL(str(url), f"{url.scheme}://{host}{port}{path}")
        known = {(name.lower(), text) for name, text in self.request.headers}
        plain = _PLAIN_HEADERS | {name for name, _ in known if name in request.headers}
        added = [
            SentCredential("header", name, text, traces_of([text, *_parts(text)]))
            for name, text in request.headers.multi_items()
            # Shorter texts than this are no secrets, and would riddle the messages.
            if name not in _PLAIN_HEADERS and (name, text) not in known and len(text) >= 8
        ]
        plain -= {"authorization", "cookie", *(credential.name for credential in added)}
        request.headers = MaskedHeaders(request.headers, frozenset(plain))
        self.request = replace(self.request, credentials=(*self.request.credentials, *added))

    def is_late(self) -> bool:
        """Whether there is no time left for another request; forgets the answer to the one before it."""
        self._head = None
        return self.terms.deadline.remaining() <= 0

    def begin(self, response: httpx2.Response) -> bool:
        """The head has arrived; whether the body should be read."""
        self._head, self._body = response, BytesIO()
        announced = response.headers.get("content-length", "")
        if self.request.method != "HEAD" and announced.isdecimal() and self._exceeds(int(announced)):
            self._problem = "too large"
        return not self._problem

    def take(self, chunk: bytes) -> bool:
        """A piece of the body, unpacked, has arrived; whether to read on."""
        if self._exceeds(self._body.tell() + len(chunk)):
            self._problem = "too large"
        elif self.terms.deadline.remaining() <= 0:
            self._problem = "too late"
        else:
            self._body.write(chunk)
        return not self._problem

    def _exceeds(self, size: int) -> bool:
        return size > self.terms.max_response_size

    def ended(self) -> Result:
        """The answer; or why there is none, although httpx2 did not complain."""
        if self._problem == "too late":
            return self.timed_out()
        answer = self._answer()
        if self._problem == "too large":
            if not _is_success(answer):
                return replace(answer, content=b"")
            limit = self.terms.max_response_size
            error = invalid_response(
                f"the body is larger than {limit} bytes (max_response_size)", self.request, replace(answer, content=b"")
            )
            return Failure(error, repeatable=False)
        return answer

    def failed(self, error: RequestError) -> Result:
        """What remains of an exchange that httpx2 gave up.

        A bad status is an answer also when its body is broken.
        """
        if self._head is not None and not self._head.is_success:
            return replace(self._answer(), content=b"")
        if isinstance(error, httpx2.TimeoutException):
            return self.timed_out(error)
        reason, cause = self._told(error)
        if self._head is not None:
            if isinstance(error, httpx2.DecodingError):
                answer = replace(self._answer(), content=b"")
                unreadable = invalid_response(f"the body cannot be unpacked: {reason}", self.request, answer)
            else:
                answer = self._answer()
                size = len(answer.content)
                unreadable = invalid_response(
                    f"the body is truncated after {size} bytes: {reason}", self.request, answer
                )
            unreadable.__cause__ = cause
            return Failure(unreadable, repeatable=not isinstance(error, httpx2.DecodingError))
        return Failure(self._error(ConnectionFailed, f"failed: {reason}", cause), repeatable=_may_pass(error))

    def timed_out(self, error: RequestError | None = None) -> Result:
        """What remains when a time limit has passed."""
        if self._head is not None and not self._head.is_success:
            return replace(self._answer(), content=b"")
        reason, cause = ("", None) if error is None else self._told(error)
        # A limit that was cut to the remaining time passes a moment before the deadline, or after it.
        if error is None or self.terms.deadline.remaining() < 0.01:
            reason = f"no whole answer within {self.terms.deadline.total:g} s"
        return Failure(self._error(RequestTimeout, f"timed out: {reason}", cause), repeatable=True)

    def closed(self) -> Failure:
        """What remains when the client was closed meanwhile."""
        error = self._error(ConnectionFailed, "failed: the client was closed during the call", None)
        return Failure(error, repeatable=False)

    def log(self, result: Result, delay: float | None = None) -> None:
        """Say at debug level how this attempt ended, and what comes next. All of it is masked."""
        if not LOGGER.isEnabledFor(logging.DEBUG):
            return
        request, elapsed = self.request, self.terms.deadline.elapsed()
        ended = type(result.error).__name__ if isinstance(result, Failure) else str(result.status)
        repeated = "" if delay is None else f"; next attempt in {delay:.3f} s"
        LOGGER.debug(
            "%s %s: %s, attempt %d, %.3f s%s",
            request.method,
            request.shown_url,
            ended,
            self.attempt,
            elapsed,
            repeated,
        )

    def _answer(self) -> Answer:
        assert self._head is not None
        # For BytesIO, whose buffer getvalue() shares: the body is never held twice.
        return Answer(self._head.status_code, self._head.headers, self._body.getvalue())

    def _error(self, kind: type[ApiError], what: str, cause: BaseException | None) -> ApiError:
        request = self.request
        error = kind(
            f"{request.place} {what}", operation=request.operation, method=request.method, url=request.shown_url
        )
        error.__cause__ = cause
        return error

    def _told(self, error: RequestError) -> tuple[str, BaseException | None]:
        """What httpx2 says, without secrets; and its error as a cause, if neither it nor those behind it hold any."""
        told = str(error) or type(error).__name__
        credentials = self.request.credentials
        clean = True
        drop_frames(error)  # the locals of httpx2 and below hold the request as it goes over the wire
        for link in chain(error):
            clean = clean and without_secrets(f"{link} {link!r}", credentials) == f"{link} {link!r}"
        return without_secrets(told, credentials), error if clean else None


_CURRENT: ContextVar[Exchange | None] = ContextVar("workflow_client_core_exchange", default=None)


def _parts(value: str) -> Iterator[str]:
    """What else would give an added header away: the token after the scheme, a password (RFC 7617)."""
    scheme, _, token = value.partition(" ")
    yield token
    if scheme.lower() == "basic":
        with suppress(ValueError):
            login = b64decode(token).decode()
            yield from (login, login.partition(":")[2])


def _is_success(answer: Answer) -> bool:
    return 200 <= answer.status <= 299


def _may_pass(error: RequestError) -> bool:
    """Whether a connection that failed like this may work in a moment."""
    if isinstance(error, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
        return False
    return not any(isinstance(link, SSLCertVerificationError) for link in chain(error))


def _least(*limits: float | None) -> float:
    return min(limit for limit in limits if limit is not None)


def _unpacked(answer: Answer, request: httpx2.Request) -> httpx2.Response:
    """The answer as an `httpx2.Auth` sees it: wholly read, by our limits."""
    headers = httpx2.Headers(answer.headers)
    for name in ("content-encoding", "content-length", "transfer-encoding"):
        headers.pop(name, None)
    return httpx2.Response(answer.status, headers=headers, content=answer.content, request=request)


def _limit(stream: Any) -> None:
    """Keep the reads and writes of an `httpcore2.NetworkStream` to the time that the call in this thread has left."""
    read, write, start_tls = stream.read, stream.write, stream.start_tls

    def limited_read(max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = read(max_bytes, timeout=_left(timeout))
        return data

    def limited_write(buffer: bytes, timeout: float | None = None) -> None:
        # In pieces, as the stream's own method would give each part of the buffer the whole time.
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            write(buffer[start : start + _WRITTEN_AT_ONCE], timeout=_left(timeout))

    def limited_start_tls(ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        return start_tls(ssl_context, server_hostname, timeout=_left(timeout))

    # The stream has no other place for this, and what it is wrapped in would not be what httpcore2 goes on to use.
    stream.read, stream.write, stream.start_tls = limited_read, limited_write, limited_start_tls


def _left(timeout: float | None) -> float | None:
    current = _CURRENT.get()
    if current is None:  # the connection belongs to an httpx2 client that has other users, too
        return timeout
    left = current.terms.deadline.remaining()
    if left <= 0:
        raise httpx2.ReadTimeout("timed out")
    return _least(left, timeout)


class _Redaction(logging.Filter):
    """Masks the credentials of the call in flight in what httpx2 and httpcore2 log of a server's answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        current = _CURRENT.get()
        if current is not None:
            text = record.getMessage()
            clean = _SET_COOKIE.sub(rf"\1'{MASK}'", without_secrets(text, current.request.credentials))
            if clean != text:
                record.msg, record.args = clean, ()
        return True


for _name in _TRANSPORT_LOGGERS:
    logging.getLogger(_name).addFilter(_Redaction())
