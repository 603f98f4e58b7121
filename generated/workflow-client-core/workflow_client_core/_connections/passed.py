"""What callers pass in place of connections that a client makes."""

from __future__ import annotations

from typing import Any
from weakref import finalize

from .._forks import renew_after_fork


class _Uses:
    """In which process and event loop there are connections of what was passed, perhaps to several clients."""

    def __init__(self) -> None:
        self._loops: dict[int, Any] = {}
        """By the id of the object; None for synchronous ones."""
        self._of_parent: set[int] = set()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """All connections are those of the parent."""
        self._of_parent.update(self._loops)

    def add(self, value: object, loop: Any) -> None:
        """Remember that `value` has a connection in this loop."""
        if id(value) not in self._loops:
            self._loops[id(value)] = loop
            finalize(value, self.forget, id(value)).atexit = False

    def forget(self, key: int) -> None:
        """The object of this id has no connections any more."""
        self._loops.pop(key, None)
        self._of_parent.discard(key)

    def elsewhere(self, value: object, loop: Any) -> tuple[str, str] | None:
        """Where else `value` has connections, and where a new one has to be made; None: nowhere."""
        if id(value) in self._of_parent:
            return "the process from which this one was forked", "process"
        if self._loops.get(id(value), loop) is not loop:
            return "another event loop", "event loop"
        return None


_USES = _Uses()


class Passed:
    """An httpx2 client or an httpx2 transport of the caller, or neither.

    Raises:
        ValueError: both are passed.
        TypeError: it is of another kind; the message says what to pass.
    """

    def __init__(self, http_client: Any, transport: Any, *, is_async: bool) -> None:
        if http_client is not None and transport is not None:
            raise ValueError("pass http_client or transport, not both")
        self.http_client = http_client
        self.transport = transport
        self.argument = "http_client" if http_client is not None else "transport" if transport is not None else ""
        """The name of the argument by which it is passed; "" for neither."""
        self._value: object = http_client if transport is None else transport
        if self.argument:
            self._check_kind(self._value, is_async=is_async)

    def has_connection(self, loop: Any) -> None:
        """A connection has been opened, in this event loop where it is asynchronous."""
        if self.argument:
            _USES.add(self._value, loop)

    def has_been_closed(self) -> None:
        """All connections are closed."""
        _USES.forget(id(self._value))

    def check(self, loop: Any) -> None:
        """Refuse what has connections that are used elsewhere: each would get the answers of the other.

        Raises:
            RuntimeError: another process or another event loop than this one uses them.
        """
        elsewhere = _USES.elsewhere(self._value, loop) if self.argument else None
        if elsewhere is not None:
            raise RuntimeError(
                f"{self.argument} has connections of {elsewhere[0]}:"
                f" make a client with a new {self.argument} in each {elsewhere[1]}"
            )

    def _check_kind(self, value: object, *, is_async: bool) -> None:
        import httpx2

        clients: tuple[type, type] = (httpx2.Client, httpx2.AsyncClient)
        transports: tuple[type, type] = (httpx2.BaseTransport, httpx2.AsyncBaseTransport)
        expected = (transports if self.http_client is None else clients)[is_async]
        if isinstance(value, expected):
            return
        class_ = value if isinstance(value, type) else type(value)
        hint = ""
        if class_ is value:
            hint = f": pass what {_name(class_)}() returns"
        elif isinstance(value, transports if self.http_client is not None else clients):
            hint = f": pass it as {'transport' if self.http_client is not None else 'http_client'}"
        elif isinstance(value, clients + transports):
            hint = f", which is for {'synchronous' if is_async else 'asynchronous'} clients"
        elif _name(class_).startswith("httpx."):
            hint = ": httpx and httpx2 are two packages"
        what = f"the class {_name(class_)}" if class_ is value else _name(class_)
        raise TypeError(f"{self.argument} must be an {_name(expected)}, not {what}{hint}")


def _name(class_: type) -> str:
    """A class as its users write it: `httpx2.Client`, `str`."""
    package = class_.__module__.partition(".")[0]
    return class_.__qualname__ if package == "builtins" else f"{package}.{class_.__qualname__}"
