"""A second reader watches the first: whatever one of them loses, the other one reports."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.document.loading import load
from generator.document.problems import Problems
from generator.ir.api import build_api
from generator.ir.model import Api, Body, Enum
from generator.ir.provider import Provider
from generator.ir.types import Ref
from generator.project.packages import provider_package
from generator.repair import repair
from generator.repair.resolve import resolve_references
from generator.simplify import simplify
from generator.upstream import partial_import
from generator.upstream import second_reading as second
from generator.upstream.facts import facts_of_library
from generator.upstream.naming import naming
from generator.upstream.second_reading import second_reading
from tests.search_path import ROOT

SPEC = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    post:
      operationId: a
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
      parameters: [{name: p, in: query, required: true, schema: {type: string}}]
      responses: {"200": {description: D, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}
components:
  schemas:
    Thing: {type: object, required: [a], properties: {a: {type: string}, b: {$ref: "#/components/schemas/Word"}}}
    Word: {type: string, enum: [x, y]}
webhooks:
  hook: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}}
"""


def differences(tmp_path: Path, change: str) -> list[str]:
    """The problems that the second reader reports once something is missing from our reading."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    problems = Problems()
    names = naming()
    document = repair(load(tmp_path / "spec.yaml", "spec.yaml"), problems)
    simplified = simplify(resolve_references(document, problems), names, problems)
    api = build_api(simplified, Provider("T"), names, problems)
    second_reading(simplified, changed(api, change), problems)
    assert {problem.id for problem in problems} <= {"second-reading"}
    return [str(problem) for problem in problems]


def changed(api: Api, change: str) -> Api:
    model, operation, enum, webhook = api.models[0], api.operations[0], api.enums[0], api.webhooks[0]
    field, parameter = model.fields[0], operation.parameters[0]
    match change:
        case "a property":
            model = replace(model, fields=model.fields[1:])
        case "whether a property is required":
            model = replace(model, fields=(replace(field, required=False), model.fields[1]))
        case "the type of a property":
            model = replace(model, fields=(replace(field, type=model.fields[1].type), model.fields[1]))
        case "a value of an enum":
            enum = replace(enum, values=enum.values[:1])
        case "a parameter":
            operation = replace(operation, parameters=())
        case "whether a parameter is required":
            operation = replace(operation, parameters=(replace(parameter, required=False),))
        case "a response":
            operation = replace(operation, responses=())
        case "a body":
            operation = replace(operation, body=None)
        case "the type of a body":
            operation = replace(operation, body=with_type(operation.body, enum))
        case "the body of a webhook":
            webhook = replace(webhook, body=None)
        case "the type of a webhook's body":
            webhook = replace(webhook, body=with_type(webhook.body, enum))
    return replace(api, models=(model,), operations=(operation,), enums=(enum,), webhooks=(webhook,))


def with_type(body: Body | None, enum: Enum) -> Body:
    assert body
    return replace(body, content=(replace(body.content[0], type=Ref(enum.name)),))


def test_two_readers_agree_on_what_is_read_rightly(tmp_path: Path) -> None:
    assert differences(tmp_path, "nothing") == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("a property", "the model Thing"),
        ("whether a property is required", "the model Thing, a"),
        ("the type of a property", "the model Thing, a"),
        ("a value of an enum", "the enum Word"),
        ("a parameter", "POST /a"),
        ("whether a parameter is required", "POST /a, p"),
        ("a response", "POST /a"),
        ("a body", "POST /a"),
        ("the type of a body", "POST /a, body"),
        ("the body of a webhook", "the webhook hook"),
        ("the type of a webhook's body", "the webhook hook, body"),
    ],
)
def test_what_one_reader_loses_the_other_reports(change: str, where: str, tmp_path: Path) -> None:
    (problem,) = differences(tmp_path, change)
    assert problem.startswith("spec.yaml:")
    assert f"error[second-reading]: a second reader sees {where} differently: " in problem
    assert problem.endswith("hint: this is a defect of the generator: please report it with the document")


PROVIDERS = sorted(path.parent for path in (ROOT / "specs").glob("*/openapi.yaml"))


@pytest.mark.parametrize("folder", PROVIDERS, ids=lambda folder: folder.name)
def test_the_library_reads_the_same_when_it_copies_operations(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`load_parser` has it go on with the operations themselves; it would copy each three times."""
    readings: list[dict[str, Any]] = []

    def facts(reading: Any, forms: Any) -> Any:
        readings.append(dict(facts_of_library(reading, forms)))
        return readings[-1].items()

    copied = []

    def copy(endpoint: Any) -> Any:
        copied.append(endpoint)
        return deepcopy(endpoint)

    monkeypatch.setattr(second, "facts_of_library", facts)
    provider_package(folder, folder.name, Problems())
    monkeypatch.setattr(partial_import, "_uncopied", copy)
    provider_package(folder, folder.name, Problems())
    assert copied
    assert len(readings) == 2
    assert readings[0] == readings[1] != {}
