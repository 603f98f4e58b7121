"""Why a store cannot be used, in one sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._errors import WorkflowRunError
from .._text import brief

if TYPE_CHECKING:
    import sqlite3

# The primary result codes of SQLite (sqlite.org/rescode.html), as sqlite3 is not imported here.
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _TOOBIG, _AUTH, _NOTADB = (
    *(3, 5, 6, 8, 10, 11, 13, 14, 18, 23, 26),
)
_MAY_NOT_WRITE = "cannot be written: allow this program to write the file and its folder, or name another file"
_IN_USE = "is in use by another program: wait until that one has ended, or name another file"

_PROBLEMS = {
    _PERM: _MAY_NOT_WRITE,
    _BUSY: _IN_USE,
    _LOCKED: _IN_USE,
    _READONLY: _MAY_NOT_WRITE,
    _IOERR: "cannot be read or written: see whether its disk is there, and has room",
    _CORRUPT: "is damaged: delete it, so that all runs are asked for again, or bring back a copy",
    _FULL: "cannot grow, as its disk is full: make room, and start again; what was saved is still there",
    _CANTOPEN: "cannot be opened: allow this program to read and write the file and its folder, or name another file",
    _TOOBIG: "cannot hold a run that is so large: watch this one without a store",
    _AUTH: _MAY_NOT_WRITE,
    _NOTADB: "is not a SQLite file: name another file",
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
