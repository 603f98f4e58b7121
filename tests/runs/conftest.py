from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.clients.providers import EVERY, MODES
from tests.loopback import Loopback
from tests.runs.faces import ANY_RUN, Face, faces


@pytest.fixture(autouse=True)
def nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither credentials, nor a proxy between the clients and the loopback server."""
    prefixes = ("ACME_", *(f"{provider.name.upper()}_" for provider in EVERY))
    for name in os.environ:
        if name.startswith(prefixes) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        server.reply(200, ANY_RUN)
        yield server


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    """A server to which nothing may be sent."""
    with Loopback() as elsewhere:
        yield elsewhere
        assert elsewhere.requests == []


@pytest.fixture(params=MODES)
def face(request: pytest.FixtureRequest) -> Iterator[Face]:
    with faces(request.param) as face:
        yield face
