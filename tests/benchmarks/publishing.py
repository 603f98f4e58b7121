"""Writes what is kept of the results: the file of all samples, the page, the chart, and the table in README.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks import chart
from tests.benchmarks.comparison import PartResult
from tests.benchmarks.goals import verdicts
from tests.benchmarks.processes import ROOT
from tests.benchmarks.results import FILE, dump, load
from tests.benchmarks.tables import page, readme_table

PAGE = Path(__file__).parent / "RESULTS.md"
README = ROOT / "README.md"


def publish(parts: Mapping[str, PartResult]) -> None:
    """Write the results, and all that is made of them.

    Raises:
        PeerError: the chart cannot be drawn; all else is written.
    """
    FILE.write_text(dump(parts), "utf-8")
    kept = load()  # as rounded, so that the file alone says what all others show
    PAGE.write_text(page(kept), "utf-8")
    README.write_text(with_table(README.read_text("utf-8"), readme_table(verdicts(kept))), "utf-8")
    chart.draw(kept)


def with_table(text: str, table: list[str]) -> str:
    """A text with the table in place of the one that has the same head.

    Raises:
        ValueError: there is none.
    """
    lines = text.splitlines()
    start = lines.index(table[0])
    end = next((i for i in range(start, len(lines)) if not lines[i].startswith("|")), len(lines))
    return "\n".join([*lines[:start], *table, *lines[end:]]) + "\n"
