"""The httpx2 clients that are made here, rather than passed in; loads httpx2."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2


def new_client(transport: httpx2.BaseTransport | None) -> httpx2.Client:
    """A client without time limits, which are set for each request."""
    return httpx2.Client(timeout=None, transport=transport, cookies=_no_cookies())


def new_async_client(transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    """The asynchronous twin of `new_client`."""
    return httpx2.AsyncClient(timeout=None, transport=transport, cookies=_no_cookies())


def _no_cookies() -> CookieJar:
    """A jar that stays empty: what one call receives must not travel with another."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
