"""Clients that were used before their process was forked: no connection has two users, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import AsyncExampleClient, ExampleClient, Run
from tests.runtime.forks import Child, in_child
from tests.runtime.streams.opening import CHUNKED, LAST, ONE, TWO, chunk
from tests.runtime.tokens.token_server import TokenServer, client_of, get_run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork()")

Make = Callable[..., ExampleClient]


def echo(received: Received) -> Reply:
    return json_reply({"id": received.target.rpartition("/")[2]})


def use_and_close(client: ExampleClient) -> str:
    run = client.get_run("1")
    client.close()
    gc.collect()
    return run.id


async def use_and_close_asynchronously(client: AsyncExampleClient) -> str:
    run = await client.get_run("1")
    await client.aclose()
    gc.collect()
    return run.id


class Connected(Loopback):
    """Counts its connections."""

    def __init__(self) -> None:
        super().__init__()
        self.connections = 0
        get_request = self._server.get_request

        def counted() -> tuple[socket.socket, Any]:
            self.connections += 1
            return get_request()

        self._server.get_request = counted  # type: ignore[method-assign]
        self.respond = echo

    def url_with_tls(self, certificate: Path) -> str:
        """Speak TLS from now on."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        return self.url.replace("http:", "https:")


@pytest.fixture
def server() -> Iterator[Connected]:
    with Connected() as server:
        yield server


def test_each_answer_belongs_to_its_request(server: Connected, make: Make) -> None:
    client = make(api_key="k")
    copy = client.with_options(timeout=20)
    assert client.get_run("parent") == Run(id="parent")

    def work(worker: int) -> list[str]:
        wanted = [f"{worker}-{number}" for number in range(30)]
        return [text for text in wanted if (client, copy)[worker % 2].get_run(text).id != text]

    children = [Child(partial(work, worker)) for worker in range(4)]
    assert client.get_run("meanwhile") == Run(id="meanwhile")
    assert [child.result() for child in children] == [[]] * 4
    assert copy.get_run("parent") == Run(id="parent")
    assert server.connections == 5, "one in each process"


def test_each_answer_belongs_to_its_request_asynchronously(server: Connected) -> None:
    async def ids(wanted: list[str]) -> list[str]:
        return [run.id for run in await asyncio.gather(*map(client.get_run, wanted))]

    def work(worker: int) -> bool:
        wanted = [f"{worker}-{number}" for number in range(30)]
        return asyncio.run(ids(wanted)) == wanted

    async def parent() -> None:
        assert await ids(["1", "2"]) == ["1", "2"]
        children = [Child(partial(work, worker)) for worker in range(4)]
        assert await ids(["3", "4"]) == ["3", "4"]
        results = [await asyncio.to_thread(child.result) for child in children]
        assert results == [True] * 4
        connections = server.connections
        assert await ids(["5", "6"]) == ["5", "6"]
        assert server.connections == connections, "those of before"
        await client.aclose()

    client = AsyncExampleClient(api_key="k", base_url=server.url)
    asyncio.run(parent())


def test_closing_a_client_in_a_child_leaves_the_parent_alone(server: Connected, make: Make) -> None:
    def close() -> str:
        client.close()
        gc.collect()
        with pytest.raises(RuntimeError) as caught:
            client.get_run("1")
        return str(caught.value)

    client = make(api_key="k")
    client.get_run("1")
    assert in_child(close) == "this ExampleClient is closed; make a new one"
    assert client.get_run("2") == Run(id="2")
    assert server.connections == 1
    client.close()
    assert in_child(close) == "this ExampleClient is closed; make a new one"


def test_a_client_of_a_child_serves_its_own_children(server: Connected, make: Make) -> None:
    client = make(api_key="k")
    client.get_run("1")
    grandchild = lambda: client.get_run("3").id  # noqa: E731
    assert in_child(lambda: [client.get_run("2").id, in_child(grandchild), client.get_run("4").id]) == ["2", "3", "4"]
    assert server.connections == 3


def test_a_call_of_another_thread_ends_in_the_parent_alone(server: Connected, make: Make) -> None:
    def respond(received: Received) -> Reply:
        if "slow" in received.target:
            begun.set()
            assert may_end.wait(10)
        return echo(received)

    begun, may_end = threading.Event(), threading.Event()
    server.respond = respond
    client = make(api_key="k")
    runs: list[Run] = []
    thread = threading.Thread(target=lambda: runs.append(client.get_run("slow")))
    thread.start()
    assert begun.wait(10)
    assert in_child(lambda: use_and_close(client)) == "1"
    may_end.set()
    thread.join(10)
    assert runs == [Run(id="slow")]


def test_a_lock_that_a_thread_holds_does_not_stop_the_child() -> None:
    with TokenServer() as server, client_of(server, retry=core.Retry(max_retries=0)) as client:
        respond = server.respond
        begun, may_end = threading.Event(), threading.Event()

        def slow_once(received: Received) -> Reply:
            if "/token" in received.target and not begun.is_set():
                begun.set()
                assert may_end.wait(10)
            return respond(received)

        server.respond = slow_once
        server.accepts = lambda _: True
        runs: list[Run] = []
        thread = threading.Thread(target=lambda: runs.append(get_run(client)))
        thread.start()
        assert begun.wait(10)
        assert in_child(lambda: get_run(client.with_options(timeout=5)).id) == "1"
        may_end.set()
        thread.join(10)
        assert runs == [Run(id="1")]
        assert in_child(lambda: get_run(client).id) == "1"
        assert len(server.token_requests) == 2, "children go on with the token that there is"


FORKED_DURING_A_STREAM = (
    " failed: only the process in which a stream began can read it, not those that were forked from it"
)


def test_a_stream_goes_on_in_the_process_in_which_it_began(server: Connected, make: Make) -> None:
    def read_on() -> list[str]:
        texts: list[str] = []
        for stream in (first, second):
            with pytest.raises(core.ConnectionFailed) as caught:
                next(stream)
            texts.append(str(caught.value))
            stream.close()
        client.close()
        gc.collect()
        return texts

    may_end = threading.Event()

    def body() -> Iterator[bytes]:
        yield CHUNKED + chunk(ONE)
        assert may_end.wait(10)
        yield chunk(TWO) + LAST

    server.respond = lambda _: Reply(raw=body())
    client, http = make(api_key="k"), httpx2.Client()
    with http, client.follow_run("1") as first, make(api_key="k", http_client=http).follow_run("2") as second:
        assert (next(first), next(second)) == (Run(id="1"), Run(id="1"))
        texts = [f"GET {server.url}/runs/{number}/events{FORKED_DURING_A_STREAM}" for number in (1, 2)]
        assert in_child(read_on) == texts
        may_end.set()
        assert [*first, *second] == [Run(id="2"), Run(id="2")]


def test_an_asynchronous_stream_goes_on_in_the_process_in_which_it_began(server: Connected) -> None:
    async def read_on(stream: core.AsyncEventStream[Run]) -> str:
        with pytest.raises(core.ConnectionFailed) as caught:
            await anext(stream)
        await stream.aclose()
        await client.aclose()
        return str(caught.value)

    async def parent() -> None:
        async with client, await client.follow_run("1") as stream:
            assert await anext(stream) == Run(id="1")
            child = Child(lambda: asyncio.run(read_on(stream)))
            assert await asyncio.to_thread(child.result) == f"GET {server.url}/runs/1/events{FORKED_DURING_A_STREAM}"
            may_end.set()
            assert [run async for run in stream] == [Run(id="2")]

    may_end = threading.Event()

    def body() -> Iterator[bytes]:
        yield CHUNKED + chunk(ONE)
        assert may_end.wait(10)
        yield chunk(TWO) + LAST

    server.respond = lambda _: Reply(raw=body())
    client = AsyncExampleClient(api_key="k", base_url=server.url)
    asyncio.run(parent())


@pytest.mark.parametrize("argument", ["http_client", "transport"])
def test_what_was_passed_is_refused_where_it_has_connections_of_the_parent(
    server: Connected, make: Make, argument: str
) -> None:
    def refused() -> list[str]:
        texts: list[str] = []
        for user in (client, make(api_key="k", **{argument: passed}), unused):
            with pytest.raises(RuntimeError) as caught:
                user.get_run("2")
            user.close()
            texts.append(str(caught.value))
        return [*texts, in_child(lambda: another.get_run("3").id)]

    made: dict[str, Any] = {"http_client": httpx2.Client, "transport": httpx2.HTTPTransport}
    passed = made[argument]()
    client, unused = (make(api_key="k", **{argument: passed}) for _ in range(2))
    another = make(api_key="k", **{argument: made[argument]()})
    assert in_child(lambda: client.get_run("0").id) == "0", "not used before"
    client.get_run("1")
    message = (
        f"{argument} has connections of the process from which this one was forked:"
        f" make a client with a new {argument} in each process"
    )
    assert in_child(refused) == [message, message, message, "3"]
    assert client.get_run("4") == Run(id="4")
    passed.close()


def test_a_transport_without_connections_works_in_every_process() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"id": "1"}))
    with ExampleClient(api_key="k", transport=transport) as client:
        assert client.get_run("1") == Run(id="1")
        assert in_child(lambda: client.get_run("1").id) == "1"


def test_a_child_that_ends_like_a_program_leaves_the_parent_alone(server: Connected) -> None:
    may_end = threading.Event()

    def body() -> Iterator[bytes]:
        yield CHUNKED + chunk(ONE)
        assert may_end.wait(10)
        yield chunk(TWO) + LAST

    def respond(received: Received) -> Reply:
        if received.target.endswith("/end"):
            may_end.set()
        return Reply(raw=body()) if received.target.endswith("/events") else echo(received)

    server.respond = respond
    program = f"""
        import asyncio, os, sys
        from tests.runtime.example_api import AsyncExampleClient, ExampleClient

        client = ExampleClient(api_key="k", base_url={server.url!r})
        client.get_run("1")
        stream = client.follow_run("1")
        next(stream)
        asynchronous = AsyncExampleClient(api_key="k", base_url={server.url!r})

        async def parent():
            await asynchronous.get_run("1")
            child = os.fork()
            if child == 0:
                sys.exit(7)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
            print((await asynchronous.get_run("2")).id)
            await asynchronous.aclose()

        asyncio.run(parent())
        print(client.get_run("end").id, *(run.id for run in stream))
        client.close()
    """
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), str(Path(core.__path__[0]).parent)])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-W", "error", "-c", dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == ("2\nend 2\n", "", 0)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_child_ends_no_tls_connection_of_the_parent(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    async def parent() -> None:
        client = AsyncExampleClient(api_key="k", base_url=url)
        await client.get_run("1")
        child = Child(lambda: asyncio.run(use_and_close_asynchronously(client)))
        assert await asyncio.to_thread(child.result) == "1"
        assert await client.get_run("3") == Run(id="3")
        await client.aclose()

    certificate = Path(__file__).with_name("loopback.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Connected() as server:
        url = server.url_with_tls(certificate)
        if mode == "async":
            asyncio.run(parent())
        else:
            with ExampleClient(api_key="k", base_url=url) as client:
                client.get_run("1")
                assert in_child(lambda: use_and_close(client)) == "1"
                assert client.get_run("3") == Run(id="3")
        assert server.connections == 2
