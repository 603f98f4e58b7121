"""Requests of httpx2 that mask credentials when they are shown, while the wire gets the real ones.

httpx2 logs the URL of every request at INFO, and its errors carry the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

import httpx2
from msgspec.structs import replace

from .._credentials.secrets import MASK, SentCredential, credentials_in_header, drop_frames, traces_of
from .._request.request import Request
from .._text import user_agent_of

# Values of these are shown; those of all others may be credentials, also of an httpx2 client that was passed in.
_PLAIN_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}


class MaskedURL(httpx2.URL):
    """A URL whose parts are real, and whose text masks credentials."""

    def __init__(self, url: str, shown: str) -> None:
        super().__init__(url)
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"URL({self._shown!r})"


class MaskedHeaders(httpx2.Headers):
    """Headers that show only harmless values in their repr (httpx2 masks Authorization alone)."""

    def __init__(self, headers: httpx2.Headers, plain: frozenset[str]) -> None:
        super().__init__(headers)
        self._plain = plain

    def __repr__(self) -> str:
        shown = {name: text if name in self._plain else MASK for name, text in self.items()}
        return f"Headers({shown!r})"


def masked_request(request: Request, http: httpx2.Client | httpx2.AsyncClient) -> httpx2.Request:
    """A request for httpx2, with the default headers of `http` where `request` has none, and the User-Agent of both.

    Raises:
        ValueError: httpx2 cannot make a URL of the server's address.
    """
    headers = _with_products(request.headers, http.headers.get("user-agent", ""))
    try:
        url = MaskedURL(request.url, request.shown_url)
        outgoing = http.build_request(request.method, url, headers=headers, content=request.content)
    except httpx2.InvalidURL as error:
        drop_frames(error)
        reason = request.conceal(str(error))
        raise ValueError(f"{request.summary} has an address that cannot be used: {reason}") from None
    outgoing.url = url
    secret = {credential.name.lower() for credential in request.credentials} | {"authorization", "cookie"}
    plain = _PLAIN_HEADERS | {name.lower() for name, _ in request.headers}
    outgoing.headers = MaskedHeaders(outgoing.headers, frozenset(plain - secret))
    return outgoing


def _with_products(headers: tuple[tuple[str, str], ...], user_agent: str) -> tuple[tuple[str, str], ...]:
    """The headers with the User-Agent that an httpx2 client was given before ours, if it was given any."""
    if user_agent in ("", f"python-httpx2/{httpx2.__version__}"):
        return headers
    return tuple((n, user_agent_of(user_agent, text) if n == "User-Agent" else text) for n, text in headers)


def mask_added(outgoing: httpx2.Request, request: Request) -> Request:
    """Mask what an `httpx2.Auth` added to `request`: the same request, which knows the new credentials."""
    url, in_query = outgoing.url, list[SentCredential]()
    if not isinstance(url, MaskedURL):
        known_query = set(parse_qsl(request.url.partition("?")[2]))
        in_query = [
            SentCredential("query", *pair, traces_of([pair[1]]))
            for pair in parse_qsl(url.query.decode())
            if pair not in known_query
        ]
        port = f":{url.port}" if url.port else ""
        path = url.path + ("?***" if url.query else "")
        host = f"[{url.host}]" if ":" in url.host else url.host
        outgoing.url = MaskedURL(str(url), f"{url.scheme}://{host}{port}{path}")
    known = {(name.lower(), text) for name, text in request.headers}
    headers = [pair for pair in outgoing.headers.multi_items() if pair[0] not in _PLAIN_HEADERS]
    added = [*_as_credentials(headers, request), *in_query]
    plain = _PLAIN_HEADERS | {name for name, _ in known if name in outgoing.headers}
    plain -= {"authorization", "cookie", *(credential.name.lower() for credential in (*request.credentials, *added))}
    outgoing.headers = MaskedHeaders(outgoing.headers, frozenset(plain))
    return replace(request, credentials=(*request.credentials, *added))


def mask_sent(request: Request, headers: Iterable[tuple[bytes, bytes]]) -> Request:
    """The same request, which knows the credentials among its headers on the wire, such as those of a passed client."""
    pairs = ((name.decode("latin-1").lower(), text.decode("latin-1")) for name, text in headers)
    added = _as_credentials((pair for pair in pairs if pair[0] in ("authorization", "cookie")), request)
    return replace(request, credentials=(*request.credentials, *added)) if added else request


def _as_credentials(headers: Iterable[tuple[str, str]], request: Request) -> list[SentCredential]:
    """Headers that are not those of `request`, as credentials that it does not know yet."""
    known = {(name.lower(), text) for name, text in request.headers}
    added = [
        credential
        for name, text in headers
        if (name, text) not in known
        for credential in credentials_in_header(name, text)
    ]
    return [credential for credential in added if not any(map(credential.is_like, request.credentials))]
