"""The httpx2 client or transport that callers pass, and what is refused in their place."""

from __future__ import annotations

import re
from typing import Any

import httpx
import httpx2
import pytest
from workflow_client_core import AsyncClient, Client

from tests.runtime.example_api import AsyncExampleClient, ExampleClient

MOCK = httpx2.MockTransport(lambda _: httpx2.Response(200))


class OwnClient(httpx2.Client):
    pass


class OwnTransport(httpx2.BaseTransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, request=request)


SYNC, ASYNC = ExampleClient, AsyncExampleClient
WRONG_CLIENTS: list[tuple[type[Client | AsyncClient], Any, str]] = [
    (SYNC, httpx2.AsyncClient(), "Client, not httpx2.AsyncClient, which is for asynchronous clients"),
    (ASYNC, httpx2.Client(), "AsyncClient, not httpx2.Client, which is for synchronous clients"),
    (SYNC, httpx.Client(), "Client, not httpx.Client: httpx and httpx2 are two packages"),
    (ASYNC, httpx.Client(), "AsyncClient, not httpx.Client: httpx and httpx2 are two packages"),
    (SYNC, httpx2.Client, "Client, not the class httpx2.Client: pass what httpx2.Client() returns"),
    (SYNC, MOCK, "Client, not httpx2.MockTransport: pass it as transport"),
    (SYNC, httpx2.AsyncHTTPTransport(), "Client, not httpx2.AsyncHTTPTransport: pass it as transport"),
    (SYNC, "http://proxy:8080", "Client, not str"),
    (ASYNC, False, "AsyncClient, not bool"),
]
WRONG_TRANSPORTS: list[tuple[type[Client | AsyncClient], Any, str]] = [
    (SYNC, httpx2.AsyncHTTPTransport(), "Transport, not httpx2.AsyncHTTPTransport, which is for asynchronous clients"),
    (ASYNC, httpx2.HTTPTransport(), "Transport, not httpx2.HTTPTransport, which is for synchronous clients"),
    (ASYNC, httpx2.AsyncClient(), "Transport, not httpx2.AsyncClient: pass it as http_client"),
    (SYNC, httpx.HTTPTransport(), "Transport, not httpx.HTTPTransport: httpx and httpx2 are two packages"),
    (SYNC, print, "Transport, not builtin_function_or_method"),
]


@pytest.mark.parametrize(("client", "value", "message"), WRONG_CLIENTS)
def test_an_http_client_of_another_kind_is_refused_by_the_constructor(
    client: type[Any], value: object, message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(f'http_client must be an httpx2.{message}')}$"):
        client(api_key="k", http_client=value)


@pytest.mark.parametrize(("client", "value", "message"), WRONG_TRANSPORTS)
def test_a_transport_of_another_kind_is_refused_by_the_constructor(
    client: type[Any], value: object, message: str
) -> None:
    base = "httpx2.Base" if client is SYNC else "httpx2.AsyncBase"
    with pytest.raises(TypeError, match=f"^{re.escape(f'transport must be an {base}{message}')}$"):
        client(api_key="k", transport=value)


@pytest.mark.parametrize(
    ("client", "arguments"),
    [
        (ExampleClient, {"http_client": httpx2.Client()}),
        (ExampleClient, {"http_client": OwnClient()}),
        (ExampleClient, {"transport": MOCK}),
        (ExampleClient, {"transport": OwnTransport()}),
        (ExampleClient, {"transport": httpx2.HTTPTransport()}),
        (ExampleClient, {"http_client": None, "transport": None}),
        (AsyncExampleClient, {"http_client": httpx2.AsyncClient()}),
        (AsyncExampleClient, {"transport": MOCK}),
        (AsyncExampleClient, {"transport": httpx2.AsyncHTTPTransport()}),
    ],
)
def test_what_is_of_the_right_kind_is_taken(client: type[Any], arguments: dict[str, Any]) -> None:
    client(api_key="k", **arguments)


def test_both_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^pass http_client or transport, not both$"):
        ExampleClient(api_key="k", http_client=httpx2.Client(), transport=MOCK)
