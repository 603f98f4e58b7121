"""The folders of `tests/payloads`: one per response of a provider, with the run or error that it must become.

A folder holds

- `payload.json`, or `payload.bin` where it is not JSON, or JSON in unusual formatting: the provider's response;
- `expected.json`: the run in its JSON form without `schema` and `ref`, or `{"error": ..., "message": ...}`, the class
  and text of what is raised;
- `ref.txt`, where it matters: the reference by which the response was requested; otherwise that of `promises.REFS`
  with the identifiers of the expected run.

`UPDATE_CASES=1` writes `expected.json` anew, also where there is none yet: read it before it is committed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from workflow_runs import RunRef, WorkflowRun, WorkflowRunError, normalize

from tests.generator.expectations import UPDATE
from tests.runs.promises import REFS

PAYLOADS = Path(__file__).parents[1] / "payloads"


@dataclass(frozen=True, eq=False)
class Case:
    """A folder with a response, and the run or the error that it becomes."""

    folder: Path

    def __str__(self) -> str:
        return f"{self.provider}/{self.folder.name}"

    @property
    def provider(self) -> str:
        return self.folder.parent.name

    @property
    def payload(self) -> bytes:
        (file,) = self.folder.glob("payload.*")
        return file.read_bytes()

    @property
    def ref(self) -> str:
        file = self.folder / "ref.txt"
        if file.exists():
            return file.read_text("utf-8").strip()
        ref = RunRef.parse(REFS[self.provider])
        parts = {name: self.expected.get(name, value) for name, value in ref.parts.items()}
        return str(replace(ref, run_id=self.expected.get("id", ref.run_id), parts=parts))

    @property
    def expected(self) -> Any:
        file = self.folder / "expected.json"
        return {} if UPDATE and not file.exists() else json.loads(file.read_text("utf-8"))

    @property
    def refused(self) -> bool:
        return "provider" not in self.expected

    @property
    def unreadable(self) -> bool:
        return bool(self.expected.get("error") == "NormalizationError")

    def run(self) -> WorkflowRun:
        return normalize(self.provider, self.payload, ref=self.ref)

    def write_expected(self) -> None:
        """Write what the payload becomes now, where it differs from what is expected."""
        try:
            became = json.loads(self.run().to_json())
            del became["schema"], became["ref"]
        except WorkflowRunError as error:
            became = {"error": type(error).__name__, "message": str(error)}
        if became != self.expected:
            text = json.dumps(became, indent=2, ensure_ascii=False) + "\n"
            (self.folder / "expected.json").write_text(text, "utf-8")


CASES = [Case(folder) for folder in sorted(PAYLOADS.glob("*/*"))]
for _case in CASES if UPDATE else ():
    _case.write_expected()
    _case.write_expected()  # the first time the run was not known by which the reference is chosen
RUNS = [case for case in CASES if not case.refused]
REFUSALS = [case for case in CASES if case.refused]


def cases_of(provider: str, cases: list[Case]) -> list[Case]:
    """The cases of a provider; there are some."""
    chosen = [case for case in cases if case.provider == provider]
    assert chosen
    return chosen
