"""Every test of tokens has a server that gives them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.runtime.tokens.token_server import TokenServer


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server
