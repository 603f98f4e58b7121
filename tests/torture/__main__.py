"""`make torture`: attack the generator, the clients and the unified runs with drawn inputs."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tests.search_path import prepare
from tests.torture import workers
from tests.torture.report import markdown, table
from tests.torture.run import DEFAULT, FULL, Result, Size, modules, run, written
from tests.torture.trial import ROOT, tried

KEPT = ROOT / "tests" / "torture" / "last_full_run.md"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    full: Annotated[bool, typer.Option("--full", help="The full size: under an hour with two processors.")] = False,
    seed: Annotated[int, typer.Option(help="Draws other cases; the same seed draws the same.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="Subjects by name; all, when none is named.")] = None,
    case: Annotated[int | None, typer.Option(help="Carry out one case of the one subject, and show it.")] = None,
    file: Annotated[Path | None, typer.Option(help="Carry out the case in a file that a run wrote.")] = None,
    jobs: Annotated[int, typer.Option(help="How many processes.", min=1)] = os.cpu_count() or 1,
    out: Annotated[Path, typer.Option(help="Where failing inputs and the table go.")] = ROOT / "build" / "torture",
) -> None:
    """Draw inputs that are meant to break a promise, and see whether it holds.

    Exit status 1: a promise was broken. The smallest failing inputs are in the output folder.
    """
    named = modules()
    if unknown := [name for name in only or () if name not in named]:
        raise typer.BadParameter(f"{', '.join(unknown)}: the subjects are {', '.join(named)}", param_hint="--only")
    chosen = {name: module for name, module in named.items() if not only or name in only}
    if case is not None or file is not None:
        if len(chosen) != 1:
            raise typer.BadParameter("name the subject of the case", param_hint="--only")
        raise typer.Exit(_one_case(next(iter(chosen.values())), seed, case, file))
    size = FULL if full else DEFAULT
    console = Console(width=None if Console().is_terminal else 200)
    results = _with_progress(chosen, size, seed, jobs, console)
    failed = _reported(results, out, console, f"seed {seed}, {jobs} processes")
    if full and len(results) == len(named):  # neither a part of it, nor broken off
        KEPT.write_text((out / "torture.md").read_text(encoding="utf-8"), encoding="utf-8")
    raise typer.Exit(bool(failed))


def _one_case(module: str, seed: int, index: int | None, file: Path | None) -> int:
    prepare()
    subject = workers.subject_of(module)
    case = json.loads(file.read_text(encoding="utf-8")) if file else subject.case(seed, index or 0)
    with tempfile.TemporaryDirectory() as folder:
        trial = tried(subject, case, Path(folder))
    print(json.dumps(case, indent=1))
    print(trial.failure.text if trial.failure else trial.outcome)
    return int(trial.failure is not None)


def _with_progress(chosen: dict[str, str], size: Size, seed: int, jobs: int, console: Console) -> list[Result]:
    """The results of a run; those so far, if somebody breaks it off."""
    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results: dict[str, Result] = {}
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True) as progress:

        def report(result: Result) -> None:
            name = result.subject.name
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=result.planned)
                results[name] = result
            progress.update(tasks[name], completed=result.cases)
            if not console.is_terminal and result.cases == result.planned:  # where nobody sees the bar
                console.print(f"{name}: {result.cases:,} cases", highlight=False)

        with suppress(KeyboardInterrupt):
            run(chosen, size, seed, jobs, report)
    return list(results.values())


def _reported(results: list[Result], out: Path, console: Console, setting: str) -> int:
    """Print and write the results; return how many kinds of failures there are."""
    out.mkdir(parents=True, exist_ok=True)
    for stale in [*out.glob("*.json"), *out.glob("*.txt")]:
        stale.unlink()
    console.print(table(results))
    paths = written(results, out)
    for path in paths:
        console.print(f"failed: {os.path.relpath(path)}", style="red", highlight=False, markup=False)
    version = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    remarks = [f"{date.today()}, {version}, {setting}. Times are sums over the processes."]
    (out / "torture.md").write_text(markdown(results, "What `make torture` tried", remarks), encoding="utf-8")
    for result in results:
        if result.cases < result.planned:
            text = f"{result.subject.name}: stopped after {result.cases:,} of {result.planned:,} cases"
            console.print(text, style="yellow", highlight=False, markup=False)
    console.print(f"Details: {os.path.relpath(out / 'torture.md')}", highlight=False)
    return len(paths)


if __name__ == "__main__":
    app(prog_name="python -m tests.torture")
