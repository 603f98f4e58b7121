"""Webhooks and callbacks are compared as responses are: clients read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read
from tests.diff.wire.shorthand import INTEGER, TEXT


@pytest.fixture
def diff(tmp_path: Path) -> Any:
    def diff(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
        """`operation rule: place: before -> after` of each finding."""
        old, new = read(before, tmp_path / "old"), read(after, tmp_path / "new")
        return [f"{f.operation} {f.rule}: {f.place}: {f.before} -> {f.after}".strip() for f in compare(old, new)]

    return diff


def sent(value: Any, name: str = "application/json", **more: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"a": value}}
    return {"requestBody": {"required": True, "content": {name: {"schema": schema}}}, **more}


def hooks(**operations: Any) -> dict[str, Any]:
    """Webhooks by name, sent by POST."""
    return {"document": {"webhooks": {name: {"post": operation} for name, operation in operations.items()}}}


def callbacks(*urls: str, value: Any = TEXT, path: str = "/things/{id}") -> dict[str, Any]:
    done = {f"{{$request.query.{url}}}": {"post": sent(value)} for url in urls}
    operation = {"operationId": "getThing", "callbacks": {"done": done}, "responses": {"200": {"description": "D"}}}
    identifier = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    return {"document": {"paths": {"/things/{id}": None, path: {"get": {**operation, "parameters": [identifier]}}}}}


def test_a_payload_is_compared_as_a_response_is(diff: Any) -> None:
    assert diff(hooks(changed=sent(TEXT)), hooks(changed=sent(INTEGER))) == [
        "response-property-type-changed: webhook changed /a: text -> integer"
    ]
    few_values, more_values = ({**TEXT, "enum": list(values)} for values in ("ab", "abc"))
    assert diff(hooks(changed=sent(few_values)), hooks(changed=sent(more_values))) == [
        "response-property-enum-value-added: webhook changed /a:  -> c"
    ]
    assert diff(callbacks("url"), callbacks("url", value=INTEGER)) == [
        "GET /things/{} response-property-type-changed: callback done /a: text -> integer"
    ]


def test_the_media_types_of_a_payload_are_compared_as_those_of_a_response(diff: Any) -> None:
    json, csv = hooks(changed=sent(TEXT)), hooks(changed=sent(TEXT, "text/csv"))
    problem = hooks(changed=sent(TEXT, "application/hal+json"))
    place = "webhook changed"
    assert diff(json, csv) == [
        f"response-media-type-removed: {place}: application/json -> text/csv",
        f"response-media-type-added: {place}:  -> text/csv",
    ]
    assert diff(json, problem) == [f"response-media-type-replaced: {place}: application/json -> application/hal+json"]
    both = sent(INTEGER, "application/hal+json")
    both["requestBody"]["content"] |= sent(TEXT)["requestBody"]["content"]
    assert diff(json, hooks(changed=both)) == [f"response-media-type-added: {place}:  -> application/hal+json"]
    assert diff(csv, json) == [
        f"response-media-type-added: {place}:  -> application/json",
        f"alternative-media-type-removed: {place}: text/csv -> application/json",
    ]


def test_annotations_of_a_webhook_are_compared(diff: Any) -> None:
    def headed(**headers: str) -> dict[str, Any]:
        return hooks(changed=sent(TEXT, parameters=[{"name": n, "in": "header", "schema": TEXT} for n in headers]))

    place = "webhook changed"
    assert diff(headed(), headed(X="")) == [f"response-header-added: {place} header x:  -> x"]
    assert diff(headed(X=""), headed()) == [f"optional-response-header-removed: {place} header x: x ->"]
    plain, old = hooks(changed=sent(TEXT)), hooks(changed=sent(TEXT, deprecated=True))
    assert diff(plain, old) == [f"endpoint-deprecated: {place}:  ->"]
    assert diff(old, plain) == [f"endpoint-reactivated: {place}:  ->"]
    assert diff(plain, hooks(changed=sent(TEXT, description="New."))) == [
        f"operation-description-changed: {place}:  -> New."
    ]


def test_callbacks_belong_to_their_operations_and_are_identified_by_their_address(diff: Any) -> None:
    two = callbacks("one", "two")
    assert diff(two, two) == []
    assert diff(two, callbacks("one")) == [
        "GET /things/{} callback-removed: callback done to {$request.query.two}: done ->"
    ]
    assert diff(two, callbacks("two")) == [
        "GET /things/{} callback-removed: callback done to {$request.query.one}: done ->"
    ]
    assert diff(callbacks("url"), callbacks("url", path="/others/{id}")) == [
        "GET /others/{} api-path-changed: operation: /things/{id} -> /others/{id}"
    ]


def test_webhooks_with_the_same_name_are_identified_by_their_method(diff: Any) -> None:
    both = {"document": {"webhooks": {"changed": {"post": sent(TEXT), "put": sent(TEXT)}}}}
    assert diff(both, hooks(changed=sent(TEXT))) == ["webhook-removed: webhook PUT changed: changed ->"]
