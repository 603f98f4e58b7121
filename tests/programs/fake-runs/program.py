"""What a fake answers, in tests of programs that wait for runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workflow_runs import AsyncRuns, RunRef, Runs, RunStatus
from workflow_runs.testing import (
    Answer,
    FakeCall,
    FakeClock,
    FakeProvider,
    FakeRuns,
    dropped,
    error,
    garbage,
    payload,
    rate_limited,
    truncated,
    unchecked,
    use_clock,
)


def with_the_fixture(fake_runs: FakeRuns) -> float:
    fake_runs.add("dify:1", RunStatus.RUNNING, "succeeded", {"status": "failed"}, b"{}", payload("dify:1"))
    fake_runs.add(RunRef("dify", "2"), Answer("running", at=0), Answer("failed", at="10m", delay=timedelta(seconds=1)))
    fake_runs.add("dify:3", error(503, retry_after=1.5), rate_limited(datetime.now(UTC)), rate_limited("soon"))
    fake_runs.add("dify:4", garbage(), dropped(), truncated("running"), unchecked([1, {"a": None}]), error(404, at=3))
    fake_runs.add("dify:5", 7)  # error
    fake_runs.add("dify:6", None)  # error
    fake_runs.add("dify:7", error("503"))  # error
    fake_runs.add("dify:8", Answer("running", end="broken"))  # error
    calls: list[FakeCall] = fake_runs.calls_of("dify:1")
    statuses: list[int | None] = [call.status for call in calls]
    assert statuses
    payload("dify:1", 7)  # error
    fake_runs.clock.advance("1h")
    return fake_runs.clock.elapsed


def by_hand(fake: FakeProvider) -> dict[str, Any]:
    with use_clock(FakeClock()), fake.serve() as server:
        Runs(base_urls=server.base_urls)
        Runs(transport=fake.transport())
        AsyncRuns(transport=fake.transport())
        environment: dict[str, str] = server.environment
    assert environment
    return payload("dify:1", "succeeded", {"/status": "odd"}, outputs={"text": "Done."})


def main() -> None:
    by_hand(FakeProvider("dify"))
