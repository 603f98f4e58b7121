"""`WorkflowRun`: its JSON, what copies and pickles keep, and `raise_for_status`."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from workflow_client_dify import models
from workflow_runs import (
    RESTING,
    TERMINAL,
    PendingInput,
    RunCancelled,
    RunError,
    RunFailed,
    RunNeedsInput,
    RunStatus,
    WorkflowRun,
    json_schema,
    normalize,
)

from tests.runs.made_runs import run_fields

PAYLOAD = b'{"id": "1", "status": "succeeded", "outputs": {"a": [1]}, "created_at": 1714564800, "elapsed_time": 1.5}'


def made(status: RunStatus = RunStatus.RUNNING, **fields: Any) -> WorkflowRun:
    return WorkflowRun(**run_fields(status, **fields))


def test_the_json_is_the_normal_form_alone() -> None:
    run = normalize("dify", PAYLOAD, ref="dify:1")
    assert run.to_json() == msgspec.json.encode(run)
    assert run.to_json().startswith(b'{"schema":"workflow-run/1","provider":"dify",')
    assert msgspec.json.decode(run.to_json()) == {
        "schema": "workflow-run/1",
        "provider": "dify",
        "id": "1",
        "ref": {"provider": "dify", "run_id": "1", "parts": {}},
        "status": "succeeded",
        "status_basis": "documented",
        "result": "success",
        "raw_status": "succeeded",
        "created_at": "2024-05-01T12:00:00Z",
        "elapsed": "PT1.5S",
        "outputs": {"a": [1]},
    }
    again = WorkflowRun.from_json(run.to_json())
    assert type(again) is WorkflowRun
    assert again == run
    assert (again.native, again.raw) == (None, b"")
    assert msgspec.json.decode(run.to_json(), type=WorkflowRun) == run


def test_what_it_was_made_from() -> None:
    run = normalize("dify", PAYLOAD, ref="dify:1")
    assert run.raw == PAYLOAD
    assert type(run.native) is models.WorkflowRunDetailResponse
    assert run.native.elapsed_time == 1.5
    assert run == run.from_json(run.to_json()), "it is not a part of the value"
    assert "b'" not in repr(run)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))])
def test_copies_keep_what_it_was_made_from(again: Callable[[WorkflowRun], WorkflowRun]) -> None:
    run = normalize("dify", PAYLOAD, ref="dify:1")
    same = again(run)
    assert type(same) is WorkflowRun
    assert same == run
    assert same is not run
    assert (same.native, same.raw) == (run.native, run.raw)
    assert again(made()) == made()


def test_a_changed_copy_keeps_what_it_was_made_from() -> None:
    run = normalize("dify", PAYLOAD, ref="dify:1")
    changed = run.__replace__(id="2")  # what copy.replace calls, from Python 3.13
    assert (changed.id, changed.status, changed.raw, changed.native) == ("2", run.status, PAYLOAD, run.native)
    assert run.id == "1"


def test_a_run_is_frozen() -> None:
    run = normalize("dify", PAYLOAD, ref="dify:1")
    for name in ("status", "native", "raw", "anything"):
        with pytest.raises(AttributeError):
            setattr(run, name, None)


@pytest.mark.parametrize("status", RunStatus)
def test_statuses_are_sorted(status: RunStatus) -> None:
    run = made(status)
    assert run.is_terminal == (status in TERMINAL) == (status in ("succeeded", "failed", "cancelled"))
    assert run.is_resting == (status in RESTING)
    assert run.is_resting == (run.is_terminal or status in ("waiting_for_input", "suspended"))


PASSING = [RunStatus.PENDING, RunStatus.RUNNING, RunStatus.SUCCEEDED, RunStatus.UNKNOWN]


@pytest.mark.parametrize("status", PASSING)
def test_a_run_that_has_not_failed_passes(status: RunStatus) -> None:
    run = made(status)
    assert run.raise_for_status() is run


@pytest.mark.parametrize(
    ("run", "error_class", "message"),
    [
        (made(RunStatus.FAILED), RunFailed, "run 5b1f of dify has failed"),
        (
            made(RunStatus.FAILED, error=RunError("broke", "E7")),
            RunFailed,
            "run 5b1f of dify has failed: broke",
        ),
        (made(RunStatus.FAILED, error=RunError(None, "E7")), RunFailed, "run 5b1f of dify has failed: E7"),
        (made(RunStatus.FAILED, message="sorry"), RunFailed, "run 5b1f of dify has failed: sorry"),
        (made(RunStatus.FAILED, outcome_code="declined"), RunFailed, "run 5b1f of dify has failed: declined"),
        (made(RunStatus.FAILED, message="a\nb\x1b[0m"), RunFailed, "run 5b1f of dify has failed: a b [0m"),
        (made(RunStatus.FAILED, message="x" * 999), RunFailed, f"run 5b1f of dify has failed: {'x' * 200}..."),
        (made(RunStatus.CANCELLED), RunCancelled, "run 5b1f of dify was cancelled"),
        (made(RunStatus.CANCELLED, message="by me"), RunCancelled, "run 5b1f of dify was cancelled: by me"),
        (made(RunStatus.WAITING_FOR_INPUT), RunNeedsInput, "run 5b1f of dify waits for input"),
        (
            made(RunStatus.WAITING_FOR_INPUT, pending=PendingInput(action="approve")),
            RunNeedsInput,
            "run 5b1f of dify waits for input: approve",
        ),
        (
            made(RunStatus.SUSPENDED),
            RunNeedsInput,
            "run 5b1f of dify is suspended, until somebody resumes it",
        ),
    ],
)
def test_a_run_that_has_failed_or_waits_is_raised(run: WorkflowRun, error_class: type[RunFailed], message: str) -> None:
    with pytest.raises(error_class) as caught:
        run.raise_for_status()
    assert type(caught.value) is error_class
    assert str(caught.value) == message
    assert caught.value.run is run


def test_the_schema_is_that_of_the_normal_form() -> None:
    schema = json_schema()
    assert schema["$ref"] == "#/$defs/WorkflowRun"
    assert set(schema["$defs"]["WorkflowRun"]["properties"]) == {"schema", *WorkflowRun.__struct_encode_fields__}
    schema.clear()
    assert json_schema() != {}


def test_the_first_moment_and_the_last() -> None:
    for moment in (datetime.min, datetime.max):
        run = made(created_at=moment.replace(tzinfo=UTC))
        assert WorkflowRun.from_json(run.to_json()) == run
