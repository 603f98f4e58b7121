"""The unified model: `workflow-run.yaml`, read like any provider's document, and what it says beyond OpenAPI."""

from __future__ import annotations

import json
import keyword
from dataclasses import replace
from typing import Any

from ..document.field_reader import FieldReader, name_hint
from ..document.problems import Problems
from ..document.tree import Array, Object
from ..ir.model import Api, Model
from ..ir.types import ListOf, Ref, UnionOf
from .mapping import Unified

ROOT = "WorkflowRun"
STATUS, RESULT, BASIS = "RunStatus", "RunResult", "StatusBasis"
UNKNOWN = "UNKNOWN"
"""The member of RunStatus for words that no table has."""
_MODELS = (ROOT, "RunIssue", "RunRef")
_OF_STATUS = ("status", "status_basis", "result", "raw_status")
"""What a row of a status table fills."""
_EXTENSION = "x-filled-by"
_DURATION = r"^P([0-9]+D)?(T[0-9]+(\.[0-9]+)?S)?$"
"""ISO 8601 in days and seconds, as msgspec writes a timedelta that is not negative."""


def read_unified(document: Object, api: Api, problems: Problems) -> Unified:
    """`api` is what `document` was read as. Raises ProblemsFound."""
    facts = FieldReader("unified-shape", problems)
    schemas = facts.mapping(facts.mapping(document, "components"), "schemas")
    for names, known in ((_MODELS, api.models), ((STATUS, RESULT, BASIS), api.enums)):
        for name in names:
            if name not in [item.name for item in known]:
                what = "an object with properties" if names is _MODELS else "a list of words"
                problems.error("unified-shape", schemas.where(name), f"there is no schema {name} of {what}")
    models = tuple(_as_written(model, problems) for model in api.models)
    problems.stop_on_errors()
    statuses = facts.mapping(schemas, STATUS)
    if UNKNOWN not in _words(api).values():
        problems.error("unified-shape", statuses.source, f"{STATUS} has no word {UNKNOWN.lower()!r}")
    for model in models:
        _check_ends(model, {model.name: model for model in models}, (), problems)
        _check_objects(model, {model.name: model for model in models}, problems)
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
        if not field.wire.isidentifier() or field.wire.startswith("_") or keyword.iskeyword(field.wire):
            problems.error("unified-shape", field.source, f"{model.name}: {field.wire!r} is no name for an attribute")
        if isinstance(field.type, UnionOf):
            message = f"{model.name}.{field.wire} is of several types; what is absent is left out here, and never null"
            problems.error("unified-shape", field.source, message)
        if field.required and not required:
            message = f"{model.name}.{field.wire} is required, and follows a property that is not"
            problems.error("unified-shape", field.source, message, "the required ones come first, in this order")
        required = field.required
    fields = tuple(replace(field, name=field.wire) for field in model.fields)
    return replace(model, fields=fields, additional_field=None)


def _check_ends(model: Model, models: dict[str, Model], above: tuple[str, ...], problems: Problems) -> None:
    """Report a model that contains itself: its fields would be without end."""
    for field in model.fields:
        inner = field.type.item if isinstance(field.type, ListOf) else field.type
        if isinstance(inner, Ref) and inner.name in (*above, model.name):
            message = f"{model.name}.{field.wire} leads back to {inner.name}, which it is in"
            problems.error("unified-shape", field.source, message)
        elif isinstance(inner, Ref) and inner.name in models:
            _check_ends(models[inner.name], models, (*above, model.name), problems)


def _check_objects(model: Model, models: dict[str, Model], problems: Problems) -> None:
    """Report what is required although it is absent when an answer has nothing for it: objects, and lists of them."""
    for field in model.fields:
        inner = field.type.item if isinstance(field.type, ListOf) else field.type
        if not isinstance(inner, Ref) or inner.name not in models:
            continue
        within = [] if inner is not field.type else [f.wire for f in models[inner.name].fields if f.required]
        if field.required or within:
            message = f"{model.name}.{field.wire} is absent when an answer has nothing for it, and "
            message += "cannot be required" if field.required else f"no {within[0]!r} of it can be required therefore"
            problems.error("unified-shape", field.source, message)


def _filled(schemas: Object, problems: Problems) -> dict[tuple[str, str], str]:
    facts = FieldReader("unified-shape", problems)
    found = {}
    for model in schemas:
        properties = facts.mapping(facts.mapping(schemas, model), "properties")
        for name in properties:
            value = facts.text(facts.mapping(properties, name), _EXTENSION, required=False)
            if value and value not in ("layer", "status"):
                problems.error("unified-shape", properties.where(name), f"{_EXTENSION} is {value!r}: layer or status")
            if value == "status" and name not in _OF_STATUS:
                message = f"{model}.{name} is no field that a status fills"
                problems.error("unified-shape", properties.where(name), message, name_hint(name, [*_OF_STATUS]))
            if value:
                found[model, name] = value
    return found


def _words(api: Api) -> dict[str, str]:
    """The words of RunStatus -> its members."""
    return {str(m.value): m.name for enum in api.enums if enum.name == STATUS for m in enum.values}


def _members(statuses: Object, key: str, api: Api, facts: FieldReader) -> tuple[str, ...]:
    words = _words(api)
    found = []
    for word, place in facts.texts(statuses, key, required=True):
        if word not in words:
            facts.problems.error("unified-shape", place, f"{word!r} is no word of {STATUS}", name_hint(word, [*words]))
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
        if kept.get("format") == "duration":
            # That format has no fractions of a second (RFC 3339, appendix A), which we write.
            kept = {k: v for k, v in kept.items() if k != "format"} | {"pattern": _DURATION}
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
