"""Stores that cannot be opened or written say what to do, and lose nothing."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from workflow_runs import PollState, Store, StoredRun, StoreError, WorkflowRunError
from workflow_runs._stores import file
from workflow_runs._stores.errors import explained

from tests.runs.stores.stored import NOON, REF, change_of, run_of, state_of
from tests.runtime.forks import in_child


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock."""
    monkeypatch.setattr(file, "_PATIENCE", 0.0)


def refusal(action: Callable[[], object]) -> str:
    """The message of the StoreError."""
    with pytest.raises(StoreError) as caught:
        action()
    assert isinstance(caught.value, WorkflowRunError)
    return str(caught.value)


@contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as another program sees it."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        yield connection
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_memory_is_refused(path: str) -> None:
    assert refusal(lambda: Store(path)) == "a store needs the name of a file, as memory ends with the program"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("folder", "{0} is a folder: name a file in it"),
        ("none/runs.db", "{0} cannot be made: make its folder {1} first, or name another file"),
        ("text/runs.db", "{0} cannot be made: make its folder {1} first, or name another file"),
        ("pipe", "{0} is a device, a pipe or a socket: name a file"),
        ("text", "{0} is not a SQLite file: name another file"),
        ("a" * 10 + "\0", "{0} cannot be opened: no file can have this name"),
        ("a" * 10 + "\ud800", "{0} cannot be opened: no file can have this name"),
        ("a" * 256, "{0} cannot be opened: File name too long; name another file"),
    ],
)
def test_what_cannot_be_opened(name: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow_runs._stores.errors.brief", lambda text: text)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("Once upon a time\n")
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / name
    assert refusal(lambda: Store(path)) == f"the store {problem.format(path, path.parent)}"
    assert (tmp_path / "text").read_text() == "Once upon a time\n"


def test_a_file_of_another_program_stays_as_it_is(path: Path) -> None:
    with sqlite(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    assert refusal(lambda: Store(path)) == (f"the store {path} is a SQLite file of another program: name another file")
    assert path.read_bytes() == before


def test_a_file_of_a_later_version_stays_as_it_is(path: Path) -> None:
    Store(path).close()
    with sqlite(path) as connection:
        connection.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    assert refusal(lambda: Store(path)) == (
        f"the store {path} has the form 7, of a later version of workflow-runs, and this version knows forms up to 1:"
        " update workflow-runs, or name another file"
    )
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with Store(path) as store:
        assert list(store.refs()) == []


def test_a_damaged_file(path: Path) -> None:
    with Store(path) as store:
        store.save(REF, PollState(), run_of(outputs="long" * 5_000), NOON)
    text = path.read_bytes()
    path.write_bytes(text[:4096] + b"\xff" * (len(text) - 4096))
    problem = f"the store {path} is damaged: delete it, so that all runs are asked for again, or bring back a copy"
    with Store(path) as store:
        assert refusal(lambda: store.load(REF)) == problem
    path.write_bytes(text[:5000])
    assert refusal(lambda: Store(path)) == problem


@pytest.mark.parametrize("call", [Store.claim, lambda store: store.save(REF, PollState(), None, NOON)])
def test_one_writes_and_others_read(call: Callable[[Store], object], path: Path) -> None:
    with Store(path) as first, Store(path) as second:
        call(first)
        first.save(REF, PollState(), None, NOON)
        assert second.load(REF) == StoredRun(PollState(), None, NOON)
        assert refusal(lambda: call(second)) == (
            f"the store {path} is written by another program, or by another Store of this one: wait until it has ended,"
            " or name another file"
        )
        first.close()
        call(second)


def test_another_program_that_writes_meanwhile(path: Path) -> None:
    with Store(path) as store, sqlite(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert refusal(lambda: store.save(REF, PollState(), None, NOON)) == (
            f"the store {path} is in use by another program: wait until that one has ended, or name another file"
        )
        connection.execute("COMMIT")
        store.save(REF, PollState(), None, NOON)


@pytest.mark.parametrize("call", [lambda path: path.unlink(), lambda path: path.rename(path.with_name("away"))])
def test_a_file_that_was_deleted_or_replaced(call: Callable[[Path], object], path: Path) -> None:
    with Store(path) as store:
        store.save(REF, PollState(), None, NOON)
        call(path)
        problem = (
            f"the store {path} was deleted or replaced while it was in use: open a new Store; runs that the old file"
            " had are asked for again"
        )
        assert refusal(lambda: store.delivered(1)) == problem
        path.touch()
        assert refusal(lambda: store.save(REF, PollState(), None, NOON)) == problem


def test_what_was_saved_survives_a_full_disk(path: Path) -> None:
    with Store(path) as store:
        store.save(REF, PollState(polls=1), None, NOON)
        connection = store._file._connection
        assert connection is not None
        connection.execute("PRAGMA max_page_count = 8")
        large = run_of(outputs="x" * 30_000)
        for _ in range(2):
            assert refusal(lambda: store.save(REF, PollState(polls=2), large, NOON, [change_of(large)])) == (
                f"the store {path} cannot grow, as its disk is full: make room, and start again; what was saved is"
                " still there"
            )
        assert store.load(REF) == StoredRun(PollState(polls=1), None, NOON)
        connection.execute("PRAGMA max_page_count = 1000")
        assert store.save(REF, PollState(polls=2), large, NOON, [change_of(large)]) == [1]


def test_what_was_saved_survives_a_limit_of_the_system(path: Path) -> None:
    resource = pytest.importorskip("resource", reason="this system has no such limits")

    def fill() -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        store = Store(path)
        store.save(REF, PollState(), None, NOON)
        return refusal(lambda: store.save("dify:2", PollState(), run_of(outputs="x" * 200_000), NOON))

    assert in_child(fill) == (
        f"the store {path} cannot be read or written: see whether its disk is there, and has room"
    )
    with Store(path) as store:
        assert list(store.refs()) == [REF]


def test_a_file_that_may_not_be_written(path: Path) -> None:
    with Store(path) as store:
        assert store._file._connection is not None
        store._file._connection.execute("PRAGMA query_only = 1")  # root may write any file, so no mode forbids it
        assert refusal(lambda: store.save(REF, PollState(), None, NOON)) == (
            f"the store {path} cannot be written: allow this program to write the file and its folder, or name another"
            " file"
        )


def test_a_run_that_is_too_large(path: Path) -> None:
    with Store(path) as store:
        assert store._file._connection is not None
        store._file._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 5_000)
        assert refusal(lambda: store.save(REF, PollState(), run_of(outputs="x" * 5_000), NOON)) == (
            f"the store {path} cannot hold a run that is so large: watch this one without a store"
        )


def test_a_problem_that_sqlite_alone_knows(path: Path) -> None:
    with Store(path) as store:
        with sqlite(path) as connection:
            connection.execute("DROP TABLE runs")
        assert refusal(lambda: store.load(REF)) == f"the store {path} cannot be used: no such table: runs"


@pytest.mark.parametrize(
    "columns",
    [
        {"state": '{"schema": "poll-state/2"}'},
        {"state": b"\xff"},
        {"state": 1},
        {"run": '{"schema": "workflow-run/2", "id": "1"}'},
        {"run": "[" * 10_000},
        {"run": 0.5},
        {"next_poll": "soon"},
        {"next_poll": 5},
        {"next_poll": "0001-01-01T00:00:00+10:00"},
    ],
)
def test_a_run_that_a_later_version_wrote_is_asked_for_again_and_the_others_stay(
    columns: dict[str, Any], path: Path
) -> None:
    run = run_of()
    with Store(path) as store, sqlite(path) as connection:
        for ref in (REF, "dify:2"):
            store.save(ref, state_of(run), run, NOON)
        for column, value in columns.items():
            connection.execute(f"UPDATE runs SET {column} = ? WHERE ref = ?", (value, REF))
        assert store.load(REF) == StoredRun(PollState(), None, None)
        assert store.load("dify:2") == StoredRun(state_of(run), run, NOON)
        assert list(store.refs()) == [REF, "dify:2"]
        store.save(REF, state_of(run), run, NOON)
        assert store.load(REF) == StoredRun(state_of(run), run, NOON)


@pytest.mark.parametrize("column", ["change", "run"])
@pytest.mark.parametrize("value", ["{", b"\xff", 1, '{"schema": "workflow-run/2", "kinds": ["later"]}'])
def test_a_change_that_a_later_version_wrote_is_left_out_and_goes_with_the_next(
    column: str, value: object, path: Path
) -> None:
    run = run_of()
    with Store(path) as store, sqlite(path) as connection:
        store.save(REF, state_of(run), run, NOON, [change_of(run_of(number)) for number in range(3)])
        connection.execute(f"UPDATE changes SET {column} = ? WHERE number = 2", (value,))
        assert store.undelivered(REF) == [(1, change_of(run_of(0))), (3, change_of(run_of(2)))]
        store.delivered(3)
        assert connection.execute("SELECT count(*) FROM changes").fetchone() == (0,)


def test_a_run_of_a_provider_that_is_not_known_any_longer_stays(path: Path) -> None:
    run = run_of()
    with Store(path) as store, sqlite(path) as connection:
        store.save(REF, state_of(run), run, NOON, [change_of(run)])
        for table in ("runs", "changes"):
            connection.execute(f"UPDATE {table} SET ref = 'acme:1'")
        stored, ((_, change),) = store.load("acme:1"), store.undelivered("acme:1")
        assert stored == StoredRun(state_of(run), run, NOON)
        assert (change.ref, change.run) == ("acme:1", run)
        assert list(store.refs()) == ["acme:1"]
        store.forget("acme:1")
        assert list(store.refs()) == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            sqlite3.SQLITE_PERM,
            "cannot be written: allow this program to write the file and its folder, or name another file",
        ),
        (sqlite3.SQLITE_LOCKED, "is in use by another program: wait until that one has ended, or name another file"),
        (
            sqlite3.SQLITE_READONLY_DBMOVED,
            "cannot be written: allow this program to write the file and its folder, or name another file",
        ),
        (sqlite3.SQLITE_IOERR_WRITE, "cannot be read or written: see whether its disk is there, and has room"),
        (
            sqlite3.SQLITE_CANTOPEN_ISDIR,
            "cannot be opened: allow this program to read and write the file and its folder, or name another",
        ),
        (sqlite3.SQLITE_PROTOCOL, "cannot be locked: name a file on a disk of this machine"),
        (sqlite3.SQLITE_MISMATCH, "cannot be used: what SQLite says"),
    ],
)
def test_what_sqlite_says(code: int, problem: str) -> None:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    refusal = explained("runs.db", error)
    assert str(refusal) == f"the store runs.db {problem}"
    assert str(pickle.loads(pickle.dumps(refusal))) == str(refusal)
