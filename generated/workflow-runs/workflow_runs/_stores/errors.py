"""Why a store cannot be used, in one sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._errors import WorkflowRunError
from .._text import brief

if TYPE_CHECKING:
    import sqlite3

_MAY_NOT_WRITE = "cannot be written: allow this program to write the file and its folder, or name another file"
_IN_USE = "is in use by another program: wait until that one has ended, or name another file"

# By the primary result codes of SQLite (sqlite.org/rescode.html), as sqlite3 is not imported here.
_PROBLEMS = {
    3: _MAY_NOT_WRITE,  # PERM
    5: _IN_USE,  # BUSY
    6: _IN_USE,  # LOCKED
    8: _MAY_NOT_WRITE,  # READONLY
    10: "cannot be read or written: see whether its disk is there, and has room",  # IOERR
    11: "is damaged: delete it, so that all runs are asked for again, or bring back a copy",  # CORRUPT
    13: "cannot grow, as its disk is full: make room, and start again; what was saved is still there",  # FULL
    14: "cannot be opened: allow this program to read and write the file and its folder, or name another",  # CANTOPEN
    15: "cannot be locked: name a file on a disk of this machine",  # PROTOCOL
    18: "cannot hold a run that is so large: watch this one without a store",  # TOOBIG
    26: "is not a SQLite file: name another file",  # NOTADB
}


class StoreError(WorkflowRunError):
    """A store cannot be opened, read or written; the message says what to do. What it held before is still there."""


def store_error(path: str, problem: str) -> StoreError:
    """The error for a store with this problem."""
    return StoreError(f"the store {brief(path)} {problem}")


def explained(path: str, error: sqlite3.Error) -> StoreError:
    """The error for a store with which SQLite has this problem."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    problem = None if code is None else _PROBLEMS.get(code & 0xFF)  # the rest says more than is needed here
    return store_error(path, problem or f"cannot be used: {brief(str(error))}")
