"""`PART=normalize`: an answer becomes a `WorkflowRun`, beside `json.loads` of the same bytes.

The answers are those of `decode`, and a whole answer of each other provider, from the tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from workflow_runs import RunRef, WorkflowRun, normalize

from tests.benchmarks.comparison import Comparison
from tests.benchmarks.documents.payloads import ANSWERS
from tests.benchmarks.rounds import repeated, seconds_by_turns
from tests.benchmarks.setting import Setting
from tests.runs.payloads import PAYLOADS, Case

ROUNDS = 25
PEERS = ()
_LOADS, _NORMALIZE, _TO_JSON, _FROM_JSON = "json.loads", "normalize", "run.to_json", "WorkflowRun.from_json"


@dataclass(frozen=True, slots=True)
class Job:
    """An answer to normalize, and the reference by which it was requested."""

    name: str
    provider: str
    data: bytes
    ref: str | RunRef
    large: bool

    def __str__(self) -> str:
        return f"{self.name}, {len(self.data):,} bytes"


def jobs() -> list[Job]:
    """The answers of `decode`, and of each provider that has none there the one with all values."""
    made = [Job(each.name, each.provider, each.data, _ref(each.provider, each.data), each.large) for each in ANSWERS]
    present = {job.provider for job in made}
    cases = [Case(folder / "full") for folder in sorted(PAYLOADS.iterdir()) if folder.name not in present]
    return made + [
        Job(case.provider, case.provider, msgspec.json.format(case.payload, indent=-1), case.ref, large=False)
        for case in cases
    ]


def _ref(provider: str, data: bytes) -> RunRef:
    parts = {"workflow_id": "2"} if provider == "copyai" else {}
    run = normalize(provider, data, ref=RunRef(provider, "1", parts))
    return RunRef(provider, run.id, {name: getattr(run, name) for name in parts})


def measure(setting: Setting) -> list[Comparison]:
    """Normalize each answer by turns with `json.loads`."""
    rows = []
    all_jobs = jobs()
    for job in setting.each(all_jobs, map(str, all_jobs)):
        rows += compared(job, setting.rounds_of(ROUNDS))
    return rows


def compared(job: Job, rounds: int) -> list[Comparison]:
    """The comparisons of one answer."""
    work = {name: repeated(function) for name, function in ways(job).items()}
    samples = seconds_by_turns(work, rounds)
    goals = {_NORMALIZE: "normalize-large" if job.large else "normalize-small"}
    return [
        Comparison(str(job), name, _LOADS, "seconds", samples[name], samples[_LOADS], goals.get(name, ""))
        for name in (_NORMALIZE, _TO_JSON, _FROM_JSON)
    ]


def ways(job: Job) -> dict[str, Callable[[], object]]:
    """What is measured of an answer, by name."""
    run = normalize(job.provider, job.data, ref=job.ref)
    assert run.issues == ()
    encoded = run.to_json()
    assert WorkflowRun.from_json(encoded) == run
    return {
        _LOADS: lambda: json.loads(job.data),
        _NORMALIZE: lambda: normalize(job.provider, job.data, ref=job.ref),
        _TO_JSON: run.to_json,
        _FROM_JSON: lambda: WorkflowRun.from_json(encoded),
    }
