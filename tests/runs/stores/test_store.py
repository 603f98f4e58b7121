"""What a store remembers, also for the next process."""

from __future__ import annotations

import itertools
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from workflow_runs import (
    InvalidRef,
    PollState,
    RunChange,
    RunRef,
    RunStatus,
    Store,
    StoredRun,
    StoreError,
    UnknownProvider,
    WaitTimeout,
)
from workflow_runs._polling.clock import SystemClock, use_clock
from workflow_runs._stores import form

from tests.runs.stores.stored import NOON, REF, after, change_of, run_of, state_of


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as store:
        yield store


def test_an_empty_store_knows_nothing(store: Store) -> None:
    assert store.load(REF) is None
    assert store.undelivered(REF) == []
    assert list(store.refs()) == []
    store.delivered(1)
    store.forget(REF)
    assert store.forget_before(NOON) == 0


def test_a_run_and_its_changes_are_there_for_the_next_process(path: Path) -> None:
    run = run_of(1)
    changes = [change_of(run_of(0)), change_of(run, before=RunStatus.PENDING, is_last=True)]
    with Store(path) as store:
        assert store.save(REF, state_of(run), run, after(5), changes) == [1, 2]
    with Store(str(path)) as store:
        assert store.load(REF) == StoredRun(state_of(run), run, after(5))
        assert store.undelivered(REF) == [(1, changes[0]), (2, changes[1])]
        store.delivered(1)
        assert store.undelivered(REF) == [(2, changes[1])]
        assert list(store.refs()) == [REF]


def test_a_delivered_change_takes_those_before_it_along_but_none_of_another_run(store: Store) -> None:
    run = run_of()
    store.save("dify:1", PollState(), run, NOON, [change_of(run)])
    numbers = store.save(REF, PollState(), run, NOON, [change_of(run)] * 3)
    assert numbers == [2, 3, 4]
    store.delivered(3)
    store.delivered(3)
    assert [number for number, _ in store.undelivered(REF)] == [4]
    assert [number for number, _ in store.undelivered("dify:1")] == [1]


def test_a_number_is_never_given_twice(store: Store) -> None:
    run = run_of()
    (number,) = store.save(REF, PollState(), run, NOON, [change_of(run)])
    assert number == 1
    store.delivered(number)
    assert store.save(REF, PollState(), run, NOON, [change_of(run)]) == [2]


def test_an_error_is_not_remembered_and_leaves_the_run_that_was_seen(store: Store) -> None:
    run = run_of()
    store.save(REF, state_of(run), run, NOON)
    late = WaitTimeout("too late", ref=RunRef.parse(REF))
    failed = PollState(polls=2, errors=1)
    changes = [RunChange(ref=REF, error=late, is_last=True), change_of(run)]
    assert store.save(REF, failed, None, after(1), changes) == [None, 1]
    assert store.load(REF) == StoredRun(failed, run, after(1))
    assert store.undelivered(REF) == [(1, changes[1])]


def test_times_are_in_utc_and_a_run_that_rests_has_none(store: Store) -> None:
    store.save(REF, PollState(), None, NOON.astimezone(timezone(timedelta(hours=-7))))
    assert store.load(REF) == StoredRun(PollState(), None, NOON)
    store.save(REF, PollState(ended=True), None, None)
    assert store.load(REF) == StoredRun(PollState(ended=True), None, None)


def test_a_time_needs_a_zone_and_nothing_is_saved_without(store: Store) -> None:
    with pytest.raises(ValueError, match="the time must have a time zone") as caught:
        store.save(REF, PollState(), None, NOON.replace(tzinfo=None))
    assert str(caught.value) == (
        "the time must have a time zone, such as datetime.now(UTC) has: datetime.datetime(2026, 1, 2, 12, 0)"
    )
    assert list(store.refs()) == []


def test_a_reference_is_the_same_however_it_is_written(store: Store) -> None:
    ref = RunRef("dify", "a/b c", account="sales")
    store.save(ref, PollState(polls=7), None, NOON)
    for same in (ref, str(ref), "dify:%61%2fb%20c?account=s%61les"):
        assert store.load(same) == StoredRun(PollState(polls=7), None, NOON)
    assert list(store.refs()) == ["dify:a%2Fb%20c?account=sales"]
    store.forget("dify:a%2fb%20c?account=sales")
    assert list(store.refs()) == []


def test_only_what_a_response_says_is_stored(store: Store, path: Path) -> None:
    run = run_of()
    vars(run).update(native=object(), raw=b"raw-of-the-response", response=object())
    store.save(REF, state_of(run), run, NOON, [change_of(run)])
    stored = store.load(REF)
    assert stored is not None
    assert stored.run == run
    assert stored.run is not None
    assert (stored.run.native, stored.run.raw, stored.run.response) == (None, b"", None)
    files = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"5b1f" in files
    assert b"raw-of-the-response" not in files


def test_its_files_are_for_their_owner_alone(store: Store, path: Path) -> None:
    store.save(REF, PollState(), None, NOON)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("runs.db", "runs.db-wal", "runs.db-shm", "runs.db-lock"), 0o600)


def test_forgetting_by_age_leaves_what_goes_on_and_what_is_to_be_told(store: Store) -> None:
    class Yesterday(SystemClock):
        def utc(self) -> datetime:
            return NOON - timedelta(days=1)

    run = run_of()
    with use_clock(Yesterday()):
        store.save("dify:old", PollState(ended=True), run, None)
        store.save("dify:open", PollState(), run, NOON)
        store.save("dify:untold", PollState(ended=True), run, None, [change_of(run)])
    store.save("dify:new", PollState(ended=True), run, None)
    assert store.forget_before(NOON) == 1
    assert list(store.refs()) == ["dify:open", "dify:untold", "dify:new"]


def test_references_are_read_in_pages(store: Store) -> None:
    expected = [f"dify:{number}" for number in range(2_001)]
    for ref in expected:
        store.save(ref, PollState(), None, NOON)
    refs = store.refs()
    assert next(refs) == expected[0]
    store.forget(expected[-1])  # while they are read
    assert [*refs] == expected[1:-1]


def test_threads_share_a_store(store: Store) -> None:
    together = threading.Barrier(8)

    def work(thread: int) -> list[int]:
        together.wait()
        numbers = list[int]()
        for number in range(50):
            run = run_of(number)
            (saved,) = store.save(f"dify:{thread}", state_of(run, number), run, NOON, [change_of(run)])
            assert saved is not None
            store.load(f"dify:{number % 8}")
            if number % 2:
                store.delivered(numbers[-1])
            numbers.append(saved)
        return numbers

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(work, range(8)))
    assert sorted(itertools.chain.from_iterable(numbers)) == list(range(1, 401))
    for thread in range(8):
        stored = store.load(f"dify:{thread}")
        assert stored is not None
        assert stored.state.polls == 49
        assert [number for number, _ in store.undelivered(f"dify:{thread}")] == numbers[thread][-1:]


def test_it_can_be_closed_twice_and_names_itself(path: Path) -> None:
    store = Store(path)
    assert repr(store) == f"<Store {path}>"
    store.close()
    store.close()
    with pytest.raises(StoreError) as caught:
        store.load(REF)
    assert str(caught.value) == f"the store {path} is closed: open a new Store"


def test_a_run_that_is_nested_too_deeply_for_the_stack_is_asked_for_again(store: Store) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    run = run_of(1)
    store.save(REF, state_of(run), run, NOON)
    nested = run_of(2, outputs=deep)
    assert store.save(REF, state_of(nested), nested, None, [change_of(nested)]) == [None]
    assert store.load(REF) == StoredRun(PollState(), run, None)
    assert store.undelivered(REF) == []
    while deep:  # or Python could not end it
        deep = deep.pop()  # type: ignore[assignment]


@pytest.mark.parametrize("ref", ["nonsense", "acme:1", None, 7, RunRef("acme", "1")])
def test_what_is_not_a_reference_is_not_saved(store: Store, ref: Any) -> None:
    with pytest.raises((InvalidRef, UnknownProvider)):
        store.save(ref, PollState(), None, NOON)
    assert list(store.refs()) == []
    if isinstance(ref, str):
        assert store.load(ref) is None
    else:
        with pytest.raises((InvalidRef, UnknownProvider)):
            store.load(ref)


def test_other_programs_can_read_it_in_sql(store: Store, path: Path) -> None:
    run = run_of(status=RunStatus.FAILED)
    store.save(REF, state_of(run), run, NOON)
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT ref, json_extract(run, '$.status'), next_poll FROM runs").fetchall()
    connection.close()
    assert rows == [(REF, "failed", "2026-01-02T12:00:00.000000+00:00")]


def test_a_later_version_brings_the_file_into_its_form_and_keeps_what_is_in_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of()
    with Store(path) as store:
        store.save(REF, state_of(run), run, NOON, [change_of(run)])
    with monkeypatch.context() as later:
        later.setattr(form, "_STEPS", (*form._STEPS, ("ALTER TABLE runs ADD COLUMN color TEXT",)))
        for _ in range(2):
            with Store(path) as store:
                assert store.load(REF) == StoredRun(state_of(run), run, NOON)
                assert store.undelivered(REF) == [(1, change_of(run))]
    with pytest.raises(StoreError, match="has the form 2, of a later version"):
        Store(path)


def test_a_later_version_does_not_change_a_file_in_use(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow_runs._stores.file._PATIENCE", 0.0)
    with Store(path) as store:
        store.claim()
        with monkeypatch.context() as later:
            later.setattr(form, "_STEPS", (*form._STEPS, ("DROP TABLE runs",)))
            with pytest.raises(StoreError, match="is written by another program"):
                Store(path)
        assert list(store.refs()) == []
