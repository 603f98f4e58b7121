"""Requests of httpx2 that mask credentials when they are shown, while the wire gets the real ones.

httpx2 logs the URL of every request at INFO, and its errors carry the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl

import httpx2
from msgspec.structs import replace

from .._credentials.secrets import MASK, SentCredential, credentials_in_header, drop_frames, traces_of
from .._request.request import Request
from .._text import user_agent_of

# Values of these are shown; those of all others may be credentials, also of an httpx2 client that was passed in.
_PLAIN_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}
_WITH_A_BODY = ("POST", "PUT", "PATCH", "QUERY")
"""Methods of requests that say how long their body is even where they have none (RFC 9110, 8.6)."""
_OF_HTTPX2 = f"python-httpx2/{httpx2.__version__}".encode()
"""The User-Agent of httpx2 clients that were given no other."""


class MaskedURL(httpx2.URL):
    """A URL whose parts are real, and whose text masks credentials."""

    def __init__(self, url: str, shown: str) -> None:
        super().__init__(url if url != shown else _parsed(url))
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"URL({self._shown!r})"


@lru_cache(maxsize=256)
def _parsed(url: str) -> httpx2.URL:
    """A URL without secrets: a run that is asked for again and again has the same one, and reading it takes long."""
    return httpx2.URL(url)


class MaskedHeaders(httpx2.Headers):
    """Headers that show only harmless values in their repr (httpx2 masks Authorization alone)."""

    def __init__(self, headers: httpx2.Headers, request: Request) -> None:
        super().__init__(headers)
        self._request = request

    def __repr__(self) -> str:
        credentials = {credential.name.lower() for credential in self._request.credentials}
        plain = _PLAIN_HEADERS | {name.lower() for name, _ in self._request.headers}
        plain -= credentials | {"authorization", "cookie"}
        shown = {name: text if name in plain else MASK for name, text in self.items()}
        return f"Headers({shown!r})"


def masked_request(request: Request, defaults: httpx2.Headers, cookies: httpx2.Cookies | None = None) -> httpx2.Request:
    """A request for httpx2, with those of the default headers that `request` lacks, and the User-Agent of both.

    Raises:
        ValueError: httpx2 cannot make a URL of the server's address.
    """
    try:
        url = MaskedURL(request.url, request.shown_url)
    except httpx2.InvalidURL as error:
        drop_frames(error)
        reason = request.conceal(str(error))
        raise ValueError(f"{request.summary} has an address that cannot be used: {reason}") from None
    body = httpx2.ByteStream(request.content or b"")
    outgoing = httpx2.Request(
        request.method, url, headers=_headers(request, url, defaults), cookies=cookies, stream=body
    )
    outgoing.url, outgoing.headers = url, MaskedHeaders(outgoing.headers, request)
    outgoing.read()  # or hooks of an httpx2 client could not look at the body
    return outgoing


def _headers(request: Request, url: httpx2.URL, defaults: httpx2.Headers) -> list[tuple[bytes, bytes]]:
    """What a request has, the defaults that it has not, and what says where it goes and how long its body is."""
    own = {name.lower().encode("ascii"): (name, text) for name, text in request.headers}
    headers, names = list[tuple[bytes, bytes]](), {*own}
    for name, value in defaults.raw:
        key = name.lower()
        if key not in own:
            headers.append((name, value))
            names.add(key)
        elif key == b"user-agent" and value != _OF_HTTPX2:
            product, text = own[key]
            own[key] = product, user_agent_of(value.decode("ascii"), text)
    headers += [(name.encode("ascii"), text.encode("ascii")) for name, text in own.values()]
    if b"host" not in names:
        headers.insert(0, (b"Host", url.netloc))
    has_length = bool(request.content) or request.method in _WITH_A_BODY
    if has_length and names.isdisjoint((b"content-length", b"transfer-encoding")):
        headers.append((b"Content-Length", b"%d" % len(request.content or b"")))
    return headers


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
    headers = [pair for pair in outgoing.headers.multi_items() if pair[0] not in _PLAIN_HEADERS]
    added = [*_as_credentials(headers, request), *in_query]
    request = replace(request, credentials=(*request.credentials, *added))
    outgoing.headers = MaskedHeaders(outgoing.headers, request)
    return request


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
