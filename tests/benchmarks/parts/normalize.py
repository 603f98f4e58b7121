"""`PART=normalize`: an answer becomes a `WorkflowRun`, beside `orjson.loads` of the same bytes.

orjson knows no types, and checks nothing but that it is JSON: the least that is possible. `json.loads` stands beside.
The answers are those of `decode`, and a whole answer of each other provider, from the tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from workflow_runs import RunRef, WorkflowRun, normalize

from tests.benchmarks.comparison import Comparison, Unmeasured
from tests.benchmarks.documents.payloads import ANSWERS
from tests.benchmarks.peers import PeerError, imported
from tests.benchmarks.rounds import repeated, seconds_by_turns
from tests.benchmarks.setting import Setting
from tests.runs.payloads import PAYLOADS, Case

ROUNDS = 25
PEERS = ("orjson",)
Loads = Callable[[bytes], object]
_ORJSON, _LOADS = "orjson.loads", "json.loads"
_NORMALIZE, _TO_JSON, _FROM_JSON = "normalize", "run.to_json", "WorkflowRun.from_json"


@dataclass(frozen=True, slots=True)
class Job:
    """An answer to normalize, and the reference by which it was requested."""

    name: str
    provider: str
    data: bytes
    ref: RunRef
    large: bool

    def __str__(self) -> str:
        return f"{self.name}, {len(self.data):,} bytes"


def jobs() -> list[Job]:
    """The answers of `decode`, and of each provider that has none there the one with all values."""
    made = [Job(each.name, each.provider, each.data, _ref(each.provider, each.data), each.large) for each in ANSWERS]
    present = {job.provider for job in made}
    # References are parsed: of texts, `normalize` remembers what the last ones say.
    cases = [Case(folder / "full") for folder in sorted(PAYLOADS.iterdir()) if folder.name not in present]
    return made + [_job(case) for case in cases]


def _job(case: Case) -> Job:
    data, ref = msgspec.json.format(case.payload, indent=-1), RunRef.parse(case.ref)
    return Job(case.provider, case.provider, data, ref, large=False)


def _ref(provider: str, data: bytes) -> RunRef:
    parts = {"workflow_id": "2"} if provider == "copyai" else {}
    run = normalize(provider, data, ref=RunRef(provider, "1", parts))
    return RunRef(provider, run.id, {name: getattr(run, name) for name in parts})


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Normalize each answer by turns with the others."""
    rows: list[Comparison | Unmeasured] = []
    try:
        orjson_loads = imported("orjson").loads
    except PeerError as missing:
        orjson_loads = None
        rows.append(Unmeasured("all answers", _ORJSON, str(missing)))
    all_jobs = jobs()
    for job in setting.each(all_jobs, map(str, all_jobs)):
        rows += compared(job, orjson_loads, setting.rounds_of(ROUNDS))
    return rows


def compared(job: Job, orjson_loads: Loads | None, rounds: int) -> list[Comparison]:
    """The comparisons of one answer."""
    work = {name: repeated(function) for name, function in ways(job, orjson_loads).items()}
    samples = seconds_by_turns(work, rounds)
    goal = "normalize-large" if job.large else "normalize-small"
    rows = [(_NORMALIZE, _ORJSON, goal), (_NORMALIZE, _LOADS, ""), (_TO_JSON, _LOADS, ""), (_FROM_JSON, _LOADS, "")]
    return [
        Comparison(str(job), ours, peer, "seconds", samples[ours], samples[peer], counts_for)
        for ours, peer, counts_for in rows
        if peer in samples
    ]


def ways(job: Job, orjson_loads: Loads | None) -> dict[str, Callable[[], object]]:
    """What is measured of an answer, by name."""
    run = normalize(job.provider, job.data, ref=job.ref)
    assert run.issues == ()
    encoded = run.to_json()
    assert WorkflowRun.from_json(encoded) == run
    named: dict[str, Callable[[], object]] = {
        _NORMALIZE: lambda: normalize(job.provider, job.data, ref=job.ref),
        _LOADS: lambda: json.loads(job.data),
        _TO_JSON: run.to_json,
        _FROM_JSON: lambda: WorkflowRun.from_json(encoded),
    }
    return {**named, _ORJSON: lambda: orjson_loads(job.data)} if orjson_loads else named
