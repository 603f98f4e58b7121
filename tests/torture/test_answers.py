"""The attack `answers` draws answers of all kinds, and notices a run that does not keep its promises."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest
from msgspec.structs import force_setattr
from workflow_runs import RunStatus, WorkflowRun, normalize

from tests.clients.providers import Mode
from tests.torture.hostile.runs import ANSWER
from tests.torture.subject import Broken, Case
from tests.torture.subjects import answers


def test_a_run_that_does_not_keep_a_promise_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(provider: str, data: bytes, *, ref: str) -> WorkflowRun:
        run = normalize(provider, data, ref=ref)
        force_setattr(run, "status", RunStatus.RUNNING)  # which no constructor accepts for a run with a result
        return run

    monkeypatch.setattr(answers, "normalize", faulty)
    case: Case = {
        "provider": "dify",
        "answer": json.dumps({"id": "1", "status": "succeeded"}),
        "schema": False,
        "client": "",
    }
    with pytest.raises(Broken, match="a run does not keep a promise"):
        answers.attack(case, tmp_path)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_client_that_gets_another_run_is_noticed(mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case: Case = {"provider": "dify", "answer": '{"status": "running"}', "schema": False, "client": mode}
    assert answers.attack(case, tmp_path) == "a run"
    monkeypatch.setattr(ANSWER.__class__, "__call__", lambda self, request: httpx2.Response(200, content=b"{}"))
    with pytest.raises(Broken, match="a client gets another run"):
        answers.attack(case, tmp_path)


def test_answers_of_all_kinds_are_drawn(tmp_path: Path) -> None:
    cases = [answers.SUBJECT.case(1, index) for index in range(300)]
    outcomes = {answers.attack(case, tmp_path) for case in cases}
    assert outcomes == {"a run", "a run with issues", "refused: not a JSON object", "refused: an error in an envelope"}
