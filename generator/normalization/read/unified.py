"""`workflow-run.yaml`, read like any provider's document -> the unified model."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import Problems
from ...document.tree import Array, Object
from ...ir.model import Api, Model
from ...ir.types import ListOf, UnionOf
from ..unified import BASIS, RESULT, ROOT, STATUS, UNKNOWN, FilledBy, UnifiedModel

_ID = "unified-shape"
_MODELS = (ROOT, "RunIssue", "RunRef")
_FROM_STATUS = ("status", "status_basis", "result", "raw_status")
"""The fields that a row of a status table can fill."""
_FILLED_BY = "x-filled-by"
_DURATION = r"^P([0-9]+D)?(T[0-9]+(\.[0-9]+)?S)?$"
"""ISO 8601 in days and seconds, as msgspec writes a timedelta that is not negative."""


def read_unified(document: Object, api: Api, problems: Problems) -> UnifiedModel:
    """The unified model of a document that was read as `api`. Raises ProblemsFound."""
    reader = FieldReader(_ID, problems)
    schemas = reader.mapping(reader.mapping(document, "components"), "schemas")
    _check_presence(schemas, api, problems)
    models = tuple(_with_names_as_written(model, problems) for model in api.models)
    problems.stop_on_errors()
    statuses = reader.mapping(schemas, STATUS)
    if UNKNOWN not in _values(api).values():
        problems.error(_ID, statuses.source, f"{STATUS} has no value {UNKNOWN.lower()!r}")
    unified = UnifiedModel(
        api=replace(api, models=models),
        filled=dict(_filled(schemas, reader)),
        terminal=tuple(_members(statuses, "x-terminal", api, reader)),
        resting=tuple(_members(statuses, "x-resting", api, reader)),
        schema=json.dumps(_json_schema(document, schemas), indent=2, ensure_ascii=False) + "\n",
    )
    for model in models:
        _Nesting(unified, problems).check(model)
    problems.stop_on_errors()
    return unified


def _check_presence(schemas: Object, api: Api, problems: Problems) -> None:
    """Report schemas that the layer needs and the document does not have."""
    models, enums = {model.name for model in api.models}, {enum.name for enum in api.enums}
    missing = [(name, "an object with properties") for name in _MODELS if name not in models]
    missing += [(name, "a list of values") for name in (STATUS, RESULT, BASIS) if name not in enums]
    for name, what in missing:
        problems.error(_ID, schemas.where(name), f"there is no schema {name} of {what}")


def _with_names_as_written(model: Model, problems: Problems) -> Model:
    """The model with its properties' names as attributes; this document is ours, and `type` is a good name in it.

    Reports names that cannot be attributes, fields of several types, and required fields behind others.
    """
    required = True
    for field in model.fields:
        name = f"{model.name}.{field.wire}"
        if not field.wire.isidentifier() or field.wire.startswith("_") or keyword.iskeyword(field.wire):
            problems.error(_ID, field.source, f"{model.name}: {field.wire!r} cannot be the name of an attribute")
        if isinstance(field.type, UnionOf):
            message = f"{name} is of several types; what is absent is left out here, and never null"
            problems.error(_ID, field.source, message)
        if field.required and not required:
            message = f"{name} is required, and follows a property that is not"
            problems.error(_ID, field.source, message, "the required ones come first, in this order")
        required = field.required
    fields = tuple(replace(field, name=field.wire) for field in model.fields)
    return replace(model, fields=fields, additional_field=None)


@dataclass(frozen=True)
class _Nesting:
    """Checks the objects inside a model."""

    unified: UnifiedModel
    problems: Problems

    def check(self, model: Model) -> None:
        """Report a model that contains itself, and required fields of what may be absent."""
        self._check_ends(model, (model.name,))
        for field in model.fields:
            inner = self.unified.model_of(field.type)
            if inner is None:
                continue
            required = [] if isinstance(field.type, ListOf) else [f.wire for f in inner.fields if f.required]
            if field.required or required:
                rest = "and cannot be required" if field.required else f"so its {required[0]!r} cannot be required"
                message = f"{model.name}.{field.wire} is absent when a response has nothing for it, {rest}"
                self.problems.error(_ID, field.source, message)

    def _check_ends(self, model: Model, containers: tuple[str, ...]) -> None:
        for field in model.fields:
            inner = self.unified.model_of(field.type)
            if inner and inner.name in containers:
                message = f"{model.name}.{field.wire} leads back to {inner.name}, which contains it"
                self.problems.error(_ID, field.source, message)
            elif inner:
                self._check_ends(inner, (*containers, inner.name))


def _filled(schemas: Object, reader: FieldReader) -> Iterator[tuple[tuple[str, str], FilledBy]]:
    for model in schemas:
        properties = reader.mapping(reader.mapping(schemas, model), "properties")
        for name in properties:
            value, source = (
                reader.text(reader.mapping(properties, name), _FILLED_BY, required=False),
                properties.where(name),
            )
            if value and value not in ("layer", "status"):
                reader.problems.error(_ID, source, f"{_FILLED_BY} is {value!r}: layer or status")
            if value == "status" and name not in _FROM_STATUS:
                message = f"{model}.{name} is not a field that a status fills"
                reader.problems.error(_ID, source, message, name_hint(name, [*_FROM_STATUS]))
            if value:
                yield (model, name), cast(FilledBy, value)


def _values(api: Api) -> dict[str, str]:
    """The values of RunStatus -> its members."""
    return {str(m.value): m.name for enum in api.enums if enum.name == STATUS for m in enum.values}


def _members(statuses: Object, key: str, api: Api, reader: FieldReader) -> Iterator[str]:
    values = _values(api)
    for value, source in reader.texts(statuses, key, required=True):
        if value in values:
            yield values[value]
        else:
            reader.problems.error(_ID, source, f"{value!r} is not a value of {STATUS}", name_hint(value, [*values]))


def _json_schema(document: Object, schemas: Object) -> dict[str, Any]:
    """The schemas as one JSON Schema document (2020-12), without our extensions."""
    info = document.get("info") or {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": info.get("title", ROOT),
        "description": info.get("description", ""),
        "$ref": f"#/$defs/{ROOT}",
        "$defs": {name: _plain(schema) for name, schema in schemas.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Array):
        return [_plain(item) for item in value]
    if not isinstance(value, Object):
        return value
    schema = {key: _plain(inner) for key, inner in value.items() if not key.startswith("x-")}
    if schema.get("format") == "duration":
        # The format has no fractions of a second (RFC 3339, appendix A), which msgspec writes.
        schema = {key: inner for key, inner in schema.items() if key != "format"} | {"pattern": _DURATION}
    if isinstance(schema.get("$ref"), str):
        schema["$ref"] = schema["$ref"].replace("#/components/schemas/", "#/$defs/", 1)
    return schema
