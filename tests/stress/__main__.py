"""`make stress`: 10,000 runs are waited for at once, and each has to end once, as its script says.

Exit status 1: a promise was broken.
"""

from __future__ import annotations

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "templates/runtime"), *map(str, ROOT.glob("generated/workflow-*"))]

from tests.stress.queued import poll_by_queue  # noqa: E402 - the path comes first
from tests.stress.watched import memory, watch_many  # noqa: E402

_MEGABYTES, _KILOBYTES = 20, 2
"""What a watch may take, and what each of its runs."""
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Part(StrEnum):
    """What is tried."""

    QUEUE = "queue"
    WATCH = "watch"


@app.command()
def main(
    only: Annotated[Part | None, typer.Option(help="One of the parts; both, when none is named.")] = None,
    count: Annotated[int, typer.Option(help="How many runs.", min=1)] = 10_000,
) -> None:
    """Wait for many runs at once, and see whether each ends once, as its script says."""
    table = Table("", "runs", "requests", "seconds", "processor s", "ms a request", "MB", "bytes a run")
    broken: list[str] = []
    if only in (Part.WATCH, None):
        broken += _watch(count, table)
    if only in (Part.QUEUE, None):
        broken += _queue(count, table)
    console = Console(width=120)
    console.print(table)
    for line in broken:
        console.print(line, style="red", highlight=False, markup=False)
    raise typer.Exit(bool(broken))


def _watch(count: int, table: Table) -> list[str]:
    """Watch them in each way, against servers with faults; the promises that were broken."""
    watched, broken = watch_many(count, ("sync", "store", "async"))
    for item in watched:
        _add(table, f"watch, {item.way}", item.runs, item.requests, item.wall, item.cpu, item.memory)
        if item.memory > (most := _MEGABYTES + item.runs * _KILOBYTES / 1024):
            broken.append(f"{item.way}: took {item.memory:.0f} MB, and {most:.0f} are allowed")
    return broken


def _queue(count: int, table: Table) -> list[str]:
    """Let a queue wait for them: Celery with eight threads and a broker in memory; the promises that were broken."""
    before = memory()
    with tempfile.TemporaryDirectory() as folder:
        queued = poll_by_queue(count, Path(folder), seconds=1800)
    _add(table, "queue", count, sum(queued.asked), queued.wall, queued.cpu, memory() - before)
    return queued.broken()


def _add(table: Table, name: str, runs: int, requests: int, wall: float, cpu: float, megabytes: float) -> None:
    """Add a row: `megabytes` are those more than at the beginning."""
    costs = (f"{cpu / requests * 1000:.2f}", f"{megabytes:.1f}", f"{megabytes * 2**20 / runs:,.0f}")
    table.add_row(name, f"{runs:,}", f"{requests:,}", f"{wall:.1f}", f"{cpu:.1f}", *costs)


if __name__ == "__main__":
    app(prog_name="python -m tests.stress")
