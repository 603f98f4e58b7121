"""Every documented response becomes the typed model, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import workflow_client_core as core
from msgspec import UNSET

from tests.clients.documented import (
    DIFY_RUN,
    JUO_RUN,
    assembled,
    documented_success,
    examples,
    required_only,
    schema,
    success_schema,
    violations,
)
from tests.clients.providers import ANON, COPYAI, DIFY, JUO, RUN_ID, TAMTAM, Call, Connect, Provider
from tests.loopback import Loopback


def attributes(value: Any) -> Any:
    """Structs as `{attribute: value}`, at any depth; everything else as it is."""
    if isinstance(value, msgspec.Struct):
        return {name: attributes(item) for name, item in msgspec.structs.asdict(value).items()}
    return [attributes(item) for item in value] if isinstance(value, list) else value


def leaves(value: Any) -> Iterator[Any]:
    """All single values in a result of `attributes`."""
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from leaves(item)
        else:
            yield item


def test_every_documented_example_is_one_of_these() -> None:
    assert {provider.name: [*examples(provider)] for provider in (ANON, COPYAI, DIFY, JUO, TAMTAM)} == {
        "anon": ["200 example"],
        "copyai": ["200 complete", "200 success", "404 notFound"],
        "dify": [],
        "juo": [],
        "tamtam": [],
    }


def test_responses_used_here_are_as_documented(provider: Provider) -> None:
    assert violations(provider, documented_success(provider)) == []


def test_anon(server: Loopback, call: Call) -> None:
    server.reply(200, examples(ANON)["200 example"])
    run = call(ANON)
    assert type(run) is ANON.models.WorkflowRun
    assert attributes(run) == {
        "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "workflow_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "status": ANON.models.WorkflowRunStatus.PENDING,
        "completed_at": datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC),
        "created_at": datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC),
        "updated_at": datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC),
        "created_by_user_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "job_run_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "current_state_name": "<string>",
    }
    assert run.status is ANON.models.WorkflowRunStatus.PENDING


def test_anon_fields_that_may_be_null(server: Loopback, call: Call) -> None:
    absent = {"completedAt": None, "jobRunId": None, "currentStateName": None}
    server.reply(200, {**examples(ANON)["200 example"], **absent})
    run = call(ANON)
    assert (run.completed_at, run.job_run_id, run.current_state_name) == (None, None, None)


def test_copyai_example_of_the_text(server: Loopback, call: Call) -> None:
    server.reply(200, examples(COPYAI)["200 complete"])
    models = COPYAI.models
    envelope = call(COPYAI)
    assert type(envelope) is models.WorkflowRunResponse
    assert type(envelope.data) is models.WorkflowRunData
    assert attributes(envelope) == {
        "status": "success",
        "data": {
            "status": models.WorkflowRunDataStatus.COMPLETE,
            "input_": {
                "Input 1": "Inputs vary depending on the workflow used.",
                "Input 2": "The best way to see an example is to try it!",
            },
            "output": {
                "Output 1": "Outputs vary depending on the workflow used.",
                "Output 2": "The best way to see an example is to try it!",
            },
            "metadata": {"api": True},
            "created_at": datetime(2023, 4, 6, 22, 34, 46, 704000, tzinfo=UTC),
            "id": "<run_id>",
            "workflow_run_id": UNSET,
            "workflow_id": UNSET,
            "credits_": 2,
        },
    }
    assert envelope.status == "success"
    assert envelope.data.status is models.WorkflowRunDataStatus.COMPLETE


def test_copyai_example_of_the_response(server: Loopback, call: Call) -> None:
    server.reply(200, examples(COPYAI)["200 success"])
    assert attributes(call(COPYAI)) == {
        "status": "success",
        "data": {
            "status": UNSET,
            "input_": UNSET,
            "output": {"text": "workflow run output"},
            "metadata": {"interestingValue": "doublelyInterestingValue"},
            "created_at": datetime(2023, 9, 27, 18, 34, 13, 91000, tzinfo=UTC),
            "id": "WRUN-dc46baf3-cb19-4424-be04-95ba630409bf",
            "workflow_run_id": "WRUN-dc46baf3-cb19-4424-be04-95ba630409bf",
            "workflow_id": "WCFG-84e56597-ebaf-4b49-a98c-75cacd4aecaa",
            "credits_": "9001",
        },
    }


def test_copyai_error_envelope_under_200_is_an_error(server: Loopback, call: Call) -> None:
    server.reply(200, examples(COPYAI)["404 notFound"])
    with pytest.raises(core.InvalidResponse, match=r"[`/]data\b") as caught:
        call(COPYAI)
    assert msgspec.json.decode(caught.value.content) == {"status": "error", "errorCode": "NOT_FOUND"}


def test_tamtam(server: Loopback, call: Call) -> None:
    server.reply(200, assembled(TAMTAM, "UserWorkflowRunWithStepsDTO"))
    models = TAMTAM.models
    answered = call(TAMTAM)
    assert type(answered) is models.UserWorkflowRunWithStepsDTO
    assert type(answered.run) is models.UserWorkflowRunDTO
    assert type(answered.steps[0]) is models.UserWorkflowRunStepDTO
    assert attributes(answered) == {
        "status": "RUNNING",
        "run": {
            "id": "b3c6f5e2-1234-4abc-9def-0123456789ab",
            "account_id": "d5e8f7a4-6789-4cde-bf01-234567890abc",
            "user_email": "elliot.alderson@tamtam.ai",
            "created_at": datetime(2026, 4, 7, 9, 0, tzinfo=UTC),
            "updated_at": datetime(2026, 4, 7, 9, 5, tzinfo=UTC),
        },
        "steps": [
            {
                "id": "c4d7e6f3-5678-4bcd-aef0-1234567890ab",
                "user_workflow_run_id": "b3c6f5e2-1234-4abc-9def-0123456789ab",
                "step_type": "search_people",
                "status": "RUNNING",
                "input_": UNSET,
                "output": UNSET,
                "parent_step_id": UNSET,
                "created_at": datetime(2026, 4, 7, 9, 0, tzinfo=UTC),
                "updated_at": datetime(2026, 4, 7, 9, 5, tzinfo=UTC),
            }
        ],
    }


def test_tamtam_step_data_is_any_json(server: Loopback, connect: Connect) -> None:
    get = connect(TAMTAM)
    for data in ({"query": "CTO"}, ["a", 1], "text", 7, 0.5, True, None):
        sent = assembled(TAMTAM, "UserWorkflowRunWithStepsDTO")
        sent["Steps"][0].update(Input=data, Output=[data], ParentStepID="step-0")
        server.reply(200, sent)
        (step,) = get().steps
        assert (step.input_, step.output, step.parent_step_id) == (data, [data], "step-0")


@pytest.mark.parametrize("steps", [None, []])
def test_tamtam_run_without_steps(server: Loopback, call: Call, steps: object) -> None:
    server.reply(200, {**assembled(TAMTAM, "UserWorkflowRunWithStepsDTO"), "Steps": steps})
    assert call(TAMTAM).steps == steps


def test_juo_with_everything(server: Loopback, call: Call) -> None:
    server.reply(200, JUO_RUN)
    models = JUO.models
    run = call(JUO)
    assert type(run) is models.WorkflowRunState
    assert attributes(run) == {
        "workflow_id": "cancel-subscription",
        "workflow_version": 3.0,
        "run_id": RUN_ID,
        "run_version": 12.5,
        "status": models.WorkflowRunStateStatus.WAITING_INTERACTION,
        "pending_interaction": {
            "interaction_id": "interaction-1",
            "step_id": "ask-reason",
            "action_type": "select",
            "action_behavior": "input",
            "action_config": {"options": ["price", {"other": None}]},
            "available_responses": [
                {"type_": "submit", "label": "Continue"},
                {"type_": "cancel", "label": "Back"},
            ],
            "presented_at": datetime(2026, 4, 7, 7, 0, 0, 250000, tzinfo=UTC),
            "timeout_ms": 90000.0,
        },
        "interactive_steps": [
            {
                "step_id": "offer",
                "action_type": "confirm",
                "action_config": {},
                "available_responses": [{"type_": "accept", "label": "Take it"}],
            }
        ],
        "result": {"refund": {"amount": 12}},
        "error": {"message": "card declined", "code": "card_declined"},
        "invalidated_resources": ["subscription/1", "customer/2"],
        "outcome": {"type_": "kept", "message": "Subscription kept"},
        "completion_data": {
            "outcome": {"type_": "saved", "message": "Saved by offer"},
            "end_step": {"id": "end-1", "category": "success", "label": "Done"},
        },
    }
    assert run.status is models.WorkflowRunStateStatus.WAITING_INTERACTION
    assert type(run.pending_interaction) is models.WorkflowRunStatePendingInteraction
    assert type(run.completion_data.end_step) is models.WorkflowRunStateCompletionDataEndStep


def test_dify_with_everything(server: Loopback, call: Call) -> None:
    server.reply(200, DIFY_RUN)
    run = call(DIFY)
    assert type(run) is DIFY.models.WorkflowRunDetailResponse
    assert attributes(run) == {
        "id": RUN_ID,
        "workflow_id": "7f6c1d0e-0a53-4b0c-8a3b-53cf0a2d2f10",
        "status": DIFY.models.WorkflowRunDetailResponseStatus.SUCCEEDED,
        "inputs": '{"topic": "tea"}',
        "outputs": {"text": "Tea is a drink.", "sources": [1, None]},
        "error": "none",
        "total_steps": 5,
        "total_tokens": 1337,
        "created_at": 1775552400,
        "finished_at": 1775552412,
        "elapsed_time": 12.25,
    }
    assert run.status is DIFY.models.WorkflowRunDetailResponseStatus.SUCCEEDED


@pytest.mark.parametrize("inputs", ['{"topic": "tea"}', {"topic": "tea"}, None])
def test_dify_inputs_are_text_an_object_or_null(server: Loopback, call: Call, inputs: object) -> None:
    server.reply(200, {**DIFY_RUN, "inputs": inputs})
    assert call(DIFY).inputs == inputs


def test_dify_fields_that_may_be_null(server: Loopback, call: Call) -> None:
    nulls = dict.fromkeys(("outputs", "error", "finished_at", "elapsed_time"))
    server.reply(200, {**DIFY_RUN, **nulls})
    run = call(DIFY)
    assert (run.outputs, run.error, run.finished_at, run.elapsed_time) == (None, None, None, None)


@pytest.mark.parametrize("whole", [JUO, DIFY], ids=lambda provider: provider.name)
def test_the_answers_written_here_leave_nothing_out(server: Loopback, call: Call, whole: Provider) -> None:
    server.reply(200, documented_success(whole))
    assert UNSET not in [*leaves(attributes(call(whole)))]


def test_what_is_not_required_may_be_absent(server: Loopback, call: Call, provider: Provider) -> None:
    smallest = required_only(provider, documented_success(provider))
    server.reply(200, smallest)
    answered = call(provider)
    for field in msgspec.structs.fields(answered):
        assert (getattr(answered, field.name) is UNSET) == (field.encode_name not in smallest)


@pytest.mark.parametrize("strict", [JUO, ANON, TAMTAM, COPYAI], ids=lambda provider: provider.name)
def test_what_is_required_may_not_be_absent(server: Loopback, connect: Connect, strict: Provider) -> None:
    get = connect(strict)
    required = success_schema(strict)["required"]
    assert required
    for name in required:
        server.reply(200, {key: value for key, value in documented_success(strict).items() if key != name})
        with pytest.raises(core.InvalidResponse, match=rf"[`/]{name}\b"):
            get()


WITH_ENUM = (JUO, ANON, DIFY, COPYAI)


@pytest.mark.parametrize("with_enum", WITH_ENUM, ids=lambda provider: provider.name)
def test_every_documented_status_is_a_member(server: Loopback, connect: Connect, with_enum: Provider) -> None:
    get = connect(with_enum)
    for word in status_words(with_enum):
        server.reply(200, with_status(with_enum, word))
        status = status_of(with_enum, get())
        assert status is type(status)[word.upper()]
        assert (status.value, status.documented) == (word, True)


@pytest.mark.parametrize("with_enum", WITH_ENUM, ids=lambda provider: provider.name)
def test_an_undocumented_status_is_kept_as_it_came(server: Loopback, call: Call, with_enum: Provider) -> None:
    server.reply(200, with_status(with_enum, "No such word"))
    status = status_of(with_enum, call(with_enum))
    assert isinstance(status, core.OpenStrEnum)
    assert (status, status.documented) == ("No such word", False)


def test_fields_that_nobody_documented_are_ignored(server: Loopback, connect: Connect, provider: Provider) -> None:
    get = connect(provider)
    server.reply(200, documented_success(provider))
    known = get()
    server.reply(200, {**documented_success(provider), "a new field": [1]})
    assert get() == known


def status_words(provider: Provider) -> list[str]:
    part = schema(provider, "WorkflowRunData") if provider is COPYAI else success_schema(provider)
    return [*part["properties"]["status"]["enum"]]


def with_status(provider: Provider, word: str) -> dict[str, Any]:
    whole: dict[str, Any] = documented_success(provider)
    return {**whole, "data": {**whole["data"], "status": word}} if provider is COPYAI else {**whole, "status": word}


def status_of(provider: Provider, answered: Any) -> Any:
    return answered.data.status if provider is COPYAI else answered.status
