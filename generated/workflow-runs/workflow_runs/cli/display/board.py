"""What is to be seen of the runs that are watched: small, for 100,000 of them, and always counted. No rich here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from threading import Lock

from ..._form.models import RunStatus
from ..._polling.change import Poll, RunChange
from ..._refs.ref import RunRef
from ..._run.run import WorkflowRun
from .messages import message_of
from .terminal import printable
from .words import elapsed_of, name_of, steps_of

_GROUPS = 5


@dataclass(slots=True)
class Row:
    """A run that is watched.

    - `ref`: its reference, or a text that is none; `name`: the same without the provider.
    - `status`: None: it was not seen yet.
    - `begin`: since when it takes time; `elapsed`: how long it took, or had taken when it was last seen.
    - `next_poll`: when it is asked for again.
    - `is_retry`: whether the last request for it has failed; `reason`: why.
    - `problem`: why it is not asked for any more although it does not rest; "" in all other cases.
    """

    ref: str
    provider: str
    name: str
    status: RunStatus | None = None
    begin: datetime | None = None
    elapsed: timedelta | None = None
    steps: str = ""
    next_poll: datetime | None = None
    is_retry: bool = False
    reason: str = ""
    problem: str = ""

    @property
    def group(self) -> int:
        """Where it belongs if not all can be seen: what moves, then what needs somebody, then the rest."""
        if self.problem:
            return 1
        if self.status is None:
            return 3
        if self.status in (RunStatus.WAITING_FOR_INPUT, RunStatus.SUSPENDED, RunStatus.FAILED, RunStatus.CANCELLED):
            return 1
        if self.status is RunStatus.SUCCEEDED:
            return 4
        return 2 if self.status is RunStatus.PENDING else 0


class Board:
    """The rows of all runs. The thread that draws them may be another one."""

    def __init__(self, deadline: datetime) -> None:
        self.deadline = deadline
        self.counts = Counter[str]()
        """How many runs have each status; or `not seen yet`, or `error`."""
        self.running = 0
        """How many runs are still watched."""
        self._rows: dict[str, Row] = {}
        self._groups: tuple[dict[str, Row], ...] = tuple({} for _ in range(_GROUPS))
        self._lock = Lock()

    def add(self, ref: RunRef | str, run: WorkflowRun | None = None) -> None:
        """Show a run, of which nothing is known yet, or what a store has of it."""
        with self._lock:
            row = self._row(ref)
            if run is not None and row.status is None:
                self._update(ref, row, run)

    def polled(self, poll: Poll) -> None:
        """Take over what came of a request."""
        with self._lock:
            row = self._row(poll.ref)
            row.next_poll, row.is_retry = poll.next_poll, poll.error is not None
            row.reason = "" if poll.error is None else _about(poll.error, row)
            if poll.run is not None:
                self._update(poll.ref, row, poll.run)

    def changed(self, change: RunChange) -> None:
        """Take over a change."""
        with self._lock:
            row = self._row(change.ref)
            if change.is_last:
                self.running -= 1
                row.next_poll = None
            if change.run is not None and change.error is None:
                self._update(change.ref, row, change.run)
            elif change.error is not None:
                self._regroup(change.ref, row, problem=_about(change.error, row))

    def seen(self, most: int) -> tuple[list[Row], int]:
        """The rows to be seen, if there is room for so many, and the number of all."""
        with self._lock:
            if len(self._rows) <= most:
                return list(self._rows.values()), len(self._rows)
            chosen = islice(chain.from_iterable(group.values() for group in self._groups), max(0, most))
            return list(chosen), len(self._rows)

    def counted(self) -> Iterator[tuple[str, int]]:
        """The statuses that there are, with how many runs have each."""
        with self._lock:
            return iter(sorted((name, count) for name, count in self.counts.items() if count))

    def _row(self, ref: RunRef | str) -> Row:
        key = name_of(ref)
        row = self._rows.get(key)
        if row is None:
            provider, _, name = key.partition(":") if ":" in key else ("", "", key)
            row = self._rows[key] = Row(key, provider, name)
            self._groups[row.group][key] = row
            self.counts[_counted_as(row)] += 1
            self.running += 1
        return row

    def _update(self, ref: RunRef | str, row: Row, run: WorkflowRun) -> None:
        row.elapsed = elapsed_of(run, run.observed_at) if run.observed_at else run.elapsed
        row.begin = None if run.is_terminal else run.started_at or run.created_at
        row.steps = steps_of(run)
        self._regroup(ref, row, status=run.status)

    def _regroup(self, ref: RunRef | str, row: Row, *, status: RunStatus | None = None, problem: str = "") -> None:
        key, before = name_of(ref), row.group
        self.counts[_counted_as(row)] -= 1
        row.status, row.problem = status or row.status, problem
        self.counts[_counted_as(row)] += 1
        if row.group != before:
            del self._groups[before][key]
            self._groups[row.group][key] = row


def _about(error: Exception, row: Row) -> str:
    """What an error says, without the reference of its row."""
    return printable(message_of(error)).removeprefix(f"{row.ref}: ")


def _counted_as(row: Row) -> str:
    if row.problem:
        return "error"
    return "not seen yet" if row.status is None else printable(str(row.status)).replace("_", " ")
