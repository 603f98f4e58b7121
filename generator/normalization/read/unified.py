"""`workflow-run.yaml`, read like any provider's document -> the unified model."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import Problems
from ...document.tree import Object
from ...ir.model import Api, Model
from ...ir.types import ListOf, UnionOf
from ...ir.values import mapping
from ..columns import columns
from ..json_schema import SCHEMA, json_schema
from ..unified import BASIS, REFERENCE, RESULT, ROOT, STATUS, UNKNOWN, FilledBy, UnifiedModel

_FORM = "workflow-run"
"""What `schema` in the JSON of a run begins with; the document's version follows."""
_MODELS = (ROOT, "RunIssue", REFERENCE)
_FROM_STATUS = ("status", "status_basis", "result", "raw_status")
"""The fields that a row of a status table can fill."""
_FILLED_BY = "x-filled-by"
_MAJOR_VERSION = re.compile("[1-9][0-9]*")


def read_unified(document: Object, api: Api, problems: Problems) -> UnifiedModel:
    """The unified model of a document that was read as `api`. Raises ProblemsFound."""
    reader = FieldReader("unified-shape", problems)
    schemas = reader.mapping(reader.mapping(document, "components"), "schemas")
    _check_presence(schemas, api, reader)
    for model in api.models:
        _check_fields(model, reader)
    problems.stop_on_errors()
    statuses = {str(value.value): value.name for enum in api.enums if enum.name == STATUS for value in enum.values}
    status_schema = reader.mapping(schemas, STATUS)
    if UNKNOWN not in statuses.values():
        reader.error(status_schema.source, f"{STATUS} has no value {UNKNOWN.lower()!r}")
    version = str(mapping(document, "info").get("version", ""))
    if not _MAJOR_VERSION.fullmatch(version):
        message = f"the version of the unified model is {version!r}, not a whole number"
        reader.error(document.where("info"), message, "it is the 1 of `workflow-run/1`, the `schema` of stored runs")
    unified = UnifiedModel(
        api=replace(api, models=tuple(map(_with_names_as_written, api.models))),
        filled=dict(_filled(schemas, reader)),
        terminal=tuple(_members(status_schema, "x-terminal", statuses, reader)),
        resting=tuple(_members(status_schema, "x-resting", statuses, reader)),
        schema=f"{_FORM}/{version}",
        results=dict(_results(status_schema, statuses, api, reader)),
    )
    for model in unified.api.models:
        _check_ends(model, (model.name,), unified, reader)
        _check_objects(model, unified, reader)
    _check_columns(unified, reader)
    problems.stop_on_errors()
    text = json.dumps(json_schema(document, unified.schema), indent=2, ensure_ascii=False)
    return replace(unified, json_schema=f"{text}\n")


def _check_presence(schemas: Object, api: Api, reader: FieldReader) -> None:
    """Report schemas that the layer needs and the document does not have."""
    models, enums = {model.name for model in api.models}, {enum.name for enum in api.enums}
    missing = [(name, "an object with properties") for name in _MODELS if name not in models]
    missing += [(name, "a list of values") for name in (STATUS, RESULT, BASIS) if name not in enums]
    for name, what in missing:
        reader.error(schemas.where(name), f"there is no schema {name} of {what}")


def _check_fields(model: Model, reader: FieldReader) -> None:
    """Report names that cannot be attributes, fields of several types, and required fields behind others."""
    required = True
    for field in model.fields:
        name = f"{model.name}.{field.wire}"
        if not field.wire.isidentifier() or field.wire.startswith("_") or keyword.iskeyword(field.wire):
            reader.error(field.source, f"{model.name}: {field.wire!r} cannot be the name of an attribute")
        if isinstance(field.type, UnionOf):
            reader.error(
                field.source, f"{name} has several types; an absent value must be left out, so null is not one of them"
            )
        if field.required and not required:
            hint = "the required ones come first, in this order"
            reader.error(field.source, f"{name} is required, and follows a property that is not", hint)
        required = field.required


def _with_names_as_written(model: Model) -> Model:
    """The model with its properties' names as attributes; this document is ours, and `type` is a good name in it."""
    fields = tuple(replace(field, name=field.wire) for field in model.fields)
    return replace(model, fields=fields, additional_field=None)


def _check_ends(model: Model, containers: tuple[str, ...], unified: UnifiedModel, reader: FieldReader) -> None:
    """Report models that contain themselves."""
    for field in model.fields:
        inner = unified.model_of(field.type)
        if inner and inner.name in containers:
            reader.error(field.source, f"{model.name}.{field.wire} leads back to {inner.name}, which contains it")
        elif inner:
            _check_ends(inner, (*containers, inner.name), unified, reader)


def _check_objects(model: Model, unified: UnifiedModel, reader: FieldReader) -> None:
    """Report objects that are required, or have something required in them: any object can be absent."""
    for field in model.fields:
        inner = unified.model_of(field.type) if unified.filled_by(model.name, field) == "mapping" else None
        required = [f.wire for f in inner.fields if f.required] if inner and not isinstance(field.type, ListOf) else []
        if inner and (field.required or required):
            rest = "and cannot be required" if field.required else f"so its {required[0]!r} cannot be required"
            message = f"{model.name}.{field.wire} is absent when a response has nothing for it, {rest}"
            reader.error(field.source, message)


def _check_columns(unified: UnifiedModel, reader: FieldReader) -> None:
    """Report fields whose values would stand in the same column of a row."""
    names = {SCHEMA}
    for column in columns(unified):
        if column.name in names:
            message = f"rows have two columns {column.name}, this field's and an earlier one's"
            reader.error(column.field.source, message, "rename one of the fields")
        names.add(column.name)


def _filled(schemas: Object, reader: FieldReader) -> Iterator[tuple[tuple[str, str], FilledBy]]:
    """What fills the properties that a mapping does not fill, by model and name."""
    for model in schemas:
        properties = reader.mapping(reader.mapping(schemas, model), "properties")
        for name in properties:
            value = reader.text(reader.mapping(properties, name), _FILLED_BY, required=False)
            if value and value not in ("layer", "status"):
                reader.error(properties.where(name), f"{_FILLED_BY} is {value!r}: layer or status")
            if value == "status" and name not in _FROM_STATUS:
                message = f"{model}.{name} is not a field that a status fills"
                reader.error(properties.where(name), message, name_hint(name, [*_FROM_STATUS]))
            if value:
                yield (model, name), cast(FilledBy, value)


def _results(
    schema: Object, statuses: dict[str, str], api: Api, reader: FieldReader
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The results that go with members of RunStatus."""
    known = [str(value.value) for enum in api.enums if enum.name == RESULT for value in enum.values]
    table = reader.mapping(schema, "x-results")
    for status in table:
        if status not in statuses:
            reader.error(table.where(status), f"{status!r} is not a value of {STATUS}", name_hint(status, [*statuses]))
        for result, source in (texts := reader.texts(table, status, required=True)):
            if result not in known:
                reader.error(source, f"{result!r} is not a value of {RESULT}", name_hint(result, known))
        yield statuses.get(status, ""), tuple(result for result, _ in texts)


def _members(schema: Object, key: str, statuses: dict[str, str], reader: FieldReader) -> Iterator[str]:
    """The members of RunStatus whose values are listed at `key`; `statuses` are all members by their values."""
    for value, source in reader.texts(schema, key, required=True):
        if value in statuses:
            yield statuses[value]
        else:
            reader.error(source, f"{value!r} is not a value of {STATUS}", name_hint(value, [*statuses]))
