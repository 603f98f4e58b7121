"""One attempt of a call: what is sent, and what becomes of whatever comes back. No I/O: `http` does that."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from io import BytesIO
from ssl import SSLCertVerificationError
from typing import Any, Literal, TypeAlias

import httpx2
from httpx2 import RequestError
from msgspec import Struct
from msgspec.structs import replace

from .._connections.waiting import Waiting
from .._credentials.secrets import SentCredential, chain, drop_frames
from .._errors import ApiError, ConnectionFailed, CredentialsError, RequestTimeout, ResponseTooLarge
from .._name import NAME
from .._request.request import Request
from .._request.server import is_loopback
from .._response.content import is_success, is_unasked_stream, streamed_content
from .._response.headers import request_id
from .._response.read import invalid_response
from .._response.response import OpenResponse, Response
from .limits import announced_size, least, passed_limit
from .masking import mask_added, mask_sent
from .terms import Terms

LOGGER = logging.getLogger(NAME)

_MARGIN = 0.1
"""Seconds before the end of a call in which it no longer waits for a connection."""


class Failure(Struct, frozen=True):
    """An attempt without a response: what the call raises unless it is repeated, as what is transient may be.

    `is_final`: it is not repeated, as there is no time left.
    """

    error: ApiError
    is_final: bool = False


Result: TypeAlias = Response | Failure


class Attempt:
    """One attempt, as far as it has come. What it decides is the same for both kinds of clients.

    `number`: the first attempt is 1; 0 stands for what happens before.
    """

    is_open = False
    """Whether the response is a stream that has begun: only the limit for reading holds from there on."""
    requests = 0
    """How many were sent, where they are traced: more than one only with an `httpx2.Auth` of the caller."""
    _head: httpx2.Response | None = None
    _problem: Literal["", "too large", "too late"] = ""

    def __init__(self, request: Request, terms: Terms, number: int) -> None:
        self.request = request
        """As it is sent; with an `httpx2.Auth` of the caller, with the credentials that it added."""
        self.terms = terms
        self.number = number
        self.waiting = Waiting()
        self._body = BytesIO()

    # Before it is sent

    def auth_argument(self) -> dict[str, Any]:
        """What keeps httpx2 from authenticating where we do it ourselves."""
        return {} if self.terms.auth is None else {"auth": None}

    def timeouts(self, http: httpx2.Timeout) -> dict[str, float]:
        """The `timeout` extension: our limits, those of the httpx2 client, and the time that is left."""
        left, timeout = max(self.terms.deadline.remaining(), 0.001), self.terms.timeout
        return {
            "connect": least(left, timeout.connect, http.connect),
            "read": least(left, timeout.read, http.read),
            "write": least(left, timeout.read, http.write),
            # Less than is left: the call must not be broken off before httpx2 says that it was this wait.
            "pool": least(left - min(_MARGIN, left / 10), http.pool),
        }

    def protect(self, outgoing: httpx2.Request) -> None:
        """Mask what an `httpx2.Auth` added to a request, and keep it from plain http.

        Raises:
            CredentialsError: it would travel in clear text to another machine.
        """
        url = outgoing.url
        if url.scheme == "http" and not is_loopback(url.host) and not self.terms.allow_insecure_http:
            raise CredentialsError(
                f"{self.request.operation} would send a credential in clear text to http://{url.host}:"
                " use https, or pass allow_insecure_http=True",
                operation=self.request.operation,
            )
        self.request = mask_added(outgoing, self.request)

    def protect_from_proxy(self, event: str, info: Mapping[str, Any]) -> None:
        """Keep credentials from a proxy of the caller's httpx2 client that would read them; for its `trace`.

        Raises:
            CredentialsError: it would.
        """
        if self.terms.allow_insecure_http or not (self.request.credentials or self.terms.auth):
            return
        # What goes through a tunnel has no absolute target.
        is_forwarded = event == "http11.send_request_headers.started" and b"://" in info["request"].url.target
        if is_forwarded or (event == "socks.setup_socks5_connection.started" and self.request.url[:5] == "http:"):
            raise CredentialsError(
                f"{self.request.operation} would send a credential in clear text to the proxy of http_client:"
                " use https, or pass allow_insecure_http=True",
                operation=self.request.operation,
            )

    def mask_passed(self, event: str, info: Mapping[str, Any]) -> None:
        """Mask credentials that the caller's httpx2 client adds to requests; for its `trace`."""
        if event.endswith("send_request_headers.started"):
            self.request = mask_sent(self.request, info["request"].headers)

    def mask(self, credential: SentCredential) -> None:
        """Mask a credential that is sent beside those of the request, to a proxy."""
        self.request = replace(self.request, credentials=(*self.request.credentials, credential))

    def is_late(self) -> bool:
        """Whether there is no time left for another request; forgets the response to the one before it."""
        self._head = None
        return self.terms.deadline.remaining() <= 0

    # While the response arrives

    @property
    def head(self) -> httpx2.Response | None:
        """The head of the response, from when it has arrived."""
        return self._head

    def opens_stream(self, head: httpx2.Response) -> bool:
        """Whether this is the head of a stream, whose body is read by whoever made the call."""
        return streamed_content(self.terms.operation, head.status_code, head.headers) is not None

    def opened(self, head: httpx2.Response, outgoing: httpx2.Request, http: httpx2.Timeout) -> OpenResponse:
        """The response whose body is still to come, piece by piece, for as long as the server likes."""
        self.is_open, self._head = True, head
        # httpcore2 looks here before it reads the first piece.
        outgoing.extensions["timeout"]["read"] = least(self.terms.timeout.read, http.read)
        return OpenResponse(head.status_code, head.headers, b"", attempts=self.number, http=head, attempt=self)

    def begin(self, head: httpx2.Response) -> bool:
        """The head has arrived; whether the body should be read."""
        self._head, self._body = head, BytesIO()
        announced = head.headers.get("content-length", "")
        if self.request.method != "HEAD" and self._exceeds(announced_size(announced)):
            self._problem = "too large"
        elif is_unasked_stream(self.terms.operation, head.status_code, head.headers):
            return False
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

    def _exceeds(self, size: float) -> bool:
        return size > self.terms.max_response_size

    # How it ends

    def ended(self) -> Result:
        """The response; or why there is none, although httpx2 did not complain."""
        if self._problem == "too late":
            return self.timed_out()
        if self._problem == "too large":
            response = self._response_without_body()
            if not is_success(response.status):
                return response
            limit = self.terms.max_response_size
            reason = f"the body is larger than {limit} bytes (max_response_size)"
            return Failure(invalid_response(reason, self.request, response, class_=ResponseTooLarge))
        return self._response()

    def failed(self, error: RequestError) -> Result:
        """The result of an attempt that httpx2 gave up.

        A bad status is a response also when its body is broken.
        """
        if self._head is None:
            if isinstance(error, httpx2.PoolTimeout):
                return self._never_sent()
            if isinstance(error, httpx2.TimeoutException):
                return self.timed_out(error)
            reason, cause = self._reason_and_cause(error)
            return Failure(self._error(ConnectionFailed, f"failed: {reason}", cause, transient=_may_pass(error)))
        if not self._head.is_success:
            return self._response_without_body()
        if isinstance(error, httpx2.TimeoutException):
            return self.timed_out(error)
        if isinstance(error, httpx2.DecodingError):
            return Failure(self._undecodable(error, self._response_without_body()))
        response = self._response()
        reason, cause = self._reason_and_cause(error)
        truncated = f"the body is truncated after {len(response.content)} bytes: {reason}"
        invalid = invalid_response(truncated, self.request, response, transient=True)
        invalid.__cause__ = cause
        return Failure(invalid)

    def refused(self, error: CredentialsError) -> Failure:
        """The result when a credential would go where it must not."""
        drop_frames(error)  # the locals of httpx2 and below hold the request as it goes over the wire
        return Failure(error)

    def timed_out(self, error: RequestError | None = None) -> Result:
        """The result when a time limit has passed."""
        if self._head is not None and not self._head.is_success:
            return self._response_without_body()
        if self.waiting.goes_on:
            return self._never_sent()
        reason, cause = ("", None) if error is None else self._reason_and_cause(error)
        reason = passed_limit(error) or reason
        # A limit that was cut to the remaining time passes a moment before the deadline, or after it.
        if error is None or self.terms.deadline.remaining() < 0.01:
            reason = f"no whole response within {self.terms.deadline.total:g} s"
            if self.waiting.seconds > self.terms.deadline.total / 10:
                reason += f", of which it waited {round(self.waiting.seconds, 2):g} s for a free connection"
        return Failure(self._error(RequestTimeout, f"timed out: {reason}", cause, transient=True))

    def _never_sent(self) -> Failure:
        error = self._error(RequestTimeout, f"timed out: {self.waiting.problem()}", None, transient=True)
        # There is time left where it is the httpx2 client of the caller that does not wait for longer.
        return Failure(error, is_final=self.terms.deadline.remaining() <= _MARGIN)

    def closed(self) -> Failure:
        """The result when the client was closed meanwhile."""
        error = self._error(ConnectionFailed, "failed: the client was closed during the call", None)
        return Failure(error)

    def inherited(self) -> Failure:
        """The result when a stream is read in a process that was forked after it had begun."""
        what = "failed: only the process in which a stream began can read it, not those that were forked from it"
        return Failure(self._error(ConnectionFailed, what, None))

    def broken(self, error: RequestError | httpx2.StreamError) -> ApiError:
        """What ends a stream that httpx2 gave up."""
        if isinstance(error, httpx2.DecodingError):
            return self._undecodable(error, self._response())
        reason, cause = self._reason_and_cause(error)
        if isinstance(error, httpx2.TimeoutException):
            what = f"timed out: nothing came for too long: {reason}"
            return self._error(RequestTimeout, what, cause, transient=True)
        return self._error(ConnectionFailed, f"failed: the stream was broken off: {reason}", cause, transient=True)

    def conclude(self, result: Result) -> tuple[Request, Response]:
        """What the call ends with if this is its last attempt: the request and the response to it.

        Raises:
            ApiError: there was no response.
        """
        if isinstance(result, Failure):
            raise result.error
        deadline = self.terms.deadline
        return self.request, replace(result, elapsed=deadline.elapsed(), deadline=deadline)

    def log(self, result: Result, delay: float | None = None) -> None:
        """Log at debug level, as text and fields, how this attempt ended and what comes next. Secrets are masked."""
        if not LOGGER.isEnabledFor(logging.DEBUG):
            return
        request, head, elapsed = self.request, self._head, self.terms.deadline.elapsed()
        error = type(result.error).__name__ if isinstance(result, Failure) else None
        fields = {
            "http_operation": request.operation,
            "http_method": request.method,
            "http_url": request.shown_url,
            "http_status": None if head is None else head.status_code,
            "http_error": error,
            "http_request_id": None if head is None else request_id(head.headers, request.conceal),
            "http_attempt": self.number,
            "http_elapsed": elapsed,
            "http_delay": delay,
        }
        ending = error or fields["http_status"]
        next_attempt = "" if delay is None else f"; next attempt in {delay:.3f} s"
        message = "%s %s: %s, attempt %d, %.3f s%s"
        values = (request.method, request.shown_url, ending, self.number, elapsed, next_attempt)
        try:
            LOGGER.debug(message, *values, extra=fields)
        except KeyError:  # the program's own records have an attribute of such a name
            LOGGER.debug(message, *values)

    def _response(self) -> Response:
        assert self._head is not None
        # For BytesIO, whose buffer getvalue() shares: the body is never held twice.
        return Response(self._head.status_code, self._head.headers, self._body.getvalue(), attempts=self.number)

    def _response_without_body(self) -> Response:
        return replace(self._response(), content=b"")

    def _undecodable(self, error: RequestError, response: Response) -> ApiError:
        reason, cause = self._reason_and_cause(error)
        invalid = invalid_response(f"the body cannot be unpacked: {reason}", self.request, response)
        invalid.__cause__ = cause
        return invalid

    def _error(
        self, class_: type[ApiError], what: str, cause: BaseException | None, *, transient: bool = False
    ) -> ApiError:
        request = self.request
        error = class_(
            f"{request.summary} {what}",
            operation=request.operation,
            method=request.method,
            url=request.shown_url,
            attempts=self.number,
            request_id=None if self._head is None else request_id(self._head.headers, request.conceal),
            transient=transient,
        )
        error.__cause__ = cause
        return error

    def _reason_and_cause(self, error: RequestError | httpx2.StreamError) -> tuple[str, BaseException | None]:
        """What httpx2 says, without secrets; and its error as a cause, if nothing in its chain shows any."""
        reason = str(error) or type(error).__name__
        conceal = self.request.conceal
        drop_frames(error)  # the locals of httpx2 and below hold the request as it goes over the wire
        shown = [f"{link} {link!r}" for link in chain(error)]
        is_clean = all(conceal(text) == text for text in shown)
        return conceal(reason), error if is_clean else None


CURRENT: ContextVar[Attempt | None] = ContextVar("workflow_client_core_attempt", default=None)
"""The attempt that is being sent by this thread or task."""


def _may_pass(error: RequestError) -> bool:
    """Whether a connection that failed like this may work in a moment."""
    if isinstance(error, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
        return False
    if isinstance(error, httpx2.ProxyError) and str(error).startswith("4"):  # it answered the CONNECT with 403 or 407
        return False
    return not any(isinstance(link, SSLCertVerificationError) for link in chain(error))
