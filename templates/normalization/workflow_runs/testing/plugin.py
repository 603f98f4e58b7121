"""The fixtures `fake_runs` and `fake_clock` for pytest, which finds them by the entry point `pytest11`.

def test_waits_for_the_run(fake_runs):
    fake_runs.add("dify:5b1f", "running", "succeeded")
    wait_for_report("5b1f")  # makes its own `Runs()`
    assert fake_runs.call_count == 2
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from .._calls.options import Options
from .._polling.clock import use_clock
from .._providers.lookup import find
from ._clock import FakeClock
from ._provider import FakeRuns


@pytest.fixture
def fake_clock() -> Iterator[FakeClock]:
    """A `FakeClock`, by which everything in the process goes: who waits for a run lets time pass at once."""
    clock = FakeClock()
    with use_clock(clock):
        yield clock


@pytest.fixture
def fake_runs(fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRuns]:
    """A fake of all providers, a server, to which the environment leads with made-up credentials, and a `fake_clock`.

    Real credentials, also those of all accounts, are not in the environment meanwhile.
    """
    with FakeRuns(fake_clock) as fake:
        for name in fake.samples:
            provider = find(name)
            own = {*provider.variables, provider.base_url_environment} - {""}
            for variable in list(os.environ):
                if variable in own or any(variable.startswith(f"{prefix}__") for prefix in own):
                    monkeypatch.delenv(variable)
        for variable, value in fake.server.environment.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setattr(Options, "arguments", _with_servers(fake.server.base_urls))
        yield fake


def _with_servers(base_urls: Mapping[str, str]) -> Callable[[Options, str, str], dict[str, Any]]:
    """`Options.arguments` for calls that have a server of their own, which no variable of the environment moves."""
    original = Options.arguments

    def arguments(options: Options, provider: str, own_server: str) -> dict[str, Any]:
        servers = {"server_urls": {own_server: base_urls[provider]}} if own_server and provider in base_urls else {}
        return {**servers, **original(options, provider, own_server)}

    return arguments
