"""The attack `answers` draws answers of all kinds, and notices a run that does not keep its promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from workflow_runs import RunStatus, WorkflowRun, normalize

from tests.torture.subject import Broken, Case
from tests.torture.subjects import answers


def test_a_run_that_does_not_keep_a_promise_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(provider: str, data: bytes, *, ref: str) -> WorkflowRun:
        return replace(normalize(provider, data, ref=ref), status=RunStatus.RUNNING)

    monkeypatch.setattr(answers, "normalize", faulty)
    case: Case = {"provider": "dify", "answer": json.dumps({"id": "1", "status": "succeeded"}), "schema": False}
    with pytest.raises(Broken, match="a run does not keep a promise"):
        answers.attack(case, tmp_path)


def test_answers_of_all_kinds_are_drawn(tmp_path: Path) -> None:
    cases = [answers.SUBJECT.case(1, index) for index in range(300)]
    outcomes = {answers.attack(case, tmp_path) for case in cases}
    assert outcomes == {"a run", "a run with issues", "refused: not a JSON object", "refused: an error in an envelope"}
