"""A checked mapping in Python's terms: the pieces of an adapter module, which its template prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Model
from ...ir.types import Ref, Scalar
from ...python.client import own_server
from ...python.quoting import Code, literal, name
from ..mapping import (
    RUN_ID,
    ChosenItem,
    FieldMapping,
    FieldPath,
    ListMapping,
    Mapping,
    PresentWhen,
)
from ..unified import ROOT, UnifiedField, UnifiedModel
from .call import client_call
from .expressions import CORE, Imports, Scope, list_function
from .tables import state_lines, table_name, table_rows, word_tables

RUN = (("_run.run", "CHECKED"), ("_run.run", ROOT))
"""What a function needs that makes a run: the class, and what it passes if there are no issues."""
_ALWAYS_IMPORTED = (
    *((CORE, "RawResponse"), ("_normalize.adapter", "Adapter"), ("_reading.notes", "Notes"), ("_refs.ref", "RunRef")),
    *RUN,
)
_STATE = {"status": "status", "status_basis": "basis", "result": "result", "raw_status": "raw_status"}
"""What a row of a status table gives, by the unified fields that it fills."""
_END, _PARENT = "finished_at", "parent_id"
_ARGUMENTS = "ref: RunRef, notes: Notes"


@dataclass(frozen=True, slots=True)
class Function:
    """A function that makes a value; `lines` come before its result."""

    name: Code
    parameters: Code
    returns: Code
    lines: tuple[Code, ...]
    result: Code


def adapter(mapping: Mapping, unified: UnifiedModel, events: dict[str, Code]) -> dict[str, Any]:
    """What the template of an adapter prints; `events` are the modules of the provider's events."""
    imports, package = Imports(), mapping.package
    for module, imported in _ALWAYS_IMPORTED:
        imports.use(module, imported)
    values = {
        **reading(mapping, unified, imports),
        "mapping": mapping,
        "client": name(f"{package.client}Client"),
        "async_client": name(f"Async{package.client}Client"),
        "module": name(package.module),
        "response_model": Code(f"models.{name(mapping.response_model)}"),
        "reason": _reason(mapping, imports),
        "unwrap": _unwrap(mapping, imports),
        "server": own_server(package.api, mapping.operation),
        "client_call": client_call(mapping, imports),
        "events": list(events.items()),
    }
    return {**values, **imports.lines()}


def reading(mapping: Mapping, unified: UnifiedModel, imports: Imports) -> dict[str, Any]:
    """What is printed of how a response, or the body of an event, becomes a run."""
    tables = {target: table for target, table in mapping.status_tables().items() if table.paths}
    if tables:
        imports.use("_reading.statuses", "Statuses")
    return {
        "tables": [(table_name(target), table_rows(table, imports)) for target, table in tables.items()],
        "word_tables": word_tables(mapping, imports),
        "functions": _functions(mapping, unified, imports),
    }


def _functions(mapping: Mapping, unified: UnifiedModel, imports: Imports) -> list[Function]:
    """The functions of an adapter, each behind those that it calls."""
    functions = [_item_function(item, unified, imports) for item in mapping.lists]
    functions += [_text_function(field, imports) for field in mapping.fields if field.each]
    functions.append(_run_function(mapping, unified, imports))
    return [*(_choice(item, function, imports) for item, function in imports.chosen.items()), *functions]


def _run_function(mapping: Mapping, unified: UnifiedModel, imports: Imports) -> Function:
    """The function that makes a run of a response."""
    fields = unified.fields()
    paths = {field.target: field.paths for field in mapping.fields}
    paths |= {item.target: (item.items.path,) for item in mapping.lists}
    paths |= {field.target: (field.each.path,) for field in mapping.fields if field.each}
    identifiers = [path for _, path in mapping.identifiers]
    scope = Scope.of((*mapping.statuses.paths, *_in_order(paths, fields), *identifiers), imports)
    states = state_lines("status", mapping.statuses, scope)
    checks = [Code(scope.identifier(part, [path], _word(path, scope))) for part, path in mapping.identifiers]
    values = _values(fields, mapping.fields, scope)
    values |= {item.target: _list(item, scope) for item in mapping.lists}
    values |= {entry.target: _empty_object(entry, fields[entry.target], imports) for entry in mapping.present_when}
    values |= _of_every_run(mapping, values, unified, imports)
    return Function(
        name=Code("normalize"),
        parameters=Code(f"native: models.{name(mapping.response_model)}, {_ARGUMENTS}"),
        returns=name(ROOT),
        lines=(*scope.definitions(), *checks, *states),
        result=Code(f"{name(ROOT)}({_arguments(unified.models[ROOT], values, unified, imports)})"),
    )


def _of_every_run(mapping: Mapping, values: dict[str, str], unified: UnifiedModel, imports: Imports) -> dict[str, str]:
    """The values of the unified fields that runs of all providers have, and of those that follow from others."""
    always = {"provider": literal(mapping.provider), "ref": "ref", "observed_at": "notes.observed_at"}
    always["issues"] = "notes.issues or CHECKED"
    if not any(field.target == "id" and field.default and field.default.part for field in mapping.fields):
        always["id"] = f"{values['id']} or ref.run_id"
    return {**always, **_parent(mapping, values | always, imports), **_pending(mapping, values, unified, imports)}


def _pending(mapping: Mapping, values: dict[str, str], unified: UnifiedModel, imports: Imports) -> dict[str, str]:
    """What a run waits for, with its deadline, which follows from two other fields."""
    timeout = next((field for field in mapping.fields if field.target == "pending.timeout"), None)
    model = unified.fields()["pending"].model
    if timeout is None or model is None or "pending.presented_at" not in values:
        return {}
    with_deadline = imports.use("_reading.deadlines", "with_deadline")
    pending, timeout_at = _object("pending", model, values, unified, imports), literal(timeout.paths[0].pointer)
    return {"pending": f"{with_deadline}({pending}, {timeout_at}, notes)"}


def _parent(mapping: Mapping, values: dict[str, str], imports: Imports) -> dict[str, str]:
    """The identifier of the run that started a run, and its reference, if its identifier is all that this needs."""
    if _PARENT not in values:
        return {}
    other_run = imports.use("_reading.identifiers", "other_run")
    fields = {"id": f"(run_id := {values['id']})", _PARENT: f"{other_run}({values[_PARENT]}, run_id)"}
    if mapping.parts_in("path") != (RUN_ID,):
        return fields
    reference_to = imports.use("_refs.parts", "reference_to")
    return {**fields, _PARENT: f"(parent_id := {fields[_PARENT]})", "parent": f"{reference_to}(parent_id, ref)"}


def _item_function(item: ListMapping, unified: UnifiedModel, imports: Imports) -> Function:
    """The function that makes an item of a unified list."""
    fields, model = unified.fields(item.unified_model), unified.models[item.unified_model]
    paths = _in_order({field.target: field.paths for field in item.fields}, fields)
    scope = Scope.of((*(item.statuses.paths if item.statuses else ()), *paths), imports, target=item.target)
    states = state_lines(f"{item.target}.status", item.statuses, scope) if item.statuses else ()
    values = _values(fields, item.fields, scope)
    return Function(
        name=list_function(item.target),
        parameters=Code(f"native: models.{name(item.items.model)}, at: str{_key(item)}, {_ARGUMENTS}"),
        returns=imports.model(model.name),
        lines=(*scope.definitions(), *states),
        result=Code(f"{name(model.name)}({_arguments(model, values, unified, imports)})"),
    )


def _key(item: ListMapping) -> str:
    """The parameter that takes the key of an item; "" where no field needs it."""
    return ", key: str" if any(field.is_key for field in item.fields) else ""


def _list(item: ListMapping, scope: Scope) -> str:
    """The value of a unified list."""
    key = "key, " if _key(item) else ""
    call = f"{list_function(item.target)}(item, at, {key}ref, notes)"
    return f"tuple({scope.items(item.items, call, with_key=bool(key))})"


def _text_function(field: FieldMapping, imports: Imports) -> Function:
    """The function that makes a text of an item of a list."""
    assert field.each
    scope = Scope.of(field.paths, imports, target=field.target)
    value = scope.value(replace(field, each=None, field=replace(field.field, type=Scalar("str"))))
    return Function(
        name=list_function(field.target),
        parameters=Code(f"native: models.{name(field.each.model)}, at: str, notes: Notes"),
        returns=Code("str | None"),
        lines=tuple(scope.definitions()),
        result=Code(value),
    )


def _choice(item: ChosenItem, function: Code, imports: Imports) -> Function:
    """The function that says whether an item is the chosen one."""
    scope = Scope.of([condition.path for condition in item.conditions], imports, root="item")
    word = imports.use("_reading.statuses", "word") if item.conditions else ""
    tests = [f"{word}({scope.leaf(c.path)}) in {literal(c.words)}" for c in item.conditions]
    return Function(
        name=function,
        parameters=Code(f"item: models.{name(item.model)}"),
        returns=Code("bool"),
        lines=tuple(scope.definitions()),
        result=Code(" and ".join(tests) or "True"),
    )


def _in_order(paths: dict[str, tuple[FieldPath, ...]], targets: Iterable[str]) -> list[FieldPath]:
    """The paths that fill unified fields, in the order of the fields."""
    return [path for target in targets for path in paths.get(target, ())]


def _values(fields: dict[str, UnifiedField], mappings: Iterable[FieldMapping], scope: Scope) -> dict[str, str]:
    """The values of the unified fields that mappings or a status fill, by their dotted names."""
    values = {target: f"state.{_STATE[i.field.name]}" for target, i in fields.items() if i.filled_by == "status"}
    values |= {mapping.target: _texts(mapping, scope) or scope.value(mapping) for mapping in mappings}
    if _END in values:
        values[_END] = f"notes.end({values[_END]}, state.result)"
    return values


def _texts(mapping: FieldMapping, scope: Scope) -> str:
    """The value of a list of texts that come from the items of another list; "" for any other field."""
    if mapping.each is None:
        return ""
    call = f"{list_function(mapping.target)}(item, at, notes)"
    return f"{scope.imports.value('present')}({scope.items(mapping.each, call)})"


def _empty_object(entry: PresentWhen, item: UnifiedField, imports: Imports) -> str:
    """The value of an object that is empty, and present for some statuses."""
    assert item.model
    enum = imports.model("RunStatus")
    statuses = ", ".join(f"{enum}.{name(status)}" for status in entry.statuses)
    return f"{imports.model(item.model.name)}() if state.status in ({statuses},) else None"


def _arguments(model: Model, values: dict[str, str], unified: UnifiedModel, imports: Imports, prefix: str = "") -> str:
    """The keyword arguments that make a unified object, in the model's order; "" when nothing fills any of them."""
    arguments = []
    for field in model.fields:
        target, inner = prefix + field.name, unified.model_of(field.type)
        value = values.get(target, "")
        if not value and inner and isinstance(field.type, Ref):
            value = _object(target, inner, values, unified, imports)
        if value:
            arguments.append(f"{name(field.name)}={value},")
    return " ".join(arguments)


def _object(target: str, model: Model, values: dict[str, str], unified: UnifiedModel, imports: Imports) -> str:
    """The value of a unified object that is None where all its fields are; "" when nothing fills any of them."""
    within = _arguments(model, values, unified, imports, f"{target}.")
    return f"{imports.value('unless_empty')}({imports.model(model.name)}({within}))" if within else ""


def _unwrap(mapping: Mapping, imports: Imports) -> dict[str, Any] | None:
    """The expressions of the check that a response holds a run; None when nothing is around it."""
    envelope = mapping.envelope
    if envelope is None:
        return None
    imports.use("_reading.envelope", "check_envelope")
    if envelope.code:
        imports.use(CORE, "decode")
    scope = Scope.of((envelope.run, envelope.status), imports, reserved=["data"])
    return {
        "lines": list(scope.definitions()),
        "is_present": Code(f"{imports.value('given')}({scope.leaf(envelope.run)}) is not None"),
        "word": _word(envelope.status, scope),
    }


def _reason(mapping: Mapping, imports: Imports) -> dict[str, Any] | None:
    """The expressions that read from the body of an error why there is no run; None when it does not say."""
    envelope = mapping.envelope
    if envelope is None or envelope.code is None:
        return None
    scope = Scope.of((envelope.code,), imports)
    model = Code(f"models.{name(envelope.error_model)}")
    return {"model": model, "lines": list(scope.definitions()), "result": _word(envelope.code, scope)}


def _word(path: FieldPath, scope: Scope) -> Code:
    return Code(f"{scope.imports.use('_reading.statuses', 'word')}({scope.leaf(path)})")
