from __future__ import annotations

from collections.abc import Iterator

import pytest
from workflow_runs.testing import FakeClock, FakeProvider, use_clock


@pytest.fixture
def clock() -> Iterator[FakeClock]:
    clock = FakeClock()
    with use_clock(clock):
        yield clock


@pytest.fixture
def fake(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    fake = FakeProvider()
    for name, value in fake.environment.items():
        monkeypatch.setenv(name, value)
    return fake
