"""`make corpus`: generate a client for each API description of a folder, and check the goals."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.corpus.document import specs
from tests.corpus.goals import missed
from tests.corpus.report import as_json, markdown, table, untyped_causes
from tests.corpus.run import ROOT, Result, Settings, judged


def main(
    folder: Annotated[Path, typer.Argument(help="A folder of OpenAPI documents.", file_okay=False, exists=True)],
    out: Annotated[Path, typer.Option(help="Where packages and reports go.")] = ROOT / "build" / "corpus",
    generator: Annotated[Path, typer.Option(help="A checkout of the generator to judge.")] = ROOT,
    only: Annotated[list[str] | None, typer.Option(help="Documents by name; all, when none is named.")] = None,
    jobs: Annotated[int, typer.Option(help="How many documents at once.")] = os.cpu_count() or 1,
    standalone: Annotated[bool, typer.Option(help="Judge packages that have the core inside.")] = False,
    limit: Annotated[float, typer.Option(help="Seconds that one document may take.")] = 300.0,
) -> None:
    """Generate a client for each document of FOLDER with the `client` command, and judge it.

    Exit status 1: a goal is missed; each one that is, is named.
    """
    console = Console(stderr=False, width=None if Console().is_terminal else 200)
    chosen = {name: path.resolve() for name, path in specs(folder).items() if not only or name in only}
    settings = Settings(out.resolve(), generator.resolve(), limit, standalone)
    settings.out.mkdir(parents=True, exist_ok=True)
    results = _all(chosen, settings, jobs, console)
    console.print(table(results))
    for cause, times in untyped_causes(results).most_common():
        console.print(f"untyped answers: {times} x {cause}", highlight=False, markup=False)
    missed_goals = missed(results)
    for goal in missed_goals:
        console.print(f"missed: {goal}", style="red", highlight=False, markup=False)
    console.print(f"Details: {os.path.relpath(settings.out / 'corpus.md')}, corpus.json beside it.", highlight=False)
    if missed_goals:
        raise typer.Exit(1)
    console.print("Every goal is reached.")


def _all(named: dict[str, Path], settings: Settings, jobs: int, console: Console) -> list[Result]:
    largest = sorted(named, key=lambda name: -named[name].stat().st_size)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results: dict[str, Result] = {}
    progress = Progress(*columns, console=console, transient=True)
    with ThreadPoolExecutor(max(1, jobs), "corpus") as pool, progress:
        task = progress.add_task("documents", total=len(named))
        futures = {pool.submit(judged, name, named[name], settings): name for name in largest}
        for future in as_completed(futures):
            results[futures[future]] = future.result()
            _write([results[name] for name in sorted(results)], settings.out)
            progress.update(task, advance=1, description=f"{futures[future]:20.20}")
    return [results[name] for name in sorted(results)]


def _write(results: list[Result], out: Path) -> None:
    """Write the reports; after each document, so that a run that is broken off has shown something."""
    (out / "corpus.json").write_text(as_json(results), encoding="utf-8")
    (out / "corpus.md").write_text(markdown(results), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
