"""A run over subjects: how many cases each has, for how long, and what came of them."""

from __future__ import annotations

import json
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.search_path import prepare
from tests.torture import workers
from tests.torture.subject import Subject
from tests.torture.workers import Chunk, Done, FailedCase, subject_of

_PACKAGE = "tests.torture.subjects"


@dataclass(frozen=True)
class Size:
    """A form of the run: which of the counts it takes, and which part of the minutes; None is without limit."""

    name: str
    part: float | None

    def count(self, subject: Subject) -> int:
        """How many cases of a subject the run has."""
        count = getattr(subject.counts, self.name)
        assert isinstance(count, int)
        return count

    def seconds(self, subject: Subject) -> float:
        """How long a run may take for a subject."""
        return float("inf") if self.part is None else subject.minutes * 60 * self.part


TEST, DEFAULT, FULL = Size("test", None), Size("default", 1 / 12), Size("full", 1.0)


@dataclass
class Result:
    """What came of a subject so far."""

    subject: Subject
    planned: int
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    peak_mb: float = 0.0
    wall_seconds: float = 0.0
    failures: dict[str, list[FailedCase]] = field(default_factory=dict)

    def add(self, done: Done) -> None:
        """Count what came of a chunk."""
        self.cases += done.count
        self.outcomes += done.outcomes
        self.slowest_seconds = max(self.slowest_seconds, done.slowest_seconds)
        self.peak_mb = max(self.peak_mb, done.peak_mb)
        self.wall_seconds += done.wall_seconds
        for failed in done.failures:
            self.failures.setdefault(failed.failure.kind, []).append(failed)


def modules() -> dict[str, str]:
    """The module of each subject, by the subject's name."""
    folder = Path(__file__).parent / "subjects"
    return {info.name: f"{_PACKAGE}.{info.name}" for info in pkgutil.iter_modules([str(folder)])}


def run(
    named: dict[str, str], size: Size, seed: int, jobs: int, report: Callable[[Result], object] | None = None
) -> list[Result]:
    """What came of each subject. `report` gets a result whenever it has changed."""
    prepare()
    subjects = {module: subject_of(module) for module in named.values()}
    results = {module: Result(subject, size.count(subject)) for module, subject in subjects.items()}
    for done in workers.carried_out(_chunks(results, size, seed, jobs), jobs):
        result = results[done.chunk.module]
        result.add(done)
        if report:
            report(result)
    return list(results.values())


def _chunks(results: dict[str, Result], size: Size, seed: int, jobs: int) -> Iterator[Chunk]:
    """The cases of each subject in turn, until its time is used up."""
    for module, result in results.items():
        seconds = size.seconds(result.subject) * jobs
        first, step = 0, 1
        while first < result.planned and result.wall_seconds < seconds:
            # A chunk takes about a second: short enough for the progress bar and the limit of time.
            if result.cases:
                step = max(1, min(4 * step, int(result.cases / max(result.wall_seconds, 0.001))))
            count = min(step, result.planned - first)
            yield Chunk(module, seed, first, count)
            first += count


def written(results: list[Result], folder: Path) -> list[Path]:
    """The files with failing inputs, written into `folder`: for each kind of failure the smallest that was seen."""
    paths = []
    for result in results:
        for number, failures in enumerate(result.failures.values(), start=1):
            failed = min(failures, key=lambda failed: (not failed.shrunk, len(json.dumps(failed.case)), failed.index))
            path = folder / f"{result.subject.name}-{number}.json"
            path.write_text(json.dumps(failed.case, indent=1) + "\n", encoding="utf-8")
            path.with_suffix(".txt").write_text(
                f"{result.subject.promise}\n{len(failures):,} cases, such as {failed.index}\n\n{failed.failure.text}\n",
                encoding="utf-8",
                errors="backslashreplace",
            )
            paths.append(path)
    return paths
