"""SECURITY.md names a test for each promise, and each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.torture.run import modules
from tests.torture.trial import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [row.rsplit("|", 2)[1] for row in PAGE.splitlines() if row.startswith("|") and "`" in row]


def missing(cell: str) -> list[str]:
    """The tests and attacks of a cell that are not there; a test without a folder is in that of the one before."""
    absent, folder = [], Path()
    for name in re.findall(r"`([^`]+)`", cell):
        if name.startswith("tests/"):
            folder = (ROOT / name).parent
            there = (ROOT / name).exists()
        elif name.endswith(".py"):
            there = (folder / name).exists()
        else:
            there = name in modules()
        absent += [] if there else [name]
    return absent


def test_every_test_that_holds_a_promise_exists() -> None:
    assert len(ROWS) >= 15
    assert [name for row in ROWS for name in missing(row)] == []
    assert all(re.search(r"`tests/", row) for row in ROWS)


def test_every_attack_holds_a_promise() -> None:
    assert {name for name in modules() if not any(f"`{name}`" in row for row in ROWS)} == set()


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert missing("`tests/output/`; `kills`") == []
    assert missing("`tests/no.py`, `test_no.py`; `nothing`") == ["tests/no.py", "test_no.py", "nothing"]
