"""A proxy on a free port of this machine, which keeps what it gets, and forwards nothing.

It answers forwarded requests itself, and lets a client begin TLS in a tunnel, then breaks it off.
"""

from __future__ import annotations

import socket
import threading
from typing import Self


class LoopbackProxy:
    """The proxy; a context manager. `received` has all bytes of each connection."""

    def __init__(self, reply: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self.received: list[bytes] = []
        self._reply = reply
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def all(self) -> bytes:
        return b"\n".join(self.received)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                head = b""
                while b"\r\n\r\n" not in head and (data := connection.recv(65536)):
                    head += data
                if head.startswith(b"CONNECT "):
                    connection.sendall(self._reply)
                    self.received.append(head + connection.recv(65536))
                else:
                    self.received.append(head)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
