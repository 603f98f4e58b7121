"""The attack `servers` notices a call of another server, a warning, and an exception that nobody can catch."""

from __future__ import annotations

import socket
import warnings
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.torture.hostile.server import Script
from tests.torture.subject import Broken, Case
from tests.torture.subjects import servers


@pytest.fixture
def case() -> Case:
    answer = 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id": "1"}'
    return {"pieces": [[answer, 1]], "ending": "close", "call": "get_run", "async": False, "collect": False}


def test_a_call_of_another_server_is_noticed(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def redirected(call: str, settings: dict[str, Any]) -> None:
        other = servers._servers()[1]
        with socket.create_connection(("127.0.0.1", other.port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert connection.recv(100)

    assert servers.attack(case, tmp_path) == "read"
    monkeypatch.setattr(servers, "_call", redirected)
    monkeypatch.setattr(servers._servers()[1], "script", Script([(b"HTTP/1.1 200 OK\r\n\r\n", 1)], "close"))
    with pytest.raises(Broken, match="another server was contacted"):
        servers.attack(case, tmp_path)


def test_warnings_and_exceptions_in_destructors_are_noticed(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Faulty:
        def __del__(self) -> None:
            raise KeyError("x")

    monkeypatch.setattr(servers, "_call", lambda call, settings: Faulty())
    with pytest.raises(Broken, match=r"an exception in a destructor: \[\"KeyError\('x'\) in"):
        servers.attack(case, tmp_path)
    monkeypatch.setattr(servers, "_call", lambda call, settings: warnings.warn("x", UserWarning, stacklevel=1))
    with pytest.raises(UserWarning):
        servers.attack(case, tmp_path)


def test_scripts_of_all_kinds_are_drawn() -> None:
    cases = [servers.draw(Random(index)) for index in range(500)]
    assert {str(case["call"]) for case in cases if isinstance(case, dict)} == {*servers._CALLS, *servers._PAGES}
    endings = {str(case["ending"]) for case in cases if isinstance(case, dict)}
    assert endings == {"close", "reset", "wait", "trickle"}
