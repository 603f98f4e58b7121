"""What goes over the wire: method, address, headers; and each constructor argument that decides about it."""

from __future__ import annotations

import asyncio
from itertools import product
from uuid import UUID

import httpx2
import pytest
import workflow_client_core as core

from tests.clients.documented import documented_success
from tests.clients.providers import COPYAI, DIFY, RUN_ID, Call, Connect, Mode, Provider
from tests.loopback import Loopback, Reply

ODD_IDS = {
    "../a b?x=1#y;z": "..%2Fa%20b%3Fx%3D1%23y%3Bz",
    "100% Grüße, {id}@%2e%2e+&": "100%25%20Gr%C3%BC%C3%9Fe%2C%20%7Bid%7D%40%252e%252e%2B%26",
    "WRUN-dc46_baf3.v2~": "WRUN-dc46_baf3.v2~",
}


def test_one_get_without_a_body(server: Loopback, call: Call, provider: Provider) -> None:
    server.reply(200, documented_success(provider))
    call(provider)
    (request,) = server.requests
    assert (request.method, request.target, request.body) == ("GET", provider.target(), b"")


def test_user_agent_and_accept(server: Loopback, call: Call, provider: Provider) -> None:
    server.reply(200, documented_success(provider))
    call(provider)
    assert server.last.headers["user-agent"] == f"workflow-client-{provider.name}/{provider.package.__version__}"
    assert server.last.headers["accept"] == provider.accept


def test_identifiers_are_percent_encoded(server: Loopback, connect: Connect, provider: Provider) -> None:
    server.reply(200, documented_success(provider))
    get = connect(provider)
    for id, encoded in ODD_IDS.items():
        get(*[id] * len(provider.ids))
        assert server.last.target == provider.target(*[encoded] * len(provider.ids))


def test_identifiers_may_be_uuids(server: Loopback, connect: Connect, provider: Provider) -> None:
    server.reply(200, documented_success(provider))
    get = connect(provider)
    for id in (UUID(RUN_ID), RUN_ID):
        get(*[id] * len(provider.ids))
        assert server.last.target == provider.target(*[RUN_ID] * len(provider.ids))


def test_copyai_takes_the_workflow_first(server: Loopback, call: Call) -> None:
    server.reply(200, documented_success(COPYAI))
    call(COPYAI, "w", "r")
    assert server.last.target == "/workflow/w/run/r"


def test_identifiers_that_would_reach_another_path_are_refused(
    server: Loopback, connect: Connect, provider: Provider
) -> None:
    get = connect(provider)
    for position, unfit in product(range(len(provider.ids)), ("", ".", "..", None)):
        ids: list[object] = [*provider.ids]
        ids[position] = unfit
        with pytest.raises(ValueError, match="would change the path"):
            get(*ids)
    assert server.requests == []


def requests_of(mode: Mode, provider: Provider, **settings: object) -> list[httpx2.Request]:
    """The requests that one call hands to an injected transport."""
    seen: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=documented_success(provider))

    client = provider.client_class(mode)(transport=httpx2.MockTransport(respond), **provider.arguments, **settings)
    done = getattr(client, provider.method)(*provider.ids)
    if mode == "async":
        asyncio.run(done)
    return seen


def test_the_documented_server_is_the_default(mode: Mode, provider: Provider) -> None:
    (request,) = requests_of(mode, provider)
    assert str(request.url) == f"{provider.server}{provider.target()}"


def test_the_server_is_shown_by_the_client(mode: Mode, provider: Provider) -> None:
    name = provider.client_class(mode).__name__
    assert repr(provider.client_class(mode)(**provider.arguments)) == f"<{name} {provider.server}>"


@pytest.mark.parametrize("path", ["", "/own/api", "/own/api//"])
def test_base_url_replaces_the_server(server: Loopback, call: Call, provider: Provider, path: str) -> None:
    server.reply(200, documented_success(provider))
    call(provider, base_url=f"{server.url}{path}")
    assert server.last.target == f"{path.rstrip('/')}{provider.target()}"


def test_base_url_is_an_absolute_web_address(connect: Connect, provider: Provider) -> None:
    for url in ("", "api.example", "/v1", "ftp://api.example", "https://u:p@api.example", "https://x.example/?a=b"):
        with pytest.raises(ValueError, match=r"base_url .*expected something like https://host/path"):
            connect(provider, base_url=url)


def test_dify_server_is_a_variable(server: Loopback, call: Call) -> None:
    server.reply(200, documented_success(DIFY))
    call(DIFY, base_url=None, api_base_url=f"{server.url}/v9/")
    assert server.last.target == f"/v9{DIFY.target()}"


def test_dify_refuses_its_variable_and_base_url_together(server: Loopback, call: Call) -> None:
    with pytest.raises(ValueError, match="base_url replaces the whole address: leave out api_base_url"):
        call(DIFY, base_url=server.url, api_base_url=server.url)
    assert server.requests == []


@pytest.mark.parametrize("url", ["", "api.dify.ai/v1", "https://api.dify.ai/v1?x=1"])
def test_dify_variable_is_an_absolute_web_address(call: Call, url: str) -> None:
    with pytest.raises(ValueError, match=r"api_base_url|the server's URL"):
        call(DIFY, base_url=None, api_base_url=url)


def test_credentials_do_not_travel_in_clear_text(connect: Connect, provider: Provider) -> None:
    with pytest.raises(core.CredentialsError, match="use https, or pass allow_insecure_http=True"):
        connect(provider, base_url="http://api.example")


def test_unless_the_caller_insists(mode: Mode, provider: Provider) -> None:
    (request,) = requests_of(mode, provider, base_url="http://api.example", allow_insecure_http=True)
    assert str(request.url) == f"http://api.example{provider.target()}"


def test_timeout_is_the_callers(server: Loopback, call: Call, provider: Provider) -> None:
    server.respond = lambda _: Reply(delay=0.3)
    with pytest.raises(core.RequestTimeout):
        call(provider, timeout=0.02)


def test_an_own_httpx2_client_is_used_and_left_open(server: Loopback, mode: Mode, provider: Provider) -> None:
    server.reply(200, documented_success(provider))
    settings = {**provider.arguments, "base_url": server.url}

    def sync_call() -> None:
        with httpx2.Client(headers={"X-Own": "1"}) as own:
            with provider.client_class("sync")(http_client=own, **settings) as client:
                getattr(client, provider.method)(*provider.ids)
            assert not own.is_closed

    async def async_call() -> None:
        async with httpx2.AsyncClient(headers={"X-Own": "1"}) as own:
            async with provider.client_class("async")(http_client=own, **settings) as client:
                await getattr(client, provider.method)(*provider.ids)
            assert not own.is_closed

    sync_call() if mode == "sync" else asyncio.run(async_call())
    assert server.last.headers["x-own"] == "1"
    assert server.last.headers["user-agent"] == f"workflow-client-{provider.name}/{provider.package.__version__}"
