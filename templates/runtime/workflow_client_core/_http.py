"""The only module that imports httpx2; imported when the first request is sent.

httpx2 logs the URL of every request at INFO, and its errors carry the request. Both get a URL and
headers that mask credentials when they are shown, while the wire gets the real ones.
"""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2
from httpx2 import RequestError

from ._errors import ConnectionFailed, RequestTimeout
from ._request import Request
from ._response import Answer, invalid_response
from ._secrets import MASK, without_secrets

__all__ = ["RequestError", "new_async_client", "new_client", "outgoing", "unreadable"]


class _MaskedURL(httpx2.URL):
    """A URL whose parts are real, and whose text masks credentials."""

    def __init__(self, url: str, shown: str) -> None:
        super().__init__(url)
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"URL({self._shown!r})"


class _MaskedHeaders(httpx2.Headers):
    """Headers that mask credentials in their repr (httpx2 does it for Authorization alone)."""

    def __init__(self, headers: httpx2.Headers, hidden: frozenset[str]) -> None:
        super().__init__(headers)
        self._hidden = hidden

    def __repr__(self) -> str:
        shown = {name: MASK if name in self._hidden else text for name, text in self.items()}
        return f"Headers({shown!r})"


def new_client(timeout: float, transport: httpx2.BaseTransport | None) -> httpx2.Client:
    """A client of our own."""
    return httpx2.Client(timeout=httpx2.Timeout(timeout), transport=transport, cookies=_no_cookies())


def new_async_client(timeout: float, transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    """An asynchronous client of our own."""
    return httpx2.AsyncClient(timeout=httpx2.Timeout(timeout), transport=transport, cookies=_no_cookies())


def outgoing(client: httpx2.Client | httpx2.AsyncClient, request: Request) -> httpx2.Request:
    """`request` for httpx2, with the default headers of `client` where we set none.

    Raises:
        ValueError: httpx2 cannot make a URL of the server's address.
    """
    try:
        url = _MaskedURL(request.url, request.shown_url)
        built = client.build_request(request.method, url, headers=request.headers, content=request.content)
    except httpx2.InvalidURL as error:
        raise ValueError(f"{request.place} has an address that cannot be used: {error}") from None
    built.url = url
    hidden = {c.name.lower() for c in request.credentials if c.location == "header"}
    built.headers = _MaskedHeaders(built.headers, frozenset({*hidden, "authorization", "cookie"}))
    return built


def unreadable(error: RequestError, request: Request, response: httpx2.Response | None) -> Answer:
    """What remains of an exchange that httpx2 gave up; `response` where its head had arrived.

    A bad status is an answer also when its body is broken; everything else is raised.

    Raises:
        RequestTimeout, ConnectionFailed: no whole answer arrived.
        InvalidResponse: it did, but cannot be unpacked (a wrong Content-Encoding).
    """
    if response is not None and not response.is_success:
        return Answer(response.status_code, response.headers, b"")
    told = str(error) or type(error).__name__
    reason = without_secrets(told, request.credentials)
    cause = error if reason == told else None  # a transport may quote what it was asked to send
    if response is not None and isinstance(error, httpx2.DecodingError):
        answer = Answer(response.status_code, response.headers, b"")
        raise invalid_response(f"the body cannot be unpacked: {reason}", request, answer) from cause
    timed_out = isinstance(error, httpx2.TimeoutException)
    kind = RequestTimeout if timed_out else ConnectionFailed
    raise kind(
        f"{request.place} {'timed out' if timed_out else 'failed'}: {reason}",
        operation=request.operation,
        method=request.method,
        url=request.shown_url,
    ) from cause


def _no_cookies() -> CookieJar:
    """A jar that stays empty: what one call is told must not travel with another."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
