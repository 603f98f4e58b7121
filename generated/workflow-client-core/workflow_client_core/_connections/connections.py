"""The connections of one process, or of one event loop in it, and how they end while calls are in flight."""

from __future__ import annotations

import os
import threading
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .passed import Passed

if TYPE_CHECKING:
    import anyio
    import httpx2

    from .._credentials.tokens import TokenSource

H = TypeVar("H")

_INHERITED: list[Any] = []
"""What a forked process must not let go of: what would then be called takes locks, and writes to connections."""


class _Connections(Generic[H]):
    """An httpx2 client, made on first use, and the number of calls that are using it.

    A client that was passed in is never closed, and calls that are using it are never broken off.
    """

    def __init__(self, passed: Passed, closed: threading.Event) -> None:
        self.passed = passed
        self.owned = passed.http_client is None
        self.closed = closed
        self.is_inherited = False
        """Whether they belong to the process from which this one was forked."""
        self._loop: Any = None
        self._http: H | None = passed.http_client
        self._lock = threading.Lock()
        self._calls = 0
        self._abandoned: deque[tuple[Any, ...]] = deque()
        self._streams: weakref.WeakSet[Any] = weakref.WeakSet()

    @property
    def aborted(self) -> bool:
        """Whether calls in flight are to end, as the client was closed."""
        return self.owned and self.closed.is_set()

    def http(self, new_client: Callable[[Any], H]) -> H:
        """The httpx2 client, which `new_client` makes of the transport on first use; for calls in flight."""
        with self._lock:
            if self._http is None:
                self._http = new_client(self.passed.transport)
            return self._http

    def watch(self, stream: Any) -> bool:
        """Remember an open network stream of httpcore2; False when calls in flight are to end."""
        with self._lock:
            self.passed.has_connection(self._loop)
            self._streams.add(stream)
            return not self.aborted

    def resume(self) -> bool:
        """Count a stream that reads on; False when streams are to end. Each that was counted must `leave` later."""
        with self._lock:
            if self.aborted or self.is_inherited:
                return False
            self._calls += 1
            return True

    def abandon(self, response: Any, *references: Any) -> None:
        """Remember an open response that nobody reads any more, to close it with the next call.

        Not at once: garbage collection calls this, perhaps while the locks are held that closing needs.
        """
        if self.is_inherited:
            _INHERITED.append((response, *references))
            return
        self._abandoned.append((response, *references))
        stream = response.extensions.get("network_stream")
        if stream is not None:
            wake(stream)

    def disown(self) -> None:
        """Leave them to the process from which this one was forked; no call uses them here any more.

        Nothing is closed: TLS would say goodbye to the server, and locks may be held by threads that are not here.
        """
        _INHERITED.append(self)
        self.is_inherited = True
        self._lock = threading.Lock()
        if self.owned:
            for stream in list(self._streams):
                _detach(stream)

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
        if self._calls or self.is_inherited or not self.closed.is_set():
            return None
        return self._take()

    def _take(self) -> H | None:
        """The httpx2 client to close, once."""
        http, self._http = self._http, None
        if http is None or not self.owned:
            return None
        self.passed.has_been_closed()
        return http


class Connections(_Connections["httpx2.Client"]):
    """The connections of synchronous clients in one process; for any number of threads."""

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


class AsyncConnections(_Connections["httpx2.AsyncClient"]):
    """The connections of asynchronous clients in one event loop; for any number of its tasks."""

    def __init__(self, passed: Passed, closed: threading.Event, loop: Any) -> None:
        super().__init__(passed, closed)
        self._loop = loop
        self._has_loop_ended = False
        self._scopes: set[anyio.CancelScope] = set()
        self._idle: anyio.Event | None = None
        self._token_locks: weakref.WeakKeyDictionary[TokenSource, anyio.Lock] = weakref.WeakKeyDictionary()
        self._end_of_loop = self._closed_with_the_loop()

    async def begin(self) -> None:
        """Have them closed when the event loop ends, if nobody closes them before that."""
        await anext(self._end_of_loop)

    async def _closed_with_the_loop(self) -> AsyncGenerator[None, None]:
        # Event loops close the asynchronous generators that have begun in them, as the last thing that they run.
        try:
            yield
        finally:
            http = self._take()
            if http is not None:
                await http.aclose()
            self._has_loop_ended = True

    @property
    def have_ended(self) -> bool:
        """Whether their event loop has ended."""
        is_closed = getattr(self._loop, "is_closed", None)  # which asyncio has
        return self._has_loop_ended or (is_closed is not None and is_closed())

    def enter(self, scope: anyio.CancelScope) -> bool:
        """Begin a call that `scope` ends; False when closed. Each call that began must `leave`."""
        if not self._enter():
            return False
        self._scopes.add(scope)
        return True

    def resume_in(self, scope: anyio.CancelScope) -> bool:
        """As `resume`; `scope` ends the reading.

        Raises:
            RuntimeError: this is another event loop.
        """
        if not self.is_inherited and not self.are_of_this_loop():
            raise RuntimeError("a stream can only be read in the event loop in which it began")
        if not self.resume():
            return False
        self._scopes.add(scope)
        return True

    def are_of_this_loop(self) -> bool:
        """Whether the running event loop is theirs."""
        return running_loop() is self._loop

    def token_lock(self, source: TokenSource) -> anyio.Lock:
        """What a task holds while it gets a token; the other tasks of this loop wait for it."""
        import anyio

        return self._token_locks.setdefault(source, anyio.Lock())

    async def sweep(self) -> None:
        """Close the responses that were abandoned."""
        while self._abandoned:
            await self._abandoned.popleft()[0].aclose()

    async def leave(self, scope: anyio.CancelScope) -> None:
        """End a call."""
        self._scopes.discard(scope)
        http = self._leave()
        if http is not None:
            await self._end(http)
        if self._idle is not None and not self._scopes:
            self._idle.set()

    async def close(self) -> None:
        """Refuse further calls, break off those in flight, close the connections. Twice is fine."""
        await self.sweep()
        http = self._close()
        if http is not None:
            await self._end(http)
        if self.owned and self._scopes:
            import anyio

            self._idle = self._idle or anyio.Event()
            self._break_off()
            await self._idle.wait()

    def close_from_another_loop(self) -> None:
        """As `close`, but what no call is using is closed when the loop ends."""
        if self.owned:
            run_soon = getattr(self._loop, "call_soon_threadsafe", None) or self._loop.run_sync_soon  # asyncio or trio
            with suppress(RuntimeError):  # the loop has ended, and they with it
                run_soon(self._break_off)

    def _break_off(self) -> None:
        for scope in list(self._scopes):
            scope.cancel()

    async def _end(self, http: httpx2.AsyncClient) -> None:
        import anyio

        with anyio.CancelScope(shield=True):
            await http.aclose()
            await self._end_of_loop.aclose()


def running_loop() -> Any:
    """The event loop of this thread."""
    import anyio.lowlevel

    token: object = anyio.lowlevel.current_token()
    return getattr(token, "native_token", token)  # what older versions of anyio return


def wake(stream: Any) -> None:
    """Make whoever waits for this stream notice that it ends. Closing alone would let them wait."""
    import socket

    sock = stream.get_extra_info("socket")
    if isinstance(sock, socket.socket):
        # Not ssl.SSLSocket's own method, which takes the TLS state away from under a reader.
        with suppress(OSError):  # it is closed already
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _detach(stream: Any) -> None:
    """Put nothing in the place of a connection, in this process only.

    The server and the parent notice nothing. And whatever is still called on the stream reaches neither of them.
    """
    sock = stream.get_extra_info("socket")
    with suppress(OSError, ValueError):
        if sock is not None and sock.fileno() >= 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, sock.fileno(), inheritable=False)
            os.close(nothing)
