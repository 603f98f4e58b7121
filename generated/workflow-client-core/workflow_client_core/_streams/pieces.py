"""The body of a response that has begun, piece by piece; loads httpx2."""

from __future__ import annotations

import weakref
from contextlib import suppress

import anyio
import httpx2

from .._connections.connections import AsyncConnections, Connections, wake
from .._errors import ApiError
from .._response.response import OpenResponse
from .._transport.attempt import CURRENT, Attempt
from .._transport.unpacking import async_pieces_of, pieces_of


class Pieces:
    """The pieces for a synchronous client. Between two of them no call is in flight."""

    def __init__(self, response: OpenResponse) -> None:
        self.closed = False
        """Whether there is nothing more to read: it has ended, failed, or was closed."""
        self._response, self._attempt = response.http, response.attempt
        self._connections: Connections = response.connections
        self._chunks = pieces_of(self._response)
        # With the iterator, which would otherwise close the response wherever the garbage happens to be collected.
        self._finalizer = weakref.finalize(self, self._connections.abandon, self._response, self._chunks)

    def read(self) -> bytes:
        """The next piece; b"" at the end.

        Raises:
            ConnectionFailed, RequestTimeout, InvalidResponse: there is none, and there will be none.
        """
        if self.closed:
            return b""
        piece, failure = b"", None
        try:
            if self._connections.resume():
                piece, failure = self._read()
        except BaseException:  # such as KeyboardInterrupt, in the middle of something
            self.close()
            raise
        if self._was_closed():  # by another thread, which has woken this one
            return b""
        if piece:
            return piece
        self.close()
        failure = _reason_to_end(self._attempt, self._connections) or failure
        if failure is not None:
            raise failure
        return b""

    def _read(self) -> tuple[bytes, ApiError | None]:
        token = CURRENT.set(self._attempt)
        try:
            return next(self._chunks, b""), None
        except (httpx2.RequestError, httpx2.StreamError) as error:
            return b"", self._attempt.broken(error)
        finally:
            CURRENT.reset(token)
            self._connections.leave()

    def _was_closed(self) -> bool:
        # A method, as type checkers do not expect `closed` to change meanwhile.
        return self.closed

    def close(self) -> None:
        """Release the connection, or close it where the response has not ended."""
        if not self.closed:
            self.closed = True
            self._finalizer.detach()
            if self._connections.is_inherited:
                self._connections.abandon(self._response, self._chunks)
                return
            stream = self._response.extensions.get("network_stream")
            if stream is not None and not self._response.is_closed:
                wake(stream)
            with suppress(ValueError):  # another thread is reading, and will notice
                self._chunks.close()
            with suppress(httpx2.RequestError):
                self._response.close()


class AsyncPieces:
    """The asynchronous twin of `Pieces`."""

    def __init__(self, response: OpenResponse) -> None:
        self.closed = False
        """See `Pieces.closed`."""
        self._response, self._attempt = response.http, response.attempt
        self._connections: AsyncConnections = response.connections
        self._chunks = async_pieces_of(self._response)
        self._scope: anyio.CancelScope | None = None
        self._finalizer = weakref.finalize(self, self._connections.abandon, self._response, self._chunks)

    async def read(self) -> bytes:
        """See `Pieces.read`."""
        if self.closed:
            return b""
        piece, failure = b"", None
        try:
            with anyio.CancelScope() as self._scope:
                if self._connections.resume_in(self._scope):
                    piece, failure = await self._read(self._scope)
        except BaseException:  # such as the cancellation of the task
            await self.close()
            raise
        finally:
            self._scope = None
        if self._was_closed():
            return b""
        if piece:
            return piece
        await self.close()
        failure = _reason_to_end(self._attempt, self._connections) or failure
        if failure is not None:
            raise failure
        return b""

    async def _read(self, scope: anyio.CancelScope) -> tuple[bytes, ApiError | None]:
        token = CURRENT.set(self._attempt)
        try:
            return await anext(self._chunks, b""), None
        except (httpx2.RequestError, httpx2.StreamError) as error:
            return b"", self._attempt.broken(error)
        finally:
            CURRENT.reset(token)
            await self._connections.leave(scope)

    def _was_closed(self) -> bool:
        # A method, as type checkers do not expect `closed` to change meanwhile.
        return self.closed

    async def close(self) -> None:
        """See `Pieces.close`."""
        if not self.closed:
            self.closed = True
            self._finalizer.detach()
            if self._connections.is_inherited or not self._connections.are_of_this_loop():
                self._connections.abandon(self._response, self._chunks)
                return
            if self._scope is not None:
                self._scope.cancel()
            with anyio.CancelScope(shield=True):
                with suppress(RuntimeError):  # another task is reading, and will notice
                    await self._chunks.aclose()
                with suppress(httpx2.RequestError):
                    await self._response.aclose()


def _reason_to_end(attempt: Attempt, connections: Connections | AsyncConnections) -> ApiError | None:
    """Why a stream ends, though the server has not ended it; None: for no such reason."""
    if connections.is_inherited:
        return attempt.inherited().error
    return attempt.closed().error if connections.aborted else None
