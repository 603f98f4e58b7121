"""A server on the loopback interface that takes requests apart byte by byte, and forgives nothing."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.torture.subject import Broken

_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (/[!$-;=?-\[\]-~]*) HTTP/1\.1")
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ((?:[!-~](?:[\t -~]*[!-~])?)?)")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass(frozen=True)
class Arrived:
    """A request as it arrived; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class StrictServer:
    """Serves connections that stay open. `requests` and `problems` are those since `start`."""

    def __init__(self) -> None:
        self.requests: list[Arrived] = []
        self.problems: list[str] = []
        self.connections = 0
        """How many have been opened so far."""
        self.answer: Callable[[int], bytes] = lambda _: ANSWER
        """What the n-th request since `start` gets, counted from 1."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._serve, daemon=True).start()

    def start(self, answer: Callable[[int], bytes] | None = None) -> None:
        """Forget what has arrived, and answer like this from now on."""
        self.requests, self.problems = [], []
        self.answer = answer or (lambda _: ANSWER)

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while True:
                try:
                    request = _read(connection, self.host)
                except Broken as problem:
                    self.problems.append(str(problem))
                    return
                if request is None:
                    return
                self.requests.append(request)
                connection.sendall(self.answer(len(self.requests)))


def _read(connection: socket.socket, host: str) -> Arrived | None:
    """The next request of a connection; None at its end."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            if received:
                raise Broken("half a request", received)
            return None
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    request = parsed_head(head, host)
    length = int(request.headers.get("content-length", "0"))
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            raise Broken("half a body", received)
        body += piece
    if len(body) > length:
        raise Broken("more than one request", received)
    return Arrived(request.method, request.target, request.headers, body)


def parsed_head(head: bytes, host: str) -> Arrived:
    """A request from its head, without a body.

    Raises:
        Broken: something in it is not as RFC 9112 wants it, or can be read in two ways.
    """
    first, *lines = head.split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None or _ESCAPE.search(line[2].decode()):
        raise Broken("not the first line of a request", first)
    headers: dict[str, str] = {}
    for text in lines:
        header = _HEADER.fullmatch(text)
        if header is None:
            raise Broken("not a header", text)
        name = header[1].decode().lower()
        if name in headers:
            raise Broken("a header that comes twice", text)
        headers[name] = header[2].decode()
    if headers.get("host") != host:
        raise Broken("another host", headers.get("host"))
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
        raise Broken("a body of unknown length", headers)
    return Arrived(line[1].decode(), line[2].decode(), headers, b"")
