"""What comes of an answer without a token, and of waiting for one."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Reply, json_reply
from tests.runtime.example_api import GET_RUN, AsyncExampleClient, Run
from tests.runtime.tokens.token_server import SECRET, SOON, Call, TokenServer, client_of, get_run, run_of, settings


@pytest.mark.parametrize(
    ("reply", "expected_message"),
    [
        (
            json_reply({"error": "invalid_scope"}, 400),
            "400 Bad Request from POST {url}: invalid_scope; scopes= asks for others",
        ),
        (
            json_reply({"error": "unauthorized_client", "error_description": f"no\n{SECRET}"}, 400),
            "400 Bad Request from POST {url}: unauthorized_client: no ***",
        ),
        (json_reply({"error": "invalid_client"}), "200 OK from POST {url}: invalid_client"),
        (Reply(403, b"go away"), "403 Forbidden from POST {url}"),
        (Reply(404), "404 Not Found from POST {url}"),
        (Reply(200, b"<html>"), "200 OK from POST {url}, but the body is not a JSON object"),
        (json_reply(["token"]), "200 OK from POST {url}, but the body is not a JSON object"),
        (Reply(204), "204 No Content from POST {url}, but the body is not a JSON object"),
        (
            json_reply({"token_type": "bearer"}),
            "200 OK from POST {url}, but the body has no access_token that is a text",
        ),
        (json_reply({"access_token": None}), "200 OK from POST {url}, but the body has no access_token that is a text"),
        (json_reply({"access_token": ""}), "200 OK from POST {url}, but the access_token is empty"),
        (
            json_reply({"access_token": "a\nb"}),
            "200 OK from POST {url}, but the access_token holds a control character, such as a line end",
        ),
        (
            json_reply({"access_token": "t", "token_type": "mac"}),
            "200 OK from POST {url}, but the token_type is not Bearer",
        ),
        (
            json_reply({"access_token": "t", "token_type": 3}),
            "200 OK from POST {url}, but the token_type is not Bearer",
        ),
    ],
)
def test_an_answer_without_a_token_is_an_error(
    server: TokenServer, call: Call, reply: Reply, expected_message: str
) -> None:
    server.token_replies = [reply]
    with pytest.raises(core.CredentialsError) as caught:
        run_of(call, server, retry=SOON)
    message = str(caught.value).removeprefix("Async")
    assert message == f"ExampleClient got no token: {expected_message.format(url=f'{server.url}/token')}"
    assert (caught.value.operation, caught.value.method, caught.value.url) == (
        *("get_run", "POST"),
        f"{server.url}/token",
    )
    assert (len(server.token_requests), server.api_requests) == (1, [])


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "token-1", "token_type": "bEARER"},
        {"access_token": "token-1", "token_type": None},
        {"access_token": "Bearer token-1"},
    ],
)
def test_what_servers_make_of_a_token_is_read(server: TokenServer, call: Call, answer: object) -> None:
    server.token_replies = [json_reply(answer, 201, Content_Type="text/plain")]
    server.accepts = lambda token: token == "token-1"
    assert run_of(call, server) == Run(id="1")


@pytest.mark.parametrize("failure", [Reply(503), Reply(429), Reply(raw=b""), Reply(raw=b"HTTP/1.1 2", reset=True)])
def test_asking_is_repeated_as_calls_are(server: TokenServer, call: Call, failure: Reply) -> None:
    server.token_replies = [failure, failure]
    assert run_of(call, server, retry=SOON) == Run(id="1")
    assert (len(server.token_requests), len(server.api_requests)) == (3, 1)


@pytest.mark.parametrize(
    ("failure", "error"),
    [(Reply(503), core.ServerError), (Reply(429), core.RateLimited), (Reply(raw=b""), core.ConnectionFailed)],
)
def test_a_server_that_fails_raises_what_calls_raise(
    server: TokenServer, call: Call, failure: Reply, error: type[core.ApiError]
) -> None:
    server.token_replies = [failure] * 3
    with pytest.raises(error, match=f"POST {server.url}/token") as caught:
        run_of(call, server, retry=SOON)
    assert caught.value.operation == "get_run"
    assert (len(server.token_requests), server.api_requests) == (3, [])


def test_the_limits_of_the_call_hold(server: TokenServer, call: Call) -> None:
    server.token_replies = [Reply(200, b" " * 2000)]
    text = r"got no token: 200 OK from POST .*, but the body is larger than 1000 bytes \(max_response_size\)"
    with pytest.raises(core.CredentialsError, match=text):
        run_of(call, server, max_response_size=1000)
    server.token_replies = [Reply(delay=5)]
    with pytest.raises(core.RequestTimeout, match=f"POST {server.url}/token timed out: no whole response within 0.2 s"):
        run_of(call, server, timeout=0.2)


def test_whoever_waits_for_a_token_waits_no_longer_than_its_call_may_take(server: TokenServer) -> None:
    server.token_replies = [Reply(delay=2)]
    with client_of(server) as client, ThreadPoolExecutor(1) as threads:
        fetching_call = threads.submit(get_run, client)
        while not server.token_requests:
            time.sleep(0.01)
        with pytest.raises(core.RequestTimeout, match=f"GET {server.url}/runs/1 timed out: no whole response within"):
            get_run(client.with_options(timeout=0.1))
        client.close()
        assert isinstance(fetching_call.exception(), core.ConnectionFailed)


def test_a_call_whose_token_was_refused_waits_no_longer_either(server: TokenServer) -> None:
    operation = replace(GET_RUN, security=(("Bearer",),))
    with client_of(server) as client, ThreadPoolExecutor(1) as threads:
        get_run(client)
        server.accepts = lambda token: token == "token-2"
        server.token_replies = [Reply(delay=2)]
        threads.submit(get_run, client)
        while len(server.token_requests) < 2:
            time.sleep(0.01)
        with pytest.raises(core.RequestTimeout, match=r"no whole response within 0\.1 s"):
            get_run(client.with_options(timeout=0.1))
        client.close()

    async def run() -> None:
        async with AsyncExampleClient(**settings(server), base_url=server.url) as client:
            await client.call(operation, run_id="1")
            server.accepts = lambda token: token == "token-9"
            server.token_replies = [Reply(delay=2)]
            requests_before, fetching_call = (
                len(server.token_requests),
                asyncio.create_task(client.call(operation, run_id="1")),
            )
            while len(server.token_requests) == requests_before:
                await asyncio.sleep(0.01)
            with pytest.raises(core.RequestTimeout, match=r"no whole response within 0\.1 s"):
                await client.with_options(timeout=0.1).call(operation, run_id="1")
            fetching_call.cancel()

    server.accepts = lambda _: True
    asyncio.run(run())


def test_a_task_that_is_cancelled_leaves_the_others_a_way_to_a_token(server: TokenServer) -> None:
    async def run() -> None:
        operation = replace(GET_RUN, security=(("Bearer",),))
        async with AsyncExampleClient(**settings(server), base_url=server.url) as client:
            fetching_call = asyncio.create_task(client.call(operation, run_id="1"))
            while not server.token_requests:
                await asyncio.sleep(0.01)
            waiting_call = asyncio.create_task(client.call(operation, run_id="1"))
            await asyncio.sleep(0.01)
            fetching_call.cancel()
            assert await waiting_call == Run(id="1")

    server.token_replies = [Reply(delay=1)]
    asyncio.run(run())
