"""What arrives of a body that is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received
from tests.runtime.bodies.sending import Make, operation


@pytest.fixture
def sent(server: Loopback, make: Make) -> Callable[..., Received]:
    """`sent(body, value)`: the request that arrives."""
    server.reply(204)
    client = make(api_key="k")

    def send(body: core.Body, value: object) -> Received:
        client.call(operation(body), body=value)
        return server.last

    return send
