"""The SQLite file of a store: opened, shared between threads, and written by one process at a time.

- A transaction is on disk or not at all, whenever the process is killed. A loss of power can undo the last ones, which
  costs as much as a kill a moment earlier: the same polls again, and the same changes.
- The process that writes has an open transaction in an empty file beside the store. The system ends it together with
  the process, and a fork does not inherit it.
- A fork inherits what SQLite believes about the locks of its open files, but not the locks
  (sqlite.org/howtocorrupt.html, 2.6). So the child closes these files before it opens another.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING
from weakref import WeakSet

from .errors import explained, store_error
from .form import is_older, update_form

if TYPE_CHECKING:
    import sqlite3

_PATIENCE = 1.0
"""Seconds to wait for another process, which may just be ending."""


_LOCK = RLock()
"""Held by whoever uses a file, and by whoever forks: in the child, no file is in the midst of anything."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)


class StoreFile:
    """A SQLite file with the tables of a store; made where there is none, for its owner's eyes only.

    Raises:
        StoreError: it cannot be opened, or is something else.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._process = os.getpid()
        self._claim: sqlite3.Connection | None = None
        _close_inherited()
        self._connection: sqlite3.Connection | None = self._opened(path)
        self._identity = _identity(path)
        _files.add(self)
        try:
            with self._alone() as connection:
                connection.execute("PRAGMA synchronous = NORMAL")
            if self._is_older():
                self._make_tables()
        except BaseException:
            self.close()
            raise

    @property
    def is_inherited(self) -> bool:
        """Whether another process opened it, and this one was forked since."""
        return self._process != os.getpid()

    def claim(self) -> None:
        """Become the only process that writes, until the file is closed.

        Raises:
            StoreError: another one is.
        """
        with self._alone():
            self._claim_once()

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Write, all of it or nothing, as the only process that writes.

        Raises:
            StoreError: it cannot be done, or another process writes.
        """
        with self._alone() as connection:
            self._claim_once()
            self._check_place()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends some by itself, as on a full disk
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Read, also while another process writes.

        Raises:
            StoreError: it cannot be done.
        """
        with self._alone() as connection:
            yield connection

    def close(self) -> None:
        """Close the file, so that others may write it. Twice is fine; a child closes nothing but its own part."""
        with _LOCK:
            for connection in (self._connection, self._claim):
                if connection is not None:
                    connection.close()
            self._connection = self._claim = None

    def _is_older(self) -> bool:
        with self._alone() as connection:
            connection.execute("BEGIN")  # so that no other process makes the tables meanwhile
            try:
                return is_older(self.path, connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _make_tables(self) -> None:
        """Give the file the form of this version, while no other process does."""
        self.claim()
        with self._alone() as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # so that nobody waits for readers, and hardly for the disk
        with self.transaction() as connection:
            update_form(self.path, connection)
        with self._alone():
            claim, self._claim = self._claim, None
            if claim is not None:
                claim.close()

    def _claim_once(self) -> None:
        if self._claim is not None:
            return
        import sqlite3

        claim = self._opened(f"{self.path}-lock")
        try:
            claim.execute("PRAGMA journal_mode = MEMORY")  # nothing is written, so nothing need be undone
            claim.execute("BEGIN EXCLUSIVE")
        except BaseException as error:
            claim.close()
            if not (isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY):
                raise
            raise store_error(
                self.path,
                "is written by another program, or by another Store of this one: wait until it has ended, or name"
                " another file",
            ) from None
        self._claim = claim

    def _opened(self, path: str) -> sqlite3.Connection:
        import sqlite3

        with self._explaining():
            _make(path)
            connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            connection.text_factory = bytes  # whatever is there; JSON is read from bytes anyway
        return connection

    @contextmanager
    def _alone(self) -> Generator[sqlite3.Connection]:
        """The connection, for one thread of the process that opened it."""
        with _LOCK, self._explaining():
            if self.is_inherited:
                raise store_error(self.path, "was opened before this process was forked: open a Store in each process")
            if self._connection is None:
                raise store_error(self.path, "is closed: open a new Store")
            yield self._connection

    def _check_place(self) -> None:
        """A file that has no name any longer could still be written, and would be lost with this process."""
        if _identity(self.path) != self._identity:
            raise store_error(
                self.path,
                "was deleted or replaced while it was in use: open a new Store; runs that the old file had are asked"
                " for again",
            )

    @contextmanager
    def _explaining(self) -> Generator[None]:
        import sqlite3

        try:
            yield
        except sqlite3.Error as error:
            raise explained(self.path, error) from error
        except OSError as error:
            raise store_error(self.path, f"cannot be opened: {error.strerror}; name another file") from error


_files: WeakSet[StoreFile] = WeakSet()


def _close_inherited() -> None:
    for file in list(_files):
        if file.is_inherited:
            file.close()


def _make(path: str) -> None:
    """Make an empty file that only its owner may read, where there is none.

    A file that exists is not opened: closing it again would end the locks that this process has on it (fcntl(2)).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
