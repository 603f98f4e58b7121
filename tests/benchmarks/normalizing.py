"""What normalizing costs: `python tests/benchmarks/normalizing.py`, from the repository's root.

The documents of `decoding.py`. Each row has the processor time of `json.loads` on the document and the ratios to it:

- typed: the client's decoding alone, with required values checked and all of them typed;
- normalize: from the bytes to a `WorkflowRun`;
- to_json, from_json: the run to its normal form and back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import geometric_mean
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "templates/runtime"), *map(str, ROOT.glob("generated/workflow-*"))]

import msgspec  # noqa: E402 - the path comes first
import workflow_client_core as core  # noqa: E402
from workflow_runs import RunRef, WorkflowRun, normalize  # noqa: E402

from tests.benchmarks.decoding import DOCUMENTS, measure  # noqa: E402


def candidates(provider: str, document: dict[str, Any], type_: Any) -> dict[str, Callable[[], object]]:
    data = msgspec.json.encode(document)
    parts = {"workflow_id": "2"} if provider == "copyai" else {}
    first = normalize(provider, data, ref=RunRef(provider, "1", parts))
    ref = RunRef(provider, first.id, {name: getattr(first, name) for name in parts})
    run = normalize(provider, data, ref=ref)
    assert run.issues == ()
    encoded = run.to_json()
    assert WorkflowRun.from_json(encoded) == run
    return {
        "json.loads": lambda: json.loads(data),
        "typed": lambda: core.decode(data, type_),
        "normalize": lambda: normalize(provider, data, ref=ref),
        "to_json": run.to_json,
        "from_json": lambda: WorkflowRun.from_json(encoded),
    }


def main() -> None:
    names = ("typed", "normalize", "to_json", "from_json")
    print(f"{'document':<20}{'bytes':>10}{'json.loads':>14}", *(f"{name:>10}" for name in names))
    ratios: dict[str, list[float]] = {}
    for name, document, type_ in DOCUMENTS:
        base, row = measure(candidates(name.split()[0], document, type_), "json.loads")
        for key, ratio in row.items():
            ratios.setdefault(key, []).append(ratio)
        size = len(msgspec.json.encode(document))
        print(f"{name:<20}{size:>10,}{base:>12.1f}us", *(f"{ratio:>10.2f}" for ratio in row.values()))
    print(f"{'geometric mean':<44}", *(f"{geometric_mean(values):>10.2f}" for values in ratios.values()))


if __name__ == "__main__":
    main()
