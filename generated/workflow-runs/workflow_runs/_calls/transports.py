"""A transport that several clients use: none of them closes it. Loads httpx2."""

from __future__ import annotations

from typing import Any

import httpx2


class _Shared(httpx2.BaseTransport):
    def __init__(self, transport: httpx2.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._transport.handle_request(request)


class _AsyncShared(httpx2.AsyncBaseTransport):
    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self._transport.handle_async_request(request)


def shared(transport: Any, *, is_async: bool) -> httpx2.BaseTransport | httpx2.AsyncBaseTransport:
    """A transport that sends by this one, and that clients may close: this one stays open."""
    return _AsyncShared(transport) if is_async else _Shared(transport)
