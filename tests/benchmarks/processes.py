"""Measuring whole processes, as their users run them: ours and a peer's, by turns."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Quantity, Unmeasured
from tests.corpus.measure import Run, measured

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "benchmark"
LIMIT = 1800.0
_MESSAGE = 300


def nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Program:
    """Commands that run one after the other, each with the name of its work; what they cost is added up.

    `status` is the exit status of a command that did its work. `prepare` runs before the commands, unmeasured.
    `limit` is the seconds that each command may take.
    """

    name: str
    commands: Mapping[str, Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    cwd: Path = OUT
    status: int = 0
    prepare: Callable[[], object] = nothing
    limit: float = LIMIT


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor, and the peak of memory; `failures` has the message of each command that failed."""

    seconds: float
    megabytes: float
    failures: Mapping[str, str] = field(default_factory=dict[str, str])


class OwnError(Exception):
    """A program of ours failed, so that there is nothing to compare."""


def compared(
    what: str, ours: Program, peer: Program, rounds: int, goals: Mapping[Quantity, str], *, warm: bool = True
) -> list[Comparison | Unmeasured]:
    """Compare time and memory of two programs; `goals` are what they count for.

    `warm`: both run once before, which compiles what they import. If the peer fails on all of its work, or runs out of
    time, it is only reported.

    Raises:
        OwnError: our program did.
    """
    pairs: list[tuple[Cost, Cost]] = []
    for number in range(rounds + warm):
        pairs.append((run_once(ours), run_once(peer)))
        if pairs[-1][0].failures:
            raise OwnError(f"{ours.name}: {what}: {'; '.join(pairs[-1][0].failures.values())}")
        if number == 0 and len(pairs[0][1].failures) == len(peer.commands):
            break
    failed = [
        Unmeasured(what if len(peer.commands) == 1 else f"{what}: {work}", peer.name, f"failed: {text}")
        for work, text in pairs[0][1].failures.items()
    ]
    measured_pairs = pairs[warm:] if len(failed) < len(peer.commands) else []
    return [*_comparisons(what, (ours.name, peer.name), measured_pairs, goals), *failed]


def by_turns(programs: Sequence[Program], rounds: int) -> list[tuple[Cost, ...]]:
    """What each program costs, a row for each round."""
    return [tuple(run_once(program) for program in programs) for _ in range(rounds)]


def _comparisons(
    what: str, names: tuple[str, str], pairs: Sequence[tuple[Cost, Cost]], goals: Mapping[Quantity, str]
) -> list[Comparison]:
    if not pairs:
        return []
    seconds = (tuple(ours.seconds for ours, _ in pairs), tuple(peers.seconds for _, peers in pairs))
    megabytes = (tuple(ours.megabytes for ours, _ in pairs), tuple(peers.megabytes for _, peers in pairs))
    return [
        Comparison(what, *names, "seconds", *seconds, goals.get("seconds", "")),
        Comparison(what, *names, "megabytes", *megabytes, goals.get("megabytes", "")),
    ]


def run_once(program: Program) -> Cost:
    """Run a program as an installed one: what Python compiles is kept."""
    program.prepare()
    OUT.mkdir(parents=True, exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(OUT / "bytecode"),
        "NO_COLOR": "1",
        **program.environment,
    }
    runs = {
        work: measured(command, limit=program.limit, cwd=program.cwd, env=environment)
        for work, command in program.commands.items()
    }
    return Cost(
        sum(run.processor for run in runs.values()),
        max(run.megabytes for run in runs.values()),
        {work: message(run) for work, run in runs.items() if run.status != program.status},
    )


def message(run: Run) -> str:
    """Why a command failed, in a line: what its output says of an error, else how the output ends."""
    if run.status is None:
        return f"it was stopped after {run.seconds:.0f} s"
    lines = [line.strip() for line in f"{run.stdout}\n{run.stderr}".splitlines() if line.strip()]
    if not lines:
        return f"exit status {run.status}"
    errors = [line for line in lines if "error" in line.lower()]
    line = errors[0] if errors and "Traceback" not in run.stderr else lines[-1]
    return line[:_MESSAGE]
