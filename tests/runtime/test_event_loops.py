"""Asynchronous clients that several event loops use, one after the other or at once."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import AsyncExampleClient, Run
from tests.runtime.streams.opening import CHUNKED, ONE, chunk
from tests.runtime.tokens.token_server import TokenServer, get_run, settings


def echo(received: Received) -> Reply:
    return json_reply({"id": received.target.rpartition("/")[2]})


def test_one_loop_after_the_other(server: Loopback) -> None:
    server.respond = echo
    client = AsyncExampleClient(api_key="k", base_url=server.url)
    copy = client.with_options(timeout=20)
    for number in range(3):
        assert asyncio.run(client.get_run(f"{number}")) == Run(id=f"{number}")
        assert asyncio.run(copy.get_run(f"copy-{number}")) == Run(id=f"copy-{number}")
        gc.collect()  # warnings are errors: each loop has closed its connections
    asyncio.run(client.aclose())
    with pytest.raises(RuntimeError, match="this AsyncExampleClient is closed"):
        asyncio.run(copy.get_run("1"))


def test_a_client_that_nobody_closes_is_closed_with_its_loop(server: Loopback) -> None:
    async def run() -> list[Run]:
        clients = [AsyncExampleClient(api_key="k", base_url=server.url) for _ in range(3)]
        return await asyncio.gather(*(client.get_run("1") for client in clients))

    server.respond = echo
    assert asyncio.run(run()) == [Run(id="1")] * 3
    gc.collect()


def test_two_loops_at_once(server: Loopback) -> None:
    async def calls(worker: int) -> list[Run]:
        both.wait(10)
        return await asyncio.gather(*(client.get_run(f"{worker}-{number}") for number in range(40)))

    both = threading.Barrier(2)
    server.respond = echo
    client = AsyncExampleClient(api_key="k", base_url=server.url)
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda worker: asyncio.run(calls(worker)), range(2)))
    assert results == [[Run(id=f"{worker}-{number}") for number in range(40)] for worker in range(2)]
    asyncio.run(client.aclose())


def test_two_loops_that_need_a_token_do_not_wait_for_each_other() -> None:
    async def calls() -> list[Run]:
        both.wait(10)
        return await asyncio.gather(*(get_run(client) for _ in range(10)))  # type: ignore[arg-type]

    both = threading.Barrier(2)
    with TokenServer() as server, ThreadPoolExecutor(2) as threads:
        server.accepts = lambda _: True
        client = AsyncExampleClient(**settings(server), base_url=server.url)
        results = list(threads.map(lambda _: asyncio.run(calls()), range(2)))
        assert results == [[Run(id="1")] * 10] * 2
        assert len(server.token_requests) <= 2


def test_closing_ends_calls_in_other_loops(server: Loopback) -> None:
    async def wait_and_close() -> None:
        assert await asyncio.to_thread(begun.wait, 10)
        await client.aclose()

    def respond(received: Received) -> Reply:
        begun.set()
        return Reply(delay=5)

    begun = threading.Event()
    server.respond = respond
    client = AsyncExampleClient(api_key="k", base_url=server.url)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(lambda: asyncio.run(client.get_run("1")))
        asyncio.run(wait_and_close())
        with pytest.raises(core.ConnectionFailed, match=r"/runs/1 failed: the client was closed during the call$"):
            call.result(4)


def test_closing_ends_calls_in_other_loops_that_have_no_connection_yet(server: Loopback) -> None:
    async def slow_credential() -> str:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            await asyncio.sleep(20)
        return "k"

    async def call_and_close() -> None:
        assert await client.get_run("2") == Run(id="2")
        await client.aclose()

    begun = threading.Event()
    server.respond = echo
    client = AsyncExampleClient(api_key=slow_credential, base_url=server.url)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(lambda: asyncio.run(client.get_run("1")))
        assert begun.wait(10)
        asyncio.run(call_and_close())
        with pytest.raises(core.ConnectionFailed, match=r"/runs/1 failed: the client was closed during the call$"):
            call.result(10)


def test_a_stream_belongs_to_its_loop(server: Loopback) -> None:
    async def begin() -> core.AsyncEventStream[Run]:
        stream = await client.follow_run("1")
        assert await anext(stream) == Run(id="1")
        return stream

    async def read_on(stream: core.AsyncEventStream[Run]) -> Run:
        return await anext(stream)

    server.respond = lambda _: Reply(raw=CHUNKED + chunk(ONE) + chunk(ONE))
    client = AsyncExampleClient(api_key="k", base_url=server.url)
    stream = asyncio.run(begin())
    with pytest.raises(RuntimeError, match=r"^a stream can only be read in the event loop in which it began$"):
        asyncio.run(read_on(stream))
    asyncio.run(stream.aclose())
    asyncio.run(client.aclose())


def test_an_http_client_belongs_to_its_loop(server: Loopback) -> None:
    async def call(number: int) -> Run:
        return await client.get_run(f"{number}")

    async def begin() -> httpx2.AsyncClient:
        assert await call(1) == Run(id="1")
        assert await call(2) == Run(id="2")
        await http.aclose()
        return http

    server.respond = echo
    http = httpx2.AsyncClient()
    client = AsyncExampleClient(api_key="k", base_url=server.url, http_client=http)
    asyncio.run(begin())
    for user in (client, client, AsyncExampleClient(api_key="k", base_url=server.url, http_client=http)):
        with pytest.raises(RuntimeError) as caught:
            asyncio.run(user.get_run("3"))
        assert str(caught.value) == (
            "http_client has connections of another event loop: make a client with a new http_client in each event loop"
        )
    asyncio.run(client.aclose())


def test_a_transport_is_closed_with_each_loop_and_used_by_one_at_a_time(server: Loopback) -> None:
    def in_another_loop() -> Any:
        with pytest.raises(RuntimeError) as caught:
            asyncio.run(client.get_run("1"))
        return str(caught.value)

    async def calls() -> str:
        await client.get_run("1")
        return await asyncio.to_thread(in_another_loop)

    server.respond = echo
    client = AsyncExampleClient(api_key="k", base_url=server.url, transport=httpx2.AsyncHTTPTransport())
    for number in range(3):
        assert asyncio.run(client.get_run(f"{number}")) == Run(id=f"{number}")
        gc.collect()
    message = "transport has connections of another event loop: make a client with a new transport in each event loop"
    assert asyncio.run(calls()) == message
    asyncio.run(client.aclose())


@pytest.mark.parametrize("argument", ["http_client", "transport"])
def test_what_has_no_connections_works_in_every_loop(argument: str) -> None:
    mock = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"id": "1"}))
    passed = httpx2.AsyncClient(transport=mock) if argument == "http_client" else mock
    client = AsyncExampleClient(api_key="k", **{argument: passed})
    for _ in range(3):
        assert asyncio.run(client.get_run("1")) == Run(id="1")


def test_a_loop_that_ends_without_closing_anything_leaves_the_client_usable(server: Loopback) -> None:
    server.respond = echo
    client = AsyncExampleClient(api_key="k", base_url=server.url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # which Python gives for what such a loop leaves
        for number in range(3):
            loop = asyncio.new_event_loop()
            assert loop.run_until_complete(client.get_run(f"{number}")) == Run(id=f"{number}")
            loop.close()
        asyncio.run(client.aclose())
        del client, loop
        gc.collect()
