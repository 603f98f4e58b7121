"""Clients that many threads or tasks share, and what closing does to them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx2
import pytest
import workflow_client_core as core
from workflow_client_core._transport import http
from workflow_client_core._transport.unpacking import pieces_of

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import AsyncExampleClient, ExampleClient, Run, RunStatus

Make = Callable[..., ExampleClient]

PATIENT = core.Retry(max_retries=20, initial=0.001, maximum=0.01, minimum=0.0)


def moody(received: Received) -> Reply:
    """A response with the requested identifier, or, at random, one of many failures."""
    run_id = received.target.rpartition("/")[2]
    mood = Random(f"{run_id} {time.monotonic_ns()}").random()
    if mood < 0.1:
        return Reply(503)
    if mood < 0.15:
        return Reply(raw=b"")
    if mood < 0.2:
        return Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id"', reset=True)
    return json_reply({"id": run_id, "status": f"word-{run_id}"})


def test_threads_share_a_client_and_mix_nothing_up(server: Loopback, make: Make) -> None:
    server.respond = moody
    client = make(api_key=lambda: f"key-{threading.get_ident()}", retry=PATIENT)
    with ThreadPoolExecutor(16) as threads:
        runs = list(threads.map(lambda number: client.get_run(str(number)), range(300)))
    assert runs == [Run(id=str(number), status=RunStatus(f"word-{number}")) for number in range(300)]
    assert not [status for status in RunStatus if not status.documented], "no shared member was touched"


def test_tasks_share_a_client_and_mix_nothing_up(server: Loopback) -> None:
    async def run() -> list[Run]:
        async with AsyncExampleClient(api_key="k", base_url=server.url, retry=PATIENT) as client:
            return await asyncio.gather(*(client.get_run(str(number)) for number in range(300)))

    server.respond = moody
    assert asyncio.run(run()) == [Run(id=str(n), status=RunStatus(f"word-{n}")) for n in range(300)]


def test_copies_with_other_options_share_the_connections(server: Loopback) -> None:
    made: list[int] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        made.append(1)
        return httpx2.Response(200, json={"id": "1"})

    with ExampleClient(api_key="k", transport=httpx2.MockTransport(note)) as client:
        copy = client.with_options(timeout=5, max_response_size=1000)
        assert type(copy) is ExampleClient
        assert copy.get_run("1") == client.get_run("1")
        copy.close()
        with pytest.raises(RuntimeError, match="this ExampleClient is closed"):
            copy.get_run("1")
        assert client.get_run("1") == Run(id="1")
        later_copy = client.with_options()
    with pytest.raises(RuntimeError, match="this ExampleClient is closed"):
        later_copy.get_run("1")
    assert len(made) == 3


def test_options_are_checked() -> None:
    client = ExampleClient(api_key="k")
    with pytest.raises(ValueError, match="timeout"):
        client.with_options(timeout=0)
    with pytest.raises(ValueError, match="max_response_size"):
        client.with_options(max_response_size=0)


def test_an_async_copy_shares_the_connections(server: Loopback) -> None:
    async def run() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            async with client.with_options(timeout=5) as copy:
                await copy.delete_run("1")
            with pytest.raises(RuntimeError, match="this AsyncExampleClient is closed"):
                await copy.delete_run("1")
            await client.delete_run("1")
            copy = client.with_options(timeout=5)
        with pytest.raises(RuntimeError, match="this AsyncExampleClient is closed"):
            await copy.delete_run("1")

    server.reply(204)
    asyncio.run(run())


ENDS_LATER = Reply(raw=[b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", b'{"id": "1"}', b""], pause=0.2)
"""A whole response, which the client takes for one that leaves its connection open."""


def test_a_connection_that_the_server_has_closed_meanwhile_is_not_used(server: Loopback, make: Make) -> None:
    server.respond = lambda _: ENDS_LATER
    client = make(api_key="k")
    for _ in range(3):
        assert client.get_run("1") == Run(id="1")
        time.sleep(0.6)


def test_an_asynchronous_connection_that_the_server_has_closed_meanwhile_is_not_used(server: Loopback) -> None:
    async def run() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url, retry=core.Retry(max_retries=0)) as client:
            for _ in range(3):
                assert await client.get_run("1") == Run(id="1")
                await asyncio.sleep(0.6)

    server.respond = lambda _: ENDS_LATER
    asyncio.run(run())


def test_a_response_that_arrives_while_the_client_is_closed_is_no_result(
    server: Loopback, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pieces_and_end(response: httpx2.Response) -> Iterator[bytes]:
        yield from pieces_of(response)
        client.close()

    monkeypatch.setattr(http, "pieces_of", pieces_and_end)
    server.reply(200, {"id": "1"})
    client = make(api_key="k")
    with pytest.raises(core.ConnectionFailed, match="the client was closed during the call"):
        client.get_run("1")


SLOW = {
    "waiting for an answer": Reply(delay=20),
    "reading a body": Reply(raw=[b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b" "] * 50], pause=0.4),
    "waiting for the next attempt": Reply(503, headers={"Retry-After": "20"}),
}


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_closing_ends_calls_in_other_threads(server: Loopback, slow: Reply) -> None:
    server.respond = lambda _: slow
    client = ExampleClient(api_key="k", base_url=server.url)
    started = time.monotonic()
    with ThreadPoolExecutor(5) as threads:
        calls = [threads.submit(client.get_run, str(number)) for number in range(5)]
        while len(server.requests) < 5:
            time.sleep(0.01)
        time.sleep(0.2)
        client.close()
        errors = [call.exception() for call in calls]
    assert time.monotonic() - started < 10
    for number, error in enumerate(errors):
        assert isinstance(error, core.ConnectionFailed)
        assert str(error) == f"GET {server.url}/runs/{number} failed: the client was closed during the call"
    client.close()


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_closing_ends_calls_in_other_tasks(server: Loopback, slow: Reply) -> None:
    async def run() -> list[object]:
        client = AsyncExampleClient(api_key="k", base_url=server.url)
        calls = [asyncio.create_task(client.get_run(str(number))) for number in range(5)]
        while len(server.requests) < 5:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        await client.aclose()
        results: list[object] = list(await asyncio.gather(*calls, return_exceptions=True))
        await client.aclose()
        return results

    server.respond = lambda _: slow
    started = time.monotonic()
    errors = asyncio.run(run())
    assert time.monotonic() - started < 10
    for number, error in enumerate(errors):
        assert isinstance(error, core.ConnectionFailed)
        assert str(error) == f"GET {server.url}/runs/{number} failed: the client was closed during the call"


def test_closing_lets_calls_on_an_injected_client_finish(server: Loopback) -> None:
    server.respond = lambda _: Reply(body=b'{"id": "1"}', delay=0.5)
    with httpx2.Client() as http, ThreadPoolExecutor(1) as threads:
        client = ExampleClient(api_key="k", base_url=server.url, http_client=http)
        call = threads.submit(client.get_run, "1")
        while not server.requests:
            time.sleep(0.01)
        client.close()
        assert call.result() == Run(id="1")
        assert http.get(server.url).status_code == 200


def test_closing_from_many_threads_while_calls_begin(server: Loopback) -> None:
    server.reply(200, {"id": "1"})
    for _ in range(10):
        client = ExampleClient(api_key="k", base_url=server.url)
        ends: list[BaseException | Run] = []

        def work(client: ExampleClient = client, ends: list[BaseException | Run] = ends) -> None:
            try:
                for _ in range(50):
                    ends.append(client.get_run("1"))
            except (RuntimeError, core.ConnectionFailed) as error:
                ends.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        threads += [threading.Timer(0.02, client.close) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive()
        assert all("closed" in str(end) for end in ends if isinstance(end, BaseException))
        with pytest.raises(RuntimeError, match="closed"):
            client.get_run("1")


def test_a_task_that_is_cancelled_leaves_the_client_usable(server: Loopback) -> None:
    async def run() -> Run:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            call = asyncio.create_task(client.get_run("slow"))
            while not server.requests:
                await asyncio.sleep(0.01)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            return await client.get_run("1")

    server.respond = lambda received: Reply(delay=5) if "slow" in received.target else json_reply({"id": "1"})
    assert asyncio.run(run()) == Run(id="1")


def test_a_client_that_was_never_used_can_be_closed() -> None:
    ExampleClient(api_key="k").close()
    asyncio.run(AsyncExampleClient(api_key="k").aclose())
