"""`watch` of any servers: each run ends once, sync and async give the same, and `wait` would agree."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workflow_runs import PollPolicy, RunChange
from workflow_runs._polling.clock import use_clock

from tests.clients.providers import MODES, Mode
from tests.runs.watching import (
    FAILED,
    NO_CONNECTION,
    PAUSED,
    RUNNING,
    SUCCEEDED,
    Answer,
    JumpingClock,
    Script,
    refusal,
    statuses_by_run,
    watched,
)

PAUSES = (refusal(429), refusal(429, 7), refusal(503, 3), refusal(429, 999))
"""Answers for the whole host: with several requests at once, what follows for other runs depends on their order."""
ANSWERS = st.sampled_from(
    [
        *(RUNNING, RUNNING, RUNNING, Answer("odd"), PAUSED, SUCCEEDED, FAILED, NO_CONNECTION),
        *(refusal(500), refusal(404), refusal(401), *PAUSES),
    ]
)
SCRIPTS = st.dictionaries(st.sampled_from("abcdef"), st.lists(ANSWERS, min_size=1, max_size=8), max_size=6)
POLICY = PollPolicy(jitter=0.0, unknown_polls=3, max_consecutive_errors=3)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "key-of-dify")


def all_told(mode: Mode, scripts: dict[str, list[Answer]], per_provider: int) -> list[RunChange]:
    clock = JumpingClock()
    with use_clock(clock):
        changes = watched(mode, Script(scripts, clock), timeout="5m", policy=POLICY, per_provider=per_provider)
    assert clock.seconds <= 300.1
    return changes


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCRIPTS, st.integers(1, 8))
def test_sync_and_async_tell_the_same_and_each_run_ends_once(
    scripts: dict[str, list[Answer]], per_provider: int
) -> None:
    changes = {mode: all_told(mode, scripts, per_provider) for mode in MODES}
    for some in changes.values():
        assert sorted(str(change.ref) for change in some if change.is_last) == sorted(
            f"dify:{name}" for name in scripts
        )
        assert all(change.run is not None or change.error is not None for change in some)
        check_order(some)
    depends_on_order = any(answer in PAUSES for answers in scripts.values() for answer in answers)
    if per_provider == 1 or not depends_on_order:
        assert statuses_by_run(changes["sync"]) == statuses_by_run(changes["async"])


def check_order(changes: Sequence[RunChange]) -> None:
    """Each change of a run goes on from the one before, and none follows the last."""
    status = dict[str, object]()
    ended = set[str]()
    for change in changes:
        name = str(change.ref)
        assert name not in ended
        assert change.before == status.get(name)
        if change.run is not None:
            status[name] = change.run.status
        if change.is_last:
            ended.add(name)
