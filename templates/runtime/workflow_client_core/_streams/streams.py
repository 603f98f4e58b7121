"""Responses that come piece by piece: iterators of typed events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from .._api import Operation
from .event import Event

if TYPE_CHECKING:
    from .._request.request import Request
    from .._response.response import Response
    from .pieces import AsyncPieces, Pieces  # noqa: F401 - named in base classes
    from .reader import Reader

T = TypeVar("T")
P = TypeVar("P")


class _BaseStream(Generic[T, P]):
    """What both kinds of streams have: the response, a reader of its events, and the pieces that the reader needs.

    Without a body, which an API may document for a success, there are neither.
    """

    def __init__(
        self,
        operation: Operation[Any],
        request: Request,
        response: Response,
        reader: Reader[T] | None = None,
        pieces: P | None = None,
    ) -> None:
        self._operation, self._request, self._response = operation, request, response
        self._reader, self._pieces = reader, pieces

    @property
    def status(self) -> int:
        """The response's status."""
        return self._response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The response's headers; case-insensitive."""
        return self._response.headers

    @property
    def attempts(self) -> int:
        """How often the request was sent."""
        return self._response.attempts

    @property
    def request_id(self) -> str | None:
        """The name that the server gave to the request; see `RawResponse`."""
        from .._response.headers import request_id

        return request_id(self.headers, self._request.conceal)

    @property
    def documented_headers(self) -> Mapping[str, Any]:
        """The headers that the API documents for this status, read by their schemas; see `RawResponse`."""
        from .._response.headers import documented_headers

        return documented_headers(self._operation, self.status, self.headers, self._request.conceal)[0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} from {self._request.method} {self._request.shown_url}>"


class EventStream(_BaseStream[T, "Pieces"], Generic[T]):
    """A response whose values come one by one; an iterator of them, once, for one thread at a time.

    It holds a connection until its end, until an error of the connection, or until it is closed: use it in a `with`
    statement, or exhaust it. Closing the client ends it with `ConnectionFailed`.

    A value that cannot be read raises `InvalidResponse` with its bytes in `content`; iterating again goes on after it.
    A connection that breaks raises `ConnectionFailed`, a server that is silent for longer than `timeout.read`
    `RequestTimeout`; the call is then not repeated, as nobody knows what the server would send again.
    """

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return self._next().data

    def events(self) -> Iterator[Event[T]]:
        """The same values, with the names and identifiers of their events."""
        return iter(self._next, None)  # not a generator, as it goes on after an error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the connection; iterating then ends. Twice is fine."""
        if self._reader is not None:
            self._reader.ended = True
        if self._pieces is not None:
            self._pieces.close()

    def _next(self) -> Event[T]:
        reader, pieces = self._reader, self._pieces
        if reader is None or pieces is None:  # a success that is documented without a body
            raise StopIteration
        try:
            while (event := reader.take()) is None:
                if reader.ended:
                    raise StopIteration
                try:
                    piece = pieces.read()
                except BaseException:
                    reader.ended = True
                    raise
                reader.feed(piece)
                del piece  # tracebacks can show locals, and a server can echo a credential
            return event
        finally:
            if reader.ended:
                self.close()


class AsyncEventStream(_BaseStream[T, "AsyncPieces"], Generic[T]):
    """The asynchronous twin of `EventStream`: `async with`, `async for`; for one task at a time."""

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        return (await self._next()).data

    def events(self) -> AsyncIterator[Event[T]]:
        """The same values, with the names and identifiers of their events."""
        return _AsyncEvents(self._next)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Release the connection; iterating then ends. Twice is fine."""
        if self._reader is not None:
            self._reader.ended = True
        if self._pieces is not None:
            await self._pieces.close()

    async def _next(self) -> Event[T]:
        reader, pieces = self._reader, self._pieces
        if reader is None or pieces is None:  # a success that is documented without a body
            raise StopAsyncIteration
        try:
            while (event := reader.take()) is None:
                if reader.ended:
                    raise StopAsyncIteration
                try:
                    piece = await pieces.read()
                except BaseException:
                    reader.ended = True
                    raise
                reader.feed(piece)
                del piece  # tracebacks can show locals, and a server can echo a credential
            return event
        finally:
            if reader.ended:
                await self.aclose()


class _AsyncEvents(Generic[T]):
    """Not a generator: it goes on after an error."""

    def __init__(self, following: Callable[[], Awaitable[Event[T]]]) -> None:
        self._following = following

    def __aiter__(self) -> AsyncIterator[Event[T]]:
        return self

    async def __anext__(self) -> Event[T]:
        return await self._following()
