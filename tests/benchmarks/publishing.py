"""Writes what is kept of the results: the file of all samples, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.comparison import PartResult
from tests.benchmarks.results import FILE, dump, load
from tests.benchmarks.tables import page

PAGE = Path(__file__).parent / "RESULTS.md"


def publish(parts: Mapping[str, PartResult]) -> None:
    """Write the results, and the page of them."""
    FILE.write_text(dump(parts), "utf-8")
    PAGE.write_text(page(load()), "utf-8")
