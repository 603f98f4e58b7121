"""The User-Agent of requests: that of the caller first, then that of the package (RFC 9110, 10.1.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import GET_RUN, AsyncExampleClient, ExampleClient
from tests.runtime.tokens.token_server import FLOW, TokenServer, api_of

OWN = "workflow-client-example/0.1.0"
USUAL = f"python-httpx2/{httpx2.__version__}"


@pytest.fixture(params=["sync", "async"])
def asynchronously(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "async")


def sent(
    server: Loopback,
    asynchronously: bool,
    of_call: Mapping[str, str] | None = None,
    of_client: Mapping[str, str] | None = None,
) -> str:
    """The User-Agent that arrives, of a call with `extra_headers` and an `http_client` with headers."""
    options = {"api_key": "k", "base_url": server.url}

    async def ask() -> None:
        async with (
            httpx2.AsyncClient(headers=of_client) as http,
            AsyncExampleClient(http_client=http, **options) as api,
        ):
            await api.request("GET", "/runs", extra_headers=of_call)

    if asynchronously:
        asyncio.run(ask())
    else:
        with httpx2.Client(headers=of_client) as http, ExampleClient(http_client=http, **options) as api:
            api.request("GET", "/runs", extra_headers=of_call)
    return server.last.headers["user-agent"]


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", "USER-AGENT"])
@pytest.mark.parametrize(
    ("products", "arrives"),
    [
        ("my-app/1.0", f"my-app/1.0 {OWN}"),
        ("my-app/1.0 (linux; of 2026) lib/2", f"my-app/1.0 (linux; of 2026) lib/2 {OWN}"),
        (f"my-app/1.0 {OWN}", f"my-app/1.0 {OWN}"),
        (OWN, OWN),
        (OWN[:-1], f"{OWN[:-1]} {OWN}"),
        ("", OWN),
    ],
)
def test_the_callers_products_go_before_the_package(
    server: Loopback, asynchronously: bool, name: str, products: str, arrives: str
) -> None:
    assert sent(server, asynchronously, {name: products}) == arrives
    assert sent(server, asynchronously, None, {name: products}) == arrives


def test_the_product_of_httpx2_is_not_the_callers(server: Loopback, asynchronously: bool) -> None:
    assert sent(server, asynchronously) == OWN
    assert sent(server, asynchronously, None, {"User-Agent": USUAL}) == OWN
    assert sent(server, asynchronously, None, {"User-Agent": f"{USUAL} mine"}) == f"{USUAL} mine {OWN}"


def test_products_of_a_client_go_before_those_of_a_call(server: Loopback, asynchronously: bool) -> None:
    both = sent(server, asynchronously, {"User-Agent": "job/2"}, {"User-Agent": "my-app/1"})
    assert both == f"my-app/1 job/2 {OWN}"
    twice = sent(server, asynchronously, {"User-Agent": "my-app/1"}, {"User-Agent": "my-app/1"})
    assert twice == f"my-app/1 {OWN}"


@pytest.mark.parametrize("name", ["User-Agent", "user-agent"])
def test_a_documented_parameter_is_one_header_with_both(name: str) -> None:
    seen: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"id": "1"})

    parameter = core.Parameter("user_agent", wire=name, location="header")
    operation = replace(GET_RUN, parameters=(*GET_RUN.parameters, parameter))
    with ExampleClient(api_key="k", transport=httpx2.MockTransport(respond)) as client:
        client.call(operation, run_id="1", user_agent="my-app/1")
        client.call(operation, run_id="1")
    assert [request.headers.get_list("user-agent") for request in seen] == [[f"my-app/1 {OWN}"], [OWN]]


def test_requests_for_tokens_have_it_too() -> None:
    with (
        TokenServer() as server,
        httpx2.Client(headers={"User-Agent": "my-app/1"}) as http,
        ExampleClient(
            api_of(FLOW),
            client_id="me",
            client_secret="s3cr3t",
            token_url=f"{server.url}/token",
            base_url=server.url,
            http_client=http,
        ) as client,
    ):
        client.request("GET", "/runs/1", extra_headers={"User-Agent": "job/2"})
        assert [request.headers["user-agent"] for request in server.requests] == [f"my-app/1 job/2 {OWN}"] * 2


def test_products_that_nobody_can_send_are_refused(server: Loopback) -> None:
    with (
        httpx2.Client(headers={"User-Agent": "a\nX-Evil: 1"}) as http,
        ExampleClient(api_key="k", base_url=server.url, http_client=http) as client,
    ):
        with pytest.raises(core.ConnectionFailed, match="Illegal header value"):
            client.get_run("1")
        with pytest.raises(ValueError, match="User-Agent in extra_headers must be printable ASCII"):
            client.request("GET", "/", extra_headers={"User-Agent": "a\nX-Evil: 1"})
    assert not server.requests
