"""The table as it is drawn: whatever the size of the terminal, and however many runs there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from workflow_runs import Poll, PollState, RateLimited, RunRef, RunStatus, normalize
from workflow_runs.cli.display.board import Board
from workflow_runs.cli.display.table import drawn
from workflow_runs.testing import FakeClock, payload, use_clock

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)
STATUSES = [RunStatus.RUNNING, RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.WAITING_FOR_INPUT, RunStatus.UNKNOWN]


def board_of(count: int, width_of_names: int = 1) -> Board:
    """A board of so many runs, each fifth of which has the same status, and as many that were not seen yet."""
    board = Board(NOW + timedelta(hours=1))
    for number in range(count):
        ref = f"juo:{number:0{width_of_names}}"
        board.add(ref, normalize("juo", payload(ref, STATUSES[number % 5]), ref=ref))
    for number in range(count):
        board.add(f"copyai:あ/{number}")
    return board


def lines_of(board: Board, width: int, height: int, *, has_marks: bool = True) -> list[str]:
    """What is drawn in so many columns and lines."""
    text = StringIO()
    with use_clock(FakeClock(NOW)):
        Console(file=text, width=width, height=height).print(drawn(board, width, height, has_marks=has_marks))
    return text.getvalue().splitlines()


BOARDS = {count: board_of(count, 30) for count in (0, 1, 3, 500)}


@given(st.sampled_from(sorted(BOARDS)), st.integers(1, 130), st.integers(1, 40), st.booleans())
def test_it_fits(count: int, width: int, height: int, has_marks: bool) -> None:
    lines = lines_of(BOARDS[count], width, height, has_marks=has_marks)
    assert len(lines) <= height
    assert all(cell_len(line) <= width for line in lines)
    assert has_marks or "".join(lines).replace("あ", "").isascii()


def test_what_moves_and_what_needs_somebody_is_seen_first() -> None:
    lines = lines_of(board_of(500), 120, 260)
    assert {line.split()[3] for line in lines[1:201]} == {"running", "unknown"}
    assert {line.split()[3] for line in lines[201:-2]} == {"failed", "waiting"}
    assert lines[-2] == "and 743 more"
    assert lines[-1] == (
        "1,000 runs, 1h 00m left: 100 failed, 500 not seen yet, 100 running, 100 succeeded, 100 unknown,"
        " 100 waiting for input"
    )


def test_a_row_says_why_its_run_is_asked_for_again() -> None:
    board = board_of(0)
    ref = RunRef.parse("juo:1")
    error = RateLimited("juo:1: 429 Too Many Requests from GET http://host; try again later", provider="juo", ref=ref)
    board.polled(Poll(ref=ref, state=PollState(), error=error, next_poll=NOW + timedelta(seconds=5)))
    _, reason = lines_of(board, 120, 5)[1].split("retry 5s")
    assert reason.strip() == "429 Too Many Requests from GET http://host; try a…"
    assert lines_of(board, 76, 5)[1].endswith("retry 5s")
    board.polled(Poll(ref=ref, state=PollState(), next_poll=NOW + timedelta(seconds=5)))
    assert lines_of(board, 120, 5)[1].endswith("in 5s")


def test_a_summary_that_has_no_room_ends_in_an_ellipsis() -> None:
    assert lines_of(BOARDS[3], 40, 20)[-1] == "6 runs, 1h 00m left: 1 failed, 3 not se…"
    assert lines_of(BOARDS[3], 40, 20, has_marks=False)[-1] == "6 runs, 1h 00m left: 1 failed, 3 not ..."


@pytest.mark.parametrize(
    ("width", "head"),
    [
        (100, "provider run status elapsed steps next poll"),
        (70, "provider run status elapsed steps"),
        (55, "provider run status elapsed"),
        (45, "provider run status"),
        (35, "run status"),
        (10, "run"),
    ],
)
def test_a_narrow_terminal_has_what_matters(width: int, head: str) -> None:
    assert " ".join(lines_of(BOARDS[3], width, 20)[0].split()) == head
