"""A checked mapping in Python's terms: the pieces of an adapter module, which its template prints."""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field
from typing import Any

from ...ir.model import Field
from ...ir.types import Ref, alternatives
from ...python.quoting import Code, literal, name
from ..converters import CONVERTERS, Converter, as_it_is, kind
from ..mapping import FieldMapping, FieldPath, ListMapping, Mapping, StatusTable
from ..unified import ROOT, UnifiedModel
from .call import arguments, reference

_STATE = {"status": "status", "status_basis": "basis", "result": "result", "raw_status": "raw_status"}
"""What a row of a status table gives, by the unified fields that it fills."""
_RESERVED = {"native", "ref", "notes", "state", "at", "item", "models", "tuple", *keyword.kwlist}


@dataclass(frozen=True, slots=True)
class Function:
    """A function that makes one unified object; `lines` come before its result."""

    name: Code
    native: Code
    returns: Code
    lines: tuple[Code, ...]
    result: Code
    in_list: bool = False
    """Whether it is told where its object stands."""


@dataclass
class Used:
    """The names that a module takes from its siblings."""

    values: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)

    def value(self, function: str) -> str:
        """A function of `_values`."""
        self.values.add(function)
        return function

    def model(self, class_name: str) -> str:
        """A class of the unified model."""
        self.models.add(class_name)
        return class_name


def adapter(mapping: Mapping, unified: UnifiedModel) -> dict[str, Any]:
    """What the template of an adapter prints."""
    used = Used()
    lists = [_list_function(each, mapping, unified, used) for each in mapping.lists]
    main = _function(mapping, unified, used)
    package = mapping.package
    tables = [(Code("STATUSES"), _table(mapping.statuses, used))]
    tables += [(_table_name(each), _table(each.statuses, used)) for each in mapping.lists if each.statuses]
    unwrap_lines, unwrap = _unwrap(mapping, used)
    operation = mapping.operation
    holder = f"client.{name(operation.group)}" if operation.group else "client"
    fetched = Code(f"{holder}.raw.{name(operation.name)}({', '.join(arguments(mapping, used.modules))})")
    return {
        "mapping": mapping,
        "client": name(f"{package.client}Client"),
        "async_client": name(f"Async{package.client}Client"),
        "module": name(package.module),
        "answer": Code(f"models.{name(mapping.answer)}"),
        "tables": tables,
        "functions": [*lists, main],
        "reason": _reason(mapping, used),
        "timeout_at": next((literal(v.paths[0].pointer) for v in mapping.values if v.target == "pending.timeout"), ""),
        "unwrap": unwrap,
        "unwrap_lines": unwrap_lines,
        "fetched": fetched,
        "root": name(ROOT),
        "uses_unset": "UNSET" in fetched,
        "uses_decode": bool(unwrap) and any("decode(" in line for line in unwrap),
        "values": [name(value) for value in sorted(used.values)],
        "models": [name(model) for model in sorted(used.models - {ROOT})],
        "modules": used.modules,
    }


def _function(mapping: Mapping, unified: UnifiedModel, used: Used) -> Function:
    scope = _Scope(mapping, used)
    lines = [Code(f"state = STATUSES.read({', '.join(scope.leaf(path) for path in mapping.statuses.paths)})")]
    arguments = _object(ROOT, "", mapping.values, mapping, unified, scope)
    return Function(
        name=Code("normalize"),
        native=Code(f"models.{name(mapping.answer)}"),
        returns=name(ROOT),
        lines=(*scope.lines, *lines),
        result=Code(f"{name(ROOT)}({', '.join(arguments)},)"),
    )


def _list_function(each: ListMapping, mapping: Mapping, unified: UnifiedModel, used: Used) -> Function:
    scope = _Scope(mapping, used, "at + ")
    lines = []
    if each.statuses:
        read = ", ".join(scope.leaf(path) for path in each.statuses.paths)
        lines = [Code(f"state = {_table_name(each)}.read({read})")]
    arguments = _object(each.model, "", each.values, mapping, unified, scope)
    return Function(
        name=_list_name(each),
        native=Code(f"models.{name(each.item)}"),
        returns=Code(used.model(name(each.model))),
        lines=(*scope.lines, *lines),
        result=Code(f"{name(each.model)}({', '.join(arguments)},)"),
        in_list=True,
    )


def _object(
    model: str, prefix: str, values: tuple[FieldMapping, ...], mapping: Mapping, unified: UnifiedModel, scope: _Scope
) -> list[str]:
    """The keyword arguments that make a unified object, in the model's order."""
    by_target = {value.target: value for value in values}
    lists = {each.target: each for each in mapping.lists}
    flags = {flag.target: flag for flag in mapping.flags}
    found = []
    for item in unified.models[model].fields:
        target, filled = prefix + item.name, unified.filled.get((model, item.name))
        code = ""
        if filled == "status":
            code = f"state.{_STATE[item.name]}"
        elif target == "provider" and filled:
            code = literal(mapping.provider)
        elif target in by_target:
            code = scope.value(by_target[target])
        elif target in flags:
            used_status = scope.used.model("RunStatus")
            statuses = ", ".join(f"{used_status}.{name(status)}" for status in flags[target].statuses)
            assert isinstance(item.type, Ref)
            class_name = scope.used.model(name(item.type.name))
            code = f"{class_name}() if state.status in ({statuses},) else None"
        elif target in lists and not scope.at:
            code = scope.each(lists[target])
        elif isinstance(item.type, Ref) and item.type.name in unified.models and not filled:
            inner = _object(item.type.name, f"{target}.", values, mapping, unified, scope)
            if inner:
                class_name = scope.used.model(name(item.type.name))
                code = f"{scope.used.value('unless_empty')}({class_name}({', '.join(inner)},))"
        if code:
            found.append(f"{name(item.name)}={code}")
    return found


class _Scope:
    """The expressions of one function; the objects on the way to values become its local names."""

    def __init__(self, mapping: Mapping, used: Used, at: str = "") -> None:
        self.used, self.at = used, at
        self.enums = {enum.name: enum for enum in mapping.package.api.enums}
        self.locals: dict[tuple[str, ...], str] = {}
        self.lines: list[Code] = []
        self.taken = _RESERVED | {converter.function for converter in CONVERTERS.values()}
        self.taken |= {"given", "plain", "utc", "first", "agreeing", "or_else", "unless_empty"}

    def leaf(self, path: FieldPath) -> str:
        """The value at a path, or None or UNSET."""
        return self._member(path.fields)

    def _member(self, fields: tuple[Field, ...]) -> str:
        attribute = name(fields[-1].name)
        if len(fields) == 1:
            return f"native.{attribute}"
        holder = self._local(fields[:-1])
        return f"{holder}.{attribute} if {holder} else None"

    def _local(self, fields: tuple[Field, ...]) -> str:
        key = tuple(item.wire for item in fields)
        if key not in self.locals:
            value = self._member(fields)
            wanted = "_".join(item.name.strip("_") for item in fields)
            while wanted in self.taken:
                wanted += "_"
            self.taken.add(wanted)
            self.locals[key] = name(wanted)
            self.lines.append(Code(f"{self.locals[key]} = {self.used.value('given')}({value})"))
        return self.locals[key]

    def pointer(self, pointer: str) -> str:
        """Where a value is, as code."""
        return f"{self.at}{literal(pointer)}"

    def value(self, value: FieldMapping) -> str:
        """The value of a unified field."""
        codes = [self._converted(path, value) for path in value.paths]
        if value.agree:
            pointers = ", ".join(self.pointer(path.pointer) for path in value.paths)
            code = f"{self.used.value('agreeing')}(({pointers}), notes, {', '.join(codes)})"
        elif len(codes) > 1:
            code = f"{self.used.value('first')}({', '.join(codes)})"
        else:
            code = codes[0]
        if value.missing is None:
            return code
        default = reference(value.missing.part) if value.missing.part else literal(value.missing.value)
        return f"{self.used.value('or_else')}({code}, {default})"

    def _converted(self, path: FieldPath, value: FieldMapping) -> str:
        found = _converter(path, value, self.enums)
        arguments = f", {self.pointer(path.pointer)}, notes" if found.notes else ""
        return f"{self.used.value(found.function)}({self.leaf(path)}{arguments})"

    def each(self, each: ListMapping) -> str:
        """A unified list."""
        at = literal(each.path.pointer)
        items = f"notes.items({at}, {self.leaf(each.path)})"
        place = f"{at} + f'/{{at}}'"
        return f"tuple({_list_name(each)}(item, {place}, ref, notes) for at, item in {items})"


def _converter(path: FieldPath, value: FieldMapping, enums: dict[str, Any]) -> Converter:
    if value.converter:
        return CONVERTERS[value.converter]
    (member,) = alternatives(path.type)
    found = as_it_is(kind(member, enums), kind(value.field.type, {}, unified=True))
    assert found is not None  # or there was a problem
    return found


def _list_name(each: ListMapping) -> Code:
    return name(f"_{each.target.replace('.', '_')}")


def _table_name(each: ListMapping) -> Code:
    return name(f"{each.target.replace('.', '_').upper()}_STATUSES")


def _table(statuses: StatusTable, used: Used) -> list[tuple[Code, list[tuple[Code, Code]]]]:
    """The tables by their basis, each a list of rows: key and value."""
    found: dict[str, list[tuple[Code, Code]]] = {}
    for word in statuses.words:
        keys = [f"models.{_dotted(member)}" for member in word.members] or [literal(text) for text in word.words]
        if word.members and len(word.members) < len(word.words):
            keys = [*keys, *(literal(text) for text in word.words[len(keys) :])]
        key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
        used.model("RunStatus")
        result = f"{used.model('RunResult')}.{name(word.result)}" if word.result else "None"
        found.setdefault(word.basis, []).append((Code(key), Code(f"(RunStatus.{name(word.status)}, {result})")))
    used.modules.add("_statuses")
    return [(name(basis), rows) for basis, rows in found.items()]


def _dotted(text: str) -> str:
    return ".".join(name(part) for part in text.split("."))


def _unwrap(mapping: Mapping, used: Used) -> tuple[list[Code], list[Code]]:
    """The check that an answer holds a run: the lines before it, and its arguments; none when nothing is around it."""
    envelope = mapping.envelope
    if envelope is None:
        return [], []
    used.modules.add("_envelope")
    scope = _Scope(mapping, used)
    scope.taken.add("data")
    there, word = scope.leaf(envelope.at), scope.leaf(envelope.status)
    code = "None"
    if envelope.code is not None:
        code = f"reason(decode(data, models.{name(envelope.error)}).parsed)"
    return scope.lines, [
        Code(f"at={literal(envelope.at.pointer)}"),
        Code(f"there={used.value('given')}({there}) is not None"),
        Code(f"status={literal(envelope.status.pointer)}"),
        Code(f"word={used.value('plain')}({word})"),
        Code(f"successes={literal(envelope.success)}"),
        Code(f"failures={literal(envelope.failure)}"),
        Code(f"code=lambda: {code}"),
    ]


def _reason(mapping: Mapping, used: Used) -> dict[str, Any] | None:
    """What reads from the body of an error why there is no run."""
    envelope = mapping.envelope
    if envelope is None or envelope.code is None:
        return None
    scope = _Scope(mapping, used)
    result = Code(f"{used.value('plain')}({scope.leaf(envelope.code)})")
    return {"model": Code(f"models.{name(envelope.error)}"), "lines": scope.lines, "result": result}
