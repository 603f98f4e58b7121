"""A checked mapping in Python's terms: the pieces of an adapter module, which its template prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...ir.model import Field, Model
from ...ir.types import Ref
from ...python.quoting import Code, literal, name
from ..mapping import FieldMapping, FieldPath, ListMapping, Mapping, PresentWhen, StatusTable
from ..unified import ROOT, UnifiedModel
from .call import client_call
from .expressions import CORE, Imports, Scope, list_function

_STATE = {"status": "status", "status_basis": "basis", "result": "result", "raw_status": "raw_status"}
"""What a row of a status table gives, by the unified fields that it fills."""
_ALWAYS_IMPORTED = (
    *((CORE, "RawResponse"), ("_adapter", "Adapter"), ("_notes", "Notes"), ("_ref", "RunRef"), ("_run", ROOT)),
    ("_statuses", "Statuses"),
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function that makes one unified object; `lines` come before its result."""

    name: Code
    native: Code
    returns: Code
    lines: tuple[Code, ...]
    result: Code
    in_list: bool


def adapter(mapping: Mapping, unified: UnifiedModel) -> dict[str, Any]:
    """What the template of an adapter prints."""
    imports, package = Imports(), mapping.package
    for module, imported in _ALWAYS_IMPORTED:
        imports.use(module, imported)
    values = {
        "mapping": mapping,
        "client": name(f"{package.client}Client"),
        "async_client": name(f"Async{package.client}Client"),
        "module": name(package.module),
        "response_model": Code(f"models.{name(mapping.response_model)}"),
        "tables": [
            (_table_name(target), _table_rows(table, imports)) for target, table in mapping.status_tables().items()
        ],
        "functions": [
            *(_item_function(item, unified, imports) for item in mapping.lists),
            _run_function(mapping, unified, imports),
        ],
        "reason": _reason(mapping, imports),
        "unwrap": _unwrap(mapping, imports),
        "timeout_at": next((f.paths[0].pointer for f in mapping.fields if f.target == "pending.timeout"), ""),
        "client_call": client_call(mapping, imports),
    }
    return {**values, **imports.lines()}


def _run_function(mapping: Mapping, unified: UnifiedModel, imports: Imports) -> Function:
    """The function that makes a run of a response."""
    paths = {field.target: field.paths for field in mapping.fields}
    paths |= {item.target: (item.path,) for item in mapping.lists}
    scope = Scope.of((*mapping.statuses.paths, *_in_order(paths, unified.fields())), imports)
    return Function(
        name=Code("normalize"),
        native=Code(f"models.{name(mapping.response_model)}"),
        returns=name(ROOT),
        lines=(*scope.definitions(), _state("status", mapping.statuses, scope)),
        result=_ObjectExpression(mapping, unified, scope, mapping.fields).code(unified.models[ROOT]),
        in_list=False,
    )


def _item_function(item: ListMapping, unified: UnifiedModel, imports: Imports) -> Function:
    """The function that makes an item of a unified list."""
    paths = _in_order({field.target: field.paths for field in item.fields}, unified.fields(item.unified_model))
    scope = Scope.of((*(item.statuses.paths if item.statuses else ()), *paths), imports, in_list=True)
    state = [_state(f"{item.target}.status", item.statuses, scope)] if item.statuses else []
    imports.model(item.unified_model)
    return Function(
        name=list_function(item),
        native=Code(f"models.{name(item.item_model)}"),
        returns=name(item.unified_model),
        lines=(*scope.definitions(), *state),
        result=_ObjectExpression(None, unified, scope, item.fields).code(unified.models[item.unified_model]),
        in_list=True,
    )


def _in_order(paths: dict[str, tuple[FieldPath, ...]], targets: Iterable[str]) -> list[FieldPath]:
    """The paths that fill unified fields, in the order of the fields."""
    return [path for target in targets for path in paths.get(target, ())]


def _state(target: str, table: StatusTable, scope: Scope) -> Code:
    return Code(f"state = {_table_name(target)}.read({scope.leaves(table.paths)})")


@dataclass(frozen=True)
class _ObjectExpression:
    """Makes the expression of a run, or of an item of a list (which has no `mapping` of its own)."""

    mapping: Mapping | None
    unified: UnifiedModel
    scope: Scope
    fields: tuple[FieldMapping, ...]

    def code(self, model: Model) -> Code:
        """The call of the class of the unified object."""
        return Code(f"{name(model.name)}({', '.join(self._arguments(model, ''))},)")

    def _arguments(self, model: Model, prefix: str) -> list[str]:
        """The keyword arguments that make a unified object, in the model's order."""
        values = {field.name: self._value(model, field, prefix) for field in model.fields}
        return [f"{name(attribute)}={value}" for attribute, value in values.items() if value]

    def _value(self, model: Model, field: Field, prefix: str) -> str:
        """The value of a unified field; "" when nothing fills it here."""
        target, filled_by = prefix + field.name, self.unified.filled_by(model.name, field)
        if filled_by == "status":
            return f"state.{_STATE[field.name]}"
        for mapping in self.fields:
            if mapping.target == target:
                return self.scope.value(mapping)
        if self.mapping and (value := self._value_in_run(self.mapping, target, field)):
            return value
        inner = self.unified.model_of(field.type)
        if inner and isinstance(field.type, Ref) and filled_by == "mapping":
            return self._inner_object(inner, f"{target}.")
        return ""

    def _value_in_run(self, mapping: Mapping, target: str, field: Field) -> str:
        """The value of a field that only a run has."""
        if target == "provider":
            return literal(mapping.provider)
        for item in mapping.lists:
            if item.target == target:
                return self.scope.items(item)
        for entry in mapping.present_when:
            if entry.target == target:
                return self._empty_object(entry, field)
        return ""

    def _empty_object(self, entry: PresentWhen, field: Field) -> str:
        assert isinstance(field.type, Ref)
        enum = self.scope.imports.model("RunStatus")
        statuses = ", ".join(f"{enum}.{name(status)}" for status in entry.statuses)
        return f"{self.scope.imports.model(field.type.name)}() if state.status in ({statuses},) else None"

    def _inner_object(self, model: Model, prefix: str) -> str:
        arguments = self._arguments(model, prefix)
        if not arguments:
            return ""
        imports = self.scope.imports
        return f"{imports.value('unless_empty')}({imports.model(model.name)}({', '.join(arguments)},))"


def _table_name(target: str) -> Code:
    """The constant that holds the status table of a unified field: `STATUSES`, `STEPS_STATUSES`."""
    *parents, _ = target.upper().split(".")
    return name("_".join([*parents, "STATUSES"]))


def _table_rows(table: StatusTable, imports: Imports) -> list[tuple[Code, list[tuple[Code, Code]]]]:
    """The rows of a status table by their basis: what stands before the colon and behind it."""
    rows: dict[str, list[tuple[Code, Code]]] = {}
    for row in table.rows:
        keys = [f"models.{name(enum)}.{name(member)}" for enum, member in row.enum_values]
        keys += [literal(word) for word in row.words[len(keys) :]]
        result = f"{imports.model('RunResult')}.{name(row.result)}" if row.result else "None"
        meaning = f"({imports.model('RunStatus')}.{name(row.status)}, {result})"
        key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
        rows.setdefault(row.basis, []).append((Code(key), Code(meaning)))
    return [(name(basis), entries) for basis, entries in rows.items()]


def _unwrap(mapping: Mapping, imports: Imports) -> dict[str, Any] | None:
    """The expressions of the check that a response holds a run; None when nothing is around it."""
    envelope = mapping.envelope
    if envelope is None:
        return None
    imports.use("_envelope", "check_envelope")
    if envelope.code:
        imports.use(CORE, "decode")
    scope = Scope.of((envelope.run, envelope.status), imports, reserved=["data"])
    return {
        "lines": list(scope.definitions()),
        "there": Code(f"{imports.value('given')}({scope.leaf(envelope.run)}) is not None"),
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
    return Code(f"{scope.imports.value('plain')}({scope.leaf(path)})")
