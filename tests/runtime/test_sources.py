"""Credentials from functions, and custom `auth` objects of httpx2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from itertools import count
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import API, DELETE_RUN, AsyncExampleClient, ExampleClient, Run

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]

FOUND = json_reply({"id": "1"})
SOON = core.Retry(initial=0.01, minimum=0.0)


def keys(server: Loopback) -> list[str | None]:
    return [request.headers.get("x-api-key") for request in server.requests]


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"key-{next(numbers)}"


def test_a_function_is_called_before_every_attempt(server: Loopback, call: Call) -> None:
    server.reply_in_turn(Reply(503), Reply(503), FOUND)
    assert call("get_run", "1", client={"api_key": numbered(), "retry": SOON}) == Run(id="1")
    assert keys(server) == ["key-1", "key-2", "key-3"]


def test_a_function_is_not_called_before_it_is_needed(make: Make) -> None:
    numbers = numbered()
    with pytest.raises(ValueError):
        make(api_key=numbers).get_run("")
    assert numbers() == "key-1"


def test_after_a_401_a_function_is_asked_once_more(server: Loopback, call: Call) -> None:
    server.respond = lambda received: FOUND if received.headers["x-api-key"] == "key-2" else Reply(401)
    assert call("get_run", "1", client={"api_key": numbered()}) == Run(id="1")
    assert keys(server) == ["key-1", "key-2"]
    server.requests.clear()
    server.respond = lambda _: Reply(401)
    with pytest.raises(core.Unauthorized):
        call("get_run", "1", client={"api_key": numbered(), "retry": SOON})
    assert keys(server) == ["key-1", "key-2"]


def test_any_method_is_sent_again_after_a_401(server: Loopback, call: Call) -> None:
    server.reply_in_turn(Reply(401), json_reply({"id": "1"}, 201))
    assert call("start_run", Run(id="1"), client={"api_key": numbered()}) == Run(id="1")
    assert [request.method for request in server.requests] == ["POST", "POST"]
    assert server.requests[0].body == server.requests[1].body


def test_the_same_credential_is_not_refused_twice(server: Loopback, call: Call) -> None:
    server.reply(401)
    with pytest.raises(core.Unauthorized):
        call("get_run", "1", client={"api_key": lambda: "same"})
    assert keys(server) == ["same"]


def test_a_fixed_credential_is_not_tried_twice(server: Loopback, call: Call) -> None:
    server.reply(401)
    with pytest.raises(core.Unauthorized):
        call("get_run", "1", client={"api_key": "fixed", "retry": SOON})
    assert keys(server) == ["fixed"]


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [
        ("api_key", "", "is empty"),
        ("api_key", None, "must be a str, not NoneType"),
        ("api_key", b"canary", "must be a str, not bytes"),
        ("api_key", "canary\r\nX-Evil: 1", "holds a control character, such as a line end"),
        ("access_token", "canary\n", "holds a control character, such as a line end"),
        ("query_key", "canary\x00", "holds a control character, such as a line end"),
        ("session", "canary;", "holds a character that a cookie cannot carry"),
        ("login", "canary", "must have the form user:password"),
        ("api_key", "canäry", "holds a character that is not ASCII, which a header cannot carry"),
    ],
)
def test_what_a_function_gives_is_checked_and_not_shown(
    server: Loopback, call: Call, argument: str, value: object, problem: str
) -> None:
    with pytest.raises(core.CredentialsError) as caught:
        call("get_run", "1", client={"api_key": None, argument: lambda: value})
    assert str(caught.value).endswith(f"ExampleClient: what {argument}() returned {problem}")
    assert not server.requests


def test_what_a_function_raises_is_the_callers(server: Loopback, call: Call) -> None:
    def fail() -> str:
        raise LookupError("the vault is closed")

    with pytest.raises(LookupError, match="the vault is closed"):
        call("get_run", "1", client={"api_key": fail})
    assert not server.requests


def test_a_function_that_is_exhausted_ends_no_call_as_if_it_had_worked(server: Loopback, call: Call) -> None:
    with pytest.raises((StopIteration, RuntimeError)):
        call("get_run", "1", client={"api_key": iter(()).__next__})
    assert not server.requests


def test_an_async_client_takes_coroutine_functions(server: Loopback) -> None:
    numbers = numbered()

    async def fetch() -> str:
        await asyncio.sleep(0)
        return numbers()

    async def run() -> Run:
        async with AsyncExampleClient(access_token=fetch, base_url=server.url, retry=SOON) as client:
            return await client.get_run("1")

    server.reply_in_turn(Reply(502), FOUND)
    assert asyncio.run(run()) == Run(id="1")
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer key-1", "Bearer key-2"]


def test_a_coroutine_that_does_not_end_ends_with_the_time_limit(server: Loopback) -> None:
    async def never() -> str:
        await asyncio.sleep(3600)
        return "key"

    async def run() -> None:
        async with AsyncExampleClient(api_key=never, base_url=server.url, timeout=0.1) as client:
            await client.get_run("1")

    with pytest.raises(core.RequestTimeout, match=r"GET .*/runs/1 timed out: no whole response within 0\.1 s"):
        asyncio.run(run())


def test_a_synchronous_client_takes_no_coroutine_functions(make: Make) -> None:
    async def fetch() -> str:
        return "canary"

    with pytest.raises(core.CredentialsError, match="what api_key\\(\\) returned must be a str, not coroutine"):
        make(api_key=fetch).get_run("1")


def test_a_function_is_an_argument_like_any_other(
    server: Loopback, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", "from-env")
    server.reply(204)
    make(api_key=lambda: "given").delete_run("1")
    assert keys(server) == ["given"]
    make(api_key=lambda: "given too", access_token=lambda: "t").delete_run("1")
    assert keys(server) == ["given", "given too"]
    with pytest.raises(core.CredentialsError, match="in clear text"):
        ExampleClient(api_key=lambda: "k", base_url="http://api.example.com")


# An httpx2.Auth


class Token(httpx2.Auth):
    """Adds a header; after a 401 it fetches a new token and tries once more."""

    requires_response_body = True

    def __init__(self, fetch_from: str = "") -> None:
        self._fetch_from = fetch_from
        self._token = "canary-0"

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["X-Token"] = self._token
        response = yield request
        if response.status_code == 401 and self._fetch_from:
            fetched = yield httpx2.Request("POST", self._fetch_from, data={"refresh": "canary-refresh"})
            self._token = fetched.json()["token"]
            request.headers["X-Token"] = self._token
            yield request


def test_an_auth_authenticates_instead_of_credentials(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    assert call("get_run", "1", client={"api_key": None, "auth": Token()}) == Run(id="1")
    assert server.last.headers["x-token"] == "canary-0"
    assert not {"x-api-key", "authorization"} & server.last.headers.keys()


def test_an_auth_may_fetch_what_it_needs(server: Loopback, call: Call) -> None:
    def respond(received: Received) -> Reply:
        if received.target == "/token":
            return json_reply({"token": "canary-1"})
        return FOUND if received.headers["x-token"] == "canary-1" else Reply(401, b"{}")

    server.respond = respond
    auth = Token(f"{server.url}/token")
    assert call("get_run", "1", client={"api_key": None, "auth": auth}) == Run(id="1")
    assert [request.target for request in server.requests] == ["/runs/1", "/token", "/runs/1"]
    assert server.requests[1].body == b"refresh=canary-refresh"


def test_httpx2s_own_ways_work(server: Loopback, call: Call) -> None:
    server.reply(204)
    call("delete_run", "1", client={"api_key": None, "auth": httpx2.BasicAuth("user", "canary")})
    assert server.last.headers["authorization"].startswith("Basic ")
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'}
    server.respond = lambda received: Reply(204 if "authorization" in received.headers else 401, headers=challenge)
    call("delete_run", "1", client={"api_key": None, "auth": httpx2.DigestAuth("user", "canary")})
    assert server.last.headers["authorization"].startswith("Digest ")


def test_an_auth_is_asked_anew_for_every_attempt_and_never_for_a_redirect(server: Loopback, call: Call) -> None:
    server.reply_in_turn(Reply(503), FOUND)
    assert call("get_run", "1", client={"api_key": None, "auth": Token(), "retry": SOON}) == Run(id="1")
    with Loopback() as target:
        server.reply(302, Location=f"{target.url}/elsewhere")
        with pytest.raises(core.StatusError, match=f"redirects are not followed, and this one leads to {target.url}"):
            call("get_run", "1", client={"api_key": None, "auth": Token(), "retry": SOON})
        assert not target.requests


def test_an_auth_is_not_asked_for_a_public_operation(server: Loopback, call: Call) -> None:
    server.reply(204)
    api = replace(API, security=(*API.security, ()))
    call("call", replace(DELETE_RUN, security=()), client={"api": api, "api_key": None, "auth": Token()}, run_id="1")
    assert "x-token" not in server.last.headers


def test_the_responses_that_an_auth_reads_are_limited_too(server: Loopback, call: Call) -> None:
    server.reply(401, b"x" * 1000)
    with pytest.raises(core.Unauthorized):
        call("get_run", "1", client={"api_key": None, "auth": Token(), "max_response_size": 100})
    server.reply_in_turn(Reply(401), Reply(200, b"x" * 1000))
    with pytest.raises(core.InvalidResponse, match="the body is larger than 100 bytes"):
        call("get_run", "1", client={"api_key": None, "auth": Token(f"{server.url}/token"), "max_response_size": 100})


def test_an_auth_that_never_ends_ends_with_the_time_limit(server: Loopback, call: Call) -> None:
    class Endless(httpx2.Auth):
        def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
            while True:
                yield request

    server.reply(401)
    with pytest.raises((core.RequestTimeout, core.Unauthorized)):
        call("get_run", "1", client={"api_key": None, "auth": Endless(), "timeout": 0.3})
    assert len(server.requests) > 1


def test_an_auth_may_be_asynchronous(server: Loopback) -> None:
    class Async(httpx2.Auth):
        async def async_auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
            await asyncio.sleep(0)
            request.headers["X-Token"] = "canary-0"
            yield request

    async def run() -> None:
        async with AsyncExampleClient(auth=Async(), base_url=server.url) as client:
            await client.delete_run("1")

    server.reply(204)
    asyncio.run(run())
    assert server.last.headers["x-token"] == "canary-0"


def test_an_auth_and_a_credential_are_one_too_many(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="ExampleClient: pass auth or api_key, not both"):
        ExampleClient(api_key="canary", auth=Token())
    monkeypatch.setenv("EXAMPLE_API_KEY", "canary")
    ExampleClient(auth=Token())  # an argument wins over the environment
    with pytest.raises(TypeError, match=r"auth must be an httpx2\.Auth, not tuple"):
        ExampleClient(auth=("user", "canary"))


def test_an_auth_keeps_to_https_and_loopback(server: Loopback, call: Call) -> None:
    with pytest.raises(core.CredentialsError, match="in clear text"):
        ExampleClient(auth=Token(), base_url="http://api.example.com")
    server.reply(401)
    with pytest.raises(core.CredentialsError, match=r"in clear text to http://tokens\.example\.com"):
        call("get_run", "1", client={"api_key": None, "auth": Token("http://tokens.example.com/?key=canary")})


def test_sources_are_typed() -> None:
    def give() -> str:
        return "k"

    async def fetch() -> str:
        return "k"

    sync_source: core.CredentialSource = give
    plain_source: core.AsyncCredentialSource = give
    async_source: core.AsyncCredentialSource = fetch
    assert (sync_source, plain_source) == (give, give)
    assert async_source is fetch
