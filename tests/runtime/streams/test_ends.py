"""How a stream over a real connection ends, and that its connection is released."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Iterator
from itertools import chain, repeat

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received, Reply
from tests.runtime.example_api import AsyncExampleClient, ExampleClient, Run
from tests.runtime.streams.opening import CHUNKED, ONE, TO_THE_END, TWO, Opening, anext_of, chunk, endless, event_stream


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_breaks_is_an_error_and_not_repeated(server: Loopback, opening: Opening, reset: bool) -> None:
    server.respond = lambda _: Reply(raw=[CHUNKED + chunk(ONE + b"data: half")], pause=0.1, reset=reset)
    reading = opening(retry=core.Retry(initial=0.001, minimum=0.0))
    assert reading.next() == Run(id="1")
    with pytest.raises(core.ConnectionFailed) as caught:
        reading.next()
    assert str(caught.value).startswith(f"GET {server.url}/runs/1/events failed: the stream was broken off: ")
    assert caught.value.operation == "follow_run"
    assert reading.next() is None
    assert len(server.requests) == 1


def test_a_stream_without_a_length_ends_with_its_connection(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: Reply(raw=[TO_THE_END + ONE + b"data: half"])
    assert opening().rest() == [Run(id="1")]


class Noted:
    """An endless stream, and whether the client has left it."""

    def __init__(self, server: Loopback) -> None:
        self.left = threading.Event()
        server.respond = self.respond

    def respond(self, _: Received) -> Reply:
        def noted() -> Iterator[bytes]:
            try:
                yield from endless()
            finally:
                self.left.set()

        return Reply(raw=noted(), pause=0.001)


def test_a_stream_is_left_by_closing_it(server: Loopback, opening: Opening) -> None:
    noted = Noted(server)
    reading = opening()
    assert reading.next() == Run(id="1")
    reading.close()
    reading.close()
    assert noted.left.wait(5)
    assert reading.next() is None


def test_a_stream_is_left_with_its_with_statement(server: Loopback) -> None:
    noted = Noted(server)
    with ExampleClient(api_key="k", base_url=server.url) as client:
        with client.follow_run("1") as stream:
            for run in stream:
                assert run == Run(id="1")
                break
        assert noted.left.wait(5)

    noted = Noted(server)

    async def follow() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            async with await client.follow_run("1") as stream:
                async for run in stream:
                    assert run == Run(id="1")
                    break
            assert await asyncio.to_thread(noted.left.wait, 5)

    asyncio.run(follow())


@pytest.mark.parametrize("begun", [False, True])
def test_a_stream_that_is_forgotten_is_left(server: Loopback, begun: bool) -> None:
    noted = Noted(server)
    http = httpx2.Client(limits=httpx2.Limits(max_connections=1))
    with http, ExampleClient(api_key="k", base_url=server.url, http_client=http, timeout=5) as client:
        stream: core.EventStream[Run] | None = client.follow_run("1")
        assert stream is not None
        if begun:
            next(stream)
        stream = None
        gc.collect()
        assert noted.left.wait(5)
        server.reply(200, {"id": "1"})
        assert client.get_run("1") == Run(id="1"), "the only connection is free again"


def test_a_forgotten_asynchronous_stream_is_left_with_the_next_call(server: Loopback) -> None:
    noted = Noted(server)

    async def follow() -> None:
        async with httpx2.AsyncClient(limits=httpx2.Limits(max_connections=1)) as http:
            client = AsyncExampleClient(api_key="k", base_url=server.url, http_client=http, timeout=5)
            await anext(await client.follow_run("1"))
            gc.collect()
            server.reply(200, {"id": "1"})
            assert await client.get_run("1") == Run(id="1")
            assert await asyncio.to_thread(noted.left.wait, 5)

    asyncio.run(follow())


def test_connections_are_used_again_after_a_stream_has_ended(server: Loopback, opening: Opening) -> None:
    server.respond = lambda _: event_stream(ONE)
    limits = httpx2.Limits(max_connections=1)
    http = httpx2.Client(limits=limits) if opening.mode == "sync" else httpx2.AsyncClient(limits=limits)
    client = opening.client(http_client=http, timeout=5)
    for _ in range(3):
        assert opening(by=client).rest() == [Run(id="1")]
    opening.close(client)
    opening.close(http)


def test_closing_the_client_ends_its_streams(server: Loopback, opening: Opening) -> None:
    noted = Noted(server)
    client = opening.client()
    reading, unread = opening(by=client), opening(by=client)
    assert reading.next() == Run(id="1")
    opening.close(client)
    assert noted.left.wait(5)
    for stream in (reading, unread):
        with pytest.raises(core.ConnectionFailed, match="the client was closed during the call"):
            stream.rest()
        assert stream.next() is None


@pytest.mark.parametrize("head", [CHUNKED, TO_THE_END])
def test_closing_the_client_ends_a_stream_that_waits(server: Loopback, head: bytes) -> None:
    server.respond = lambda _: Reply(raw=chain([head], repeat(b"")), pause=0.05)
    client = ExampleClient(api_key="k", base_url=server.url)
    stream = client.follow_run("1")
    threading.Timer(0.3, client.close).start()
    started = time.monotonic()
    with pytest.raises(core.ConnectionFailed, match="the client was closed"):
        next(stream)
    assert time.monotonic() - started < 5

    async def follow() -> None:
        client = AsyncExampleClient(api_key="k", base_url=server.url)
        stream = await client.follow_run("1")
        reading = asyncio.create_task(anext_of(stream))
        await asyncio.sleep(0.3)
        await client.aclose()
        with pytest.raises(core.ConnectionFailed, match="the client was closed"):
            await reading

    asyncio.run(follow())


def test_closing_a_stream_from_another_thread_or_task_ends_it(server: Loopback) -> None:
    server.respond = lambda _: Reply(raw=chain([CHUNKED + chunk(ONE)], repeat(b"")), pause=0.05)
    with ExampleClient(api_key="k", base_url=server.url) as client:
        stream = client.follow_run("1")
        threading.Timer(0.3, stream.close).start()
        assert list(stream) == [Run(id="1")]

    async def follow() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            stream = await client.follow_run("1")
            assert await anext(stream) == Run(id="1")
            reading = asyncio.create_task(anext_of(stream))
            await asyncio.sleep(0.3)
            await stream.aclose()
            assert await reading is None

    asyncio.run(follow())


def test_a_cancelled_task_leaves_its_stream(server: Loopback) -> None:
    noted = Noted(server)

    async def follow() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            stream = await client.follow_run("1")

            async def read() -> None:
                async for _ in stream:
                    pass

            with pytest.raises(TimeoutError):
                await asyncio.wait_for(read(), 0.2)
            assert await asyncio.to_thread(noted.left.wait, 5)
            assert await anext_of(stream) is None

    asyncio.run(follow())


def test_a_client_that_is_passed_in_keeps_its_streams(server: Loopback) -> None:
    server.respond = lambda _: event_stream(ONE + TWO)
    with httpx2.Client() as http:
        with ExampleClient(api_key="k", base_url=server.url, http_client=http) as client:
            stream = client.follow_run("1")
        assert list(stream) == [Run(id="1"), Run(id="2")]
