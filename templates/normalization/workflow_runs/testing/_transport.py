"""Requests of the clients, answered by a fake in the same process. Loads httpx2."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping

import httpx2

from ._fake import BaseFakeProvider
from ._requests import Incoming
from ._timelines import Response


class FakeTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """A transport of httpx2, both synchronous and asynchronous, which sends nothing: a fake answers.

    Delays pass by the clock of the fake; one that is longer than the request waits for is a `ReadTimeout`.
    """

    def __init__(self, fake: BaseFakeProvider) -> None:
        self._fake = fake

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """See `httpx2.BaseTransport`."""
        with self._fake.handling(_incoming(request)) as response:
            seconds = _seconds(request, response)
            if seconds > 0:
                self._fake.clock.sleep(seconds, None)
            return _sent(request, response)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See `httpx2.AsyncBaseTransport`."""
        with self._fake.handling(_incoming(request)) as response:
            seconds = _seconds(request, response)
            if seconds > 0:
                await self._fake.clock.sleep_async(seconds)
            return _sent(request, response)


def _incoming(request: httpx2.Request) -> Incoming:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Incoming(request.method, request.url.netloc.decode(), request.url.raw_path.decode(), headers)


def _limit(request: httpx2.Request) -> float | None:
    limits: Mapping[str, float | None] = request.extensions.get("timeout") or {}
    return limits.get("read")


def _seconds(request: httpx2.Request, response: Response) -> float:
    """How long it takes until the answer comes, or nobody waits for it any longer."""
    limit = _limit(request)
    return response.delay if limit is None else min(response.delay, limit)


def _sent(request: httpx2.Request, response: Response) -> httpx2.Response:
    limit = _limit(request)
    if limit is not None and response.delay > limit:
        raise httpx2.ReadTimeout("the answer takes too long", request=request)
    if response.end == "dropped":
        raise httpx2.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = {**response.headers, "Content-Length": str(len(response.body))}
    body = _Truncated(response.body) if response.end == "truncated" else response.body
    if isinstance(body, bytes):
        return httpx2.Response(response.status, headers=headers, content=body, request=request)
    return httpx2.Response(response.status, headers=headers, stream=body, request=request)


class _Truncated(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The first half of a body, and the end of the connection."""

    def __init__(self, body: bytes) -> None:
        self._half = body[: len(body) // 2]
        self._error = (
            "peer closed connection without sending complete message body"
            f" (received {len(self._half)} bytes, expected {len(body)})"
        )

    def __iter__(self) -> Iterator[bytes]:
        yield self._half
        raise httpx2.RemoteProtocolError(self._error)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        raise httpx2.RemoteProtocolError(self._error)
