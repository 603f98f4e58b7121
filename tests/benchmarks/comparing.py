"""`make benchmark`: what `diff` costs beside Redocly's `redocly diff`, in one run.

Each runs as a process of its own, as its users run it, taking turns. The time is that of the processor, and the memory
the peak of the process tree; the least of all rounds counts. `client` runs once on each new document, for its memory.
Exit status 1 when a goal is missed. npm installs Redocly and two versions of GitHub's document, as package-lock.json
pins them.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tests.corpus.measure import Run, measured
from tests.diff.causes.test_large_update import OPERATIONS, PROPERTIES, document
from tests.npm import install

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "benchmark"
REDOCLY = OUT / "node_modules" / "@redocly" / "cli"
MEMORY = 1.5
"""How many times the memory of `client` on the new document `diff` may take."""
_LIMIT = 1800


@dataclass(frozen=True, slots=True)
class Case:
    """Two documents; `goal` is how many times the processor time of Redocly ours may take, `status` how both end."""

    name: str
    old: Path
    new: Path
    goal: float
    status: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What a case takes: seconds of the processor, and megabytes."""

    ours: tuple[float, float]
    redocly: tuple[float, float]
    client: float

    @property
    def times(self) -> float:
        return self.ours[0] / self.redocly[0]

    @property
    def memory(self) -> float:
        return self.ours[1] / self.client


def cases() -> list[Case]:
    """GitHub's document and the next one, the same file twice, and a schema that many operations share."""
    github = {age: OUT / f"node_modules/github-{age}/generated/api.github.com.json" for age in ("old", "new")}
    large = {age: OUT / f"large-{age}.json" for age in ("old", "new")}
    for age, type_ in (("old", "string"), ("new", "integer")):
        large[age].write_text(json.dumps(document(type_), indent=1), encoding="utf-8")
    copied = Path(shutil.copy(github["new"], OUT / "github-copy.json"))
    versions = [_version(path.parents[1]) for path in github.values()]
    return [
        Case(f"GitHub, @octokit/openapi {' to '.join(versions)}", **github, goal=2, status=1),
        Case(f"GitHub {versions[1]}, an equal file", copied, github["new"], goal=1, status=0),
        Case(f"{PROPERTIES} properties that {OPERATIONS} operations share", **large, goal=2, status=1),
    ]


def costs(case: Case, rounds: int) -> Costs:
    """Run both on the case, in turns, then `client`."""
    ours = [sys.executable, "-m", "generator", "diff", str(case.old), str(case.new)]
    redocly = ["node", str(REDOCLY / "bin" / "cli.js"), "diff", str(case.old), str(case.new)]
    client = [sys.executable, "-m", "generator", "client", str(case.new), "--name", "large-client"]
    runs: tuple[list[Run], list[Run]] = ([], [])
    for _ in range(rounds):
        for command, own in zip((ours, redocly), runs, strict=True):
            own.append(_run(command, case.status))
    least = [(min(run.processor for run in own), min(run.megabytes for run in own)) for own in runs]
    return Costs(least[0], least[1], _run([*client, "--out", str(OUT / "client")], 0).megabytes)


def _run(command: list[str], status: int) -> Run:
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    # Bytecode as of an installed program: the first round writes it.
    python = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(OUT / "bytecode")}
    run = measured(command, limit=_LIMIT, cwd=OUT, env={**os.environ, **quiet, **python})
    if run.status != status or "Traceback" in run.stderr:
        sys.exit(f"{' '.join(command)} ended with {run.status}: {run.stderr[-2000:] or run.stdout[-2000:]}")
    return run


def _version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text("utf-8"))["version"])


def markdown(results: dict[Case, Costs]) -> str:
    """A page with a table of all cases, and what they were measured with."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    lines = [
        "# What `diff` takes beside Redocly's",
        "",
        f"`make benchmark` on {date.today().isoformat()}: @redocly/cli {_version(REDOCLY)} with Node {node}, ours with",
        f"Python {platform.python_version()}. Seconds of the processor, and MB of memory at the peak.",
        "",
        "| documents | ours | Redocly | times | goal | ours | Redocly | `client` | times `client` | goal |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for case, cost in results.items():
        seconds = f"{cost.ours[0]:.2f} s | {cost.redocly[0]:.2f} s | {cost.times:.2f} | {case.goal:g}"
        memory = " | ".join(f"{size:.0f} MB" for size in (cost.ours[1], cost.redocly[1], cost.client))
        lines.append(f"| {case.name} | {seconds} | {memory} | {cost.memory:.2f} | {MEMORY} |")
    missed = [f"time of {case.name}" for case, cost in results.items() if cost.times > case.goal]
    missed += [f"memory of {case.name}" for case, cost in results.items() if cost.memory > MEMORY]
    return "\n".join([*lines, "", f"Missed: {'; '.join(missed)}." if missed else "Every goal is reached.", ""])


def main(rounds: Annotated[int, typer.Option(help="How often each runs; the least counts.", min=1)] = 3) -> None:
    """Compare our `diff` with Redocly's."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing or not install("npm", Path(__file__).parent, OUT):
        reason = f"there is no {missing[0]} here" if missing else "npm cannot install Redocly; it says why above"
        print(f"skipped: {reason}")
        return
    page = markdown({case: costs(case, rounds) for case in cases()})
    (OUT / "diff.md").write_text(page, encoding="utf-8")
    print(page)
    if "Missed: " in page:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
