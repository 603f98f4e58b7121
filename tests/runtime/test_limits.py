"""Nothing waits for ever, and nothing is read without end.

Upper bounds of time in assertions are generous: they only show that there is a limit.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Reply
from tests.runtime.example_api import GET_RUN, ExampleClient, Run

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def drip(endless_part: str) -> Iterator[bytes]:
    """A response of which one part never ends, in small pieces."""
    if endless_part == "head":
        yield b"HTTP/1.1 200 "
        yield from repeat(b"O")
    elif endless_part == "headers":
        yield OK
        yield from repeat(b"X: 1\r\n")
    elif endless_part == "interim responses":
        yield from repeat(b"HTTP/1.1 100 Continue\r\n\r\n")
    elif endless_part == "body":
        yield OK + b"Content-Length: 99999\r\n\r\n"
        yield from repeat(b" ")
    elif endless_part == "body to the end":
        yield OK + b"\r\n"
        yield from repeat(b" ")
    elif endless_part == "chunks":
        yield OK + b"Transfer-Encoding: chunked\r\n\r\n"
        yield from repeat(b"1\r\n \r\n")
    elif endless_part == "a chunk's size":
        yield OK + b"Transfer-Encoding: chunked\r\n\r\n"
        yield from repeat(b"0")
    elif endless_part == "trailers":
        yield OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
        yield from repeat(b"X: 1\r\n")


ENDLESS_PARTS = [
    "head",
    "headers",
    "interim responses",
    "body",
    "body to the end",
    "chunks",
    "a chunk's size",
    "trailers",
]


@pytest.mark.parametrize("endless_part", ENDLESS_PARTS)
def test_a_slow_drip_ends_with_the_time_limit(server: Loopback, call: Call, endless_part: str) -> None:
    server.respond = lambda _: Reply(raw=drip(endless_part), pause=0.02)
    started = time.monotonic()
    with pytest.raises(core.RequestTimeout) as caught:
        call("get_run", "1", client={"timeout": 0.3})
    assert 0.25 < time.monotonic() - started < 5
    assert str(caught.value) == f"GET {server.url}/runs/1 timed out: no whole response within 0.3 s"


@pytest.mark.parametrize("endless_part", ENDLESS_PARTS)
def test_a_fast_flood_ends_too(server: Loopback, call: Call, endless_part: str) -> None:
    server.respond = lambda _: Reply(raw=drip(endless_part))
    started = time.monotonic()
    with pytest.raises((core.RequestTimeout, core.ConnectionFailed, core.InvalidResponse)):
        call("get_run", "1", client={"timeout": 0.4, "max_response_size": 10_000})
    assert time.monotonic() - started < 10


def test_a_slow_drip_on_a_connection_that_was_used_before_ends_too(server: Loopback, make: Make) -> None:
    client = make(api_key="k", timeout=0.3)
    server.reply(200, {"id": "1"})
    assert client.get_run("1") == Run(id="1")
    server.respond = lambda _: Reply(raw=drip("headers"), pause=0.02)
    started = time.monotonic()
    with pytest.raises(core.RequestTimeout):
        client.get_run("1")
    assert time.monotonic() - started < 5


def test_a_slow_drip_through_a_client_of_the_callers_ends_too(server: Loopback) -> None:
    server.respond = lambda _: Reply(raw=drip("headers"), pause=0.02)
    started = time.monotonic()
    with httpx2.Client(timeout=None) as http, pytest.raises(core.RequestTimeout):
        ExampleClient(api_key="k", base_url=server.url, http_client=http, timeout=0.3).get_run("1")
    assert time.monotonic() - started < 5


def test_the_stricter_limit_of_a_client_of_the_callers_holds(server: Loopback) -> None:
    server.respond = lambda _: Reply(delay=5)
    started = time.monotonic()
    with httpx2.Client(timeout=0.2) as http, pytest.raises(core.RequestTimeout) as caught:
        ExampleClient(api_key="k", base_url=server.url, http_client=http, retry=core.Retry(max_retries=0)).get_run("1")
    assert time.monotonic() - started < 4
    assert str(caught.value) == f"GET {server.url}/runs/1 timed out: nothing came within 0.2 s"


def test_a_bad_status_with_a_dripping_body_is_that_status(server: Loopback, call: Call) -> None:
    def dripping() -> Iterator[bytes]:
        yield b"HTTP/1.1 403 X\r\nContent-Length: 999\r\n\r\n"
        yield from repeat(b" ")

    server.respond = lambda _: Reply(raw=dripping(), pause=0.02)
    with pytest.raises(core.Forbidden):
        call("get_run", "1", client={"timeout": 0.3})


def test_silence_ends_with_the_read_limit(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(delay=5)
    started = time.monotonic()
    with pytest.raises(core.RequestTimeout, match=r" timed out: nothing came within 0\.2 s$"):
        call("get_run", "1", client={"timeout": core.Timeout(read=0.2, total=30)})
    assert time.monotonic() - started < 4


@contextmanager
def deaf_listener() -> Iterator[str]:
    """A port whose queue of new connections is full, so that connecting to it takes for ever."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for filler in fillers:
            filler.close()


@pytest.mark.parametrize(
    ("timeout", "reason"),
    [
        (core.Timeout(connect=0.2), "no connection was made"),
        (core.Timeout(total=0.2), "no whole response"),
        (0.2, "no whole response"),
    ],
)
def test_connecting_is_limited(call: Call, timeout: object, reason: str) -> None:
    started = time.monotonic()
    with deaf_listener() as url, pytest.raises(core.RequestTimeout, match=rf" timed out: {reason} within 0\.2 s$"):
        call("get_run", "1", client={"base_url": url, "timeout": timeout})
    assert time.monotonic() - started < 3


def test_tls_with_a_silent_server_is_limited(call: Call) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(core.RequestTimeout):
            call("get_run", "1", client={"base_url": url, "timeout": 0.3})
    assert time.monotonic() - started < 5


def test_a_server_that_does_not_take_the_request_is_limited(call: Call) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        started = time.monotonic()
        timeout = core.Timeout(read=0.3, total=30)
        with pytest.raises(core.RequestTimeout, match=r" timed out: the server took nothing within 0\.3 s$"):
            call("start_run", Run(id="x" * 30_000_000), client={"base_url": url, "timeout": timeout})
    assert time.monotonic() - started < 6


def test_waiting_for_a_free_connection_is_limited(server: Loopback) -> None:
    server.respond = lambda _: Reply(delay=1.5)
    with httpx2.Client(limits=httpx2.Limits(max_connections=1)) as http:
        client = ExampleClient(api_key="k", base_url=server.url, http_client=http)
        first = threading.Thread(target=client.get_log)
        first.start()
        time.sleep(0.2)
        with pytest.raises(core.RequestTimeout):
            client.with_options(timeout=0.3, retry=core.Retry(max_retries=0)).get_log()
        assert first.is_alive()
        first.join()


@pytest.mark.parametrize("timeout", [True, "1", None, core.Retry()])
def test_a_time_limit_is_a_number_or_a_timeout(timeout: object) -> None:
    with pytest.raises(ValueError, match=r"^timeout is .*, but must be a number of seconds above zero, or a Timeout$"):
        ExampleClient(api_key="k", timeout=timeout)


@pytest.mark.parametrize("name", ["connect", "read", "total"])
@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), True, None, "1"])
def test_every_part_of_a_timeout_is_a_number_above_zero(name: str, seconds: Any) -> None:
    with pytest.raises(ValueError, match=f"timeout.{name} is .*, but must be a number of seconds above zero"):
        core.Timeout(**{name: seconds})


# Sizes

JSON = {"Content-Type": "application/json"}
BIG = b'{"id": "' + b"x" * 100_000 + b'"}'


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "gzip, gzip"])
def test_a_body_of_just_the_limit_is_read_and_of_one_byte_more_is_not(
    server: Loopback, call: Call, encoding: str
) -> None:
    body = BIG
    for name in filter(None, encoding.split(", ")):
        body = gzip.compress(body) if name == "gzip" else zlib.compress(body)
    server.respond = lambda _: Reply(200, body, JSON | ({"Content-Encoding": encoding} if encoding else {}))
    assert len(call("get_run", "1", client={"max_response_size": len(BIG)}).id) == 100_000
    with pytest.raises(core.InvalidResponse) as caught:
        call("get_run", "1", client={"max_response_size": len(BIG) - 1})
    limit = len(BIG) - 1
    assert str(caught.value) == (
        f"200 OK from GET {server.url}/runs/1, but the body is larger than {limit} bytes (max_response_size)"
    )
    assert caught.value.content == b""


def test_an_announced_size_beyond_the_limit_is_not_waited_for(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(raw=[OK + b"Content-Length: 99999999999\r\n\r\n", b"{"], pause=1)
    with pytest.raises(core.InvalidResponse, match="the body is larger than 67108864 bytes"):
        call("get_run", "1")


@pytest.mark.parametrize("announced", ["9" * 20, "9" * 5000])
def test_an_announced_size_of_any_length_is_beyond_the_limit(announced: str, make: Make) -> None:
    """HTTP/1.1 connections refuse it; transports of others need not."""
    head = {"Content-Type": "application/json", "Content-Length": announced}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=head, stream=httpx2.ByteStream(b"{}")))
    with pytest.raises(core.InvalidResponse, match="the body is larger than 67108864 bytes"):
        make(api_key="secret-key", transport=transport).get_run("1")


def test_a_chunked_body_beyond_the_limit_is_not_read_on(server: Loopback, call: Call) -> None:
    def endless() -> Iterator[bytes]:
        yield OK + b"Transfer-Encoding: chunked\r\n\r\n"
        yield from repeat(b"2710\r\n" + b"x" * 10_000 + b"\r\n")

    server.respond = lambda _: Reply(raw=endless())
    with pytest.raises(core.InvalidResponse, match="the body is larger than 1000000 bytes"):
        call("get_run", "1", client={"max_response_size": 1_000_000})


def bomb(size: int, times: int = 1) -> bytes:
    """`size` bytes of one letter, compressed by gzip `times` times."""
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(b"x" * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()
    for _ in range(times - 1):
        packed = gzip.compress(packed)
    return packed


@pytest.mark.parametrize("times", [1, 2])
def test_a_gzip_bomb_is_given_up_with_little_memory(server: Loopback, call: Call, times: int) -> None:
    packed = bomb(120_000_000, times)
    assert len(packed) < 150_000
    encoding = ", ".join(["gzip"] * times)
    server.respond = lambda _: Reply(200, packed, JSON | {"Content-Encoding": encoding})
    with pytest.raises(core.InvalidResponse):
        call("get_run", "1", client={"max_response_size": 1000})  # imports and warms up
    limit = 8 * 1024 * 1024
    tracemalloc.start()
    try:
        with pytest.raises(core.InvalidResponse, match="the body is larger than"):
            call("get_run", "1", client={"max_response_size": limit})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The limit, an eighth of it that a growing buffer has in reserve, and the piece that is being unpacked.
    assert peak < limit * 1.125 + 4 * 1024 * 1024


def test_a_bad_status_counts_even_with_a_bomb_for_a_body(server: Loopback, call: Call) -> None:
    packed = bomb(10_000_000)
    server.respond = lambda _: Reply(404, packed, {"Content-Encoding": "gzip"})
    with pytest.raises(core.NotFound) as caught:
        call("get_run", "1", client={"max_response_size": 1000})
    assert caught.value.content == b""


def test_more_encodings_than_sense_are_invalid(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, b"x", {"Content-Encoding": ", ".join(["gzip"] * 50)})
    with pytest.raises(core.InvalidResponse, match="the body cannot be unpacked"):
        call("get_run", "1")


def test_a_length_without_a_body_is_not_too_large(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    assert call("call", replace(GET_RUN, method="HEAD", responses={"200": None}), run_id="1") is None


@pytest.mark.parametrize("size", [0, -1, 1.5, True, "1"])
def test_a_size_limit_is_a_number_of_bytes(size: object) -> None:
    with pytest.raises(ValueError, match=r"max_response_size is .*, but must be a number of bytes above zero"):
        ExampleClient(api_key="k", max_response_size=size)


# Heads, as h11 limits them: 100 KiB, or one piece of 64 KiB more where they arrive at once


@pytest.mark.parametrize(
    "head",
    [
        OK + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: 1\r\n" % number for number in range(50_000)) + b"\r\n",
        OK + b"X: 1\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 1_000_000,
    ],
    ids=["one large", "50,000", "100,000 alike", "a long reason", "no colon"],
)
def test_a_head_without_measure_is_refused(server: Loopback, call: Call, head: bytes) -> None:
    server.respond = lambda _: Reply(raw=head)
    with pytest.raises(core.ConnectionFailed):
        call("get_run", "1")


def test_the_number_of_headers_is_bounded_by_their_size(server: Loopback, make: Make) -> None:
    # The shortest header has four bytes ("a:" and a line end): 164 KiB hold 42,000 of them, which is soon done with.
    server.respond = lambda _: Reply(raw=OK + b"a:\r\n" * 20_000 + b'Content-Length: 10\r\n\r\n{"id":"1"}')
    started = time.monotonic()
    assert make(api_key="k").get_run("1") == Run(id="1")
    assert time.monotonic() - started < 10
    server.respond = lambda _: Reply(raw=OK + b"a:\r\n" * 45_000 + b'Content-Length: 10\r\n\r\n{"id":"1"}')
    with pytest.raises(core.ConnectionFailed):
        make(api_key="k").get_run("1")


def test_trailers_without_measure_are_refused(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(
        raw=OK + b'Transfer-Encoding: chunked\r\n\r\na\r\n{"id":"1"}\r\n0\r\n' + b"X: 1\r\n" * 100_000
    )
    with pytest.raises(core.InvalidResponse, match="the body is truncated after 10 bytes"):
        call("get_run", "1")


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_time_limit_is_a_positive_number_of_seconds(timeout: float) -> None:
    with pytest.raises(ValueError, match="must be a number of seconds above zero"):
        ExampleClient(api_key="k", timeout=timeout)
