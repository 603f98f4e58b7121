"""Bodies of events become runs: which event it is, whose run, and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import workflow_runs
from workflow_client_dify import models
from workflow_runs import InvalidRef, NormalizationError, RunRef, RunResult, RunStatus, UnknownEvent, normalize

from tests.runs.promises import check_promises, problems_of

RUN = "5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"
STARTED: dict[str, Any] = {
    "event": "workflow_started",
    "task_id": "task-1",
    "workflow_run_id": RUN,
    "data": {"id": RUN, "workflow_id": "workflow-1", "sequence_number": 3, "created_at": 1775552400},
}
FINISHED: dict[str, Any] = {
    "event": "workflow_finished",
    "task_id": "task-1",
    "workflow_run_id": RUN,
    "data": {
        "id": RUN,
        "workflow_id": "workflow-1",
        "status": "failed",
        "outputs": {"text": "Tea", "rest": [1, None]},
        "error": "The model took too long.",
        "elapsed_time": 12.25,
        "total_tokens": 1337,
        "total_steps": 5,
        "created_at": 1775552400,
        "finished_at": 1775552412,
    },
}


def finished(**data: Any) -> bytes:
    return json.dumps({**FINISHED, "data": {**FINISHED["data"], **data}}).encode()


def test_a_run_that_has_begun() -> None:
    payload = json.dumps(STARTED).encode()
    run = normalize("dify", payload, event="workflow_started")
    check_promises(run, payload)
    assert (run.status, run.result, run.raw_status, run.status_basis) == (RunStatus.RUNNING, None, None, "documented")
    assert (run.id, run.workflow_id) == (RUN, "workflow-1")
    assert run.created_at == datetime(2026, 4, 7, 9, tzinfo=UTC)
    assert run.ref == RunRef("dify", RUN)
    assert isinstance(run.native, models.WorkflowStartedEvent)
    assert run.issues == ()


def test_a_run_that_has_ended() -> None:
    run = normalize("dify", finished(), event="workflow_finished")
    check_promises(run, finished())
    assert (run.status, run.result, run.raw_status) == (RunStatus.FAILED, RunResult.FAILURE, "failed")
    assert run.outputs == {"text": "Tea", "rest": [1, None]}
    assert run.error is not None
    assert run.error.message == "The model took too long."
    assert (run.elapsed, run.finished_at) == (timedelta(seconds=12.25), datetime(2026, 4, 7, 9, 0, 12, tzinfo=UTC))
    assert run.usage is not None
    assert (run.usage.tokens, run.usage.steps) == (1337, 5)
    assert isinstance(run.native, models.WorkflowFinishedEvent)
    assert run.issues == ()


def test_pointers_of_issues_begin_at_the_root_of_the_body() -> None:
    payload = finished(status="asleep", elapsed_time="long", created_at=float("nan"), outputs={"a": float("inf")})
    run = normalize("dify", payload, event="workflow_finished")
    check_promises(run, payload)
    assert {issue.pointer for issue in run.issues} == {
        "/data/status",
        "/data/elapsed_time",
        "/data/created_at",
        "/data/outputs/a",
    }
    assert "unknown word" in problems_of(run)
    assert (run.status, run.raw_status, run.outputs) == (RunStatus.UNKNOWN, "asleep", {})


def test_the_reference_may_be_given_and_then_counts() -> None:
    ref = f"dify:{RUN}?base_url=https://dify.example.com"
    run = normalize("dify", FINISHED, ref=ref, event="workflow_finished")
    assert run.ref == RunRef.parse(ref)
    assert normalize("dify", {"data": {}}, ref=ref, event="workflow_finished").id == RUN


def test_a_body_may_lack_the_name_of_its_event() -> None:
    nameless = {key: value for key, value in FINISHED.items() if key != "event"}
    run = normalize("dify", nameless, event="workflow_finished")
    assert (run.status, [issue.pointer for issue in run.issues]) == (RunStatus.FAILED, ["/event"])


def test_an_event_that_there_is_not() -> None:
    assert workflow_runs.capabilities("dify").events == ("workflow_started", "workflow_finished")
    assert workflow_runs.capabilities("anon").events == ()
    with pytest.raises(UnknownEvent) as caught:
        normalize("dify", FINISHED, event="workflow_ended")
    assert str(caught.value) == ("dify has no event 'workflow_ended'; there are: workflow_started, workflow_finished")
    with pytest.raises(UnknownEvent, match=r"^anon has no event 'run', nor any other$"):
        normalize("anon", {}, event="run", ref="anon:1")


def test_the_body_of_another_event() -> None:
    with pytest.raises(UnknownEvent) as caught:
        normalize("dify", STARTED, event="workflow_finished")
    problem = "cannot be normalized: the body is of another event than 'workflow_finished': it is of 'workflow_started'"
    assert str(caught.value) == f"the event workflow_finished of dify {problem}"
    with pytest.raises(UnknownEvent, match=f"^dify:{RUN} {problem}$"):
        normalize("dify", STARTED, event="workflow_finished", ref=f"dify:{RUN}")
    with pytest.raises(UnknownEvent) as caught:
        normalize("dify", {**STARTED, "event": "secret"}, event="workflow_finished")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [{}, {"workflow_run_id": None}, {"workflow_run_id": ""}, {"workflow_run_id": 7}, {"event": "workflow_finished"}],
)
def test_a_body_that_does_not_say_whose_run_it_is(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidRef) as caught:
        normalize("dify", body, event="workflow_finished")
    hint = "" if body.get("event") else ", and leave out `event` if it is the response of the call that gets a run"
    assert (
        str(caught.value) == f"the event workflow_finished of dify does not say run_id; pass the `ref` of the run{hint}"
    )


def test_a_body_without_its_event_is_told_which_it_is() -> None:
    run = normalize("dify", STARTED, ref=f"dify:{RUN}")
    nothing = "no run here: neither a status nor an identifier, nor anything else that only a run has"
    (issue,) = run.issues
    assert issue.problem == f"{nothing}; it is the body of an event: pass event='workflow_started'"
    (issue,) = normalize("dify", {"event": "of another kind"}, ref=f"dify:{RUN}").issues
    assert issue.problem == nothing


def test_a_body_whose_identifier_cannot_be_a_reference() -> None:
    with pytest.raises(InvalidRef, match=r"^run_id of a reference holds '\\n', which no identifier has$"):
        normalize("dify", {"workflow_run_id": "a\n"}, event="workflow_finished")


def test_a_body_that_cannot_be_read() -> None:
    with pytest.raises(NormalizationError) as caught:
        normalize("dify", b"[]", event="workflow_finished")
    problem = "cannot be normalized: the document cannot be read: expected object, found array"
    assert str(caught.value) == f"the event workflow_finished of dify {problem}"
    assert caught.value.ref is None
    assert caught.value.provider == "dify"
    with pytest.raises(NormalizationError) as caught:
        normalize("dify", b"[]", event="workflow_finished", ref="dify:1")
    assert caught.value.ref == RunRef("dify", "1")


def test_the_body_is_about_another_run_than_the_reference() -> None:
    run = normalize("dify", FINISHED, event="workflow_finished", ref="dify:other")
    assert (problems_of(run), run.id, run.ref.run_id) == ({"another run"}, RUN, "other")


def test_the_name_of_an_event_is_text() -> None:
    with pytest.raises(TypeError, match=r"^event must be text, not list$"):
        normalize("dify", FINISHED, event=["workflow_finished"])  # type: ignore[call-overload]


def test_neither_a_reference_nor_an_event() -> None:
    with pytest.raises(TypeError) as caught:
        normalize("dify", b"{}")  # type: ignore[call-overload]
    assert str(caught.value) == "normalize needs the `ref` of the run, or the name of an `event` that has it"
