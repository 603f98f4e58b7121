"""What the file holds: tables, and their columns as values.

`runs` has a row for each run that is watched, `changes` one for each change that was not delivered yet. Runs and
states are JSON, so that programs in other languages can read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from .._errors import InvalidRef, UnknownProvider
from .._form.models import RunStatus
from .._polling.change import RunChange
from .._polling.state import ChangeKind
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .errors import store_error

if TYPE_CHECKING:
    import sqlite3

_APPLICATION = 0x77F72D73
"""In the head of the file (`PRAGMA application_id`): that it is a store, whatever it is called."""

_STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            ref TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            run TEXT,
            next_poll TEXT,
            saved_at TEXT NOT NULL
        )
        """,
        "CREATE TABLE changes (number INTEGER PRIMARY KEY AUTOINCREMENT, ref TEXT NOT NULL, change TEXT NOT NULL,"
        " run TEXT)",
        "CREATE INDEX changes_of_a_run ON changes (ref, number)",
    ),
)
"""What makes each version of the file (`PRAGMA user_version`) from the one before it, beginning with an empty file."""


def is_older(path: str, connection: sqlite3.Connection) -> bool:
    """Whether the file has not yet the form of this version.

    Raises:
        StoreError: it is not a store, or one of a later version.
    """
    return _version(path, connection) < len(_STEPS)


def update_form(path: str, connection: sqlite3.Connection) -> None:
    """Give the file the form of this version, inside of a transaction; see `is_older`."""
    for step in _STEPS[_version(path, connection) :]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(_STEPS)}")


def _version(path: str, connection: sqlite3.Connection) -> int:
    application, version = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("application_id", "user_version")
    )
    is_empty = not (application or version or connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())
    if not is_empty and application != _APPLICATION:
        raise store_error(path, "is a SQLite file of another program: name another file")
    if version > len(_STEPS):
        raise store_error(
            path,
            f"has the form {version}, of a later version of workflow-runs, and this version knows forms up to"
            f" {len(_STEPS)}: update workflow-runs, or name another file",
        )
    return version


class _Change(Struct, frozen=True, omit_defaults=True):
    """What is known of a change beside its run."""

    before: RunStatus | None = None
    kinds: tuple[ChangeKind, ...] = ()
    is_last: bool = False


def change_text(change: RunChange) -> str:
    """The change as JSON, without its run and its reference."""
    return msgspec.json.encode(_Change(change.before, change.kinds, change.is_last)).decode()


def run_text(run: WorkflowRun | None) -> str | None:
    """The run as JSON."""
    return None if run is None else run.to_json().decode()


def read_run(text: Any) -> WorkflowRun | None:
    """The run of a column.

    Raises:
        ValueError, TypeError: it is not one that this version can read.
    """
    return None if text is None else WorkflowRun.from_json(text)


def read_change(ref: str, change: Any, run: Any) -> RunChange | None:
    """The change of a row, or None for one that this version cannot read."""
    try:
        known = msgspec.json.decode(change, type=_Change)
        return RunChange(
            ref=_read_ref(ref), run=read_run(run), before=known.before, kinds=known.kinds, is_last=known.is_last
        )
    except (ValueError, TypeError):
        return None


def key_of(ref: RunRef | str) -> str:
    """The text that a reference has in the file, however the caller spells it.

    Raises:
        InvalidRef: it is neither a reference nor a text, or cannot be one of its provider.
        UnknownProvider: there is no such provider; as a text it is taken as it is.
    """
    return str(_read_ref(ref) if isinstance(ref, str) else checked(ref))


def _read_ref(text: str) -> RunRef | str:
    """The reference; the text itself where this program does not know its provider any longer."""
    try:
        return RunRef.parse(text)
    except (InvalidRef, UnknownProvider):
        return text
