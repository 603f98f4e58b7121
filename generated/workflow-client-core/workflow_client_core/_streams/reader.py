"""Typed events from pieces of a response, without any I/O."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Generic, TypeVar, cast

import msgspec

from .._api import Content
from .._decoding.read import read
from .._decoding.results import Unreadable
from .._errors import InvalidResponse, Issue, ResponseTooLarge
from .._models.types import additional, fields, flat_members, is_struct, json_types, members
from .._request.request import Request
from .._response.read import invalid_response
from .._response.response import Response
from .._time_limit import OutOfTime, TimeLimit
from .._transport.limits import Deadline
from .event import Event
from .parsers import EventParser, JsonParser, TooLarge, unwrapped

T = TypeVar("T")

_WHOLE = object()
"""In place of a type: the event itself, with its data as text."""
_LAST = "[DONE]"
"""What many APIs send as the data of an event after the last one that is JSON."""


class Reader(Generic[T]):
    """Typed events from pieces of a response."""

    def __init__(self, content: Content, request: Request, response: Response, limit: int) -> None:
        self.ended = False
        """Whether no further event can come."""
        self._request, self._limit = request, limit
        self._has_events, self._is_text = content.decode == "events", content.type is str
        self._types: dict[str, Any] = {event.name: event.type or types.NoneType for event in content.events}
        self._default: Any = self._types.get("", _WHOLE) if content.events else content.type
        """The type of data of events without a name in `_types`."""
        self._response = Response(response.status, response.headers, b"", attempts=response.attempts)
        self._seconds: float = response.deadline.total
        """How long reading a single event may take: as long as a whole call."""
        self._number = 0
        self._parser: EventParser | JsonParser
        if content.decode == "events":
            self._parser = EventParser(limit)
        else:
            self._parser = JsonParser(limit, records=content.decode == "records")
        self._written: Iterator[Event[str]] = iter(())
        self._is_last = False

    def feed(self, piece: bytes) -> None:
        """Accept the next piece of the response; b"": it has ended."""
        self._is_last = not piece
        self._written = self._parser.feed(piece) if piece else self._parser.end()

    def take(self) -> Event[T] | None:
        """The next event; None when another piece is needed for it, or when there will be none (`ended`).

        Raises:
            InvalidResponse: its data cannot be read, but later events can; or it is too large, and the last one.
        """
        event = None if self.ended else self._next()
        if isinstance(event, InvalidResponse):
            # Here, as tracebacks can show the locals below, and a server can echo a credential.
            raise event
        return event

    def _next(self) -> Event[T] | InvalidResponse | None:
        try:
            written = next(self._written, None)
        except TooLarge:
            self.ended = True
        else:
            if written is not None:
                return self._decoded_in_time(written)
            self.ended = self._is_last
            return None
        reason = f"an event is larger than {self._limit} bytes (max_response_size)"
        return self._invalid(reason, b"", class_=ResponseTooLarge)

    def _decoded_in_time(self, written: Event[str]) -> Event[T] | InvalidResponse | None:
        try:
            with TimeLimit(Deadline(self._seconds).end):
                return self._decoded(written)
        except OutOfTime:
            reason = f"the data of event {self._number} cannot be read within {self._seconds:g} s"
        return self._invalid(reason, written.data.encode())

    def _decoded(self, written: Event[str]) -> Event[T] | InvalidResponse | None:
        self._number += 1
        if self._types and "message" not in self._types:
            inner = unwrapped(written)
            written = inner if self._is_meant(inner, written) else written
        type_, data = self._types.get(written.event, self._default), written.data
        is_text = type_ is str and self._has_events
        may_be_last = not is_text or not (self._is_text or written.event in self._types)
        if may_be_last and data.strip() == _LAST:
            self.ended = True
            return None
        if is_text or type_ is _WHOLE:
            return Event(cast(T, data if is_text else written), written.event, written.id, written.retry)
        content = data.encode()
        try:
            parsed = self._parsed(content, data, type_)
        except Unreadable as unreadable:
            reason, issue = str(unreadable), unreadable.issue
        else:
            return Event(cast(T, parsed), written.event, written.id, written.retry)
        return self._invalid(f"the data of event {self._number} cannot be read: {reason}", content, issue)

    def _is_meant(self, inner: Event[str], written: Event[str]) -> bool:
        """Whether what a nameless event has as its data is an event, too, rather than the data that is documented."""
        if inner.event in self._types or inner.event != written.event:
            return inner.event in self._types or self._default not in (str, Any)
        # Without a name of its own it may be either: it is the one of which no property is lost.
        return self._default not in (str, Any, _WHOLE) and not self._is_data(written.data.encode())

    def _is_data(self, content: bytes) -> bool:
        """Whether an object with a property `data` is the data that is documented for events of any name."""
        try:
            return _declares_data(self._default) and not read(content, self._default, lenient=False).issues
        except Unreadable:
            return False

    def _parsed(self, content: bytes, data: str, type_: Any) -> object:
        conceal = self._request.conceal
        if not data and types.NoneType in members(type_):
            return None
        try:
            return read(content, type_, lenient=False, conceal=conceal).parsed
        except Unreadable as unreadable:
            refusal = unreadable
        try:  # a text, also that of an enum or of a date, need not be JSON
            return read(msgspec.json.encode(data), type_, lenient=False, conceal=conceal).parsed
        except Unreadable:
            pass
        raise refusal

    def _invalid(
        self,
        reason: str,
        content: bytes,
        issue: Issue | None = None,
        class_: type[InvalidResponse] = InvalidResponse,
    ) -> InvalidResponse:
        response = msgspec.structs.replace(self._response, content=content)
        return invalid_response(reason, self._request, response, issue, class_=class_)


def _declares_data(type_: Any) -> bool:
    """Whether an object with a property `data` may be a value of the type without losing that."""
    structs = [member for member in flat_members(type_) if is_struct(member)]
    if any(additional(struct) or any(field.wire == "data" for field in fields(struct)) for struct in structs):
        return True
    return any(dict in json_types(member) for member in flat_members(type_) if member not in structs)
