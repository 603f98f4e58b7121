"""Seven answers of providers, from a small run to one of two megabytes, and each with one mistake in it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import msgspec

ID = "0b7e8a52-5d0c-4c6e-9a0f-3f1f5c3f9d11"
TIME = "2026-04-07T09:00:00.250Z"


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


@dataclass(frozen=True, slots=True)
class Answer:
    """A document of a provider; `model` is the name of its class. Large: 50 steps or more, or as much text."""

    name: str
    document: dict[str, Any]
    model: str
    large: bool = False

    @property
    def provider(self) -> str:
        return self.name.split()[0]

    @property
    def data(self) -> bytes:
        return msgspec.json.encode(self.document)

    @property
    def data_with_mistake(self) -> bytes:
        return msgspec.json.encode(with_mistake(self.document))

    @property
    def type(self) -> Any:
        return getattr(import_module(f"workflow_client_{self.provider}.models"), self.model)

    def __str__(self) -> str:
        return f"{self.name}, {len(self.data):,} bytes"


ANSWERS = (
    Answer("anon", anon(), "WorkflowRun"),
    Answer("copyai", copyai(2), "WorkflowRunResponse"),
    Answer("juo", juo(2), "WorkflowRunState"),
    Answer("dify", dify(10), "WorkflowRunDetailResponse"),
    Answer("tamtam with 50 steps", tamtam(50), "UserWorkflowRunWithStepsDTO", large=True),
    Answer("copyai with 600 outputs", copyai(600), "WorkflowRunResponse", large=True),
    Answer("tamtam with 5,000 steps", tamtam(5_000), "UserWorkflowRunWithStepsDTO", large=True),
)
