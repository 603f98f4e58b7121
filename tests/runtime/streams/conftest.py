"""Streams are opened once per test synchronously, once asynchronously."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.loopback import Loopback
from tests.runtime.streams.opening import Opening


@pytest.fixture(params=["sync", "async"])
def opening(request: pytest.FixtureRequest, server: Loopback) -> Iterator[Opening]:
    with ExitStack() as stack:
        yield Opening(request.param, server.url, stack)
