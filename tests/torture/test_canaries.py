"""The attack `canaries` draws every way into a client, and notices a secret that shows or goes elsewhere."""

from __future__ import annotations

import json
import logging
import socket
import warnings
from pathlib import Path
from typing import Any

import pytest
import workflow_client_core as core

from tests.torture.canary.doors import DOORS
from tests.torture.canary.shown import MARK
from tests.torture.subject import Broken, Case
from tests.torture.subjects import canaries


@pytest.fixture
def case() -> dict[str, Case]:
    settings: dict[str, Case] = {"status": 200, "echo": ["nothing"], "ending": "whole", "token": True, "rich": False}
    return {"door": "argument api_key", "before": "", "after": "/'", "call": "get_run", "run": "1", **settings}


@pytest.mark.parametrize("place", ["log", "output", "warning", "locals", "traceback", "attributes"])
def test_a_secret_that_shows_is_noticed(
    case: dict[str, Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def leaking(case: dict[str, Case], door: Any, shown: list[tuple[str, str]]) -> None:
        secret = str(door.settings["api_key"])
        if place == "log":
            logging.getLogger("httpx2").debug("sent %s", secret.encode().hex())
        elif place == "output":
            print(secret)
        elif place == "warning":
            warnings.warn(secret, UserWarning, stacklevel=1)
        elif place == "locals":
            json.loads(secret)
        elif place == "traceback":
            raise core.ApiError(f"no way with {secret}")
        else:
            raise core.ApiError("no way", url=f"https://x?{secret}")

    assert canaries.attack({**case, "async": False}, tmp_path) == "read"
    monkeypatch.setattr(canaries, "_call", leaking)
    with pytest.raises(Broken, match=f"a secret shows in .*{place}"):
        canaries.attack({**case, "async": False}, tmp_path)


def test_a_secret_that_goes_elsewhere_is_noticed(
    case: dict[str, Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def straying(case: dict[str, Case], door: Any, shown: list[tuple[str, str]]) -> None:
        place = canaries._servers().proxy.url.rpartition(":")[2]
        with socket.create_connection(("127.0.0.1", int(place))) as connection:
            connection.sendall(f"GET /{MARK} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(100)

    monkeypatch.setattr(canaries, "_call", straying)
    with pytest.raises(Broken, match="a secret arrives at the proxy"):
        canaries.attack({**case, "async": False}, tmp_path)


def test_every_way_is_drawn() -> None:
    drawn = (canaries.SUBJECT.case(1, index) for index in range(2_000))
    assert {str(case["door"]) for case in drawn if isinstance(case, dict)} == {*DOORS}
