"""Typed events from pieces of a response, without any I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar, cast

import msgspec

from .._api import Content
from .._decoding.read import read
from .._decoding.results import Unreadable
from .._errors import InvalidResponse, Issue
from .._request.request import Request
from .._response.read import invalid_response
from .._response.response import Response
from .event import Event
from .parsers import EventParser, JsonParser, TooLarge

T = TypeVar("T")

_LAST = "[DONE]"
"""What many APIs send as the data of an event after the last one that is JSON."""


class Reader(Generic[T]):
    """Typed events from pieces of a response."""

    def __init__(self, content: Content, request: Request, response: Response, limit: int) -> None:
        self.ended = False
        """Whether no further event can come."""
        self._content, self._request, self._limit = content, request, limit
        self._response = Response(response.status, response.headers, b"")
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

    def _decoded(self, written: Event[str]) -> Event[T] | None:
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
        conceal = self._request.conceal
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
        response = msgspec.structs.replace(self._response, content=content)
        return invalid_response(reason, self._request, response, issue)
