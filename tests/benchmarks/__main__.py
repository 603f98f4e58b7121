"""`make bench`: what all this costs beside named peers.

Results go to `results.json` beside this file, and from there to RESULTS.md, to the chart, and to the table in the
README of the repository. A run of one part replaces the rows of that part alone. A goal that is missed is named, and
changes no exit status.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from enum import StrEnum
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.search_path import prepare

prepare()

from tests.benchmarks.comparison import Comparison, PartResult, Unmeasured  # noqa: E402 - the path comes first
from tests.benchmarks.goals import verdicts  # noqa: E402
from tests.benchmarks.machine import commit, machine, versions  # noqa: E402
from tests.benchmarks.peers import PeerError, pins, tool_version  # noqa: E402
from tests.benchmarks.processes import OUT, OwnError  # noqa: E402
from tests.benchmarks.publishing import publish  # noqa: E402
from tests.benchmarks.results import dump, load  # noqa: E402
from tests.benchmarks.setting import Display, Setting  # noqa: E402
from tests.benchmarks.tables import amount, times  # noqa: E402

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Part(StrEnum):
    """What can be measured by itself."""

    GENERATE = "generate"
    SCALE = "scale"
    DECODE = "decode"
    NORMALIZE = "normalize"
    CALL = "call"
    IMPORT = "import"
    DIFF = "diff"


MODULES = {Part.IMPORT: "imports"}
"""The modules of parts whose names are not those of the parts."""
OURS = ("httpx2", "msgspec", "anyio")


@app.command()
def main(
    part: Annotated[Part | None, typer.Argument(help="One of the parts; all, when none is named.")] = None,
    rounds: Annotated[
        int | None, typer.Option(help="How often each is measured, in place of what a part thinks right.", min=1)
    ] = None,
    quick: Annotated[bool, typer.Option(help="Without what takes minutes, in fewer rounds; keeps no results.")] = False,
) -> None:
    """Measure, and print what was measured."""
    console = Console(width=None if Console().is_terminal else 160)
    setting = Setting(Display(console), rounds=rounds, quick=quick)
    OUT.mkdir(parents=True, exist_ok=True)
    results: dict[str, PartResult] = {}
    chosen = [part] if part else list(Part)
    failures = [each for each in chosen if not _run(console, each, setting, results)]
    for verdict in verdicts(results):
        if verdict.goal.part in chosen and not verdict.reached:
            figure = f"{times(verdict.figure)}, goal {times(verdict.goal.at_most)}"
            console.print(f"missed: {verdict.goal.text}: {figure}", style="red", highlight=False, markup=False)
    raise typer.Exit(bool(failures))


def _run(console: Console, part: Part, setting: Setting, results: dict[str, PartResult]) -> bool:
    """Run a part, and keep what it measured at once. Return whether it did its work."""
    try:
        results[part.value] = measured(part, replace(setting, part=part.value))
        show(console, part.value, results[part.value])
        if setting.quick:
            (OUT / "quick.json").write_text(dump(results), "utf-8")
        else:
            publish({**load(), **results})  # what another run has measured meanwhile stays
    except (OwnError, PeerError) as error:
        setting.display.end()
        console.print(f"failed: {part.value}: {error}", style="red", highlight=False, markup=False)
        return False
    return True


def measured(part: Part, setting: Setting) -> PartResult:
    """Run a part."""
    module = import_module(f"tests.benchmarks.parts.{MODULES.get(part, part.value)}")
    start = time.perf_counter()
    rows: list[Comparison | Unmeasured] = module.measure(setting)
    return PartResult(
        date.today().isoformat(),
        commit(),
        round(time.perf_counter() - start, 1),
        machine(),
        _versions(module.PEERS, getattr(module, "TOOLS", ())),
        tuple(row for row in rows if isinstance(row, Comparison)),
        tuple(row for row in rows if isinstance(row, Unmeasured)),
    )


def show(console: Console, name: str, part: PartResult) -> None:
    """Print a part's rows, and what is missing, with the reason."""
    table = Table("work", "ours", "", "beside", "", "ratio", "least", "greatest", title=f"{name}, {part.seconds:.0f} s")
    for row in part.comparisons:
        costs = [amount(cost.median, row.quantity) for cost in (row.our_cost, row.peer_cost)]
        ratio = [times(value) for value in (row.ratio.median, row.ratio.least, row.ratio.greatest)]
        table.add_row(row.what, row.ours, costs[0], row.peer, costs[1], *ratio)
    console.print(table)
    for item in part.unmeasured:
        console.print(
            f"not measured: {item.what}: {item.peer} {item.reason}", style="yellow", highlight=False, markup=False
        )


def _versions(peers: tuple[str, ...], tools: tuple[str, ...]) -> dict[str, str]:
    pinned = {name: pins(name)[name] for name in peers}
    return {**versions(OURS), **pinned, **{name: tool_version(name) for name in tools}}


if __name__ == "__main__":
    app()
