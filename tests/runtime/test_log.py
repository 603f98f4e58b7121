"""The messages of the logger `workflow_client_core`."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Reply, json_reply

Call = Callable[..., Any]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    texts = [record.getMessage() for record in caplog.records if record.name == "workflow_client_core"]
    return [re.sub(r"\d+\.\d{3} s", "N s", text) for text in texts]


def test_every_attempt_is_logged_at_debug_level(server: Loopback, call: Call, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.reply_in_turn(Reply(503), Reply(raw=b""), json_reply({"id": "1"}))
    client = {"api_key": None, "query_key": "canary", "retry": core.Retry(initial=0.01, minimum=0.0)}
    call("get_run", "1", limit=2, client=client)
    place = f"GET {server.url}/runs/1?limit=2&key=***"
    assert lines(caplog) == [
        f"{place}: 503, attempt 1, N s; next attempt in N s",
        f"{place}: ConnectionFailed, attempt 2, N s; next attempt in N s",
        f"{place}: 200, attempt 3, N s",
    ]
    assert {r.levelno for r in caplog.records if r.name == "workflow_client_core"} == {logging.DEBUG}


def test_above_debug_level_nothing_is_logged(server: Loopback, call: Call, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server.reply(200, {"id": "1"})
    call("get_run", "1")
    assert not lines(caplog)
