"""One attempt of a call: what is sent, and what is made of whatever comes back. No I/O: `_http` does that."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from io import BytesIO
from ssl import SSLCertVerificationError
from typing import Any, Literal, TypeAlias

import httpx2
from httpx2 import RequestError
from msgspec import Struct
from msgspec.structs import replace

from ._api import Operation
from ._content import is_unasked_stream, streamed_content
from ._errors import ApiError, ConnectionFailed, CredentialsError, RequestTimeout
from ._limits import Deadline, Timeout
from ._masking import MaskedHeaders, MaskedURL
from ._request import Request
from ._response import Answer, OpenAnswer, invalid_response
from ._secrets import SentCredential, chain, drop_frames, traces_of, without_secrets
from ._server import is_loopback

LOGGER = logging.getLogger("workflow_client_core")

# Their values are shown; all others may be credentials, of ours or of whoever configured the httpx2 client.
_PLAIN_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}


class Terms(Struct, frozen=True):
    """What one attempt has to keep to, beside the request itself."""

    deadline: Deadline
    timeout: Timeout
    max_response_size: int
    auth: httpx2.Auth | None
    allow_insecure_http: bool
    operation: Operation[Any]


class Failure(Struct, frozen=True):
    """An attempt without an answer: what the call raises unless it is repeated, and whether that makes sense."""

    error: ApiError
    repeatable: bool


Result: TypeAlias = Answer | Failure


class Exchange:
    """One attempt, as far as it has come. What it decides is the same for sync and async."""

    def __init__(self, request: Request, terms: Terms, attempt: int) -> None:
        self.request = request
        """As it is sent; with an own `httpx2.Auth`, with the credentials that this one added."""
        self.terms = terms
        self.attempt = attempt
        """The first one is 1."""
        self.is_open = False
        """Whether the answer is a stream that has begun: only the limit for reading holds from there on."""
        self._head: httpx2.Response | None = None
        self._body = BytesIO()
        self._problem: Literal["", "too large", "too late"] = ""

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
            "connect": least(left, timeout.connect, own.connect),
            "read": least(left, timeout.read, own.read),
            "write": least(left, timeout.read, own.write),
            "pool": least(left, own.pool),
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
        elif is_unasked_stream(self.terms.operation, response.status_code, response.headers):
            return False
        return not self._problem

    def opens(self, response: httpx2.Response) -> bool:
        """The head has arrived; whether it is that of a stream, whose body is read by whoever made the call."""
        content = streamed_content(self.terms.operation, response.status_code, response.headers)
        return content is not None

    def opened(self, response: httpx2.Response, outgoing: httpx2.Request, own: httpx2.Timeout) -> OpenAnswer:
        """The answer whose body is still to come, piece by piece, for as long as the server likes."""
        self.is_open, self._head = True, response
        # httpcore2 looks here before it reads the first piece.
        outgoing.extensions["timeout"]["read"] = least(self.terms.timeout.read, own.read)
        return OpenAnswer(response.status_code, response.headers, b"", response=response, exchange=self)

    def broken(self, error: RequestError | httpx2.StreamError) -> ApiError:
        """What ends a stream that httpx2 gave up."""
        reason, cause = self._told(error)
        if isinstance(error, httpx2.DecodingError):
            unreadable = invalid_response(f"the body cannot be unpacked: {reason}", self.request, self._answer())
            unreadable.__cause__ = cause
            return unreadable
        if isinstance(error, httpx2.TimeoutException):
            return self._error(RequestTimeout, f"timed out: nothing came for too long: {reason}", cause)
        return self._error(ConnectionFailed, f"failed: the stream was broken off: {reason}", cause)

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

    def _told(self, error: RequestError | httpx2.StreamError) -> tuple[str, BaseException | None]:
        """What httpx2 says, without secrets; and its error as a cause, if neither it nor those behind it hold any."""
        told = str(error) or type(error).__name__
        credentials = self.request.credentials
        clean = True
        drop_frames(error)  # the locals of httpx2 and below hold the request as it goes over the wire
        for link in chain(error):
            clean = clean and without_secrets(f"{link} {link!r}", credentials) == f"{link} {link!r}"
        return without_secrets(told, credentials), error if clean else None


CURRENT: ContextVar[Exchange | None] = ContextVar("workflow_client_core_exchange", default=None)


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


def least(*limits: float | None) -> float:
    return min(limit for limit in limits if limit is not None)
