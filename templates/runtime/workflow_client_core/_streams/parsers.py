"""Streams as they are written: server-sent events, lines of JSON, sequences of JSON. Pure and incremental.

A parser is fed with pieces of any size; where one ends, also inside a character or between CR and LF, does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_LINE_END = re.compile(rb"\r\n|\n|\r")
_DIGITS = re.compile(r"[0-9]{1,18}")
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_RECORD = re.compile(rb"\x1e")


class TooLarge(Exception):
    """More is buffered for one event than is allowed."""


class WrittenEvent(Struct, frozen=True):
    """One event as it is written; `retry` in milliseconds."""

    data: str
    event: str = "message"
    id: str = ""
    retry: int | None = None


class Lines:
    """Cuts pieces at a separator and keeps what is left of each for the next one."""

    def __init__(self, limit: int, end: re.Pattern[bytes] = _LINE_END) -> None:
        self.limit = limit
        self.buffered = 0
        """What else is kept of the event that is being read, in bytes; it counts for the limit."""
        self._end = end
        self._rest: list[bytes] = []
        self._size = 0
        self._after_cr = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The lines that end in this piece, without their ends. To be exhausted before the next one is fed.

        Raises:
            TooLarge: a line, with what is buffered beside it, is longer than the limit.
        """
        start = 1 if self._after_cr and piece.startswith(b"\n") else 0
        for match in self._end.finditer(piece, start):
            line = self._whole(piece[start : match.start()])
            start = match.end()
            yield line
        if piece:
            # A CR ends its line at once; an LF that comes with the next piece belongs to it.
            self._after_cr = self._end is _LINE_END and piece.endswith(b"\r")
            self._keep(piece[start:])

    def rest(self) -> bytes:
        """What stands behind the last separator."""
        return self._whole(b"")

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size + self.buffered > self.limit:
            raise TooLarge
        if part:
            self._rest.append(part)

    def _whole(self, part: bytes) -> bytes:
        self._keep(part)
        line = b"".join(self._rest)
        self._rest, self._size = [], 0
        return line


class EventParser:
    """Server-sent events (WHATWG HTML, 9.2.6): an event ends with a blank line; one that does not is none.

    `limit` is the size in bytes of what may be buffered: the data of one event, and the line that is being read.
    """

    def __init__(self, limit: int) -> None:
        self._lines = Lines(limit)
        self._first = True
        self._data: list[str] = []
        self._event = ""
        self._id = ""
        self._retry: int | None = None

    def feed(self, piece: bytes) -> Iterator[WrittenEvent]:
        """The events that end in this piece.

        Raises:
            TooLarge: an event is larger than the limit.
        """
        for line in self._lines.feed(piece):
            if self._first:  # "UTF-8 decode" of the Encoding standard takes one byte order mark away
                line = line.removeprefix(_BOM)
                self._first = False
            if line:
                self._field(line)
            elif self._data:
                event = WrittenEvent("\n".join(self._data), self._event or "message", self._id, self._retry)
                self._forget()
                yield event
            else:
                self._forget()

    def end(self) -> Iterator[WrittenEvent]:
        """The answer has ended: an event that is not complete is dropped."""
        return iter(())

    def _forget(self) -> None:
        self._data, self._event, self._lines.buffered = [], "", 0

    def _field(self, line: bytes) -> None:
        name, _, value = line.decode(errors="replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
            self._lines.buffered += len(line)
        elif name == "event":
            self._event = value
        elif name == "id":
            if "\0" not in value:
                self._id = value
        elif name == "retry" and _DIGITS.fullmatch(value):
            self._retry = int(value)


class JsonParser:
    """JSON values one after the other; each is the data of an event without a name.

    `records`: each stands behind an RS (RFC 7464) and ends where the next one begins; otherwise each is a line
    (JSON Lines), and the last one may lack its end. Blank ones are nothing.
    """

    def __init__(self, limit: int, *, records: bool = False) -> None:
        self._lines = Lines(limit, _RECORD if records else _LINE_END)
        self._first = True

    def feed(self, piece: bytes) -> Iterator[WrittenEvent]:
        """The values that end in this piece.

        Raises:
            TooLarge: a value is larger than the limit.
        """
        for line in self._lines.feed(piece):
            yield from self._value(line)

    def end(self) -> Iterator[WrittenEvent]:
        """The answer has ended, and the last value with it."""
        yield from self._value(self._lines.rest())

    def _value(self, line: bytes) -> Iterator[WrittenEvent]:
        if self._first:
            line = line.removeprefix(_BOM)
            self._first = False
        line = line.strip(_BLANK)
        if line:
            yield WrittenEvent(line.decode(errors="replace"))
