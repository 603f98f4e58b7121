"""The live table: the rows that fit, drawn by rich, anew a few times a second."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Self, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from ..._form.models import RunStatus
from ..._polling.clock import current_clock
from .board import Board, Row
from .terminal import MARKS, UNKNOWN_MARK, can_encode
from .words import span, word_of

_PER_SECOND = 4
_STYLES = {"2": "dim", "31": "red", "32": "green", "33": "yellow", "35": "magenta", "36": "cyan"}
_STATUS, _ELAPSED, _STEPS, _NEXT = 19, 8, 16, 10
_LEAST_REASON = 8
_LEAST_NAME = 14
"""Columns that the name of a run has at least, before others are left out."""


class LiveTable:
    """Draws a board until it is left; a context manager.

    Args:
        board: what to draw.
        stream: the terminal.
        stays: whether the last picture stays there.
    """

    def __init__(self, board: Board, stream: TextIO, *, stays: bool) -> None:
        self._board = board
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        if reconfigure := getattr(stream, "reconfigure", None):  # rich writes whatever it is given
            reconfigure(errors="backslashreplace")
        self._has_marks = can_encode(stream, "".join(mark for mark, *_ in (*MARKS.values(), UNKNOWN_MARK)))
        self._live = Live(
            console=self._console,
            get_renderable=self._drawn,
            refresh_per_second=_PER_SECOND,
            transient=not stays,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def _drawn(self) -> Group:
        size = self._console.size
        return drawn(self._board, size.width, size.height - 1, has_marks=self._has_marks)


def drawn(board: Board, width: int, height: int, *, has_marks: bool = True) -> Group:
    """The table in so many columns and lines.

    Args:
        has_marks: whether there is more than ASCII.
    """
    now = current_clock().utc()
    rows, count = board.seen(max(1, height - 2))
    if count > len(rows):
        rows = rows[: max(1, height - 3)]
    table = _Table(rows, width, now, has_marks=has_marks)
    lines = [table.head(), *map(table.line, rows)] if height > 2 else [table.line(row) for row in rows]
    if count > len(rows):
        lines.append(Text(f"and {count - len(rows):,} more", style="dim"))
    lines.append(Text(table.cell(_summary(board, count, now), width).rstrip(), style="bold"))
    for line in lines:
        line.no_wrap, line.overflow = True, "crop"
        line.truncate(width, overflow="crop")
    return Group(*lines[-max(1, height) :])


def _summary(board: Board, count: int, now: datetime) -> str:
    left = (board.deadline - now).total_seconds()
    counts = ", ".join(f"{number:,} {name}" for name, number in board.counted())
    runs = f"{count:,} run" if count == 1 else f"{count:,} runs"
    time = f", {span(left) if left > 0 else 'no time'} left" if board.running else ""
    return f"{runs}{time}: {counts}" if counts else f"{runs}{time}"


class _Table:
    """The columns for these rows, in this width: what is less important is left out where there is no room."""

    def __init__(self, rows: list[Row], width: int, now: datetime, *, has_marks: bool) -> None:
        self._now = now
        self._has_marks = has_marks
        self._width = width
        provider = max([len("provider"), *(cell_len(row.provider) for row in rows)])
        name = max([len("run"), *(cell_len(row.name) for row in rows)])
        columns = {"provider": provider, "status": _STATUS, "elapsed": _ELAPSED, "steps": _STEPS, "next poll": _NEXT}
        for dropped in ("", "next poll", "steps", "elapsed", "provider", "status"):
            columns.pop(dropped, None)
            if dropped == "provider":
                name = max([len("run"), *(cell_len(row.ref) for row in rows)])
            left = width - sum(columns.values()) - len(columns)
            if left >= min(name, _LEAST_NAME):
                break
        self._is_bare = "status" not in columns
        columns["run"] = max(0, min(name, left if columns else width - 2))
        self._widths = {
            column: columns[column]
            for column in ("provider", "run", "status", "elapsed", "steps", "next poll")
            if column in columns
        }

    def head(self) -> Text:
        """The names of the columns."""
        cells = [self.cell(column, width) for column, width in self._widths.items()]
        return Text(("  " if self._is_bare else "") + " ".join(cells).rstrip(), style="dim")

    def line(self, row: Row) -> Text:
        """A row."""
        mark, style = self._mark(row)
        line = Text(f"{mark} ", style=style) if self._is_bare else Text()
        for column, width in self._widths.items():
            if row.problem and column in ("elapsed", "steps", "next poll"):
                line.append(self.cell(row.problem, self._width - line.cell_len), style="red")
                break
            text, text_style = self._content(row, column, mark, style)
            line.append(f"{self.cell(text, width)} ", style=text_style)
        left = self._width - line.cell_len
        if row.is_retry and not row.problem and left >= _LEAST_REASON:
            line.append(self.cell(row.reason, left), style="yellow")
        line.rstrip()
        return line

    def _content(self, row: Row, column: str, mark: str, style: str) -> tuple[str, str]:
        if column == "status":
            return f"{mark} {_word(row)}", style
        if column == "elapsed":
            elapsed = self._now - row.begin if row.begin else row.elapsed
            return span(elapsed.total_seconds()) if elapsed is not None else "", ""
        if column == "steps":
            return row.steps, ""
        if column == "next poll":
            return self._next(row), "yellow" if row.is_retry else "dim"
        if column == "provider":
            return row.provider, ""
        return (row.name if "provider" in self._widths else row.ref), ""

    def _next(self, row: Row) -> str:
        if row.next_poll is None:
            return ""
        left = (row.next_poll - self._now).total_seconds()
        return f"{'retry' if row.is_retry else 'in'} {span(left)}" if left > 0 else "now"

    def _mark(self, row: Row) -> tuple[str, str]:
        status = RunStatus.FAILED if row.problem else row.status or RunStatus.PENDING
        mark, ascii_mark, color = MARKS.get(status, UNKNOWN_MARK)
        return mark if self._has_marks else ascii_mark, _STYLES[color]

    def cell(self, text: str, width: int) -> str:
        """A text in so many columns; what has no room ends in an ellipsis."""
        if cell_len(text) > width > 3:
            end = "…" if self._has_marks else "..."
            return set_cell_size(text, width - len(end)) + end
        return set_cell_size(text, max(0, width))


def _word(row: Row) -> str:
    if row.problem:
        return "error"
    return "" if row.status is None else word_of(row.status)
