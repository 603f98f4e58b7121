"""What callers pass in place of connections that a client makes."""

from __future__ import annotations

from typing import Any


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
        if self.argument:
            self._check(http_client if transport is None else transport, is_async=is_async)

    def _check(self, value: object, *, is_async: bool) -> None:
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
