"""What errors and whole responses tell: how often a call was sent, and the server's name for the request."""

from __future__ import annotations

import asyncio
import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Reply, json_reply
from tests.runtime.example_api import AsyncExampleClient, ExampleClient
from tests.runtime.tokens.token_server import TokenServer, client_of, get_run

Call = Callable[..., Any]

THRICE = core.Retry(max_retries=2, initial=0.001)
ANNOUNCED = b"HTTP/1.1 200 OK\r\nX-Request-Id: r-7\r\nContent-Length: 99\r\n\r\n{"


def error_of(call: Call, **client: Any) -> core.ApiError:
    with pytest.raises(core.ApiError) as caught:
        call("get_run", "1", client={"retry": THRICE, **client})
    return caught.value


FAILURES = [
    (
        Reply(503),
        core.ServerError,
        "503 Service Unavailable from GET {} (after 3 attempts)",
    ),
    (
        json_reply({"title": "busy"}, 429),
        core.RateLimited,
        "429 Too Many Requests from GET {}: busy (after 3 attempts)",
    ),
    (Reply(raw=b""), core.ConnectionFailed, "(after 3 attempts)"),
    (Reply(raw=ANNOUNCED), core.InvalidResponse, "(after 3 attempts)"),
    (Reply(404), core.NotFound, "404 Not Found from GET {}"),
]


@pytest.mark.parametrize(("reply", "error_class", "message"), FAILURES)
def test_an_error_tells_how_often_the_call_was_sent(
    server: Loopback, call: Call, reply: Reply, error_class: type[core.ApiError], message: str
) -> None:
    server.respond = lambda _: reply
    error = error_of(call)
    assert type(error) is error_class
    assert error.attempts == len(server.requests)
    assert str(error).endswith(message.format(f"{server.url}/runs/1"))


def test_a_call_that_is_never_repeated_says_nothing_of_attempts(server: Loopback, call: Call) -> None:
    server.reply(503)
    error = error_of(call, retry=core.Retry(max_retries=0))
    assert (error.attempts, str(error)) == (1, f"503 Service Unavailable from GET {server.url}/runs/1")


def test_the_last_attempt_decides_and_all_are_counted(server: Loopback, call: Call) -> None:
    server.reply_in_turn(Reply(503, headers={"X-Request-Id": "a"}), Reply(raw=b""), json_reply({"id": 7}))
    error = error_of(call)
    assert type(error) is core.InvalidResponse
    assert (error.attempts, error.request_id) == (3, None)


def test_a_time_limit_while_a_credential_is_fetched_counts_the_attempts_before_it(server: Loopback) -> None:
    async def run() -> core.ApiError:
        retry = core.Retry(initial=30, maximum=30)
        async with AsyncExampleClient(api_key=slow, base_url=server.url, retry=retry, timeout=0.3) as client:
            with pytest.raises(core.ApiError) as caught:
                await client.get_run("1")
            return caught.value

    keys = iter(["first"])

    async def slow() -> str:
        key = next(keys, "")
        if not key:
            await asyncio.sleep(10)
        return key

    server.reply(401)
    error = asyncio.run(run())
    assert (type(error), error.attempts) == (core.Unauthorized, 1)


def test_nothing_was_sent_outside_of_a_call_and_before_one(
    server: Loopback, make: Callable[..., ExampleClient]
) -> None:
    assert core.ApiError("no").attempts == 0
    assert core.ApiError("no").request_id is None
    with pytest.raises(core.CredentialsError) as caught:
        make(api_key=lambda: "").get_run("1")
    assert caught.value.attempts == 0
    with pytest.raises(core.InvalidResponse) as unreadable:
        core.decode(b"{", dict[str, str])
    assert (unreadable.value.attempts, unreadable.value.request_id) == (0, None)


IDS = [
    ({"X-Request-Id": "a"}, "a"),
    ({"request-id": "a"}, "a"),
    ({"x-amzn-RequestId": "a"}, "a"),
    ({"X-GitHub-Request-Id": "a"}, "a"),
    ({"apim-request-id": "a"}, "a"),
    ({"X-Correlation-ID": "a"}, "a"),
    ({"X-Acme-Request-Id": "a", "Request-Id": "b", "X-Request-ID": "c"}, "c"),
    ({"X-Correlation-Id": "a", "X-Acme-Request-Id": "b"}, "b"),
    ({"X-Request-Id": " ", "Request-Id": "b"}, "b"),
    ({"x-ms-client-request-id": "a"}, None),
    ({"traceparent": "a", "X-Request-Id-Source": "a", "X-Bequest-Id": "a", "CF-Ray": "a"}, None),
    ({"X-Request-Id": "of secret-key"}, "of ***"),
]


@pytest.mark.parametrize(("headers", "request_id"), IDS)
def test_the_request_id_is_what_servers_call_so(
    server: Loopback, call: Call, headers: dict[str, str], request_id: str | None
) -> None:
    server.respond = lambda _: Reply(404, headers=headers)
    assert error_of(call).request_id == request_id


def test_whole_responses_and_streams_have_both(server: Loopback, make: Callable[..., ExampleClient]) -> None:
    found = Reply(body=b'{"id":"1"}', headers={"X-Request-Id": "r-7"})
    server.reply_in_turn(Reply(503, headers={"X-Request-Id": "r-6"}), found)
    client = make(api_key="k", retry=THRICE)
    raw = client.raw.get_run("1")
    assert (raw.attempts, raw.request_id) == (2, "r-7")
    with pytest.raises(core.InvalidResponse) as caught:
        assert core.RawResponse(200, {}, b"{", None, attempts=2, request_id="r-7").document
    assert (caught.value.attempts, caught.value.request_id) == (2, "r-7")
    head = {"Content-Type": "text/event-stream", "Request-Id": "r-8"}
    server.reply_in_turn(Reply(503), Reply(body=b"data: nothing\n\n", headers=head))
    with client.follow_run("1") as stream:
        assert (stream.attempts, stream.request_id) == (2, "r-8")
        with pytest.raises(core.InvalidResponse, match=r" \(after 2 attempts\)$") as caught:
            next(stream)
    assert (caught.value.attempts, caught.value.request_id) == (2, "r-8")


def test_a_stream_that_breaks_tells_both(server: Loopback, call: Call, make: Callable[..., ExampleClient]) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Request-Id: r-7\r\nContent-Length: 99\r\n\r\n"
    server.respond = lambda _: Reply(raw=head + b'data: {"id": "1"}\n\n')
    with make(api_key="k").follow_run("1") as stream:
        next(stream)
        with pytest.raises(core.ConnectionFailed) as caught:
            next(stream)
    assert (caught.value.attempts, caught.value.request_id) == (1, "r-7")


@pytest.mark.parametrize("copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_copies_of_errors_tell_the_same(server: Loopback, call: Call, copied: Callable[[Any], Any]) -> None:
    server.reply(503, X_Request_Id="r-7")
    error = error_of(call)
    twin = copied(error)
    assert (twin.attempts, twin.request_id, str(twin)) == (3, "r-7", str(error))


def test_an_error_of_a_token_request_tells_those_of_the_token_request() -> None:
    with TokenServer() as server:
        refusal = Reply(400, b'{"error": "invalid_grant"}', {"X-Request-Id": "r-7"})
        server.token_replies = [Reply(503), refusal, *[Reply(503)] * 3]
        client = client_of(server, retry=THRICE)
        with client, pytest.raises(core.CredentialsError) as refused:
            get_run(client)
        assert (refused.value.attempts, refused.value.request_id) == (2, "r-7")
        reason = f"400 Bad Request from POST {server.url}/token: invalid_grant (after 2 attempts)"
        assert str(refused.value) == f"ExampleClient got no token: {reason}"
        with client_of(server, retry=THRICE) as client, pytest.raises(core.ServerError) as failed:
            get_run(client)
        assert (failed.value.attempts, failed.value.url) == (3, f"{server.url}/token")
