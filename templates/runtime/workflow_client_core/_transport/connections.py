"""The connections that a client and its copies share, and how they end while calls are in flight."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import anyio
    import httpx2

H = TypeVar("H")


class _Shared(Generic[H]):
    """An httpx2 client, made on first use, and the number of calls that are using it.

    A client that was passed in is never closed, and calls that are using it are never broken off.
    """

    def __init__(self, http_client: H | None, transport: object) -> None:
        if http_client is not None and transport is not None:
            raise ValueError("pass http_client or transport, not both")
        self.owned = http_client is None
        self.closed = threading.Event()
        self._http = http_client
        self._transport = transport
        self._lock = threading.Lock()
        self._calls = 0
        self._abandoned: deque[tuple[Any, ...]] = deque()

    @property
    def aborted(self) -> bool:
        """Whether calls in flight are to end."""
        return self.owned and self.closed.is_set()

    def http(self, new_client: Callable[[Any], H]) -> H:
        """The httpx2 client, which `new_client` makes of the transport on first use; for calls in flight."""
        with self._lock:
            if self._http is None:
                self._http = new_client(self._transport)
            return self._http

    def resume(self) -> bool:
        """Count a stream that reads on; False when streams are to end. Each that was counted must `leave` later."""
        with self._lock:
            if self.aborted:
                return False
            self._calls += 1
            return True

    def abandon(self, response: Any, *references: Any) -> None:
        """Remember an open response that nobody reads any more, to close it with the next call.

        Not at once: garbage collection calls this, perhaps while the locks are held that closing needs.
        """
        self._abandoned.append((response, *references))
        stream = response.extensions.get("network_stream")
        if stream is not None:
            wake(stream)

    def _enter(self) -> bool:
        """Count a call; False when the client is closed."""
        with self._lock:
            if self.closed.is_set():
                return False
            self._calls += 1
            return True

    def _leave(self) -> H | None:
        """Uncount a call; returns the httpx2 client if the last call has to close it."""
        with self._lock:
            self._calls -= 1
            return self._take_idle()

    def _close(self) -> H | None:
        with self._lock:
            self.closed.set()
            return self._take_idle()

    def _take_idle(self) -> H | None:
        """The httpx2 client that is to be closed now, if any."""
        # Closing httpx2's pool under calls that are using it would leave them hanging until their time limits.
        if self._calls or not self.closed.is_set():
            return None
        http, self._http = self._http, None
        return http if self.owned else None


class Connections(_Shared["httpx2.Client"]):
    """The connections of synchronous clients; for any number of threads."""

    def __init__(self, http_client: httpx2.Client | None, transport: httpx2.BaseTransport | None) -> None:
        super().__init__(http_client, transport)
        self._streams: weakref.WeakSet[Any] = weakref.WeakSet()

    def enter(self) -> bool:
        """Begin a call; False when closed. Each call that began must `leave`."""
        self._sweep()
        return self._enter()

    def leave(self) -> None:
        """End a call."""
        http = self._leave()
        if http is not None:
            http.close()

    def _sweep(self) -> None:
        while self._abandoned:
            self._abandoned.popleft()[0].close()

    def watch(self, stream: Any) -> bool:
        """Remember an open `httpcore2.NetworkStream`; False when calls in flight are to end."""
        with self._lock:
            self._streams.add(stream)
            return not self.aborted

    def close(self) -> None:
        """Refuse further calls, break off those in flight, close the connections. Twice is fine."""
        self._sweep()
        http = self._close()
        with self._lock:
            streams = list(self._streams) if self.owned else []
        for stream in streams:
            wake(stream)
        if http is not None:
            http.close()


class AsyncConnections(_Shared["httpx2.AsyncClient"]):
    """The connections of asynchronous clients; for any number of tasks of one event loop."""

    def __init__(self, http_client: httpx2.AsyncClient | None, transport: httpx2.AsyncBaseTransport | None) -> None:
        super().__init__(http_client, transport)
        self._scopes: set[anyio.CancelScope] = set()
        self._idle: anyio.Event | None = None

    def enter(self, scope: anyio.CancelScope) -> bool:
        """Begin a call that `scope` ends; False when closed. Each call that began must `leave`."""
        if not self._enter():
            return False
        self._scopes.add(scope)
        return True

    def resume_in(self, scope: anyio.CancelScope) -> bool:
        """As `resume`; `scope` ends the reading."""
        if not self.resume():
            return False
        self._scopes.add(scope)
        return True

    async def sweep(self) -> None:
        """Close the responses that were abandoned."""
        while self._abandoned:
            await self._abandoned.popleft()[0].aclose()

    async def leave(self, scope: anyio.CancelScope) -> None:
        """End a call."""
        self._scopes.discard(scope)
        http = self._leave()
        if http is not None:
            import anyio

            with anyio.CancelScope(shield=True):
                await http.aclose()
        if self._idle is not None and not self._scopes:
            self._idle.set()

    async def close(self) -> None:
        """Refuse further calls, break off those in flight, close the connections. Twice is fine."""
        await self.sweep()
        http = self._close()
        if http is not None:
            await http.aclose()
        if self.owned and self._scopes:
            import anyio

            self._idle = self._idle or anyio.Event()
            for scope in list(self._scopes):
                scope.cancel()
            await self._idle.wait()


def wake(stream: Any) -> None:
    """Make whoever waits for this stream notice that it ends. Closing alone would let them wait."""
    import socket

    sock = stream.get_extra_info("socket")
    if isinstance(sock, socket.socket):
        # Not ssl.SSLSocket's own method, which takes the TLS state away from under a reader.
        with suppress(OSError):  # it is closed already
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
