"""The responses that the providers document: the examples in specs/, with the overlays applied.

Juo and Dify give no examples at all. Theirs are written here, and a test holds them against the schemas.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema

from generator.document.loading import load
from generator.document.overlay import apply_overlay
from generator.document.pointer import follow
from generator.document.problems import Problems
from generator.document.tree import Object
from tests.clients.providers import ANON, COPYAI, DIFY, JUO, ROOT, RUN_ID, TAMTAM, Provider

JUO_RUN: dict[str, Any] = {
    "workflowId": "cancel-subscription",
    "workflowVersion": 3,
    "runId": RUN_ID,
    "runVersion": 12.5,
    "status": "waiting_interaction",
    "pendingInteraction": {
        "interactionId": "interaction-1",
        "stepId": "ask-reason",
        "actionType": "select",
        "actionBehavior": "input",
        "actionConfig": {"options": ["price", {"other": None}]},
        "availableResponses": [{"type": "submit", "label": "Continue"}, {"type": "cancel", "label": "Back"}],
        "presentedAt": "2026-04-07T09:00:00.250+02:00",
        "timeoutMs": 90000,
    },
    "interactiveSteps": [
        {
            "stepId": "offer",
            "actionType": "confirm",
            "actionConfig": {},
            "availableResponses": [{"type": "accept", "label": "Take it"}],
        }
    ],
    "result": {"refund": {"amount": 12}},
    "error": {"message": "card declined", "code": "card_declined"},
    "invalidatedResources": ["subscription/1", "customer/2"],
    "outcome": {"type": "kept", "message": "Subscription kept"},
    "completionData": {
        "outcome": {"type": "saved", "message": "Saved by offer"},
        "endStep": {"id": "end-1", "category": "success", "label": "Done"},
    },
}

DIFY_RUN: dict[str, Any] = {
    "id": RUN_ID,
    "workflow_id": "7f6c1d0e-0a53-4b0c-8a3b-53cf0a2d2f10",
    "status": "succeeded",
    "inputs": '{"topic": "tea"}',
    "outputs": {"text": "Tea is a drink.", "sources": [1, None]},
    "error": "none",
    "total_steps": 5,
    "total_tokens": 1337,
    "created_at": 1775552400,
    "finished_at": 1775552412,
    "elapsed_time": 12.25,
}


@cache
def document(provider: Provider) -> Object:
    """The provider's API description as the generator reads it."""
    folder = ROOT / "specs" / provider.name
    published = load(folder / "openapi.yaml")
    if not (folder / "overlay.yaml").exists():
        return published
    problems = Problems()
    corrected = apply_overlay(published, load(folder / "overlay.yaml"), problems)
    problems.stop_on_errors()
    return corrected


def schema(provider: Provider, name: str) -> Object:
    component: Object = document(provider)["components"]["schemas"][name]
    return component


def examples(provider: Provider) -> dict[str, Any]:
    """The documented examples of whole responses: `{"404 notFound": {...}}`."""
    return {
        f"{status} {name}": value
        for item in document(provider)["paths"].values()
        for status, response in item["get"]["responses"].items()
        for content in response.get("content", {}).values()
        for name, value in _named(content)
    }


def _named(content: Object) -> Iterator[tuple[str, Any]]:
    if "example" in content:
        yield "example", content["example"]
    for name, example in content.get("examples", {}).items():
        yield name, example["value"]


def assembled(provider: Provider, name: str) -> Any:
    """A response made of the examples of single properties; properties without an example are left out."""
    return _assemble(document(provider), schema(provider, name))


def _assemble(root: Object, part: Object) -> Any:
    part = _resolved(root, part)
    if "examples" in part:
        return part["examples"][0]
    if "items" in part:
        item = _assemble(root, part["items"])
        return [item] if item else []
    values = {key: _assemble(root, value) for key, value in part.get("properties", {}).items()}
    return {key: value for key, value in values.items() if value not in ({}, [])}


def documented_success(provider: Provider) -> Any:
    """One documented success of each provider."""
    if provider == ANON:
        return examples(ANON)["200 example"]
    if provider == COPYAI:
        return examples(COPYAI)["200 complete"]
    if provider == TAMTAM:
        return assembled(TAMTAM, "UserWorkflowRunWithStepsDTO")
    return {JUO: JUO_RUN, DIFY: DIFY_RUN}[provider]


def required_only(provider: Provider, value: Any, part: Object | None = None) -> Any:
    """`value` without the properties that the documented success may leave out."""
    part = _resolved(document(provider), success_schema(provider) if part is None else part)
    if isinstance(value, dict) and "properties" in part:
        required = part.get("required", [])
        return {k: required_only(provider, v, part["properties"][k]) for k, v in value.items() if k in required}
    if isinstance(value, list):
        return [required_only(provider, item, part["items"]) for item in value]
    return value


def success_schema(provider: Provider) -> Object:
    (item,) = document(provider)["paths"].values()
    return _resolved(document(provider), item["get"]["responses"]["200"]["content"]["application/json"]["schema"])


def _resolved(root: Object, part: Object) -> Object:
    target: Object = follow(root, part["$ref"].removeprefix("#")) if "$ref" in part else part
    return target


def violations(provider: Provider, value: Any) -> list[str]:
    """Mistakes in `value` as a response of status 200, as jsonschema finds them."""
    components = {"components": document(provider)["components"]}
    validator = jsonschema.Draft202012Validator(
        {**components, **success_schema(provider)}, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
