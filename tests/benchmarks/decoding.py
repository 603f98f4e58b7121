"""What decoding costs: `python tests/benchmarks/decoding.py`, from the repository's root.

Seven documents, from a small run to one of two megabytes. Each row has the processor time of an untyped msgspec decode
and the ratios to it: medians over rounds in which the candidates take turns, so that a machine that slows down slows
all of them.

- stdlib: `json.loads`;
- plain: what a plain client method does, which is one typed decode;
- lazy: `decode(..., lazy=True)`, nothing read afterwards; read: with every free-form value read;
- repair: a lenient decode of the same document with one mistake in it, at its end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import geometric_mean, median
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "templates/runtime"), *map(str, ROOT.glob("generated/workflow-client-*"))]

import msgspec  # noqa: E402 - the path comes first
import workflow_client_core as core  # noqa: E402
from workflow_client_core._decoding.read import read  # noqa: E402

ID = "0b7e8a52-5d0c-4c6e-9a0f-3f1f5c3f9d11"
TIME = "2026-04-07T09:00:00.250Z"
ROUNDS, SECONDS = 25, 0.005


def model(provider: str, name: str) -> Any:
    return getattr(import_module(f"workflow_client_{provider}.models"), name)


def anon() -> dict[str, Any]:
    names = dict.fromkeys(("id", "workflowId", "createdByUserId", "jobRunId", "currentStateName"), ID)
    return {**names, "status": "PENDING", "completedAt": None, "createdAt": TIME, "updatedAt": TIME}


def dify(count: int) -> dict[str, Any]:
    outputs = {
        "text": "Tea is a drink. " * count,
        "sources": [{"title": f"t{i}", "score": i / 7} for i in range(count)],
    }
    run = {"id": ID, "workflow_id": ID, "status": "succeeded", "outputs": outputs, "elapsed_time": 12.25}
    return {**run, "total_steps": 5, "total_tokens": 1337, "created_at": 1775552400, "finished_at": None, "inputs": {}}


def juo(steps: int) -> dict[str, Any]:
    responses = [{"type": "submit", "label": "Continue"}, {"type": "cancel", "label": "Back"}]
    step = {"stepId": "s", "actionType": "select", "actionConfig": {"a": [1, None]}, "availableResponses": responses}
    run = {"workflowId": "w", "workflowVersion": 3, "runId": ID, "runVersion": 12.5, "status": "waiting_interaction"}
    return {
        **run,
        "interactiveSteps": [step] * steps,
        "result": {"refund": {"amount": 12}},
        "outcome": responses[0] | {"message": "m"},
    }


def tamtam(steps: int) -> dict[str, Any]:
    times = {"CreatedAt": TIME, "UpdatedAt": TIME, "ID": ID}
    step = {**times, "StepType": "llm", "Status": "COMPLETE", "UserWorkflowRunID": ID, "Input": {"q": "a"}}
    run = {**times, "AccountID": ID, "UserEmail": "a@example.com"}
    return {"Run": run, "Status": "RUNNING", "Steps": [step | {"Output": {"a": "b" * 80}}] * steps}


def copyai(count: int) -> dict[str, Any]:
    output = {f"Output {i}": "Outputs vary depending on the workflow. " * 4 for i in range(count)}
    data = {"status": "COMPLETE", "input": {"Input 1": "tea"}, "id": ID, "output": output, "metadata": {"api": True}}
    return {"status": "success", "data": {**data, "createdAt": TIME, "credits": 2}}


def with_mistake(document: dict[str, Any]) -> dict[str, Any]:
    """The same with one value of the wrong type, in the last object of the outermost list where there is one."""
    for name in ("Steps", "interactiveSteps"):
        if document.get(name):
            *earlier, last = document[name]
            return {**document, name: [*earlier, {**last, "StepType": 1, "actionType": 1}]}
    if "data" in document:
        return {**document, "data": {**document["data"], "createdAt": 1}}
    return {**document, "elapsed_time": "x", "updatedAt": 1}


def read_all(value: Any) -> None:
    """Read every attribute of every model."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            read_all(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            read_all(item)


def candidates(document: dict[str, Any], type_: Any) -> dict[str, Callable[[], object]]:
    data, broken = msgspec.json.encode(document), msgspec.json.encode(with_mistake(document))
    assert core.decode(data, type_).issues == ()
    assert len(core.decode(broken, type_).issues) == 1
    untyped = msgspec.json.Decoder()
    return {
        "untyped": lambda: untyped.decode(data),
        "stdlib": lambda: json.loads(data),
        "plain": lambda: read(data, type_, lenient=False),
        "lazy": lambda: core.decode(data, type_, lazy=True),
        "read": lambda: read_all(core.decode(data, type_, lazy=True).parsed),
        "repair": lambda: core.decode(broken, type_),
    }


def measure(functions: dict[str, Callable[[], object]], base: str) -> tuple[float, dict[str, float]]:
    """Microseconds a call of `base`, and the ratios of the others to it."""
    repeats = {name: max(1, int(SECONDS / max(_once(function, 5), 1e-7))) for name, function in functions.items()}
    rounds = [{name: _once(function, repeats[name]) for name, function in functions.items()} for _ in range(ROUNDS)]
    ratios = {name: median(row[name] / row[base] for row in rounds) for name in functions if name != base}
    return median(row[base] for row in rounds) * 1e6, ratios


def _once(function: Callable[[], object], repeats: int) -> float:
    start = process_time()
    for _ in range(repeats):
        function()
    return (process_time() - start) / repeats


DOCUMENTS: list[tuple[str, dict[str, Any], Any]] = [
    ("anon", anon(), model("anon", "WorkflowRun")),
    ("copyai small", copyai(2), model("copyai", "WorkflowRunResponse")),
    ("juo", juo(2), model("juo", "WorkflowRunState")),
    ("dify", dify(10), model("dify", "WorkflowRunDetailResponse")),
    ("tamtam 50 steps", tamtam(50), model("tamtam", "UserWorkflowRunWithStepsDTO")),
    ("copyai large", copyai(600), model("copyai", "WorkflowRunResponse")),
    ("tamtam 5,000 steps", tamtam(5_000), model("tamtam", "UserWorkflowRunWithStepsDTO")),
]


def main() -> None:
    print(
        f"{'document':<20}{'bytes':>10}{'untyped':>10}",
        *(f"{n:>8}" for n in ("stdlib", "plain", "lazy", "read", "repair")),
    )
    ratios: dict[str, list[float]] = {}
    for name, document, type_ in DOCUMENTS:
        base, row = measure(candidates(document, type_), "untyped")
        for key, ratio in row.items():
            ratios.setdefault(key, []).append(ratio)
        size = len(msgspec.json.encode(document))
        print(f"{name:<20}{size:>10,}{base:>8.1f}us", *(f"{ratio:>8.2f}" for ratio in row.values()))
    print(f"{'geometric mean':<40}", *(f"{geometric_mean(values):>8.2f}" for values in ratios.values()))


if __name__ == "__main__":
    main()
