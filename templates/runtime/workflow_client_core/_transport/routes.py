"""The ways to servers: which connections a request takes, by what the environment says. Loads httpx2."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import httpx2

from .._connections.waiting import MAX_CONNECTIONS
from .attempt import CURRENT
from .environment import Environment, Proxy, Unusable, trusted

H = TypeVar("H")

# All may stay open between calls: threads that go on calling would otherwise open most of them anew each time.
_LIMITS = httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)


class _Ways(Generic[H]):
    """A pool of connections for each way, with or without a proxy, with or without TLS; made on first use."""

    def __init__(self, new_pool: Callable[[ssl.SSLContext, httpx2.Proxy | None], H]) -> None:
        self._environment = Environment()
        self._new_pool = new_pool
        self._pools: dict[tuple[Proxy | None, bool], H] = {}
        self._trusted: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def pool(self, request: httpx2.Request) -> H:
        """The connections that a request takes.

        Raises:
            httpx2.UnsupportedProtocol: a variable of the environment makes that impossible; the text names it.
        """
        url = request.url
        proxy = self._environment.proxy(url.scheme, url.host, url.port)
        attempt = CURRENT.get()
        if proxy is not None and proxy.credential is not None and attempt is not None:
            attempt.mask(proxy.credential)
        try:
            with self._lock:
                way = proxy, url.scheme == "https"
                if way not in self._pools:
                    self._pools[way] = self._new(*way)
                return self._pools[way]
        except Unusable as unusable:
            reason = str(unusable)
        raise httpx2.UnsupportedProtocol(reason, request=request)

    def all(self) -> list[H]:
        """All pools that there are."""
        with self._lock:
            return list(self._pools.values())

    def _new(self, proxy: Proxy | None, has_tls: bool) -> H:
        tls = (
            self._tls() if has_tls or (proxy is not None and proxy.has_tls) else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
        used = None if proxy is None else proxy.as_used(tls)
        try:
            return self._new_pool(tls, used)
        except ImportError:
            pass
        assert proxy is not None
        raise Unusable(
            f"{proxy.variable} names a SOCKS proxy, which needs another package: pip install 'httpx2[socks]'"
        )

    def _tls(self) -> ssl.SSLContext:
        self._trusted = self._trusted or trusted()
        return self._trusted


class Routes(httpx2.BaseTransport):
    """The transport of synchronous clients."""

    def __init__(self) -> None:
        self._ways = _Ways(lambda tls, proxy: httpx2.HTTPTransport(verify=tls, proxy=proxy, limits=_LIMITS))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request on its way."""
        return self._ways.pool(request).handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for pool in self._ways.all():
            pool.close()


class AsyncRoutes(httpx2.AsyncBaseTransport):
    """The transport of asynchronous clients."""

    def __init__(self) -> None:
        self._ways = _Ways(lambda tls, proxy: httpx2.AsyncHTTPTransport(verify=tls, proxy=proxy, limits=_LIMITS))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request on its way."""
        return await self._ways.pool(request).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._ways.all():
            await pool.aclose()
