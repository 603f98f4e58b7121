"""One document through the `client` command and everything that judges the package."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from tests.corpus.measure import Run, measured
from tests.corpus.probe import Findings

ROOT = Path(__file__).resolve().parents[2]
_PROBLEM = re.compile(
    r"^(?P<place>.*?): (?P<severity>error|warning)\[(?P<id>[\w.-]+)\]: (?P<message>.*)$"
    r"(?:\n    hint: .*$)?(?:\n    the same on \d+ other lines: (?P<lines>[\d, ]+)$)?",
    re.MULTILINE,
)


@dataclasses.dataclass(frozen=True)
class Settings:
    """Where things are: `generator` is a checkout of the generator, `core` that of its core, if needed."""

    out: Path
    generator: Path = ROOT
    limit: float = 300.0
    standalone: bool = False
    """Whether packages have the core inside."""

    @property
    def core(self) -> tuple[Path, ...]:
        return () if self.standalone else (self.generator / "generated" / "workflow-client-core",)


@dataclasses.dataclass(frozen=True)
class Result:
    """How generating and judging one document ended."""

    name: str
    findings: dict[str, Any]
    generated: bool
    status: int | None
    seconds: float
    megabytes: float
    problems: tuple[tuple[str, str, str, str], ...]
    """File and line, severity, id and message of each."""
    last_line: str
    """The last line that the command wrote when it failed without a problem."""
    skipped: bool = False
    """Whether it took --skip-unsupported."""
    identical: bool | None = None
    mypy_errors: int | None = None
    mypy_errors_shown: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    """Operations without a method that the command, or the package's README, does not name."""

    @property
    def operations(self) -> int:
        return len(self.findings["operations"])

    @property
    def made(self) -> int:
        """Operations that have a method."""
        return self.operations - len(self.findings["missing"]) if self.generated else 0

    @property
    def imports(self) -> bool:
        return self.generated and not self.findings["import_error"]

    @property
    def importable(self) -> int:
        return self.made if self.imports else 0

    @property
    def callable(self) -> int:
        return self.importable - len(self.findings["failed"]) if self.imports else 0

    @property
    def ids(self) -> Counter[str]:
        """How often each problem was reported."""
        return Counter(id for _, _, id, _ in self.problems)

    @property
    def errors(self) -> Counter[str]:
        """How often each error was reported; a command that fails without one counts as `crash` or `out-of-time`."""
        counts = Counter(id for _, severity, id, _ in self.problems if severity == "error")
        if not self.generated and not counts:
            counts["out-of-time" if self.status is None else "crash"] += 1
        return counts


def distribution(name: str) -> str:
    """The name of the package for a document."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "document"
    return f"{plain if plain[0].isalpha() else f'api-{plain}'}-client"


def problems(output: str) -> tuple[tuple[str, str, str, str], ...]:
    """Each problem in a run's output: file and line, severity, id, message; one for each line of a joint report."""
    reported: list[tuple[str, str, str, str]] = []
    for match in _PROBLEM.finditer(output):
        file = match["place"].rpartition(":")[0]
        places = [match["place"], *(f"{file}:{line}" for line in (match["lines"] or "").split(", ") if line)]
        reported += [(place, match["severity"], match["id"], match["message"]) for place in places]
    return tuple(reported)


def judged(name: str, spec: Path, settings: Settings) -> Result:
    """Generate twice and judge. The first run is as users run it; the second one has the second reader on, another
    hash seed and another working directory, and must write the same bytes."""
    package = distribution(name)
    folders = [settings.out / "packages" / name, settings.out / "again" / name]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    run = _generate(spec, package, folders[0], settings, seed="0", cwd=settings.generator)
    skip: list[str] = []
    if run.status == 1:
        again = _generate(spec, package, folders[0], settings, "--skip-unsupported", seed="0", cwd=settings.generator)
        if again.status == 0:
            run, skip = again, ["--skip-unsupported"]
    generated = run.status == 0
    module = package.replace("-", "_")
    findings = _probe(spec, folders[0] / package, module if generated else "", settings)
    lines = [line for line in run.stderr.splitlines() if line.strip()]
    result = Result(
        name=name,
        findings=findings,
        generated=generated,
        status=run.status,
        seconds=run.seconds,
        megabytes=run.megabytes,
        problems=problems(run.stderr),
        last_line=lines[-1][:300] if lines else "",
        skipped=bool(skip),
    )
    if not generated:
        return result
    seed_and_place = {"seed": "4711", "cwd": folders[1]}
    second = _generate(spec, package, folders[1], settings, *skip, "--second-reader", **seed_and_place)  # type: ignore[arg-type]
    if second.status != 0:
        lines = [line for line in second.stderr.splitlines() if "error[" in line][:1] or second.stderr.splitlines()
        result = dataclasses.replace(result, last_line=f"the second run: {lines[-1][:300] if lines else second.status}")
    errors = _mypy(folders[0] / package, module, settings)
    readme = (folders[0] / package / "README.md").read_text(encoding="utf-8")
    return dataclasses.replace(
        result,
        silent=tuple(o for o in findings["missing"] if not (_names(run.stdout + run.stderr, o) and _names(readme, o))),
        identical=second.status == 0 and _tree(folders[0]) == _tree(folders[1]),
        mypy_errors=len(errors),
        mypy_errors_shown=tuple(errors[:20]),
    )


def _names(text: str, operation: str) -> bool:
    return operation.partition(" ")[2] in text


def _generate(spec: Path, package: str, out: Path, settings: Settings, *options: str, seed: str, cwd: Path) -> Run:
    command = [sys.executable, "-m", "generator", "client", str(spec), "--name", package, "--out", str(out), *options]
    command += ["--standalone"] if settings.standalone else []
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(settings.generator), "PYTHONDONTWRITEBYTECODE": "1"}
    return measured(command, limit=settings.limit, cwd=cwd, env=env)


def _probe(spec: Path, package: Path, module: str, settings: Settings) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.corpus.probe", str(spec), *([module] if module else [])]
    path = os.pathsep.join(map(str, (package, *settings.core, ROOT)))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    run = measured(command, limit=2 * settings.limit, cwd=ROOT, env=env)
    if run.status != 0:
        findings = _probe(spec, package, "", settings) if module else dataclasses.asdict(Findings())
        return {**findings, "import_error": (run.stderr.strip().splitlines() or ["it does not end"])[-1]}
    findings = json.loads(run.stdout.splitlines()[-1])
    assert isinstance(findings, dict)
    return findings


def _mypy(package: Path, module: str, settings: Settings) -> list[str]:
    """The errors of `mypy --strict`, with nothing of this project's configuration.

    A thread's packages share a cache, so that the core and httpx2 are checked once.
    """
    cache = settings.out / "mypy" / threading.current_thread().name
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--python-version=3.11",
        "--no-error-summary",
    ]
    command += [f"--cache-dir={cache}", str(package / module)]
    env = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, (package, *settings.core)))}
    run = measured(command, limit=4 * settings.limit, cwd=package, env=env)
    errors = [line for line in run.stdout.splitlines() if ": error:" in line]
    if run.status not in (0, 1) or (run.status == 1 and not errors):
        output = (run.stderr or run.stdout).strip().splitlines()
        errors.append(output[-1] if output else f"mypy ended with {run.status}")
    return errors


def _tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
