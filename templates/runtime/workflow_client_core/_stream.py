"""Answers that come piece by piece: iterators of typed events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

import msgspec
from msgspec import Struct

from ._api import Content, Operation
from ._decoding import Unreadable, read
from ._errors import InvalidResponse, Issue
from ._events import EventParser, JsonParser, TooLarge, WrittenEvent
from ._headers import documented_headers
from ._request import Request
from ._response import Answer, invalid_response
from ._secrets import without_secrets

if TYPE_CHECKING:
    from ._pieces import AsyncPieces, Pieces

T = TypeVar("T")

_LAST = "[DONE]"
"""What many APIs send as the data of an event behind the last one that is JSON."""


class Event(Struct, Generic[T], frozen=True):
    """One server-sent event (WHATWG HTML, 9.2).

    - `data`: decoded, as the API documents it.
    - `event`: the name that the server gave it; "message" where it gave none.
    - `id`: the last identifier that the server sent, with this event or an earlier one; "" before that.
    - `retry`: milliseconds to wait before connecting again, as the server last said; None where it never did.
    """

    data: T
    event: str = "message"
    id: str = ""
    retry: int | None = None


class Reader(Generic[T]):
    """Events from pieces of an answer, without any I/O."""

    def __init__(self, content: Content, request: Request, answer: Answer, limit: int) -> None:
        self.ended = False
        """Whether no further event can come."""
        self._content, self._request, self._limit = content, request, limit
        self._answer = Answer(answer.status, answer.headers, b"")
        self._number = 0
        self._parser: EventParser | JsonParser
        if content.decode == "events":
            self._parser = EventParser(limit)
        else:
            self._parser = JsonParser(limit, records=content.decode == "records")
        self._written: Iterator[WrittenEvent] = iter(())
        self._is_last = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the answer; b"": it has ended."""
        self._is_last = not piece
        self._written = self._parser.feed(piece) if piece else self._parser.end()

    def take(self) -> Event[T] | None:
        """The next event; None when another piece is needed for it, or when there will be none (`ended`).

        Raises:
            InvalidResponse: its data cannot be read; the events behind it still can. Or it is too large; then
                this is the end.
        """
        if self.ended:
            return None
        try:
            written = next(self._written, None)
        except TooLarge:
            self.ended = True
        else:
            if written is not None:
                return self._decoded(written)
            self.ended = self._is_last
            return None
        raise self._invalid(f"an event is larger than {self._limit} bytes (max_response_size)", b"")

    def _decoded(self, written: WrittenEvent) -> Event[T] | None:
        self._number += 1
        type_, data = self._content.type, written.data
        if type_ is str:
            return Event(cast(T, data), written.event, written.id, written.retry)
        if data.strip() == _LAST:
            self.ended = True
            return None
        content = data.encode()
        try:
            parsed = self._parsed(content, data)
        except Unreadable as unreadable:
            reason, issue = str(unreadable), unreadable.issue
        else:
            return Event(cast(T, parsed), written.event, written.id, written.retry)
        raise self._invalid(f"the data of event {self._number} cannot be read: {reason}", content, issue)

    def _parsed(self, content: bytes, data: str) -> object:
        conceal = partial(without_secrets, credentials=self._request.credentials)
        try:
            return read(content, self._content.type, lenient=False, conceal=conceal).parsed
        except Unreadable as unreadable:
            refusal = unreadable
        if refusal.issue is None:  # the text of an enum or of a date need not be JSON
            try:
                return read(msgspec.json.encode(data), self._content.type, lenient=False, conceal=conceal).parsed
            except Unreadable:
                pass
        raise refusal

    def _invalid(self, reason: str, content: bytes, issue: Issue | None = None) -> InvalidResponse:
        answer = msgspec.structs.replace(self._answer, content=content)
        return invalid_response(reason, self._request, answer, issue)


class _Described:
    """What both kinds of streams tell about their answer."""

    def __init__(self, operation: Operation[Any], request: Request, answer: Answer) -> None:
        self._operation, self._request, self._answer = operation, request, answer

    @property
    def status(self) -> int:
        """The answer's status."""
        return self._answer.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers; case-insensitive."""
        return self._answer.headers

    @cached_property
    def documented_headers(self) -> Mapping[str, Any]:
        """The headers that the API documents for this status, read by their schemas; see `RawResponse`."""
        conceal = partial(without_secrets, credentials=self._request.credentials)
        return documented_headers(self._operation, self.status, self.headers, conceal)[0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} from {self._request.method} {self._request.shown_url}>"


class EventStream(_Described, Generic[T]):
    """An answer whose values come one by one; an iterator of them, once, for one thread at a time.

    It holds a connection until its end, until an error of the connection, or until it is closed: use it in a `with`
    statement, or exhaust it. Closing the client ends it with `ConnectionFailed`.

    A value that cannot be read raises `InvalidResponse` with its bytes in `content`; iterating again goes on behind it.
    A connection that breaks raises `ConnectionFailed`, a server that is silent for longer than `timeout.read`
    `RequestTimeout`; the call is then not repeated, as nobody knows what the server would send again.
    """

    def __init__(
        self,
        operation: Operation[Any],
        request: Request,
        answer: Answer,
        reader: Reader[T] | None,
        pieces: Pieces | None,
    ) -> None:
        super().__init__(operation, request, answer)
        self._reader, self._pieces = reader, pieces

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return self._next().data

    def events(self) -> Iterator[Event[T]]:
        """The same values, with the names and identifiers of their events."""
        return _Events(self._next)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; iterating then ends. Twice is fine."""
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
            return event
        finally:
            if reader.ended:
                self.close()


class AsyncEventStream(_Described, Generic[T]):
    """The asynchronous twin of `EventStream`: `async with`, `async for`; for one task at a time."""

    def __init__(
        self,
        operation: Operation[Any],
        request: Request,
        answer: Answer,
        reader: Reader[T] | None,
        pieces: AsyncPieces | None,
    ) -> None:
        super().__init__(operation, request, answer)
        self._reader, self._pieces = reader, pieces

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
        """Give the connection back; iterating then ends. Twice is fine."""
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
            return event
        finally:
            if reader.ended:
                await self.aclose()


class _Events(Generic[T]):
    """No generator: it goes on behind an error."""

    def __init__(self, following: Callable[[], Event[T]]) -> None:
        self._following = following

    def __iter__(self) -> Iterator[Event[T]]:
        return self

    def __next__(self) -> Event[T]:
        return self._following()


class _AsyncEvents(Generic[T]):
    def __init__(self, following: Callable[[], Awaitable[Event[T]]]) -> None:
        self._following = following

    def __aiter__(self) -> AsyncIterator[Event[T]]:
        return self

    async def __anext__(self) -> Event[T]:
        return await self._following()
