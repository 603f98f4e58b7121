"""How long a token is kept, who shares it, and when another is fetched."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import workflow_client_core as core
from msgspec.structs import replace
from workflow_client_core._credentials import tokens as tokens_module

from tests.loopback import Received, Reply, json_reply
from tests.runtime.example_api import GET_RUN, AsyncExampleClient, Run
from tests.runtime.tokens.token_server import RELATIVE, Call, TokenServer, api_of, client_of, get_run, run_of, settings


def test_threads_share_a_token(server: TokenServer) -> None:
    respond = server.respond
    together = threading.Barrier(8)

    def wait_for_all(received: Received) -> Reply:
        if "/token" not in received.target:
            together.wait(10)
        return respond(received)

    server.respond = wait_for_all
    with client_of(server) as client, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: get_run(client), range(8))) == [Run(id="1")] * 8
        server.respond = respond
        assert get_run(client.with_options(timeout=5)) == Run(id="1")
    assert len(server.token_requests) == 1


def test_tasks_share_a_token(server: TokenServer) -> None:
    async def run() -> None:
        operation = replace(GET_RUN, security=(("Bearer",),))
        async with AsyncExampleClient(**settings(server), base_url=server.url) as client:
            clients = [client, client.with_options(timeout=5)] * 4
            runs = await asyncio.gather(*(each.call(operation, run_id="1") for each in clients))
        assert runs == [Run(id="1")] * 8

    asyncio.run(run())
    assert len(server.token_requests) == 1


@pytest.mark.parametrize("expires_in", [3600, "3600", 3600.5, None, "soon", True, [], 10**400, "1e999"])
def test_a_token_is_kept(server: TokenServer, expires_in: object) -> None:
    server.answer["expires_in"] = expires_in
    with client_of(server) as client:
        get_run(client)
        get_run(client)
    assert len(server.token_requests) == 1


def test_a_token_without_an_end_is_kept(server: TokenServer) -> None:
    server.answer = {}
    with client_of(server) as client:
        get_run(client)
        get_run(client)
    assert len(server.token_requests) == 1


@pytest.mark.parametrize("expires_in", [0, "0", -5, 1e-9])
def test_a_token_that_has_ended_serves_one_call(server: TokenServer, expires_in: object) -> None:
    server.answer["expires_in"] = expires_in
    with client_of(server) as client:
        get_run(client)
        get_run(client)
    assert [request.headers["authorization"] for request in server.api_requests] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(("expires_in", "seconds_before_renewal"), [(3600, 3569), (100, 89), (10, 8)])
def test_a_token_is_replaced_shortly_before_its_end(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch, expires_in: int, seconds_before_renewal: int
) -> None:
    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(tokens_module, "time", clock)
    monkeypatch.setattr("workflow_client_core._clients.calls.time", clock)
    server.answer["expires_in"] = expires_in
    with client_of(server) as client:
        get_run(client)
        clock.now += seconds_before_renewal
        get_run(client)
        assert len(server.token_requests) == 1
        clock.now += expires_in - seconds_before_renewal - 0.5
        get_run(client)
    assert len(server.token_requests) == 2


def test_a_401_fetches_another_token_once(server: TokenServer, call: Call) -> None:
    server.accepts = lambda token: token == "token-2"
    assert run_of(call, server) == Run(id="1")
    assert [request.headers["authorization"] for request in server.api_requests] == ["Bearer token-1", "Bearer token-2"]


def test_a_second_401_ends_the_call(server: TokenServer, call: Call) -> None:
    server.accepts = lambda _: False
    with pytest.raises(core.Unauthorized, match=r"401 Unauthorized from GET .*/runs/1: \*\*\* \(after 2 attempts\)$"):
        run_of(call, server)
    assert (len(server.token_requests), len(server.api_requests)) == (2, 2)


def test_a_call_is_not_repeated_with_the_token_that_was_refused(server: TokenServer, call: Call) -> None:
    server.accepts = lambda _: False
    server.token_replies = [json_reply({"access_token": "same"}), json_reply({"access_token": "same"})]
    with pytest.raises(core.Unauthorized):
        run_of(call, server)
    assert (len(server.token_requests), len(server.api_requests)) == (2, 1)


def test_threads_whose_token_is_refused_share_the_next(server: TokenServer) -> None:
    with client_of(server) as client, ThreadPoolExecutor(8) as threads:
        get_run(client)
        server.accepts = lambda token: token == "token-2"
        assert list(threads.map(lambda _: get_run(client), range(8))) == [Run(id="1")] * 8
    assert len(server.token_requests) == 2


def test_a_copy_for_another_server_gets_tokens_there_if_their_url_is_relative(server: TokenServer) -> None:
    server.accepts = lambda _: True
    with client_of(server, api=api_of(RELATIVE), token_url=None) as client:
        get_run(client)
        get_run(client.with_options(base_url=f"{server.url}/second"))
        get_run(client.with_options(timeout=5))
    assert [request.target for request in server.token_requests] == ["/oauth/token", "/second/oauth/token"]
