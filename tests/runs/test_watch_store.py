"""`watch` with a store: what is delivered, asked and remembered when a program ends at any moment and starts again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workflow_runs import PollPolicy, RunChange, Runs, RunStatus, Store, StoreError, WaitTimeout
from workflow_runs._polling.clock import use_clock

from tests.clients.providers import MODES, Mode
from tests.runs.watching import (
    FAILED,
    PAUSED,
    RUNNING,
    SUCCEEDED,
    JumpingClock,
    Script,
    refusal,
    statuses_by_run,
    taken,
    watched,
)


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[JumpingClock]:
    monkeypatch.setenv("DIFY_API_KEY", "key-of-dify")
    clock = JumpingClock()
    with use_clock(clock):
        yield clock


def test_runs_that_rest_are_neither_asked_for_nor_told_again(mode: Mode, clock: JumpingClock, tmp_path: Path) -> None:
    script = Script({"a": [RUNNING, SUCCEEDED], "b": [PAUSED]}, clock)
    with Store(tmp_path / "runs.db") as store:
        assert len(watched(mode, script, store=store)) == 3
        asked, seconds = {name: len(times) for name, times in script.asked.items()}, clock.seconds
        assert watched(mode, script, store=store) == []
        assert clock.seconds == seconds  # it has ended at once
        assert watched(mode, script, iter(script.refs), store=store) == []
    assert clock.seconds == seconds
    assert {name: len(times) for name, times in script.asked.items()} == asked


def test_a_change_counts_as_told_when_the_next_one_is_asked_for(
    mode: Mode, clock: JumpingClock, tmp_path: Path
) -> None:
    script = Script({"a": [RUNNING, FAILED]}, clock)
    for number, expected in ((1, ["running"]), (2, ["running", "failed!"]), (None, ["failed!"]), (None, [])):
        with Store(tmp_path / "runs.db") as store:
            changes = taken(mode, script, number, store=store)
        assert statuses_by_run(changes).get("a", []) == expected
    assert len(script.asked["a"]) == 2


def test_a_run_is_asked_for_when_the_last_program_would_have_done_so(clock: JumpingClock, tmp_path: Path) -> None:
    policy = PollPolicy(initial=20, jitter=0)
    script = Script({"a": [RUNNING, SUCCEEDED]}, clock)
    with Store(tmp_path / "runs.db") as store:
        taken("sync", script, 1, store=store, policy=policy)
        clock.seconds += 5
        assert statuses_by_run(watched("sync", script, store=store, policy=policy)) == {"a": ["running", "succeeded!"]}
    assert script.asked["a"] == pytest.approx([0, 20])


def test_a_clock_that_was_set_back_does_not_delay_a_run(clock: JumpingClock, tmp_path: Path) -> None:
    policy = PollPolicy(initial=20, jitter=0, max_server_delay=30)
    script = Script({"a": [RUNNING, SUCCEEDED]}, clock)
    with Store(tmp_path / "runs.db") as store:
        clock.seconds = 1e8
        taken("sync", script, 1, store=store, policy=policy)
        clock.seconds = 0
        watched("sync", script, store=store, policy=policy)
    assert script.asked["a"] == pytest.approx([1e8, 0])


def test_a_run_that_ended_with_an_error_is_asked_for_again(mode: Mode, clock: JumpingClock, tmp_path: Path) -> None:
    script = Script({"a": [RUNNING, refusal(404), SUCCEEDED], "b": [refusal(503)] * 3 + [SUCCEEDED]}, clock)
    policy = PollPolicy(max_consecutive_errors=2)
    with Store(tmp_path / "runs.db") as store:
        first = watched(mode, script, store=store, policy=policy)
        assert statuses_by_run(first) == {"a": ["running", "RunNotFound!"], "b": ["TooManyErrors!"]}
        assert statuses_by_run(watched(mode, script, store=store, policy=policy)) == {
            "a": ["succeeded!"],
            "b": ["succeeded!"],
        }


def test_until_is_that_of_the_present_watch(clock: JumpingClock, tmp_path: Path) -> None:
    script = Script({"a": [PAUSED, PAUSED, SUCCEEDED]}, clock)
    with Store(tmp_path / "runs.db") as store:
        assert statuses_by_run(taken("sync", script, 1, store=store)) == {"a": ["waiting_for_input!"]}
        # It was not delivered to the end, and does not end this watch.
        changes = watched("sync", script, store=store, until={RunStatus.SUCCEEDED})
    assert statuses_by_run(changes) == {"a": ["waiting_for_input", "succeeded!"]}


def test_two_watches_cannot_write_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow_runs._stores.file._PATIENCE", 0.0)
    with Store(tmp_path / "runs.db") as first, Store(tmp_path / "runs.db") as second, Runs() as runs:
        runs.watch([], timeout=1, store=first)
        with pytest.raises(StoreError, match="is written by another program"):
            runs.watch([], timeout=1, store=second)


def test_a_store_is_not_a_path() -> None:
    runs: Any = Runs()
    with pytest.raises(TypeError, match=r"store must be a Store, not str: pass Store\(path\)"):
        runs.watch([], timeout=1, store="runs.db")


WORDS = st.sampled_from([RUNNING, RUNNING, refusal(503), PAUSED, SUCCEEDED, FAILED])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=4), st.lists(st.integers(1, 4)))
def test_programs_that_end_anywhere_tell_all_changes_in_order(
    tmp_path_factory: pytest.TempPathFactory, scripts: list[list[Any]], breaks: list[int]
) -> None:
    clock = JumpingClock()
    answers = {f"r{index}": [*answers, SUCCEEDED] for index, answers in enumerate(scripts)}
    file = tmp_path_factory.mktemp("stores") / "runs.db"
    parts, seen = list[RunChange](), list[RunChange]()
    with use_clock(clock):
        script = Script(answers, clock)
        for number in [*breaks, None]:
            with Store(file) as store:
                changes = taken("sync", script, number, store=store, on_poll=lambda poll: seen.extend(poll.changes))
            # The last one before the end was not followed by another, so the next program tells it again.
            parts += changes if number is None or len(changes) < number else changes[:-1]
    assert statuses_by_run(parts) == statuses_by_run(seen)
    assert set(statuses_by_run(parts)) == set(answers)
    assert all(len(times) <= len(answers[name]) for name, times in script.asked.items())


def test_a_reference_of_an_iterator_is_in_the_store_as_soon_as_it_is_read(
    mode: Mode, clock: JumpingClock, tmp_path: Path
) -> None:
    """A queue hands out each of them once; a program that is killed must not take those that it read with it."""
    script, all_read = Script({"a": [RUNNING]}, clock), Event()

    def queue() -> Iterator[str]:
        for number in range(50):
            yield f"dify:{number}" if number else "dify:a"
        all_read.set()

    script.on_request = lambda _: all_read.wait(30)
    with Store(tmp_path / "runs.db") as store:
        taken(mode, script, 1, queue(), store=store)
        assert set(store.refs()) == {"dify:a", *(f"dify:{number}" for number in range(1, 50))}


def test_a_wait_that_ran_out_of_time_has_the_run_of_the_store(mode: Mode, clock: JumpingClock, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        *_, last = watched(mode, Script({"a": [RUNNING]}, clock), store=store)
    assert isinstance(last.error, WaitTimeout)
    assert last.run is not None
    assert last.run == last.error.run
    assert last.run.status is RunStatus.RUNNING


def test_a_store_that_fails_while_references_are_read_ends_the_watch(
    mode: Mode, clock: JumpingClock, tmp_path: Path
) -> None:
    store = Store(tmp_path / "runs.db")

    def queue() -> Iterator[str]:
        store.close()
        yield "dify:a"

    with pytest.raises(StoreError, match=r"is closed: open a new Store$"):
        watched(mode, Script({"a": [RUNNING]}, clock), queue(), store=store)
