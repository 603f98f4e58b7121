"""Credentials: which are accepted, where they come from, and the one header in which one of them is sent."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass

import pytest
import workflow_client_core as core

from tests.clients.documented import documented_success
from tests.clients.providers import ANON, COPYAI, DIFY, JUO, PROVIDERS, TAMTAM, Call, Connect, Provider
from tests.loopback import Loopback

SECRET = "s3cr3t-Token.42"


@dataclass(frozen=True)
class Way:
    """One way to authenticate: by `argument` or by `environment`; it is sent as `header`, after `prefix`."""

    provider: Provider
    argument: str
    environment: str
    header: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.provider.name} {self.argument}"


JUO_DELEGATED = Way(JUO, "delegated_token", "JUO_DELEGATED_TOKEN", "x-delegated-token")
JUO_ACCESS = Way(JUO, "access_token", "JUO_ACCESS_TOKEN", "authorization", "Bearer ")
ANON_KEY = Way(ANON, "api_key", "ANON_API_KEY", "authorization", "Bearer ")
DIFY_KEY = Way(DIFY, "api_key", "DIFY_API_KEY", "authorization", "Bearer ")
TAMTAM_KEY = Way(TAMTAM, "api_key", "TAMTAM_API_KEY", "authorization")
TAMTAM_ACCESS = Way(TAMTAM, "access_token", "TAMTAM_ACCESS_TOKEN", "authorization", "Bearer ")
COPYAI_KEY = Way(COPYAI, "api_key", "COPYAI_API_KEY", "x-copy-ai-api-key")

WAYS = (JUO_DELEGATED, JUO_ACCESS, ANON_KEY, DIFY_KEY, TAMTAM_KEY, TAMTAM_ACCESS, COPYAI_KEY)
ALTERNATIVES = ((JUO_DELEGATED, JUO_ACCESS), (TAMTAM_KEY, TAMTAM_ACCESS))
every_way = pytest.mark.parametrize("way", WAYS, ids=str)
every_pair = pytest.mark.parametrize(
    ("first", "second"), [*ALTERNATIVES, *[pair[::-1] for pair in ALTERNATIVES]], ids=str
)

OF_EVERY_REQUEST = {"host", "connection", "accept", "accept-encoding", "user-agent"}


def arguments(way: Way, secret: str = SECRET) -> dict[str, str]:
    return {way.argument: secret, **other_arguments(way.provider)}


def other_arguments(provider: Provider) -> dict[str, str]:
    return {"tenant": "shop-1"} if provider is JUO else {}


def sent(server: Loopback) -> dict[str, str]:
    """The headers of the only request, without those that every request has."""
    (request,) = server.requests
    assert request.headers.keys() >= OF_EVERY_REQUEST
    assert "?" not in request.target
    return {name: value for name, value in request.headers.items() if name not in OF_EVERY_REQUEST}


def expected(way: Way, secret: str = SECRET, tenant: str = "shop-1") -> dict[str, str]:
    return {way.header: f"{way.prefix}{secret}", **({"x-tenant-id": tenant} if way.provider is JUO else {})}


@every_way
def test_by_argument(server: Loopback, call: Call, way: Way) -> None:
    server.reply(200, documented_success(way.provider))
    call(way.provider, arguments=arguments(way))
    assert sent(server) == expected(way)


@every_way
def test_by_environment(server: Loopback, call: Call, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(200, documented_success(way.provider))
    monkeypatch.setenv(way.environment, SECRET)
    call(way.provider, arguments=other_arguments(way.provider))
    assert sent(server) == expected(way)


@every_way
def test_an_argument_wins_over_its_environment_variable(
    server: Loopback, call: Call, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, documented_success(way.provider))
    monkeypatch.setenv(way.environment, "from-the-environment")
    call(way.provider, arguments=arguments(way))
    assert sent(server) == expected(way)


@every_pair
def test_an_argument_wins_over_the_environment_variable_of_the_alternative(
    server: Loopback, call: Call, first: Way, second: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, documented_success(first.provider))
    monkeypatch.setenv(second.environment, "from-the-environment")
    call(first.provider, arguments=arguments(first))
    assert sent(server) == expected(first)


@pytest.mark.parametrize("empty", [False, True], ids=["unset", "empty"])
def test_none_is_an_error_that_names_all_that_would_do(
    server: Loopback, call: Call, provider: Provider, empty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = [way for way in WAYS if way.provider is provider]
    for way in ways if empty else []:
        monkeypatch.setenv(way.environment, "")
    with pytest.raises(core.CredentialsError, match="needs a credential") as caught:
        call(provider, arguments=other_arguments(provider))
    for way in ways:
        assert f"{way.argument}= (or set {way.environment})" in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize(("first", "second"), ALTERNATIVES, ids=str)
def test_of_two_arguments_the_first_that_the_api_lists_is_sent(
    server: Loopback, call: Call, first: Way, second: Way
) -> None:
    server.reply(200, documented_success(first.provider))
    call(first.provider, arguments={**arguments(second, "another-secret"), **arguments(first)})
    assert sent(server) == expected(first)


@pytest.mark.parametrize(("first", "second"), ALTERNATIVES, ids=str)
def test_of_two_in_the_environment_the_first_that_the_api_lists_is_sent(
    server: Loopback, call: Call, first: Way, second: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, documented_success(first.provider))
    monkeypatch.setenv(first.environment, SECRET)
    monkeypatch.setenv(second.environment, "another-secret")
    call(first.provider, arguments=other_arguments(first.provider))
    assert sent(server) == expected(first)


@pytest.mark.parametrize("way", [way for way in WAYS if way.prefix], ids=str)
def test_a_token_that_begins_with_bearer_is_sent_once(server: Loopback, call: Call, way: Way) -> None:
    server.reply(200, documented_success(way.provider))
    call(way.provider, arguments=arguments(way, f"bearer  {SECRET}"))
    assert sent(server) == expected(way)


@every_way
def test_what_cannot_be_sent_is_refused_and_not_shown(connect: Connect, way: Way) -> None:
    for unfit in ("", "two\nlines", "nul\0", " blank ", "schlüssel"):
        with pytest.raises(core.CredentialsError, match=way.argument) as caught:
            connect(way.provider, arguments=arguments(way, unfit))
        assert not unfit or unfit not in str(caught.value)


def test_juo_sends_its_tenant_with_every_call(server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(200, documented_success(JUO))
    monkeypatch.setenv("JUO_TENANT", "shop-2")
    call(JUO, arguments={"access_token": SECRET})
    assert sent(server) == expected(JUO_ACCESS, tenant="shop-2")


def test_juo_takes_the_tenant_of_the_argument_first(
    server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, documented_success(JUO))
    monkeypatch.setenv("JUO_TENANT", "shop-2")
    call(JUO, arguments={"access_token": SECRET, "tenant": "shop-3"})
    assert sent(server) == expected(JUO_ACCESS, tenant="shop-3")


@pytest.mark.parametrize("environment", [None, ""])
def test_juo_without_a_tenant(
    server: Loopback, call: Call, environment: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment is not None:
        monkeypatch.setenv("JUO_TENANT", environment)
    with pytest.raises(core.CredentialsError, match=re.escape("needs tenant: pass tenant= (or set JUO_TENANT)")):
        call(JUO, arguments={"access_token": SECRET})
    assert server.requests == []


@pytest.mark.parametrize("tenant", ["", "two\r\nX-Admin: 1"])
def test_juo_with_a_tenant_that_is_none(server: Loopback, call: Call, tenant: str) -> None:
    with pytest.raises(core.CredentialsError, match="tenant"):
        call(JUO, arguments={"access_token": SECRET, "tenant": tenant})
    assert server.requests == []


@every_way
def test_secrets_are_shown_nowhere(server: Loopback, call: Call, way: Way, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.reply(401, {"message": f"{way.prefix}{SECRET} is not a key"})
    with pytest.raises(core.Unauthorized) as caught:
        call(way.provider, arguments=arguments(way))
    shown = [*traceback.format_exception(caught.value), repr(caught.value), caplog.text]
    assert sent(server) == expected(way)
    assert str(caught.value).endswith("*** is not a key")
    assert caplog.text
    assert [text for text in shown if SECRET in text] == []


def test_no_client_shows_its_secret() -> None:
    for provider in PROVIDERS:
        for client_class in (provider.client_class("sync"), provider.client_class("async")):
            assert "secret" not in repr(client_class(**provider.arguments))
