"""A server on the loopback interface through which a fake answers: HTTP/1.1 (RFC 9112), with connections kept open."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import threading
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Self

from ._clock import FakeClock
from ._fake import BaseFakeProvider
from ._requests import Incoming
from ._timelines import Response

_HOST = "127.0.0.1"
_NO_PROXY = ("NO_PROXY", "no_proxy")
_LAST_PORT = 65_535
_LARGEST_HEAD = 65_536
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class FakeServer:
    """A fake as a real server, in a thread of its own; a context manager.

        with fake.serve() as server, Runs(base_urls=server.base_urls) as runs: ...

    Programs that make their own `Runs` find it by `environment`. All providers have one port, and each a path of its
    own.

    Args:
        fake: what answers.
        port: the port; 0: any that is free.

    Raises:
        ValueError: there is no such port.
    """

    def __init__(self, fake: BaseFakeProvider, port: int = 0) -> None:
        if not 0 <= port <= _LAST_PORT:
            raise ValueError(f"port must be from 0 to {_LAST_PORT}, not {port}")
        self._fake = fake
        self._port = port
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.connections = 0
        """How many connections were made to it."""

    @property
    def url(self) -> str:
        """Its address; each provider's is below it.

        Raises:
            RuntimeError: it was not started.
        """
        if self._socket is None:
            raise RuntimeError("this server was not started: use it in a with statement")
        return f"http://{_HOST}:{self._socket.getsockname()[1]}"

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return len(self._writers)

    @property
    def base_urls(self) -> dict[str, str]:
        """The address of each provider, for `Runs(base_urls=...)`."""
        return {name: f"{self.url}/{name}" for name in self._fake.samples}

    @property
    def environment(self) -> dict[str, str]:
        """Variables of the environment with which clients ask this server, without a proxy, by made-up credentials."""
        from .._providers.lookup import find

        variables = {find(name).base_url_environment: url for name, url in self.base_urls.items()}
        direct = {name: _with_host(os.environ.get(name, "")) for name in _NO_PROXY}
        return {**self._fake.environment, **{name: url for name, url in variables.items() if name}, **direct}

    def start(self) -> Self:
        """Begin to listen; twice is fine."""
        if self._thread is None:
            self._socket = socket.create_server((_HOST, self._port), backlog=1024)
            ready = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(ready,), name="fake-provider", daemon=True)
            self._thread.start()
            ready.wait()
        return self

    def stop(self) -> None:
        """Close all connections, and the port; twice is fine."""
        loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            self._socket = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner() as runner:
            loop = self._loop = runner.get_loop()
            server = loop.run_until_complete(asyncio.start_server(self._serve, sock=self._socket, limit=_LARGEST_HEAD))
            loop.call_soon(ready.set)
            loop.run_forever()
            # Of connections that are cancelled before they have begun asyncio would tell on standard error.
            loop.set_exception_handler(lambda loop, context: None)
            server.close()
            for writer in list(self._writers):
                writer.close()
            # The runner cancels what is left, which ends each connection.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            while incoming := await _read(reader):
                if not await self._answer(incoming, writer):
                    break
        self._writers.discard(writer)
        with suppress(ConnectionError, RuntimeError):
            writer.close()

    async def _answer(self, incoming: Incoming, writer: asyncio.StreamWriter) -> bool:
        """Send the answer to a request; returns whether the connection stays open."""
        with self._fake.handling(incoming) as response:
            if response.delay > 0:
                await self._wait(response.delay)
            if response.end == "dropped":
                _reset(writer)
                return False
            close = incoming.headers.get("connection", "").lower() == "close" or response.end == "truncated"
            body = response.body[: len(response.body) // 2] if response.end == "truncated" else response.body
            writer.write(_head(response, close) + (b"" if incoming.method == "HEAD" else body))
            await writer.drain()
        return not close

    async def _wait(self, seconds: float) -> None:
        clock = self._fake.clock
        await clock.sleep_async(seconds)
        if isinstance(clock, FakeClock):
            clock.leave()


def _with_host(hosts: str) -> str:
    """A list of hosts that are asked without a proxy, this one among them."""
    known = [host for host in hosts.split(",") if host.strip() not in ("", _HOST)]
    return ",".join([*known, _HOST])


async def _read(reader: asyncio.StreamReader) -> Incoming | None:
    """The next request of a connection; None: it has ended, or is not HTTP."""
    head = await reader.readuntil(b"\r\n\r\n")
    request, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, _, rest = request.partition(" ")
    target, _, version = rest.partition(" ")
    if not version.startswith("HTTP/1."):
        return None
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = headers.get("content-length", "0")
    await reader.readexactly(int(length) if length.isascii() and length.isdecimal() else 0)
    return Incoming(method, headers.get("host", ""), target, headers)


def _head(response: Response, close: bool) -> bytes:
    fields = {**response.headers, "Content-Length": str(len(response.body))}
    if close:
        fields["Connection"] = "close"
    lines = [f"HTTP/1.1 {response.status} {_PHRASES.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _reset(writer: asyncio.StreamWriter) -> None:
    """Break off a connection so that the client cannot take it for an end: a socket that does not linger sends RST."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
