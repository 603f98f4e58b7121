"""The picture of the live table in README.md: drawn from made-up runs, by a clock that stands still.

    make picture

The same inputs give the same bytes; `test_picture.py` says when it is stale.
"""

from __future__ import annotations

import os
import random
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from workflow_runs import PollState, Runs
from workflow_runs.cli.demo import POLICY
from workflow_runs.cli.display.board import Board
from workflow_runs.cli.display.table import drawn
from workflow_runs.testing import FakeClock, FakeProvider, add_demo_runs, use_clock

PICTURE = Path(__file__).resolve().parents[2] / "templates" / "normalization" / "watch.svg"
_PROVIDERS = ("anon", "copyai", "dify", "juo", "tamtam")
_SIZE = 100, 24
_SEEN_AFTER = 7.4
_BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
_FONT_OF_THE_NET = re.compile(r"\s*@font-face \{[^}]*\}")


def picture() -> str:
    """The picture as SVG, which loads nothing."""
    console = Console(file=StringIO(), width=_SIZE[0], record=True, force_terminal=True, color_system="truecolor")
    clock, state = FakeClock(_BEGIN, auto_advance=False), random.getstate()
    random.seed(1)  # how long a poll waits
    try:
        with use_clock(clock):
            board, refs = watched(clock)
            console.print(f"[bold green]$[/] workflow-runs watch {' '.join(refs[:2])} ...", no_wrap=True, crop=True)
            console.print(drawn(board, *_SIZE))
    finally:
        random.setstate(state)
    svg = console.export_svg(title="workflow-runs watch", unique_id="watch")
    return _FONT_OF_THE_NET.sub("", svg).rstrip() + "\n"


def watched(clock: FakeClock) -> tuple[Board, tuple[str, ...]]:
    """A board of the runs of the demonstration as they are after a while, and their references."""
    fake, board = FakeProvider(*_PROVIDERS), Board(_BEGIN + timedelta(hours=1))
    refs = add_demo_runs(fake)
    due = dict.fromkeys(refs, _BEGIN)
    states = {ref: PollState() for ref in refs}
    with patch.dict(os.environ, fake.environment), Runs(transport=fake.transport()) as runs:
        while due:
            ref = min(due, key=lambda ref: due[ref])
            at = due.pop(ref)
            if (at - _BEGIN).total_seconds() > _SEEN_AFTER:
                continue
            if at > clock.now:
                clock.advance(at - clock.now)
            poll = runs.poll(ref, states[ref], policy=POLICY)
            states[ref] = poll.state
            board.polled(poll)
            for change in poll.changes:
                board.changed(change)
            if poll.next_poll is not None:
                due[ref] = poll.next_poll
    clock.advance(_BEGIN + timedelta(seconds=_SEEN_AFTER) - clock.now)
    return board, refs


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
    print(f"{PICTURE.relative_to(Path.cwd())} is drawn.")
