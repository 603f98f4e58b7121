"""Streams as they are written: server-sent events, lines of JSON, sequences of JSON. Pure and incremental.

A parser is fed with pieces of any size; where a piece ends, also inside a character or between CR and LF, does not
matter.

httpx2's `EventSource` does not do for server-sent events, as `tests/runtime/test_events.py` shows: an event whose blank
line ends with CR comes only with the next piece, lines of `id`, `event` or `retry` alone make an event, a byte order
mark is not removed, `retry: -1` counts, and its pieces come from a response that it reads itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct

from .event import Event

_LINE_END = re.compile(rb"\r\n|\n|\r")
_DIGITS = re.compile(r"[0-9]{1,18}")
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_RECORD = re.compile(rb"\x1e")


class TooLarge(Exception):
    """More is buffered for one event than the limit allows."""


class Lines:
    """Cuts pieces at a separator and buffers what follows the last separator of each; drops a byte order mark."""

    def __init__(self, limit: int, end: re.Pattern[bytes] = _LINE_END) -> None:
        self.limit = limit
        self.buffered = 0
        """The size of what else is buffered of the event that is being read; it counts for the limit."""
        self._end = end
        self._start = bytearray()  # not a list: a small piece takes many times the memory of its bytes
        self._after_cr = False
        self._at_start = True

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The lines that end in this piece, without their ends. To be exhausted before the next piece is fed.

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
            self._buffer(piece[start:])

    def rest(self) -> bytes:
        """What follows the last separator."""
        return self._whole(b"")

    def _buffer(self, part: bytes) -> None:
        self._check(part)
        self._start += part

    def _check(self, part: bytes) -> None:
        if len(self._start) + len(part) + self.buffered > self.limit:
            raise TooLarge

    def _whole(self, part: bytes) -> bytes:
        self._check(part)
        line = b"".join((self._start, part)) if self._start else part
        self._start.clear()
        if self._at_start:  # "UTF-8 decode" of the Encoding standard removes a byte order mark
            line = line.removeprefix(_BOM)
            self._at_start = False
        return line


class EventParser:
    """Server-sent events (WHATWG HTML, 9.2.6): an event ends with a blank line, or is dropped.

    `limit`: how many bytes may be buffered, of the data of one event and of the line that is being read.
    """

    def __init__(self, limit: int) -> None:
        self._lines = Lines(limit)
        self._data = bytearray()  # each line of it ends with LF; not a list, for the same reason
        self._event = ""
        self._id = ""
        self._retry: int | None = None

    def feed(self, piece: bytes) -> Iterator[Event[str]]:
        """The events that end in this piece.

        Raises:
            TooLarge: an event is larger than the limit.
        """
        for line in self._lines.feed(piece):
            if line:
                self._field(line)
            elif self._data:
                data = self._data[:-1].decode(errors="replace")
                event = Event(data, self._event or "message", self._id, self._retry)
                self._reset()
                yield event
            else:
                self._reset()

    def end(self) -> Iterator[Event[str]]:
        """The response has ended: an event that is not complete is dropped."""
        return iter(())

    def _reset(self) -> None:
        self._data.clear()
        self._event, self._lines.buffered = "", 0

    def _field(self, line: bytes) -> None:
        name, _, content = line.partition(b":")
        content = content.removeprefix(b" ")
        if name == b"data":
            self._data += content + b"\n"
            self._lines.buffered += len(line)
            return
        value = content.decode(errors="replace")
        if name == b"event":
            self._event = value
        elif name == b"id":
            if "\0" not in value:
                self._id = value
        elif name == b"retry" and _DIGITS.fullmatch(value):
            self._retry = int(value)


class JsonParser:
    """JSON values one after the other; each is the data of an event without a name.

    `records`: each value follows an RS (RFC 7464) and ends where the next one begins; otherwise each is a line (JSON
    Lines), of which the last may lack its end. Blank records and lines are skipped.
    """

    def __init__(self, limit: int, *, records: bool = False) -> None:
        self._lines = Lines(limit, _RECORD if records else _LINE_END)

    def feed(self, piece: bytes) -> Iterator[Event[str]]:
        """The values that end in this piece.

        Raises:
            TooLarge: a value is larger than the limit.
        """
        for line in self._lines.feed(piece):
            yield from self._value(line)

    def end(self) -> Iterator[Event[str]]:
        """The response has ended, and the last value with it."""
        yield from self._value(self._lines.rest())

    def _value(self, line: bytes) -> Iterator[Event[str]]:
        line = line.strip(_BLANK)
        if line:
            yield Event(line.decode(errors="replace"))


class _Envelope(Struct, forbid_unknown_fields=True):
    data: Raw
    event: str = ""
    id: str | int | None = None
    retry: int | None = None


def unwrapped(written: Event[str]) -> Event[str]:
    """The event that a nameless one has as its data, as JSON: some servers write the fields of events like that.

    Any other event is returned as it is.
    """
    if written.event != "message" or '"data"' not in written.data:
        return written
    try:
        envelope = msgspec.json.decode(written.data, type=_Envelope)
        data = bytes(envelope.data)
        text = msgspec.json.decode(data, type=str) if data.startswith(b'"') else data.decode()
    except (msgspec.DecodeError, RecursionError):
        return written
    id = written.id if envelope.id is None else str(envelope.id)
    retry = written.retry if envelope.retry is None else envelope.retry
    return Event(text, envelope.event or written.event, id, retry)
