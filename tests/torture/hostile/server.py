"""A server on the loopback interface that sends any bytes."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """What a connection gets, once its request has come: each piece so many times.

    `ending`: "close"; "reset", so that the client cannot take it for an end; "wait", until the client leaves;
    "trickle": a byte now and then, until the client leaves.
    """

    pieces: Sequence[tuple[bytes, int]]
    ending: str


class HostileServer:
    """Follows a script for each connection; one connection after the other, as calls of a test come."""

    def __init__(self) -> None:
        self.script = Script([], "close")
        self.connections = 0
        """How many have been opened so far."""
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(16)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection, suppress(OSError):
                connection.settimeout(30)
                self._converse(connection, self.script)

    def _converse(self, connection: socket.socket, script: Script) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            received = connection.recv(65536)
            if not received:
                return
            request += received
        for piece, times in script.pieces:
            for _ in range(times):
                connection.sendall(piece)
        if script.ending == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif script.ending == "wait":
            connection.recv(1)
        elif script.ending == "trickle":
            connection.settimeout(0.005)
            while True:
                connection.sendall(b"x")
                with suppress(TimeoutError):
                    if not connection.recv(1):
                        return
        elif script.ending == "close":
            connection.shutdown(socket.SHUT_WR)
