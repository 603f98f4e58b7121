"""The attack `resumes` notices needless calls, and changes that are lost, out of order, or told but not stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from workflow_runs import PollState, RunStatus, Store, Usage, WorkflowRun

from tests.runs.made_runs import run_fields
from tests.runs.stores.stored import NOON, change_of, state_of
from tests.torture.subject import Broken
from tests.torture.subjects.resumes import SUBJECT, _Story

SCRIPT = {"answers": [1, 2, 3], "end": "failed"}


def run_with(steps: int, status: RunStatus = RunStatus.RUNNING) -> WorkflowRun:
    return WorkflowRun(**run_fields(status, usage=Usage(steps=steps)))


@pytest.fixture
def story(tmp_path: Path) -> _Story:
    return _Story([SCRIPT], tmp_path / "runs.db")


def saved(story: _Story, *steps: int, status: RunStatus = RunStatus.RUNNING) -> None:
    with Store(story.path) as store:
        for count in steps:
            run = run_with(count, status)
            store.save("dify:0", state_of(run), run, NOON, [change_of(run)])


@pytest.mark.parametrize("delivered", [[], [1], [1, 1]])
def test_what_was_told_or_is_still_to_be_told_is_fine(story: _Story, delivered: list[int]) -> None:
    saved(story, 1, 2)
    story.delivered["0"] = delivered
    story.check()


def test_changes_out_of_order_are_noticed(story: _Story) -> None:
    saved(story, 1, 2)
    for delivered in ([2], [1, 2, 1]):
        story.delivered["0"] = delivered
        with pytest.raises(Broken, match="changes are out of order"):
            story.check()


def test_a_change_that_is_lost_is_noticed(story: _Story) -> None:
    with Store(story.path) as store:
        store.save("dify:0", PollState(), run_with(2), NOON)
    story.delivered["0"] = [1]
    with pytest.raises(Broken, match="a change is lost"):
        story.check()


def test_a_change_that_was_told_before_it_was_stored_is_noticed(story: _Story) -> None:
    story.delivered["0"] = [1]
    with pytest.raises(Broken, match="a change was told before it was stored"):
        story.check()


def test_a_needless_request_is_noticed(story: _Story) -> None:
    saved(story, 3, status=RunStatus.FAILED)
    story.asked["0"] = [0]
    story.check()
    story.asked["0"].append(1)
    with pytest.raises(Broken, match="a run that rests is asked for again"):
        story.check()


@pytest.mark.parametrize(
    ("delivered", "asked", "what"),
    [
        ([], [1, 1, 1], "the end of a run is not told"),
        ([1, 2], [1, 1, 1], "the end of a run is not told"),
        ([1, 3], [1, 2, 2], "a change is never told"),
    ],
)
def test_what_is_never_told_is_noticed(story: _Story, delivered: list[int], asked: list[int], what: str) -> None:
    story.delivered["0"], story.asked["0"] = delivered, asked
    with pytest.raises(Broken, match=what):
        story.check_end()


def test_an_answer_that_nobody_took_note_of_need_not_be_told(story: _Story) -> None:
    story.delivered["0"], story.asked["0"] = [1, 3], [1, 1, 2]
    story.check_end()


def test_a_store_that_forgets_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(
        store: Store, ref: object, state: object, run: object, next_poll: object, changes: list[Any]
    ) -> list[None]:
        return [None for _ in changes]

    monkeypatch.setattr(Store, "save", forget)
    case: Any = {
        "mode": "sync",
        "scripts": [{"answers": [1, 2, 3], "end": "paused"}],
        "kills": [{"reports": 1, "milliseconds": 0}],
    }
    with pytest.raises(Broken, match="a change was told before it was stored"):
        SUBJECT.attack(case, tmp_path)
