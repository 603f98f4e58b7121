"""Carries out the calls of synchronous clients; loaded, and httpx2 with it, by the first one."""

from __future__ import annotations

import threading
from types import CoroutineType
from typing import Any, TypeVar, cast

from .._connections.connections import Connections
from .._connections.shared import SharedConnections
from .._credentials.secrets import Secret
from .._request.request import Request
from .._response.raw import RawResponse
from .._response.read import read_raw, read_response
from .._response.response import OpenResponse, Response
from .._streams.streams import EventStream
from .._transport.http import send
from .._transport.limits import Deadline, as_timeout
from .calls import steps_of, stream_reader
from .settings import Settings
from .steps import Call, Fetch, Lock, Send, Step

T = TypeVar("T")


class Caller:
    """What carries out the calls of a client, on its connections; for any number of threads."""

    def __init__(self, settings: Settings, connections: SharedConnections) -> None:
        self._settings = settings
        self._connections = connections

    def result(self, call: Call[T]) -> T:
        """What the operation returns."""
        return read_response(call.operation, *self.respond(call))

    def raw_response(self, call: Call[T]) -> RawResponse[T]:
        """The whole response."""
        return read_raw(call.operation, *self.respond(call))

    def stream(self, call: Call[T]) -> EventStream[T]:
        """The stream that the response is."""
        request, response = self.respond(call)
        if isinstance(response, OpenResponse):
            from .._streams.pieces import Pieces

            reader = stream_reader(call.operation, request, response, self._settings)
            return EventStream(call.operation, request, response, reader, Pieces(response))
        read_response(call.operation, request, response)  # raises, unless no content at all is documented
        return EventStream(call.operation, request, response)

    def respond(self, call: Call[Any]) -> tuple[Request, Response]:
        """The request that was sent last, and the response to it."""
        timeout = self._settings.timeout if call.timeout is None else as_timeout(call.timeout)
        deadline = Deadline(timeout.total)
        connections = self._connections.enter()
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
                    reply = _carry_out(step, connections)
            finally:
                steps.close()
        finally:
            connections.leave()


def _carry_out(step: Step, connections: Connections) -> object:
    """Do what a step asks for: the reply to it."""
    if isinstance(step, Send):
        return send(step.attempt, connections)
    if isinstance(step, Fetch):
        fetched = Secret(step.source.fetch())
        if isinstance(fetched.reveal(), CoroutineType):  # it is refused, as it is not a text; nobody will await it
            cast("CoroutineType[object, object, object]", fetched.reveal()).close()
        return fetched
    if isinstance(step, Lock):
        left = min(max(step.attempt.terms.deadline.remaining(), 0), threading.TIMEOUT_MAX)
        lock = step.source.lock
        return lock if lock.acquire(timeout=left) else None
    if connections.closed.wait(step.seconds):
        raise step.attempt.closed().error
    return None
