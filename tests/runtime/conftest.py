from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import httpcore2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback
from tests.runtime.example_api import API, AsyncExampleClient, ExampleClient


@pytest.fixture(autouse=True, scope="session")
def one_tls_context() -> Iterator[None]:
    """Loading the authorities that are trusted takes 30 ms, for each of hundreds of clients."""
    context = httpcore2.default_ssl_context()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", lambda **_: context)
        yield


@pytest.fixture(autouse=True)
def no_credentials_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("EXAMPLE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


ONCE = core.Retry(max_retries=0)
"""What tests have unless they say otherwise: no waiting, and an error of the first attempt."""


@pytest.fixture
def make(server: Loopback) -> Iterator[Callable[..., ExampleClient]]:
    """`make(api_key="k")`: a client of the loopback server, which is closed after the test."""
    with ExitStack() as clients:
        yield lambda api=API, **arguments: clients.enter_context(
            ExampleClient(api, **{"base_url": server.url, "retry": ONCE, **arguments})
        )


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, server: Loopback) -> Callable[..., Any]:
    """`call("get_run", "1", client={...})`: one call of a new client, once per test synchronous, once asynchronous.

    With `options` it is a call of its copy that has these.
    """
    Settings: TypeAlias = dict[str, Any] | None

    def sync_call(
        method: str, *args: object, client: Settings = None, options: Settings = None, **values: object
    ) -> Any:
        with ExampleClient(**settings(client)) as example:
            called = example if options is None else example.with_options(**options)
            return getattr(called, method)(*args, **values)

    def async_call(
        method: str, *args: object, client: Settings = None, options: Settings = None, **values: object
    ) -> Any:
        async def run() -> Any:
            async with AsyncExampleClient(**settings(client)) as example:
                called = example if options is None else example.with_options(**options)
                return await getattr(called, method)(*args, **values)

        return asyncio.run(run())

    def settings(client: Settings) -> dict[str, Any]:
        return {"api_key": "secret-key", "base_url": server.url, "retry": ONCE, **(client or {})}

    return sync_call if request.param == "sync" else async_call
