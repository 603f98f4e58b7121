"""Streamed responses over a real connection: their values, their limits, and their secrets."""

from __future__ import annotations

import gzip
import logging
import threading
import time
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Reply
from tests.runtime.example_api import FOLLOW_RUN, GET_RUN, ExampleClient, Run
from tests.runtime.streams.opening import CHUNKED, HEAD, LAST, ONE, TWO, Opening, chunk, endless, event_stream


def test_values_come_one_by_one_while_the_server_is_still_at_it(server: Loopback, opening: Opening) -> None:
    go_on = threading.Event()

    def slowly() -> Iterator[bytes]:
        yield CHUNKED
        yield chunk(ONE)
        go_on.wait(5)
        yield chunk(TWO) + LAST

    server.respond = lambda _: Reply(raw=slowly())
    reading = opening()
    assert reading.next() == Run(id="1")
    go_on.set()
    assert reading.rest() == [Run(id="2")]
    assert reading.next() is None
    assert server.last.headers["accept"] == "text/event-stream, application/problem+json;q=0.5"
    assert (reading.stream.status, reading.stream.headers["CONTENT-TYPE"]) == (200, "text/event-stream")
    class_name = "EventStream" if opening.mode == "sync" else "AsyncEventStream"
    assert repr(reading.stream) == f"<{class_name} 200 from GET {server.url}/runs/1/events>"


def test_events_tell_their_names_and_identifiers(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: event_stream(ONE + TWO + ONE)
    assert opening().events() == [
        core.Event(Run(id="1")),
        core.Event(Run(id="2"), "done", "7", 100),
        core.Event(Run(id="1"), "message", "7", 100),
    ]


@pytest.mark.parametrize("pause", [0, 0.001])
def test_pieces_of_any_size_make_the_same_events(server: Loopback, opening: Opening, pause: float) -> None:
    text = b'\xef\xbb\xbfdata: {"id":\r\ndata: "\xc3\xa4\xf0\x9f\x98\x80"}\r\n\r\n: note\r' + TWO
    body = [text[i : i + 1] for i in range(len(text))]
    server.respond = lambda _: Reply(raw=chain([CHUNKED], map(chunk, body), [LAST]), pause=pause)
    assert opening().rest() == [Run(id="ä😀"), Run(id="2")]


def test_documented_headers_are_those_of_the_head(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: event_stream(ONE, **{"X-Remaining": "5"})
    reading = opening(replace(FOLLOW_RUN, headers={"200": (core.Header("X-Remaining", int),)}))
    assert dict(reading.stream.documented_headers) == {"X-Remaining": 5}
    assert reading.rest() == [Run(id="1")]


def test_compressed_streams_are_unpacked(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: event_stream(gzip.compress(ONE + TWO), **{"Content-Encoding": "gzip"})
    assert opening().rest() == [Run(id="1"), Run(id="2")]


def test_a_stream_that_cannot_be_unpacked_is_invalid(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: event_stream(b"not gzip", **{"Content-Encoding": "gzip"})
    with pytest.raises(core.InvalidResponse, match="the body cannot be unpacked"):
        opening().next()


@pytest.mark.parametrize("status", [404, 401, 500, 302])
def test_a_bad_status_is_raised_by_the_call_itself(server: Loopback, opening: Opening, status: int) -> None:
    server.reply(status, {"title": "No such run"}, Content_Type="application/problem+json")
    with pytest.raises(core.StatusError, match="No such run" if status != 302 else "302") as caught:
        opening()
    assert caught.value.status == status


def test_a_stream_is_asked_for_again_until_it_has_begun(server: Loopback, opening: Opening) -> None:
    server.reply_in_turn(Reply(503), Reply(raw=b""), event_stream(ONE))
    reading = opening(retry=core.Retry(initial=0.001, minimum=0.0))
    assert reading.rest() == [Run(id="1")]
    assert len(server.requests) == 3


def test_another_response_than_a_stream_is_invalid(server: Loopback, opening: Opening) -> None:
    server.reply(200, {"id": "1"})
    with pytest.raises(core.InvalidResponse, match="the body is 'application/json', not text/event-stream") as caught:
        opening()
    assert caught.value.content == b'{"id":"1"}'


def test_a_documented_success_without_content_is_an_empty_stream(server: Loopback, opening: Opening) -> None:
    server.reply(204)
    reading = opening()
    assert reading.rest() == []
    assert reading.stream.status == 204
    reading.close()


def test_what_is_not_documented_but_optional_is_absent_and_what_is_required_is_an_error(
    server: Loopback, opening: Opening
) -> None:
    server.respond = lambda _: event_stream(
        b'data: {"id": "1", "credits": "x"}\n\ndata: {"id": 2}\n\ndata: {\n\ndata: {"id": "4"}\n\n'
    )
    reading = opening()
    assert reading.next() == Run(id="1")
    with pytest.raises(core.InvalidResponse) as caught:
        reading.next()
    assert str(caught.value) == (
        f"200 OK from GET {server.url}/runs/1/events, but the data of event 2 cannot be read:"
        " at /id, expected text, found number 2"
    )
    assert (caught.value.content, caught.value.status) == (b'{"id": 2}', 200)
    assert caught.value.issue == core.Issue("/id", "text", "number 2")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    with pytest.raises(core.InvalidResponse, match="the data of event 3 cannot be read: Input data was truncated"):
        reading.next()
    assert reading.rest() == [Run(id="4")]


def test_iterators_of_events_go_on_behind_what_cannot_be_read(server: Loopback) -> None:
    server.respond = lambda _: event_stream(b"data: {\n\n" + ONE)
    with ExampleClient(api_key="k", base_url=server.url) as client:
        events = client.follow_run("1").events()
        with pytest.raises(core.InvalidResponse):
            next(events)
        assert next(events).data == Run(id="1")


def test_done_ends_a_stream_of_json_and_is_text_in_one_of_text(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: Reply(
        raw=chain([CHUNKED, chunk(ONE + b"data: [DONE]\n\n" + ONE)], repeat(b"")), pause=0.1
    )
    assert opening().rest() == [Run(id="1")]
    server.respond = lambda _: event_stream(b"data: a\n\ndata: [DONE]\n\n")
    text = replace(FOLLOW_RUN, responses={"200": core.Content("text/event-stream", str, decode="events")})
    assert opening(text).rest() == ["a", "[DONE]"]


def test_text_that_is_not_json_is_the_text_of_an_enum_or_a_union(server: Loopback, opening: Opening) -> None:
    mixed = replace(FOLLOW_RUN, responses={"200": core.Content("text/event-stream", Run | str, decode="events")})
    server.respond = lambda _: event_stream(ONE + b"data: ping\n\n")
    assert opening(mixed).rest() == [Run(id="1"), "ping"]


@pytest.mark.parametrize("decode", ["lines", "records"])
def test_json_can_be_streamed_without_events(server: Loopback, opening: Opening, decode: Any) -> None:
    lines = replace(FOLLOW_RUN, responses={"200": core.Content("application/x-ndjson", Run, decode=decode)})
    separator = b"\n" if decode == "lines" else b"\x1e"
    body = separator + b'{"id": "1"}' + separator + b'{"id": "2"}'
    server.respond = lambda _: Reply(200, body, {"Content-Type": "application/x-ndjson"})
    assert opening(lines).rest() == [Run(id="1"), Run(id="2")]
    server.reply(200, separator.join([b"", b'"a"', b'"b \\u00e4"', b""]), Content_Type="application/x-ndjson")
    texts = replace(lines, responses={"200": core.Content("application/x-ndjson", str, decode=decode)})
    assert opening(texts).rest() == ["a", "b ä"], "texts of JSON are not taken for text"


def test_a_stream_where_json_is_documented_is_not_waited_for(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: Reply(raw=endless(), pause=0.01)
    client = opening.client()
    started = time.monotonic()
    with pytest.raises(core.InvalidResponse, match="the body is 'text/event-stream', not application/json"):
        opening.run(client.call(GET_RUN, run_id="1"))
    assert time.monotonic() - started < 10


# Limits


def test_the_total_time_holds_until_the_stream_begins(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: Reply(raw=chain([HEAD], repeat(b"X: 1\r\n")), pause=0.02)
    started = time.monotonic()
    with pytest.raises(core.RequestTimeout, match=r"no whole response within 0\.3 s"):
        opening(timeout=0.3)
    assert time.monotonic() - started < 5


def test_a_stream_may_take_longer_than_a_call(server: Loopback, opening: Opening) -> None:
    pieces = [CHUNKED, *[chunk(ONE)] * 8, LAST]
    server.respond = lambda _: Reply(raw=pieces, pause=0.1)
    assert opening(timeout=0.4).rest() == [Run(id="1")] * 8


def test_silence_between_two_pieces_ends_with_the_read_limit(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: Reply(raw=[CHUNKED, chunk(ONE), chunk(ONE)], pause=3)
    server.respond = lambda _: Reply(raw=chain([CHUNKED + chunk(ONE)], repeat(b"")), pause=0.1)
    reading = opening(timeout=core.Timeout(read=0.3, total=0.2))
    assert reading.next() == Run(id="1")
    started = time.monotonic()
    with pytest.raises(core.RequestTimeout, match="timed out: nothing came for too long"):
        reading.next()
    assert 0.2 < time.monotonic() - started < 5
    assert reading.next() is None
    assert len(server.requests) == 1


def test_one_event_is_limited_and_the_stream_is_not(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: Reply(raw=chain([CHUNKED], [chunk(ONE)] * 100, repeat(chunk(b"x" * 100))))
    reading = opening(max_response_size=1000)
    assert [reading.next() for _ in range(100)] == [Run(id="1")] * 100
    with pytest.raises(core.InvalidResponse, match=r"an event is larger than 1000 bytes \(max_response_size\)"):
        reading.next()
    assert reading.next() is None


# Secrets


def test_no_secret_is_shown(server: Loopback, opening: Opening, caplog: pytest.LogCaptureFixture) -> None:
    secret = "canary-5f2c9a71e0"
    server.respond = lambda _: event_stream(f'data: {{"id": ["{secret}"]}}\n\ndata: {secret}\n\n'.encode())
    caplog.set_level(logging.DEBUG)
    reading = opening(api_key=secret)
    shown = [repr(reading.stream)]
    for _ in range(2):
        with pytest.raises(core.InvalidResponse) as caught:
            reading.next()
        shown += [str(caught.value), repr(caught.value.issue)]
    reading.close()
    assert secret not in " ".join([*shown, caplog.text])


def test_an_own_way_to_authenticate_opens_streams_too(server: Loopback, opening: Opening) -> None:
    class Twice(httpx2.Auth):
        def auth_flow(self, request: httpx2.Request) -> Iterator[httpx2.Request]:  # type: ignore[override]
            yield request
            request.headers["X-Again"] = "1"
            yield request

    server.respond = lambda _: event_stream(ONE)
    assert opening(api_key=None, auth=Twice()).rest() == [Run(id="1")]
    assert [("x-again" in request.headers) for request in server.requests] == [False, True]
