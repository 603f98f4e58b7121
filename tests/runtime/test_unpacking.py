"""Packed bodies (`Content-Encoding`): whole ones are read, however they are cut into pieces; others are refused."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from hypothesis import given
from hypothesis import strategies as st
from workflow_client_core._transport.unpacking import async_pieces_of, pieces_of

from tests.loopback import Loopback, Reply

Call = Callable[..., Any]
DATA = b"roses and tulips, " * 40


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def members(data: bytes) -> bytes:
    """Several gzip members (RFC 1952, 2.2), an empty one among them."""
    return b"".join(map(gzip.compress, (data[:1], data[1:9], b"", data[9:])))


WHOLE = {
    "one": ("gzip", gzip.compress(DATA)),
    "older name": ("X-GZip", gzip.compress(DATA)),
    "members": ("gzip", members(DATA)),
    "padded": ("gzip", gzip.compress(DATA) + b"\0" * 9),
    "followed by something": ("gzip", gzip.compress(DATA) + b"\x1f rest"),
    "followed by half a magic number": ("gzip", gzip.compress(DATA) + b"\x1f"),
    "zlib": ("deflate", zlib.compress(DATA)),
    "without a header": ("deflate", raw_deflate(DATA)),
    "twice": ("gzip, gzip", gzip.compress(members(DATA))),
    "in two ways": ("deflate, identity,, gzip", gzip.compress(zlib.compress(DATA))),
    "not at all": ("identity", DATA),
    "unknown": ("roses", DATA),
    "in an unknown way, too": ("gzip, roses", members(DATA)),
}
CUT = {
    "trailer": ("gzip", gzip.compress(DATA)[:-1]),
    "data": ("gzip", gzip.compress(DATA)[:-12]),
    "header": ("gzip", gzip.compress(DATA)[:7]),
    "magic number": ("gzip", b"\x1f"),
    "second member": ("gzip", members(DATA)[:-20]),
    "zlib": ("deflate", zlib.compress(DATA)[:-1]),
    "without a header": ("deflate", raw_deflate(DATA)[:-1]),
    "outer": ("gzip, gzip", gzip.compress(gzip.compress(DATA))[:-1]),
    "beside an unknown way": ("gzip, roses", gzip.compress(DATA)[:-1]),
    "inner": ("gzip, gzip", gzip.compress(gzip.compress(DATA)[:-1])),
}


@pytest.mark.parametrize(("encoding", "packed"), WHOLE.values(), ids=WHOLE)
def test_a_whole_body_is_unpacked(encoding: str, packed: bytes, server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, packed, {"Content-Type": "application/zip", "Content-Encoding": encoding})
    assert call("get_archive") == DATA


@pytest.mark.parametrize(("encoding", "packed"), CUT.values(), ids=CUT)
def test_a_body_that_is_cut_off_is_not_a_success(encoding: str, packed: bytes, server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, packed, {"Content-Type": "application/zip", "Content-Encoding": encoding})
    with pytest.raises(core.InvalidResponse) as caught:
        call("get_archive")
    assert str(caught.value) == (
        f"200 OK from GET {server.url}/archive, but the body cannot be unpacked: it is cut off"
    )


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_is_not_packed_is_refused(encoding: str, server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, DATA, {"Content-Type": "application/zip", "Content-Encoding": encoding})
    with pytest.raises(core.InvalidResponse, match="cannot be unpacked: Error -3 while decompressing data"):
        call("get_archive")


def test_a_body_that_is_packed_many_times_is_refused(server: Loopback, call: Call) -> None:
    encoding = ", ".join(["gzip"] * 6)
    server.respond = lambda _: Reply(200, b"", {"Content-Type": "application/zip", "Content-Encoding": encoding})
    with pytest.raises(core.InvalidResponse, match="cannot be unpacked: it is packed 6 times"):
        call("get_archive")


@pytest.mark.parametrize("encoding", ["gzip, br", "zstd, gzip", "br, br"])
def test_what_is_packed_by_others_again_is_refused(encoding: str, server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, b"x", {"Content-Type": "application/zip", "Content-Encoding": encoding})
    with pytest.raises(core.InvalidResponse, match=f"cannot be unpacked: it is packed by {encoding}"):
        call("get_archive")


def test_an_error_stays_the_error_that_its_status_says(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(503, gzip.compress(DATA)[:-9], {"Content-Encoding": "gzip"})
    with pytest.raises(core.ServerError):
        call("get_archive")


def test_a_packed_body_without_a_byte_is_empty(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, b"", {"Content-Type": "application/zip", "Content-Encoding": "gzip"})
    assert call("get_archive") == b""


def test_events_before_the_cut_are_read_and_then_the_stream_fails(server: Loopback) -> None:
    from tests.runtime.example_api import ExampleClient

    packed = gzip.compress(b'data: {"id": "1"}\n\n' * 3 + b": " + bytes(range(256)) * 99)[:-30]
    head = {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}
    server.respond = lambda _: Reply(200, packed, head)
    with ExampleClient(api_key="k-1", base_url=server.url) as example, example.follow_run("1") as events:
        assert [next(events).id for _ in range(3)] == ["1", "1", "1"]
        with pytest.raises(core.InvalidResponse, match="the body cannot be unpacked: it is cut off"):
            next(events)


@given(st.sampled_from(list(WHOLE.values())), st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_it_does_not_matter_how_a_body_is_cut_into_pieces(whole: tuple[str, bytes], sizes: list[int]) -> None:
    encoding, packed = whole

    def pieces() -> Iterator[bytes]:
        start = 0
        while start < len(packed):
            for size in sizes:
                yield packed[start : start + size]
                start += size

    async def async_pieces() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    async def read() -> bytes:
        response = httpx2.Response(200, headers={"Content-Encoding": encoding}, content=async_pieces())
        return b"".join([piece async for piece in async_pieces_of(response)])

    response = httpx2.Response(200, headers={"Content-Encoding": encoding}, content=pieces())
    assert b"".join(pieces_of(response)) == DATA
    assert asyncio.run(read()) == DATA
