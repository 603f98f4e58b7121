"""The unified model: `workflow-run.yaml`, read like any provider's document, and what it says beyond OpenAPI."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from generator.document import Array, Object
from generator.facts import Facts, among
from generator.ir import Api, ListOf, Model, Ref, UnionOf
from generator.normalization.mapping import Unified
from generator.problems import Problems

ROOT = "WorkflowRun"
STATUS, RESULT, BASIS = "RunStatus", "RunResult", "StatusBasis"
_NEEDED = (ROOT, STATUS, RESULT, BASIS, "RunIssue", "RunRef")
_EXTENSION = "x-filled-by"


def read_unified(document: Object, api: Api, problems: Problems) -> Unified:
    """`api` is what `document` was read as. Raises ProblemsFound."""
    facts = Facts("unified-shape", problems)
    schemas = facts.mapping(facts.mapping(document, "components"), "schemas")
    known = {model.name for model in api.models} | {enum.name for enum in api.enums}
    for name in _NEEDED:
        if name not in known:
            problems.error("unified-shape", schemas.where(name), f"the schema {name} is missing")
    models = tuple(_as_written(model, problems) for model in api.models)
    statuses = facts.mapping(schemas, STATUS)
    unified = Unified(
        api=replace(api, models=models),
        root=ROOT,
        filled=_filled(schemas, problems),
        terminal=_members(statuses, "x-terminal", api, facts),
        resting=_members(statuses, "x-resting", api, facts),
        schema=json.dumps(_json_schema(document, schemas), indent=2, ensure_ascii=False) + "\n",
    )
    problems.stop_on_errors()
    return unified


def _as_written(model: Model, problems: Problems) -> Model:
    """This document is ours: its names are good as they stand (`type`, `input`), and its required properties first."""
    required = True
    for field in model.fields:
        if not field.wire.isidentifier() or field.wire.startswith("_"):
            problems.error("unified-shape", field.source, f"{model.name}: {field.wire!r} is no name for an attribute")
        if isinstance(field.type, UnionOf):
            message = f"{model.name}.{field.wire} is of several types; what is absent is left out here, and never null"
            problems.error("unified-shape", field.source, message)
        if field.required and not required:
            message = f"{model.name}.{field.wire} is required, and follows a property that is not"
            problems.error("unified-shape", field.source, message, "the required ones come first, in this order")
        required = field.required
    return replace(model, fields=tuple(replace(field, name=field.wire) for field in model.fields))


def _filled(schemas: Object, problems: Problems) -> dict[tuple[str, str], str]:
    facts = Facts("unified-shape", problems)
    found = {}
    for model in schemas:
        properties = facts.mapping(facts.mapping(schemas, model), "properties")
        for name in properties:
            value = facts.text(facts.mapping(properties, name), _EXTENSION, needed=False)
            if value and value not in ("layer", "status"):
                problems.error("unified-shape", properties.where(name), f"{_EXTENSION} is {value!r}: layer or status")
            if value:
                found[model, name] = value
    return found


def _members(statuses: Object, key: str, api: Api, facts: Facts) -> tuple[str, ...]:
    words = {m.value: m.name for enum in api.enums if enum.name == STATUS for m in enum.members}
    found = []
    for word, place in facts.texts(statuses, key):
        if word not in words:
            facts.problems.error(
                "unified-shape", place, f"{word!r} is no word of {STATUS}", among(word, [*map(str, words)])
            )
        else:
            found.append(words[word])
    return tuple(found)


def _json_schema(document: Object, schemas: Object) -> dict[str, Any]:
    """The schemas as one JSON Schema document (2020-12), which is what OpenAPI 3.1 holds, without our extensions."""
    info = document.get("info") or {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": info.get("title", ROOT),
        "description": info.get("description", ""),
        "$ref": f"#/$defs/{ROOT}",
        "$defs": {name: _plain(schema) for name, schema in schemas.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Object):
        kept = {k: _plain(v) for k, v in value.items() if not k.startswith("x-")}
        if isinstance(kept.get("$ref"), str):
            kept["$ref"] = kept["$ref"].replace("#/components/schemas/", "#/$defs/", 1)
        return kept
    if isinstance(value, Array):
        return [_plain(item) for item in value]
    return value


def leaves(unified: Unified, model: str = ROOT, prefix: str = "") -> dict[str, tuple[str, str]]:
    """Every unified field that holds a value, dotted -> (its model, its property); those of list items, too."""
    found: dict[str, tuple[str, str]] = {}
    models = unified.models
    for field in models[model].fields:
        inner = field.type.item if isinstance(field.type, ListOf) else field.type
        if isinstance(inner, Ref) and inner.name in models:
            if (model, field.name) in unified.filled:
                found[prefix + field.name] = (model, field.name)
            else:
                found |= leaves(unified, inner.name, f"{prefix}{field.name}.")
        else:
            found[prefix + field.name] = (model, field.name)
    return found
