"""Tokens that a client gets by itself, by the client credentials of OAuth 2 (RFC 6749, 4.4)."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, quote_plus

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace
from workflow_client_core._credentials import tokens as tokens_module

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import API, BEARER, GET_RUN, KEY, AsyncExampleClient, ExampleClient, Run
from tests.runtime.test_secrets import shown

Call = Callable[..., Any]

SECRET = "s3cr3t/+=& ~%"
FLOW = core.ClientCredentials(
    "https://login.example.com/token",
    scopes=("runs:read", "runs:write"),
    id_environment="EXAMPLE_CLIENT_ID",
    secret_environment="EXAMPLE_CLIENT_SECRET",
)
RELATIVE = replace(FLOW, url="oauth/token")
SOON = core.Retry(max_retries=2, initial=0.001)


def api_of(flow: core.ClientCredentials, security: core.Security = (("Bearer",),), **changes: Any) -> core.Api:
    return replace(API, credentials=(replace(BEARER, client=flow), KEY), security=(security,), **changes)


class TokenServer(Loopback):
    """Gives the tokens `token-1`, `token-2`, ... at `/token`; every other path is one of an API that takes the last."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0
        self.answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600}
        self.accepts: Callable[[str], bool] = lambda token: token == f"token-{self.given}"
        self.token_replies: list[Reply] = []
        """What is answered in place of the next tokens."""
        self.respond = self._respond
        self._lock = threading.Lock()

    @property
    def asked(self) -> list[Received]:
        return [request for request in self.requests if "/token" in request.target]

    @property
    def called(self) -> list[Received]:
        return [request for request in self.requests if "/token" not in request.target]

    def _respond(self, received: Received) -> Reply:
        with self._lock:
            if "/token" not in received.target:
                token = received.headers.get("authorization", "").removeprefix("Bearer ")
                return json_reply({"id": "1"}) if self.accepts(token) else json_reply({"message": token}, 401)
            if self.token_replies:
                return self.token_replies.pop(0)
            self.given += 1
            return json_reply({"access_token": f"token-{self.given}", **self.answer})


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


def settings(server: Loopback, **changes: Any) -> dict[str, Any]:
    """What `call` makes a client of: one that gets its tokens from the server."""
    flow = {"client_id": "me:you", "client_secret": SECRET, "token_url": f"{server.url}/token"}
    return {"api_key": None, "api": api_of(FLOW), **flow, **changes}


def run_of(call: Call, server: Loopback, **changes: Any) -> Any:
    return call("call", replace(GET_RUN, security=(("Bearer",),)), run_id="1", client=settings(server, **changes))


def client_of(server: Loopback, **changes: Any) -> ExampleClient:
    arguments = {"base_url": server.url, "retry": core.Retry(max_retries=0), **settings(server, **changes)}
    return ExampleClient(**arguments)


def get_run(client: ExampleClient) -> Any:
    return client.call(replace(GET_RUN, security=(("Bearer",),)), run_id="1")


def form(request: Received) -> dict[str, list[str]]:
    return parse_qs(request.body.decode(), strict_parsing=True)


# The request for a token


def test_a_token_is_fetched_and_sent(server: TokenServer, call: Call) -> None:
    assert run_of(call, server) == Run(id="1")
    (asked,), (called,) = server.asked, server.called
    assert (asked.method, asked.target) == ("POST", "/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["user-agent"] == "workflow-client-example/0.1.0"
    assert form(asked) == {"grant_type": ["client_credentials"], "scope": ["runs:read runs:write"]}
    kind, _, pair = asked.headers["authorization"].partition(" ")
    assert (kind, b64decode(pair).decode()) == ("Basic", f"me%3Ayou:{quote_plus(SECRET)}")
    assert called.headers["authorization"] == "Bearer token-1"


@pytest.mark.parametrize(
    ("scopes", "sent"),
    [
        (["a", "b"], ["a b"]),
        ("a  b", ["a b"]),
        (("a",), ["a"]),
        ((scope for scope in "ab"), ["a b"]),
        ([], None),
        ("", None),
    ],
)
def test_callers_choose_other_scopes(server: TokenServer, scopes: object, sent: list[str] | None) -> None:
    with client_of(server, scopes=scopes) as client:
        get_run(client)
    assert form(server.asked[0]).get("scope") == sent


def test_an_api_without_scopes_is_asked_for_none(server: TokenServer, call: Call) -> None:
    run_of(call, server, api=api_of(replace(FLOW, scopes=())))
    assert form(server.asked[0]) == {"grant_type": ["client_credentials"]}


@pytest.mark.parametrize("scopes", [3, [1, "a"], b"a"])
def test_scopes_are_texts(server: TokenServer, scopes: object) -> None:
    with pytest.raises(TypeError, match="ExampleClient: scopes must be texts, or a text with blanks between"):
        client_of(server, scopes=scopes)


@pytest.mark.parametrize(
    ("base", "target"), [("", "/oauth/token"), ("/v1", "/v1/oauth/token"), ("/v1/", "/v1/oauth/token")]
)
def test_a_relative_token_url_is_resolved_against_the_server(
    server: TokenServer, call: Call, base: str, target: str
) -> None:
    run_of(call, server, api=api_of(RELATIVE), token_url=None, base_url=server.url + base)
    assert server.asked[0].target == target


def test_a_token_url_keeps_its_slash_and_its_query(server: TokenServer, call: Call) -> None:
    run_of(call, server, token_url=f"{server.url}/token/?kind=app")
    assert server.asked[0].target == "/token/?kind=app"


def test_a_token_url_can_have_variables_of_the_server(server: TokenServer, call: Call) -> None:
    port = server.url.rpartition(":")[2]
    variables = (core.ServerVariable("host", argument="host", default="127.0.0.9"),)
    url = f"http://{{host}}:{port}"
    api = api_of(replace(FLOW, url=f"{url}/token"), server=url, variables=variables)
    run_of(call, server, api=api, token_url=None, base_url=None, host="127.0.0.1")
    assert server.asked[0].target == "/token"


def test_a_variable_cannot_move_a_token_url_to_another_host() -> None:
    variables = (core.ServerVariable("region", argument="region", default="eu"),)
    flow = replace(FLOW, url="https://{region}.login.example.com/token")
    api = api_of(flow, server="https://api.example.com/{region}", variables=variables)
    with pytest.raises(ValueError, match=r"region is part of a host name that goes on with '\.login\.example\.com'"):
        ExampleClient(api, client_id="me", client_secret=SECRET, region="evil.example/")


def test_an_unknown_token_url_has_to_be_passed(server: TokenServer, call: Call) -> None:
    with pytest.raises(core.CredentialsError, match=r"^(Async)?ExampleClient\.get_run needs token_url: the API does"):
        run_of(call, server, api=api_of(replace(FLOW, url="")), token_url=None)
    assert server.requests == []


def test_a_relative_token_url_needs_a_base_url(server: TokenServer, call: Call) -> None:
    api = api_of(RELATIVE, server="", own_servers=(server.url,))
    operation = replace(GET_RUN, security=(("Bearer",),), server=server.url)
    client = settings(server, api=api, token_url=None, base_url=None)
    with pytest.raises(core.CredentialsError, match="get_run needs token_url: 'oauth/token' is relative to a base_url"):
        call("call", operation, run_id="1", client=client)
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("login.example.com", "token_url is not an absolute http or https URL; expected something like"),
        ("ftp://example.com/token", "token_url is not an absolute http or https URL"),
        ("https://me:word@example.com/token", "token_url must not hold a user name or password"),
        ("https://example.com/token#x", "token_url must not have a fragment"),
        ("https://example.com/a b", "token_url holds a space, backslash or control character"),
        (3, "token_url is a int"),
    ],
)
def test_a_token_url_that_cannot_be_used_is_refused(url: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        ExampleClient(api_of(FLOW), client_id="me", client_secret=SECRET, token_url=url)


def test_a_secret_does_not_travel_in_clear_text(server: TokenServer, call: Call) -> None:
    text = r"ExampleClient would send a credential in clear text to http://login\.example\.com/token: use https"
    with pytest.raises(core.CredentialsError, match=text):
        client_of(server, token_url="http://login.example.com/token?kind=app")
    with pytest.raises(core.CredentialsError, match=text):
        run_of(call, server, api=api_of(replace(FLOW, url="http://login.example.com/token")), token_url=None)
    assert server.requests == []
    client_of(server, token_url="http://login.example.com/token", allow_insecure_http=True).close()


def test_a_redirect_is_not_followed(server: TokenServer, call: Call) -> None:
    with Loopback() as elsewhere:
        server.token_replies = [Reply(307, headers={"Location": f"{elsewhere.url}/token"})]
        with pytest.raises(core.CredentialsError, match="redirects are not followed, and this one leads to http"):
            run_of(call, server)
        assert elsewhere.requests == []


# The secret in the body


REFUSED = [
    json_reply({"error": "invalid_client"}, 401),
    json_reply({"error": "invalid_client"}, 400),
    json_reply({"error": "invalid_request"}, 400),
    Reply(401, b"no"),
]


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_server_that_looks_for_the_secret_in_the_body_gets_it_there(server: TokenServer, refusal: Reply) -> None:
    server.token_replies = [refusal]
    server.answer["expires_in"] = 0
    with client_of(server) as client:
        assert get_run(client) == Run(id="1")
        first, second = server.asked
        assert "authorization" in first.headers
        assert "authorization" not in second.headers
        assert form(second) == {
            **form(first),
            "client_id": ["me:you"],
            "client_secret": [SECRET],
        }
        get_run(client)
    assert [("authorization" in request.headers) for request in server.asked] == [True, False, False], "it is known now"


def test_a_way_that_worked_once_is_kept(server: TokenServer) -> None:
    server.answer["expires_in"] = 0
    with client_of(server) as client:
        get_run(client)
        server.token_replies = [REFUSED[0]]
        with pytest.raises(core.CredentialsError):
            get_run(client)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (REFUSED[0], json_reply({"error": "invalid_request", "error_description": "second"}, 400), "invalid_client"),
        (REFUSED[2], json_reply({"error": "invalid_client", "error_description": "second"}, 401), "second"),
    ],
)
def test_the_error_is_the_one_about_the_client(
    server: TokenServer, call: Call, first: Reply, second: Reply, told: str
) -> None:
    server.token_replies = [first, second]
    with pytest.raises(core.CredentialsError, match=f": {told}$|: invalid_client: {told}$"):
        run_of(call, server)
    assert len(server.asked) == 2


# How long a token is kept


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
    assert len(server.asked) == 1


def test_tasks_share_a_token(server: TokenServer) -> None:
    async def run() -> None:
        operation = replace(GET_RUN, security=(("Bearer",),))
        async with AsyncExampleClient(**settings(server), base_url=server.url) as client:
            clients = [client, client.with_options(timeout=5)] * 4
            runs = await asyncio.gather(*(each.call(operation, run_id="1") for each in clients))
        assert runs == [Run(id="1")] * 8

    asyncio.run(run())
    assert len(server.asked) == 1


@pytest.mark.parametrize("expires_in", [3600, "3600", 3600.5, None, "soon", True, [], 10**400, "1e999"])
def test_a_token_is_kept(server: TokenServer, expires_in: object) -> None:
    server.answer["expires_in"] = expires_in
    with client_of(server) as client:
        get_run(client)
        get_run(client)
    assert len(server.asked) == 1


def test_a_token_without_an_end_is_kept(server: TokenServer) -> None:
    server.answer = {}
    with client_of(server) as client:
        get_run(client)
        get_run(client)
    assert len(server.asked) == 1


@pytest.mark.parametrize("expires_in", [0, "0", -5, 1e-9])
def test_a_token_that_has_ended_serves_one_call(server: TokenServer, expires_in: object) -> None:
    server.answer["expires_in"] = expires_in
    with client_of(server) as client:
        get_run(client)
        get_run(client)
    assert [request.headers["authorization"] for request in server.called] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(("seconds", "kept"), [(3600, 3569), (100, 89), (10, 8)])
def test_a_token_is_replaced_shortly_before_its_end(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch, seconds: int, kept: int
) -> None:
    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(tokens_module, "time", clock)
    monkeypatch.setattr("workflow_client_core._clients.calls.time", clock)
    server.answer["expires_in"] = seconds
    with client_of(server) as client:
        get_run(client)
        clock.now += kept
        get_run(client)
        assert len(server.asked) == 1
        clock.now += seconds - kept - 0.5
        get_run(client)
    assert len(server.asked) == 2


def test_a_401_fetches_another_token_once(server: TokenServer, call: Call) -> None:
    server.accepts = lambda token: token == "token-2"
    assert run_of(call, server) == Run(id="1")
    assert [request.headers["authorization"] for request in server.called] == ["Bearer token-1", "Bearer token-2"]


def test_a_second_401_ends_the_call(server: TokenServer, call: Call) -> None:
    server.accepts = lambda _: False
    with pytest.raises(core.Unauthorized, match=r"401 Unauthorized from GET .*/runs/1: \*\*\*$"):
        run_of(call, server)
    assert (len(server.asked), len(server.called)) == (2, 2)


def test_a_call_is_not_repeated_with_the_token_that_was_refused(server: TokenServer, call: Call) -> None:
    server.accepts = lambda _: False
    server.token_replies = [json_reply({"access_token": "same"}), json_reply({"access_token": "same"})]
    with pytest.raises(core.Unauthorized):
        run_of(call, server)
    assert (len(server.asked), len(server.called)) == (2, 1)


def test_threads_whose_token_is_refused_share_the_next(server: TokenServer) -> None:
    with client_of(server) as client, ThreadPoolExecutor(8) as threads:
        get_run(client)
        server.accepts = lambda token: token == "token-2"
        assert list(threads.map(lambda _: get_run(client), range(8))) == [Run(id="1")] * 8
    assert len(server.asked) == 2


def test_a_copy_for_another_server_gets_tokens_there_if_their_url_is_relative(server: TokenServer) -> None:
    server.accepts = lambda _: True
    with client_of(server, api=api_of(RELATIVE), token_url=None) as client:
        get_run(client)
        get_run(client.with_options(base_url=f"{server.url}/second"))
        get_run(client.with_options(timeout=5))
    assert [request.target for request in server.asked] == ["/oauth/token", "/second/oauth/token"]


# Answers


@pytest.mark.parametrize(
    ("reply", "told"),
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
def test_an_answer_without_a_token_is_an_error(server: TokenServer, call: Call, reply: Reply, told: str) -> None:
    server.token_replies = [reply]
    with pytest.raises(core.CredentialsError) as caught:
        run_of(call, server, retry=SOON)
    message = str(caught.value).removeprefix("Async")
    assert message == f"ExampleClient got no token: {told.format(url=f'{server.url}/token')}"
    assert (caught.value.operation, caught.value.method, caught.value.url) == (
        *("get_run", "POST"),
        f"{server.url}/token",
    )
    assert (len(server.asked), server.called) == (1, [])


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
    assert (len(server.asked), len(server.called)) == (3, 1)


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
    assert (len(server.asked), server.called) == (3, [])


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
        first = threads.submit(get_run, client)
        while not server.asked:
            time.sleep(0.01)
        with pytest.raises(core.RequestTimeout, match=f"GET {server.url}/runs/1 timed out: no whole response within"):
            get_run(client.with_options(timeout=0.1))
        client.close()
        assert isinstance(first.exception(), core.ConnectionFailed)


def test_a_call_whose_token_was_refused_waits_no_longer_either(server: TokenServer) -> None:
    operation = replace(GET_RUN, security=(("Bearer",),))
    with client_of(server) as client, ThreadPoolExecutor(1) as threads:
        get_run(client)
        server.accepts = lambda token: token == "token-2"
        server.token_replies = [Reply(delay=2)]
        threads.submit(get_run, client)
        while len(server.asked) < 2:
            time.sleep(0.01)
        with pytest.raises(core.RequestTimeout, match=r"no whole response within 0\.1 s"):
            get_run(client.with_options(timeout=0.1))
        client.close()

    async def run() -> None:
        async with AsyncExampleClient(**settings(server), base_url=server.url) as client:
            await client.call(operation, run_id="1")
            server.accepts = lambda token: token == "token-9"
            server.token_replies = [Reply(delay=2)]
            asked, first = len(server.asked), asyncio.create_task(client.call(operation, run_id="1"))
            while len(server.asked) == asked:
                await asyncio.sleep(0.01)
            with pytest.raises(core.RequestTimeout, match=r"no whole response within 0\.1 s"):
                await client.with_options(timeout=0.1).call(operation, run_id="1")
            first.cancel()

    server.accepts = lambda _: True
    asyncio.run(run())


def test_a_task_that_is_cancelled_leaves_the_others_a_way_to_a_token(server: TokenServer) -> None:
    async def run() -> None:
        operation = replace(GET_RUN, security=(("Bearer",),))
        async with AsyncExampleClient(**settings(server), base_url=server.url) as client:
            first = asyncio.create_task(client.call(operation, run_id="1"))
            while not server.asked:
                await asyncio.sleep(0.01)
            second = asyncio.create_task(client.call(operation, run_id="1"))
            await asyncio.sleep(0.01)
            first.cancel()
            assert await second == Run(id="1")

    server.token_replies = [Reply(delay=1)]
    asyncio.run(run())


# Which credential is used


def test_id_and_secret_come_from_the_environment(
    server: TokenServer, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_CLIENT_ID", "me")
    monkeypatch.setenv("EXAMPLE_CLIENT_SECRET", "word")
    run_of(call, server, client_id=None, client_secret=None)
    run_of(call, server, client_id="you", client_secret=None)
    pairs = [b64decode(request.headers["authorization"][6:]).decode() for request in server.asked]
    assert pairs == ["me:word", "you:word"]


def test_a_token_goes_before_id_and_secret_unless_these_alone_are_arguments(
    server: TokenServer, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.accepts = lambda _: True
    monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", "by-hand")
    run_of(call, server)
    monkeypatch.setenv("EXAMPLE_CLIENT_ID", "me")
    monkeypatch.setenv("EXAMPLE_CLIENT_SECRET", "word")
    run_of(call, server, client_id=None, client_secret=None)
    run_of(call, server, client_id=None, client_secret=None, token_url=None, access_token="passed")
    sent = [request.headers["authorization"] for request in server.called]
    assert sent == ["Bearer token-1", "Bearer by-hand", "Bearer passed"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"client_id": "me"},
            core.CredentialsError,
            r"ExampleClient: client_id needs client_secret= \(or set EXAMPLE_CLIENT_SECRET\)$",
        ),
        (
            {"client_secret": SECRET},
            core.CredentialsError,
            r"ExampleClient: client_secret needs client_id= \(or set EXAMPLE_CLIENT_ID\)$",
        ),
        (
            {"client_id": "", "client_secret": SECRET},
            core.CredentialsError,
            "ExampleClient: client_id is empty; leave it out to use EXAMPLE_CLIENT_ID",
        ),
        (
            {"client_id": "me", "client_secret": lambda: "x"},
            core.CredentialsError,
            "client_secret must be a str, not f",
        ),
        ({"client_id": "me\n", "client_secret": SECRET}, core.CredentialsError, "client_id holds a control character"),
        (
            {"client_id": "me", "client_secret": SECRET, "access_token": "t"},
            ValueError,
            "ExampleClient: pass access_token or client_id and client_secret, not both",
        ),
        (
            {"client_id": "me", "client_secret": SECRET, "auth": httpx2.BasicAuth("a", "b")},
            ValueError,
            "ExampleClient: pass auth or client_id or client_secret, not both",
        ),
        (
            {},
            core.CredentialsError,
            r"ExampleClient needs a credential: pass access_token= \(or set EXAMPLE_ACCESS_TOKEN\) or client_id= "
            r"\(or set EXAMPLE_CLIENT_ID\) with client_secret= \(or set EXAMPLE_CLIENT_SECRET\)$",
        ),
    ],
)
def test_what_callers_pass_has_to_fit(
    monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        ExampleClient(api_of(FLOW), **arguments)
    assert not any(SECRET in text for text in shown(caught.value))


def test_a_secret_in_the_environment_that_cannot_be_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_CLIENT_ID", "me")
    monkeypatch.setenv("EXAMPLE_CLIENT_SECRET", f"{SECRET}\n")
    message = "cannot use what is in EXAMPLE_CLIENT_SECRET: it holds a control character"
    with pytest.raises(core.CredentialsError, match=message) as caught:
        ExampleClient(api_of(FLOW))
    assert SECRET not in str(caught.value)


def test_a_token_is_sent_beside_another_credential(server: TokenServer, call: Call) -> None:
    both: core.Security = (("Bearer", "Key"),)
    client = settings(server, api=api_of(FLOW, both), api_key="k-1")
    call("call", replace(GET_RUN, security=both), run_id="1", client=client)
    assert (server.called[0].headers["authorization"], server.called[0].headers["x-api-key"]) == (
        "Bearer token-1",
        "k-1",
    )
    assert "x-api-key" not in server.asked[0].headers


def test_calls_that_need_no_token_fetch_none(server: TokenServer, call: Call) -> None:
    server.accepts = lambda _: True
    api = api_of(FLOW, (("Bearer",), ("Key",), ()))
    call("call", replace(GET_RUN, security=()), run_id="1", client=settings(server, api=api))
    call(
        "call",
        replace(GET_RUN, security=(("Key",), ("Bearer",))),
        run_id="1",
        client=settings(server, api=api, api_key="k"),
    )
    assert server.asked == []


# Secrets


ECHOES = (SECRET, quote_plus(SECRET), b64encode(f"me%3Ayou:{quote_plus(SECRET)}".encode()).decode(), "token-1")
ANSWERS = {
    "a token that is refused": {"answer": {}},
    "an echo": {
        "replies": [json_reply({"error": "invalid_client", "error_description": " ".join(ECHOES[:3])}, 401)] * 2
    },
    "an echo in a redirect": {"replies": [Reply(302, headers={"Location": f"/x?{quote_plus(SECRET)}"})]},
    "a bad token": {"replies": [json_reply({"access_token": "token-1\n"})]},
    "another kind of token": {"replies": [json_reply({"access_token": "token-1", "token_type": "mac"})]},
    "broken JSON": {"replies": [Reply(200, b'{"access_token": "token-1"')]},
    "a server error": {"replies": [json_reply({"message": ECHOES[2]}, 500)]},
    "half an answer": {
        "replies": [Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"access_token": "token-1"')]
    },
    "nonsense": {"replies": [Reply(raw=f"HTTP/1.1 {ECHOES[2]}\r\n\r\n".encode())]},
    "too large": {"replies": [Reply(200, b'"token-1"' * 1000)]},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_secret_is_shown_or_logged(
    server: TokenServer, call: Call, caplog: pytest.LogCaptureFixture, answer: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    server.accepts = lambda _: False
    server.token_replies = [*answer.get("replies", [])]
    with pytest.raises(core.ApiError) as caught:
        run_of(call, server, max_response_size=1000)
    assert any("/token" in record.getMessage() for record in caplog.records if record.name == "workflow_client_core")
    texts = [f"{record.name}: {record.getMessage()}" for record in caplog.records]
    for text in [*texts, *shown(caught.value)]:
        assert not any(echo in text for echo in ECHOES), text


def test_no_secret_is_in_the_repr_of_a_client(server: TokenServer) -> None:
    with client_of(server) as client:
        get_run(client)
        texts = [
            repr(client),
            repr(vars(client)),
            *(repr(vars(part)) for part in vars(client).values() if hasattr(part, "__dict__")),
        ]
    assert not any(echo in text for echo in ECHOES for text in texts)
