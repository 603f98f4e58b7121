"""Event streams that a server sends, and clients that read them step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import repeat
from typing import Any

import workflow_client_core as core

from tests.loopback import Reply
from tests.runtime.conftest import ONCE
from tests.runtime.example_api import FOLLOW_RUN, AsyncExampleClient, ExampleClient

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
TO_THE_END = HEAD + b"Connection: close\r\n\r\n"
ONE = b'data: {"id": "1"}\n\n'
TWO = b'id: 7\r\nevent: done\r\nretry: 100\r\ndata: {"id": "2"}\r\n\r\n'


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST = chunk(b"")


def event_stream(body: bytes, **headers: str) -> Reply:
    return Reply(200, body, {"Content-Type": "text/event-stream", **headers})


class Reading:
    """A synchronous or asynchronous stream, read step by step."""

    def __init__(self, stream: Any, run: Callable[[Any], Any]) -> None:
        self.stream, self._run = stream, run

    def next(self) -> Any:
        """The next value; None at the end."""
        if isinstance(self.stream, core.EventStream):
            return next(self.stream, None)
        return self._run(anext_of(self.stream))

    def rest(self) -> list[Any]:
        return list(iter(self.next, None))

    def events(self) -> list[core.Event[Any]]:
        if isinstance(self.stream, core.EventStream):
            return list(self.stream.events())

        async def listed() -> list[core.Event[Any]]:
            return [event async for event in self.stream.events()]

        events: list[core.Event[Any]] = self._run(listed())
        return events

    def close(self) -> None:
        if isinstance(self.stream, core.EventStream):
            self.stream.close()
        else:
            self._run(self.stream.aclose())


async def anext_of(stream: Any) -> Any:
    return await anext(stream, None)


class Opening:
    """Makes clients and opens streams, once per test synchronously, once asynchronously."""

    def __init__(self, mode: str, url: str, stack: ExitStack) -> None:
        self.mode, self._url, self._stack = mode, url, stack
        self._runner = stack.enter_context(asyncio.Runner())

    def client(self, **settings: Any) -> Any:
        settings = {"api_key": "secret-key", "base_url": self._url, "retry": ONCE, **settings}
        if self.mode == "sync":
            return self._stack.enter_context(ExampleClient(**settings))
        client = AsyncExampleClient(**settings)
        self._stack.callback(lambda: self._runner.run(client.aclose()))
        return client

    def __call__(self, operation: core.Operation[Any] = FOLLOW_RUN, *, by: Any = None, **settings: Any) -> Reading:
        client = by or self.client(**settings)
        return Reading(self.run(client.stream(operation, run_id="1")), self._runner.run)

    def run(self, value: Any) -> Any:
        return self._runner.run(value) if asyncio.iscoroutine(value) else value

    def close(self, client: Any) -> None:
        self.run(getattr(client, "close" if self.mode == "sync" else "aclose")())


def endless() -> Iterator[bytes]:
    yield CHUNKED
    yield from repeat(chunk(ONE))
