"""Carries out the calls of asynchronous clients; loaded, and httpx2 with it, by the first one."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar, cast

import anyio

from .._connections.connections import AsyncConnections
from .._connections.shared import AsyncSharedConnections
from .._credentials.secrets import Secret
from .._request.request import Request
from .._response.raw import RawResponse
from .._response.read import read_raw, read_response
from .._response.response import OpenResponse, Response
from .._streams.streams import AsyncEventStream
from .._transport.http import send_async
from .._transport.limits import Deadline, as_timeout
from .calls import steps_of, stream_reader
from .settings import Settings
from .steps import Call, Fetch, Lock, Send, Step

T = TypeVar("T")


class AsyncCaller:
    """What carries out the calls of a client, on its connections; for any number of tasks and event loops."""

    def __init__(self, settings: Settings, connections: AsyncSharedConnections) -> None:
        self._settings = settings
        self._connections = connections

    async def result(self, call: Call[T]) -> T:
        """What the operation returns."""
        return read_response(call.operation, *await self.respond(call))

    async def raw_response(self, call: Call[T]) -> RawResponse[T]:
        """The whole response."""
        return read_raw(call.operation, *await self.respond(call))

    async def stream(self, call: Call[T]) -> AsyncEventStream[T]:
        """The stream that the response is."""
        request, response = await self.respond(call)
        if isinstance(response, OpenResponse):
            from .._streams.pieces import AsyncPieces

            reader = stream_reader(call.operation, request, response, self._settings)
            return AsyncEventStream(call.operation, request, response, reader, AsyncPieces(response))
        read_response(call.operation, request, response)  # raises, unless no content at all is documented
        return AsyncEventStream(call.operation, request, response)

    async def respond(self, call: Call[Any]) -> tuple[Request, Response]:
        """The request that was sent last, and the response to it."""
        if self._connections.closed.is_set():
            raise self._settings.closed_error()
        timeout = self._settings.timeout if call.timeout is None else as_timeout(call.timeout)
        deadline = Deadline(timeout.total)
        step: Step | None = None
        connections: AsyncConnections | None = None
        with anyio.CancelScope(deadline=anyio.current_time() + deadline.total) as scope:
            connections = await self._connections.enter(scope)
            if connections is None:
                raise self._settings.closed_error()
            try:
                steps = steps_of(call, self._settings, timeout, deadline)
                reply: object = None
                try:
                    while True:
                        try:
                            step = steps.send(reply)
                        except StopIteration as end:
                            return cast("tuple[Request, Response]", end.value)
                        reply = await _carry_out(step, connections)
                finally:
                    steps.close()
            finally:
                await connections.leave(scope)
        # Only the end of the scope leads here: the time is up, or the client was closed.
        assert step is not None
        assert connections is not None
        attempt = step.attempt
        result = attempt.closed() if connections.aborted else attempt.timed_out()
        attempt.log(result)
        return attempt.conclude(result)


async def _carry_out(step: Step, connections: AsyncConnections) -> object:
    """Do what a step asks for: the reply to it."""
    if isinstance(step, Send):
        return await send_async(step.attempt, connections)
    if isinstance(step, Fetch):
        fetched = Secret(step.source.fetch())
        if isinstance(fetched.reveal(), Awaitable):
            return Secret(await cast("Awaitable[object]", fetched.reveal()))
        return fetched
    if isinstance(step, Lock):
        lock = connections.token_lock(step.source)
        await lock.acquire()
        return lock
    await anyio.sleep(step.seconds)
    if connections.closed.is_set():
        raise step.attempt.closed().error
    return None
