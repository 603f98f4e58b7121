"""`Store`: where `watch` goes on after its program was killed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from msgspec import Struct

from .._polling.change import RunChange
from .._polling.clock import current_clock
from .._polling.state import PollState
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .errors import StoreError, store_error
from .file import StoreFile
from .form import change_text, key_of, read_change, read_run, run_text

_PAGE = 1_000

_SAVE = """
INSERT INTO runs (ref, state, run, next_poll, saved_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (ref) DO UPDATE SET
    state = excluded.state,
    run = coalesce(excluded.run, run),
    next_poll = excluded.next_poll,
    saved_at = excluded.saved_at
"""
_SAVE_CHANGE = "INSERT INTO changes (ref, change, run) VALUES (?, ?, ?)"
_ADD = "INSERT INTO runs (ref, state, next_poll, saved_at) VALUES (?, ?, ?, ?) ON CONFLICT (ref) DO NOTHING"
_DELIVERED = "DELETE FROM changes WHERE number <= ? AND ref = (SELECT ref FROM changes WHERE number = ?)"
_FORGET_BEFORE = """
DELETE FROM runs WHERE next_poll IS NULL AND saved_at < ?
    AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.ref = runs.ref)
"""


class StoredRun(Struct, frozen=True):
    """What a store has of a run.

    - `state`: what the next poll goes on with.
    - `run`: the run when it was last seen, without `native`, `raw` and `response`; None: it has not been seen.
    - `next_poll`: when it was to be asked for again, in UTC, by the clock of that time; None: no more, as it rested, or
      an error ended the watch.
    """

    state: PollState
    run: WorkflowRun | None
    next_poll: datetime | None


class Store:
    """A file that remembers the runs that are watched, and the changes that were not delivered.

    `Runs.watch(refs, store=Store("runs.db"))` goes on from it, also where the last program was killed at any moment.

    The file is SQLite, and is made where there is none, for its owner's eyes only, since runs hold data. Credentials
    are never in it. One process writes it at a time, from its first write (or `claim`) until the store is closed or the
    process ends, however it ends; others may read. Threads can share a store; after a fork, the child opens its own.
    A call takes some ten microseconds, so it is made from event loops, too. The file has to be on a disk of this
    machine.

    Args:
        path: the file, in a folder that exists.

    Raises:
        StoreError: it is something else, has a later version, or cannot be opened. All methods raise this.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = StoreFile(_checked_path(os.fsdecode(path)))

    def load(self, ref: RunRef | str) -> StoredRun | None:
        """What is known of a run; None where nothing is.

        Where a later version wrote what this one cannot read, it is as if the run had never been asked for.
        """
        with self._file.reading() as connection:
            row = connection.execute("SELECT state, run, next_poll FROM runs WHERE ref = ?", (key_of(ref),)).fetchone()
        if row is None:
            return None
        state, run, next_poll = row
        try:
            at = None if next_poll is None else datetime.fromisoformat(next_poll.decode()).astimezone(UTC)
            return StoredRun(PollState.from_json(state), read_run(run), at)
        except (ValueError, TypeError, AttributeError, OverflowError):
            return StoredRun(PollState(), None, None)

    def add(self, ref: RunRef | str) -> None:
        """Remember a run that is to be asked for, so that it is in `refs`. One that is known stays as it is."""
        now = _time_text(current_clock().utc())
        with self._file.transaction() as connection:
            connection.execute(_ADD, (key_of(ref), PollState().to_json(), now, now))

    def save(
        self,
        ref: RunRef | str,
        state: PollState,
        run: WorkflowRun | None,
        next_poll: datetime | None,
        changes: Sequence[RunChange] = (),
    ) -> list[int | None]:
        """Remember what came of a poll, all of it or nothing.

        Args:
            ref: which run.
            state: see `StoredRun`.
            run: the run; None leaves the one that is there.
            next_poll: when to ask again, aware; None: never.
            changes: those that were not delivered yet. One with an error is not remembered, as the next program asks
                again.

        Returns:
            The number of each change, for `delivered`; None for one with an error.

        Raises:
            ValueError: `next_poll` has no time zone.
            InvalidRef, UnknownProvider: the reference cannot be read.
        """
        key = str(checked(ref))
        try:
            text = run_text(run)
            texts = [_change_texts(change, run, text) for change in changes]
        except RecursionError:
            # It was read where less was on the stack, and can only be asked for again.
            state, text, texts = PollState(), None, [None for _ in changes]
        row = key, state.to_json(), text, _time_text(next_poll), _time_text(current_clock().utc())
        with self._file.transaction() as connection:
            connection.execute(_SAVE, row)
            return [
                None if of_change is None else connection.execute(_SAVE_CHANGE, (key, *of_change)).lastrowid
                for of_change in texts
            ]

    def undelivered(self, ref: RunRef | str) -> list[tuple[int, RunChange]]:
        """The changes of a run that were not delivered, in order, with their numbers.

        One that a later version wrote, and that this one cannot read, is left out.
        """
        key = key_of(ref)
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT number, change, run FROM changes WHERE ref = ? ORDER BY number", (key,)
            ).fetchall()
        changes = ((number, read_change(key, change, run)) for number, change, run in rows)
        return [(number, change) for number, change in changes if change is not None]

    def delivered(self, number: int) -> None:
        """Forget this change and those of the same run before it: they were delivered. Twice is fine."""
        with self._file.transaction() as connection:
            connection.execute(_DELIVERED, (number, number))

    def refs(self) -> Iterator[str]:
        """The references of all runs that are known, as texts, in the order in which they were first saved."""
        last = 0
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(
                    "SELECT number, ref FROM runs WHERE number > ? ORDER BY number LIMIT ?", (last, _PAGE)
                ).fetchall()
            if not rows:
                return
            yield from (str(ref, "utf-8", "replace") for _, ref in rows)
            last = rows[-1][0]

    def forget(self, ref: RunRef | str) -> None:
        """Forget a run and its changes, so that it is asked for again. One that is not known is fine, too."""
        key = key_of(ref)
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM runs WHERE ref = ?", (key,))
            connection.execute("DELETE FROM changes WHERE ref = ?", (key,))

    def forget_before(self, time: datetime) -> int:
        """Forget the runs that were last asked for before a time, and are not to be asked for again.

        They rest, or an error ended their watch. One with a change that was not delivered stays.

        Returns:
            How many there were.

        Raises:
            ValueError: the time has no time zone.
        """
        text = _time_text(time)
        with self._file.transaction() as connection:
            return connection.execute(_FORGET_BEFORE, (text,)).rowcount

    def claim(self) -> None:
        """Be the only process that writes the file from now on, as `watch` does when it begins.

        Raises:
            StoreError: another process, or another `Store` of this one, writes it.
        """
        self._file.claim()

    def close(self) -> None:
        """Close the file, so that others may write it. Twice is fine."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store {self._file.path}>"


def _change_texts(change: RunChange, run: WorkflowRun | None, text: str | None) -> tuple[str, str | None] | None:
    """The columns of a change, where `text` is that of `run`; None for an error."""
    if change.error is not None:
        return None
    return change_text(change), text if change.run is run else run_text(change.run)


def _checked_path(path: str) -> str:
    """The path of the file itself, which stays the same when the program changes its folder.

    Raises:
        StoreError: no file can be there.
    """
    if path in ("", ":memory:"):
        raise StoreError("a store needs the name of a file, as memory ends with the program")
    try:
        path = os.path.realpath(path)
        os.fsencode(path)
    except ValueError:
        raise store_error(path, "cannot be opened: no file can have this name") from None
    if os.path.isdir(path):
        raise store_error(path, "is a folder: name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise store_error(path, "is a device, a pipe or a socket: name a file")
    if not os.path.isdir(folder := os.path.dirname(path)):
        raise store_error(path, f"cannot be made: make its folder {folder} first, or name another file")
    return path


def _time_text(time: datetime | None) -> str | None:
    """A time in UTC, so that texts have the order of times."""
    if time is None:
        return None
    if time.utcoffset() is None:
        raise ValueError(f"the time must have a time zone, such as datetime.now(UTC) has: {time!r}")
    return time.astimezone(UTC).isoformat(timespec="microseconds")
