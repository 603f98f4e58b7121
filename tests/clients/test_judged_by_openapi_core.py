"""Requests of the clients, checked against the vendored descriptions by openapi-core, an independent reader."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

from tests.clients.documented import document
from tests.clients.providers import ANON, COPYAI, DIFY, JUO, TAMTAM, Connect, Provider
from tests.loopback import Loopback, Received

CREDENTIALS = [
    (JUO, {"tenant": "shop-1", "delegated_token": "secret"}),
    (JUO, {"tenant": "shop-1", "access_token": "secret"}),
    (ANON, {"api_key": "secret"}),
    (DIFY, {"api_key": "secret"}),
    (TAMTAM, {"api_key": "secret"}),
    (TAMTAM, {"access_token": "secret"}),
    (COPYAI, {"api_key": "secret"}),
]


every_credential = pytest.mark.parametrize(
    ("provider", "arguments"),
    [pytest.param(provider, given, id=f"{provider.name}-{'-'.join(given)}") for provider, given in CREDENTIALS],
)


@cache
def judge(provider: Provider) -> OpenAPI:
    described: dict[str, Any] = json.loads(json.dumps(document(provider)))
    # A variable that holds a whole URL, as Dify's does, matches nothing in openapi-core.
    described["servers"] = [{"url": provider.server}]
    return OpenAPI.from_dict(described)


def judged(provider: Provider, received: Received) -> MockRequest:
    """The request as it would have reached the provider's own server."""
    host = "/".join(provider.server.split("/")[:3])
    path, _, query = received.target.partition("?")
    path = provider.server.removeprefix(host) + path
    return MockRequest(host, received.method.lower(), path, args=dict(parse_qsl(query)), headers=dict(received.headers))


@every_credential
def test_what_a_client_sends_is_what_the_description_asks_for(
    provider: Provider, arguments: dict[str, str], server: Loopback, connect: Connect
) -> None:
    server.reply(404, b"")
    with pytest.raises(Exception, match="404"):
        connect(provider, arguments=arguments)(*provider.ids)
    (received,) = server.requests
    judge(provider).validate_request(judged(provider, received))


@every_credential
def test_the_judge_refuses_a_request_without_the_credential(provider: Provider, arguments: dict[str, str]) -> None:
    sent = Received("GET", provider.target(), {"x-tenant-id": "shop-1"}, b"")
    with pytest.raises(OpenAPIError):
        judge(provider).validate_request(judged(provider, sent))


def test_the_judge_refuses_a_request_without_the_tenant() -> None:
    sent = Received("GET", JUO.target(), {"x-delegated-token": "secret"}, b"")
    with pytest.raises(OpenAPIError):
        judge(JUO).validate_request(judged(JUO, sent))
