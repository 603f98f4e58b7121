"""The connections that a client and its copies share: those of each process, and of each event loop.

No connection is used by two processes, as each would get the answers of the other, nor by two event loops.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .._forks import renew_after_fork
from .connections import AsyncConnections, Connections, running_loop
from .passed import Passed

if TYPE_CHECKING:
    import anyio
    import httpx2


class _Shared:
    """What a client was given in place of connections of its own, and whether it is closed."""

    def __init__(self, passed: Passed) -> None:
        self.closed = threading.Event()
        self._passed = passed
        renew_after_fork(self)

    def after_fork(self) -> None:
        """Begin anew in the child: open where the parent's clients were, closed where they were closed."""
        closed = threading.Event()  # not the parent's, whose lock a thread may have held
        if self.closed.is_set():
            closed.set()
        self.closed = closed


class SharedConnections(_Shared):
    """The connections of synchronous clients."""

    def __init__(self, http_client: httpx2.Client | None, transport: httpx2.BaseTransport | None) -> None:
        super().__init__(Passed(http_client, transport, is_async=False))
        self._connections = Connections(self._passed, self.closed)

    def enter(self) -> Connections | None:
        """Begin a call, on these connections; None when closed. It must `leave` them later.

        Raises:
            RuntimeError: what was passed has connections of another process.
        """
        self._passed.check(None)
        connections = self._connections
        return connections if connections.enter() else None

    def close(self) -> None:
        """Refuse further calls, break off those in flight, close the connections. Twice is fine."""
        self._connections.close()

    def after_fork(self) -> None:
        """Leave the connections to the parent."""
        super().after_fork()
        self._connections.disown()
        self._connections = Connections(self._passed, self.closed)


class AsyncSharedConnections(_Shared):
    """The connections of asynchronous clients, for any number of event loops."""

    def __init__(self, http_client: httpx2.AsyncClient | None, transport: httpx2.AsyncBaseTransport | None) -> None:
        super().__init__(Passed(http_client, transport, is_async=True))
        self._lock = threading.Lock()
        self._by_loop: dict[Any, AsyncConnections] = {}

    async def enter(self, scope: anyio.CancelScope) -> AsyncConnections | None:
        """Begin a call that `scope` ends, on these connections; None when closed. It must `leave` them later.

        Raises:
            RuntimeError: what was passed has connections of another process or event loop.
        """
        loop = running_loop()
        with self._lock:
            self._passed.check(loop)
            connections = self._by_loop.get(loop)
        connections = connections or await self._begun(loop)
        if not connections.enter(scope):
            return None
        await connections.sweep()
        return connections

    async def close(self) -> None:
        """Refuse further calls, break off those in flight, close the connections. Twice is fine."""
        self.closed.set()
        here = running_loop()
        with self._lock:
            connections_by_loop = dict(self._by_loop)
        for loop, connections in connections_by_loop.items():
            if loop is here:
                await connections.close()
            else:
                connections.close_from_another_loop()

    async def _begun(self, loop: Any) -> AsyncConnections:
        """New connections, of the running event loop, which has none."""
        connections = AsyncConnections(self._passed, self.closed, loop)
        with self._lock:
            self._by_loop = {loop: c for loop, c in self._by_loop.items() if not c.have_ended} | {loop: connections}
        await connections.begin()
        return connections

    def after_fork(self) -> None:
        """Leave the connections of all loops to the parent."""
        super().after_fork()
        inherited = list(self._by_loop.values())
        self._lock = threading.Lock()
        self._by_loop = {}
        for connections in inherited:
            connections.disown()
