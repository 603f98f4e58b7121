"""A server that gives every request the same answer. As a program, it runs until its input ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_END = b"\r\n\r\n"


@contextmanager
def running(body: bytes) -> Iterator[str]:
    """Run the server in a process of its own while the context lasts, and give its address."""
    process = subprocess.Popen(
        [sys.executable, "-I", __file__, body.decode()], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.communicate()


class _Connection(asyncio.Protocol):
    def __init__(self, answer: bytes) -> None:
        self._answer, self._received = answer, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while _END in self._received:
            self._received = self._received.partition(_END)[2]
            self._transport.write(self._answer)


async def _serve(body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(head + body), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1].encode()))
