"""The command `workflow-runs`: in this process, where the process itself is not what a test is about."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
from msgspec import json
from workflow_runs.cli import run
from workflow_runs.testing.plugin import fake_clock, fake_runs

from tests.clients.providers import EVERY
from tests.loopback import Loopback

__all__ = ["fake_clock", "fake_runs"]

KEY = "key-of-dify-1234"


@dataclass(frozen=True)
class Done:
    """What a command left: its exit status, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.decode(self.out)

    @property
    def json_lines(self) -> list[Any]:
        return [json.decode(line) for line in self.out.splitlines()]


Command: TypeAlias = Callable[..., Done]


@pytest.fixture(autouse=True)
def only_these_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential for Dify, and none for others; nothing that changes how output looks."""
    prefixes = ("ACME_", *(f"{provider.name.upper()}_" for provider in EVERY))
    looks = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
    for name in os.environ:
        if name.startswith(prefixes) or name.lower().endswith("_proxy") or name in looks:
            monkeypatch.delenv(name)
    monkeypatch.setenv("DIFY_API_KEY", KEY)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """The server of Dify, as far as the command knows."""
    with Loopback() as server:
        monkeypatch.setenv("DIFY_BASE_URL", server.url)
        yield server


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Carries out a command line."""

    def call(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = run(arguments)
        captured = capsys.readouterr()
        assert KEY not in captured.out + captured.err
        return Done(status, captured.out, captured.err)

    return call
