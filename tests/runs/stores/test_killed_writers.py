"""A process may be killed at any moment, or fork: what it had saved is there, and its lock is not."""

from __future__ import annotations

import gc
import os
import signal
import threading
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from workflow_runs import PollState, Store, StoredRun, StoreError
from workflow_runs._stores import file

from tests.runs.stores.stored import NOON, REF, change_of, run_of, state_of
from tests.runtime.forks import Child, in_child

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),  # newer Pythons warn: there are threads
]

KILLS = 20


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock."""
    monkeypatch.setattr(file, "_PATIENCE", 0.0)


def write_until_killed(path: Path, reports: int) -> None:
    """Save a run again and again, with a change each time, and report each number once it is saved or delivered."""
    with Store(path) as store:
        stored = store.load(REF)
        polls = stored.state.polls if stored else 0
        while True:
            polls += 1
            run = run_of(polls, outputs="x" * (polls % 7 * 1_000))
            (number,) = store.save(REF, state_of(run, polls), run, NOON, [change_of(run)])
            os.write(reports, f"saved {number}\n".encode())
            if polls % 3 == 0:
                assert number is not None
                store.delivered(number - 1)
                os.write(reports, f"delivered {number - 1}\n".encode())


def killed_after(path: Path, lines: int, more: int) -> tuple[int, int]:
    """The last number that a child reported as saved, and as delivered, when it was killed.

    Args:
        lines: kill it when it has reported so often,
        more: and this process has counted to this number.
    """
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            write_until_killed(path, writable)
        os._exit(1)
    os.close(writable)
    with os.fdopen(readable) as reports:
        text = [reports.readline() for _ in range(lines)]
        for _ in range(more):
            pass
        os.kill(child, signal.SIGKILL)
        text += reports.readlines()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    numbers = {"saved": 0, "delivered": 0}
    for line in text:
        kind, number = line.split()
        numbers[kind] = int(number)
    return numbers["saved"], numbers["delivered"]


def test_a_writer_may_be_killed_at_any_moment(path: Path) -> None:
    random = Random(1)
    delivered = 0
    for _ in range(KILLS):
        saved, last = killed_after(path, random.randrange(1, 40), random.randrange(5_000))
        delivered = max(delivered, last)
        with Store(path) as store:
            store.claim()
            stored = store.load(REF)
            numbers = [number for number, _ in store.undelivered(REF)]
            assert stored is not None
            # Each poll has one change: the last number, the state and the run are of the same transaction.
            assert stored.state.polls in (saved, saved + 1)
            assert numbers[-1] == stored.state.polls
            assert stored.run == run_of(numbers[-1], outputs="x" * (numbers[-1] % 7 * 1_000))
            assert numbers == list(range(numbers[0], numbers[-1] + 1))
            # Nothing that was delivered comes again, and at most what was about to be reported is missing.
            assert delivered < numbers[0] <= delivered + 4
            assert [change.run and change.run.revision for _, change in store.undelivered(REF)] == [*map(str, numbers)]


def leave(store: Store) -> None:
    """Do what happens at the end of a program: SQLite closes what nobody refers to."""
    store._file._connection = store._file._claim = None
    gc.collect()


def test_a_child_opens_its_own_store_and_leaves_that_of_its_parent_as_it_is(path: Path) -> None:
    store = Store(path)
    store.save(REF, PollState(polls=1), None, NOON)

    def in_the_child() -> list[str]:
        messages = list[str]()
        for call in (store.claim, lambda: store.load(REF), lambda: store.save(REF, PollState(), None, NOON)):
            with pytest.raises(StoreError) as caught:
                call()
            messages.append(str(caught.value))
        leave(store)
        with Store(path) as own:
            return [*messages, *own.refs()]

    problem = f"the store {path} was opened before this process was forked: open a Store in each process"
    assert in_child(in_the_child) == [problem, problem, problem, REF]
    store.save("dify:2", PollState(polls=2), None, NOON)
    assert in_child(lambda: _refusal_of(path)) == (
        f"the store {path} is written by another program, or by another Store of this one: wait until it has ended, or"
        " name another file"
    )
    store.close()
    with Store(path) as store:
        assert store.load("dify:2") == StoredRun(PollState(polls=2), None, NOON)
        assert list(store.refs()) == [REF, "dify:2"]


def _refusal_of(path: Path) -> str:
    with Store(path) as store, pytest.raises(StoreError) as caught:
        store.claim()
    return str(caught.value)


def test_what_a_parent_saves_after_its_child_ended_survives_its_own_kill(path: Path) -> None:
    def parent() -> None:
        store = Store(path)
        store.save(REF, PollState(polls=1), None, NOON)
        child = os.fork()
        if not child:
            leave(store)
            os._exit(0)
        os.waitpid(child, 0)
        store.save(REF, PollState(polls=2), None, NOON)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        with suppress(BaseException):
            parent()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with Store(path) as store:
        store.claim()
        assert store.load(REF) == StoredRun(PollState(polls=2), None, NOON)


def test_what_a_child_saves_after_its_parent_closed_the_file_survives_its_kill(path: Path) -> None:
    store = Store(path)
    store.save(REF, PollState(polls=1), None, NOON)
    store.close()
    store = Store(path)
    to_parent, from_child = os.pipe()
    from_parent, to_child = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            own = Store(path)
            own.save(REF, PollState(polls=2), None, NOON)
            os.write(from_child, b".")
            os.read(from_parent, 1)
            own.save(REF, PollState(polls=3), None, NOON)
            os.write(from_child, b".")
            signal.pause()
        os._exit(1)
    os.close(from_child)
    assert os.read(to_parent, 1) == b"."
    store.close()
    os.write(to_child, b".")
    assert os.read(to_parent, 1) == b"."
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for end in (to_parent, from_parent, to_child):
        os.close(end)
    with Store(path) as store:
        assert store.load(REF) == StoredRun(PollState(polls=3), None, NOON)


def test_a_fork_waits_for_what_threads_are_in_the_midst_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_PATIENCE", 60.0)
    with Store(path) as store:
        store.save(REF, PollState(), None, NOON)
        done = threading.Event()

        def work() -> None:
            while not done.is_set():
                store.save(REF, PollState(), run_of(outputs="x" * 10_000), NOON)
                store.load(REF)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:

            def open_own() -> list[str]:
                with Store(path) as own:
                    return list(own.refs())

            assert [in_child(open_own) for _ in range(10)] == [[REF]] * 10
        finally:
            done.set()
            for thread in threads:
                thread.join()


def test_processes_may_make_a_store_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_PATIENCE", 60.0)
    for number in range(5):
        path = tmp_path / f"{number}.db"
        waiting, release = os.pipe()

        def open_and_write() -> int:
            os.close(release)  # noqa: B023 - the child runs at once
            os.read(waiting, 1)  # noqa: B023
            with Store(path) as store:  # noqa: B023
                store.save(f"dify:{os.getpid()}", PollState(), None, NOON)
            return os.getpid()

        children = [Child(open_and_write) for _ in range(6)]
        os.close(release)
        os.close(waiting)
        refs = {f"dify:{child.result()}" for child in children}
        with Store(path) as store:
            assert set(store.refs()) == refs
