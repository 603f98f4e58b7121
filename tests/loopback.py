"""A real HTTP server on a free port of this machine, for tests of clients.

with Loopback() as server:
    server.reply(200, b'{"id": "1"}')
    ...  # call something with base_url=server.url
    assert server.last.target == "/runs/1"
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from msgspec import json


@dataclass(frozen=True)
class Received:
    """A request as it arrived: `target` is the raw path with its query; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """A response to send.

    `raw` replaces the whole response by these bytes, or by pieces that are sent `pause` seconds apart; then the
    connection is closed, or, with `reset`, broken off so that the client cannot take it for an end.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    raw: bytes | Iterable[bytes] | None = None
    pause: float = 0.0
    reset: bool = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the default of 5 makes the sixth of many concurrent clients wait for a second

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # clients may leave whenever they like
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Loopback:
    """The server; a context manager. It answers with `respond`, by default an empty JSON object."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.respond: Callable[[Received], Reply] = lambda _: json_reply({})
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def last(self) -> Received:
        return self.requests[-1]

    def reply(self, status: int, body: object = b"", **headers: str) -> None:
        """From now on answer like this: bytes go out as they are, anything else as JSON (`Retry_After="1"`)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        reply = Reply(status, body, named) if isinstance(body, bytes) else json_reply(body, status, **named)
        self.respond = lambda _: reply

    def reply_in_turn(self, *replies: Reply) -> None:
        """From now on answer with one after another; the last one stays."""
        waiting = list(replies)
        lock = threading.Lock()

        def respond(_: Received) -> Reply:
            with lock:
                return waiting.pop(0) if len(waiting) > 1 else waiting[0]

        self.respond = respond

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or the body waits 40 ms for the acknowledgement of the head

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.command, self.path, headers, body)
                loopback.requests.append(received)
                with suppress(ConnectionError):  # the client may have left, as with a time limit
                    self.send(loopback.respond(received))

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_any  # noqa: N815 - names that http.server asks for

            def send(self, reply: Reply) -> None:
                time.sleep(reply.delay)
                if reply.raw is not None:
                    for piece in [reply.raw] if isinstance(reply.raw, bytes) else reply.raw:
                        self.wfile.write(piece)
                        time.sleep(reply.pause)
                    self.close_connection = True
                    if reply.reset:  # closing a socket that does not linger sends RST instead of FIN
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        self.connection.close()
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.status not in (204, 304):
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing: the tests report what matters."""

        return Handler


def json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    """`value` as JSON; a `Content-Type` among the headers wins."""
    return Reply(status, json.encode(value), {"Content-Type": "application/json", **headers})
