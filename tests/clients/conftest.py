from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.clients.providers import EVERY, MODES, PROVIDERS, Call, Connect, Mode, Provider, clients
from tests.loopback import Loopback


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds, for example because it builds and installs packages")


@pytest.fixture(autouse=True)
def nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither credentials, nor a proxy between the clients and the loopback server."""
    prefixes = tuple(f"{provider.name.upper()}_" for provider in EVERY)
    for name in os.environ:
        if name.startswith(prefixes) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    mode: Mode = request.param
    return mode


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.name)
def provider(request: pytest.FixtureRequest) -> Provider:
    provider: Provider = request.param
    return provider


@pytest.fixture
def connect(mode: Mode, server: Loopback) -> Iterator[Connect]:
    """Clients of the loopback server: once per test synchronous, once asynchronous."""
    with clients(mode, server.url) as made:
        yield made


@pytest.fixture
def call(connect: Connect) -> Call:
    """One call of a new client."""
    return lambda provider, *ids, arguments=None, **settings: connect(provider, arguments=arguments, **settings)(*ids)
