"""`make stress`: 10,000 runs are waited for at once, and each has to end once, as its script says.

Exit status 1: a promise was broken.
"""

from __future__ import annotations

import resource
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

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Part(StrEnum):
    """What is tried."""

    QUEUE = "queue"


@app.command()
def main(
    only: Annotated[Part | None, typer.Option(help="One of the parts; both, when none is named.")] = None,
    count: Annotated[int, typer.Option(help="How many runs.", min=1)] = 10_000,
) -> None:
    """Wait for many runs at once, and see whether each ends once, as its script says."""
    table = Table("", "runs", "requests", "seconds", "processor s", "ms a request", "peak MB")
    broken: list[str] = []
    if only in (Part.QUEUE, None):
        broken += _queue(count, table)
    console = Console(width=120)
    console.print(table)
    for line in broken:
        console.print(line, style="red", highlight=False, markup=False)
    raise typer.Exit(bool(broken))


def _queue(count: int, table: Table) -> list[str]:
    """Let a queue wait for them; the promises that it broke."""
    with tempfile.TemporaryDirectory() as folder:
        queued = poll_by_queue(count, Path(folder), seconds=1800)
    requests = sum(queued.asked)
    table.add_row(
        "queue: Celery, 8 threads, broker in memory",
        f"{count:,}",
        f"{requests:,}",
        f"{queued.wall:.1f}",
        f"{queued.cpu:.1f}",
        f"{queued.cpu / requests * 1000:.2f}",
        f"{_peak():.0f}",
    )
    return queued.broken()


def _peak() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    app(prog_name="python -m tests.stress")
