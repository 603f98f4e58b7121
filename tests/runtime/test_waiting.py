"""Waiting for a free connection, which is told apart from waiting for the server."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import AsyncExampleClient, ExampleClient, Run

Call = Callable[..., Any]

OWN = (
    " timed out: all 100 connections were busy for N s, so that it was never sent:"
    " make fewer calls at once, or pass an http_client with more connections"
)


def without_time(error: object) -> str:
    return re.sub(r" [0-9.]+ s,", " N s,", str(error))


class Busy(Loopback):
    """Answers nothing before `may_answer` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()
        self.respond = self._respond

    def _respond(self, _: Received) -> Reply:
        assert self.may_answer.wait(30)
        return json_reply({"id": "1"})


@pytest.fixture
def server() -> Iterator[Busy]:
    with Busy() as server:
        yield server
        server.may_answer.set()


def test_300_calls_of_threads_share_100_connections(server: Busy) -> None:
    with ExampleClient(api_key="k", base_url=server.url) as client, ThreadPoolExecutor(300) as threads:
        sent = [threads.submit(client.get_run, "1") for _ in range(100)]
        while len(server.requests) < 100:
            time.sleep(0.01)
        impatient = client.with_options(timeout=0.5)
        errors = [each.exception() for each in [threads.submit(impatient.get_run, "2") for _ in range(10)]]
        assert {type(error) for error in errors} == {core.RequestTimeout}
        assert {without_time(error) for error in errors} == {f"GET {server.url}/runs/2{OWN}"}
        assert len(server.requests) == 100
        waiting = [threads.submit(client.get_run, "3") for _ in range(200)]
        server.may_answer.set()
        assert [each.result() for each in sent + waiting] == [Run(id="1")] * 300


def test_300_calls_of_tasks_share_100_connections(server: Busy) -> None:
    async def run() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            sent = [asyncio.create_task(client.get_run("1")) for _ in range(100)]
            while len(server.requests) < 100:
                await asyncio.sleep(0.01)
            impatient = client.with_options(timeout=0.5)
            errors = await asyncio.gather(*(impatient.get_run("2") for _ in range(10)), return_exceptions=True)
            assert {type(error) for error in errors} == {core.RequestTimeout}
            assert {without_time(error) for error in errors} == {f"GET {server.url}/runs/2{OWN}"}
            assert len(server.requests) == 100
            waiting = [asyncio.create_task(client.get_run("3")) for _ in range(200)]
            server.may_answer.set()
            assert await asyncio.gather(*sent, *waiting) == [Run(id="1")] * 300

    asyncio.run(run())


PASSED = (
    " timed out: all connections of the http_client were busy for 0.05 s, so that it was never sent:"
    " make fewer calls at once, or give it more of them (httpx2.Limits) (after 3 attempts)"
)
LIMITS: dict[str, Any] = {"limits": httpx2.Limits(max_connections=1), "timeout": httpx2.Timeout(None, pool=0.05)}


def test_an_http_client_that_waits_for_less_is_asked_again(server: Busy) -> None:
    http = httpx2.Client(**LIMITS)
    client = ExampleClient(api_key="k", base_url=server.url, http_client=http, retry=core.Retry(initial=0.001))
    with http, ThreadPoolExecutor(1) as threads:
        first = threads.submit(client.get_run, "1")
        while not server.requests:
            time.sleep(0.01)
        with pytest.raises(core.RequestTimeout) as caught:
            client.get_run("2")
        assert str(caught.value) == f"GET {server.url}/runs/2{PASSED}"
        server.may_answer.set()
        assert first.result() == client.get_run("3") == Run(id="1")


def test_an_asynchronous_http_client_that_waits_for_less_is_asked_again(server: Busy) -> None:
    async def run() -> None:
        async with httpx2.AsyncClient(**LIMITS) as http:
            retry = core.Retry(initial=0.001)
            client = AsyncExampleClient(api_key="k", base_url=server.url, http_client=http, retry=retry)
            first = asyncio.create_task(client.get_run("1"))
            while not server.requests:
                await asyncio.sleep(0.01)
            with pytest.raises(core.RequestTimeout) as caught:
                await client.get_run("2")
            assert str(caught.value) == f"GET {server.url}/runs/2{PASSED}"
            server.may_answer.set()
            assert await first == await client.get_run("3") == Run(id="1")

    asyncio.run(run())


def test_a_server_that_had_only_the_rest_of_the_time_is_not_blamed_for_all_of_it(
    server: Busy, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            self.now += 1.25
            return self.now

    monkeypatch.setattr("workflow_client_core._connections.waiting.time", Clock())
    with pytest.raises(core.RequestTimeout) as caught:
        call("get_run", "1", client={"timeout": 0.2})
    assert str(caught.value) == (
        f"GET {server.url}/runs/1 timed out: no whole response within 0.2 s,"
        " of which it waited 1.25 s for a free connection"
    )
