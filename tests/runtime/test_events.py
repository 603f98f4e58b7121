"""Server-sent events and lines of JSON are read as their definitions say, in whatever pieces they come."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from workflow_client_core import Event
from workflow_client_core._streams.parsers import EventParser, JsonParser, TooLarge

LARGE = 1 << 30


def read(parser: EventParser | JsonParser, *pieces: bytes) -> list[Event[str]]:
    events = [event for piece in pieces for event in parser.feed(piece)]
    return [*events, *parser.end()]


def events(*pieces: bytes, limit: int = LARGE) -> list[Event[str]]:
    return read(EventParser(limit), *pieces)


def expected_events(stream: bytes) -> list[Event[str]]:
    """The events of a whole stream, read step by step as WHATWG HTML, 9.2.6, describes."""
    text = stream.decode("utf-8-sig" if stream.startswith(b"\xef\xbb\xbf") else "utf-8", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    *lines, _ = text.split("\n")  # what follows the last line end is not a line
    complete: list[Event[str]] = []
    data = event_type = last_id = ""
    reconnection_time = None
    for line in lines:
        if line == "":
            if data != "":
                complete.append(
                    Event(data[:-1], event_type if event_type != "" else "message", last_id, reconnection_time)
                )
            data = event_type = ""
            continue
        if line[0] == ":":
            continue
        field, value = line, ""
        if ":" in line:
            colon = line.index(":")
            field, value = line[:colon], line[colon + 1 :]
            if value[:1] == " ":
                value = value[1:]
        if field == "event":
            event_type = value
        elif field == "data":
            data = data + value + "\n"
        elif field == "id" and "\0" not in value:
            last_id = value
        elif field == "retry" and value != "" and all(c in "0123456789" for c in value):
            reconnection_time = int(value)
    return complete


FRAGMENTS = st.sampled_from(
    [
        b"data", b"event", b"id", b"retry", b"Data", b":", b": ", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"x",
        b"12", b"\x00", b"\xef\xbb\xbf", b"\xc3\xa4", b"\xf0\x9f\x98\x80", b"\xf0\x9f", b"\xff", b"\xc3",
        b"\xe2\x80\xa8", b"\x0b", b"\x85", b"data: a\n", b"data:b\r\n", b"event: e\n", b"id: 1\r", b"retry: 5\n",
    ]
)  # fmt: skip
STREAMS = st.lists(FRAGMENTS | st.binary(max_size=3), max_size=40).map(b"".join)


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


@given(STREAMS, st.lists(st.integers(0, 10_000), max_size=30))
@example(b"\xef\xbb\xbfdata: \xc3\xa4\r\n\r\ndata", [1, 2, 10, 12, 13, 14])
def test_any_stream_in_any_pieces_has_the_events_that_the_definition_gives(stream: bytes, places: list[int]) -> None:
    assert events(*cut(stream, places)) == expected_events(stream)


@given(STREAMS)
@example(b"data: a\r\ndata: b\r\n\r\n")
def test_byte_by_byte_is_like_all_at_once(stream: bytes) -> None:
    assert events(*(stream[i : i + 1] for i in range(len(stream)))) == events(stream)


@given(STREAMS, st.integers(0, 60), st.lists(st.integers(0, 10_000), max_size=30))
def test_the_limit_does_not_depend_on_the_pieces(stream: bytes, limit: int, places: list[int]) -> None:
    def outcome(*pieces: bytes) -> tuple[list[Event[str]], bool]:
        parser, complete = EventParser(limit), list[Event[str]]()
        try:
            for piece in pieces:
                complete.extend(parser.feed(piece))
        except TooLarge:
            return complete, True
        return complete, False

    assert outcome(*cut(stream, places)) == outcome(stream)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [Event("YHOO\n+2\n10")]),
        (b": test\n\ndata: 1\nid: 1\n\ndata:2\nid\n\ndata:  3\n\n", [("1", "1"), ("2", ""), (" 3", "")]),
        (b"data\n\ndata\ndata\n\ndata:", [Event(""), Event("\n")]),
        (b"data:test\n\ndata: test\n\n", [Event("test"), Event("test")]),
    ],
)
def test_the_examples_of_the_definition(stream: bytes, expected: list[Event[str] | tuple[str, str]]) -> None:
    full = [e if isinstance(e, Event) else Event(e[0], id=e[1]) for e in expected]
    assert events(stream) == full


def test_an_event_comes_with_its_blank_line_and_not_a_byte_later() -> None:
    parser = EventParser(LARGE)
    assert list(parser.feed(b"data: 1\r\n\r")) == [Event("1")]
    assert list(parser.feed(b"\ndata: 2\r\r")) == [Event("2")]


def test_names_identifiers_and_times_to_wait() -> None:
    stream = b"id: a\nretry: 10\n\nevent: e\ndata: 1\n\nid: b\0\nretry: 1x\ndata: 2\n\nid\nretry:\ndata: 3\n\n"
    assert events(stream) == [
        Event("1", "e", "a", 10),
        Event("2", "message", "a", 10),
        Event("3", "message", "", 10),
    ]


def test_what_is_not_buffered_does_not_count_for_the_limit() -> None:
    assert events(*([b": keep-alive\n"] * 1000), b"data: 1\n\n", limit=20) == [Event("1")]
    assert events(*([b"data: 1\n\n"] * 1000), limit=20) == [Event("1")] * 1000
    with pytest.raises(TooLarge):
        events(*([b"data: 123456\n"] * 2), limit=20)
    with pytest.raises(TooLarge):
        events(*([b"x"] * 21), limit=20)


def test_an_event_before_one_that_is_too_large_is_given() -> None:
    parser = EventParser(10)
    following = parser.feed(b"data: 1\n\ndata: 1234567890\n\n")
    assert next(following) == Event("1")
    with pytest.raises(TooLarge):
        next(following)


# Lines and records of JSON


@given(
    st.lists(st.sampled_from([b"{}", b" ", b"1", b"\r", b"\xc3\xa4", b"\x1e"]), max_size=20).map(b"".join),
    st.lists(st.integers(0, 100)),
)
def test_lines_are_those_of_the_whole_text(line: bytes, places: list[int]) -> None:
    stream = b"\n".join([line, b'{"a": 1}', line])
    lines = [text.strip(b" \t\r\n") for text in stream.replace(b"\r", b"\n").split(b"\n")]
    expected = [Event(text.decode()) for text in lines if text]
    assert read(JsonParser(LARGE), *cut(stream, places)) == expected


@given(st.lists(st.integers(0, 100)))
def test_records_may_hold_line_ends(places: list[int]) -> None:
    stream = b'\x1e{"a":\n1}\n\x1e\x1e[]\n\x1e2'
    expected = [Event('{"a":\n1}'), Event("[]"), Event("2")]
    assert read(JsonParser(LARGE, records=True), *cut(stream, places)) == expected


def test_a_byte_order_mark_before_lines_is_ignored() -> None:
    assert read(JsonParser(LARGE), b"\xef\xbb", b"\xbf1\n2") == [Event("1"), Event("2")]


def test_a_line_that_is_too_large_ends_the_stream() -> None:
    with pytest.raises(TooLarge):
        read(JsonParser(5), b"123456")
