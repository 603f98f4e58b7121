"""Expressions of an adapter: what they read from the provider's models, and what they import."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...ir.model import Field
from ...python.quoting import Code, literal, name
from ..converters import CONVERTERS, Converter
from ..mapping import RUN_ID, FieldMapping, FieldPath, ListMapping

CORE = "workflow_client_core"
_RESERVED = {"native", "ref", "notes", "state", "at", "item", "models", "tuple"}
_RESERVED |= {"given", "plain", "utc", "first", "agreeing", "or_else", "unless_empty"}
_RESERVED |= {converter.function for converter in CONVERTERS.values()}


@dataclass(frozen=True)
class Imports:
    """Collects what an adapter imports while its expressions are made."""

    names: dict[str, set[str]] = field(default_factory=dict)
    """By module of `workflow_runs`; and by that of the core."""

    def use(self, module: str, imported: str) -> Code:
        """A name that is imported from a module."""
        self.names.setdefault(module, set()).add(imported)
        return name(imported)

    def value(self, function: str) -> Code:
        """A converter."""
        return self.use("_reading.values", function)

    def model(self, class_name: str) -> Code:
        """A class of the unified model."""
        return self.use("_form.models", class_name)

    def lines(self) -> dict[str, Any]:
        """What the template prints: the names from the core, and for each module of `workflow_runs` those from it."""
        modules = {module: _listed(names) for module, names in sorted(self.names.items())}
        core = modules.pop(CORE)
        return {"core_imports": core, "imports": [(Code(module), names) for module, names in modules.items()]}


def _listed(names: Iterable[str]) -> Code:
    """Names as isort has them: constants, classes, functions."""
    in_order = sorted(names, key=lambda n: (0 if n.isupper() else 1 if n[:1].isupper() else 2, n))
    return Code(", ".join(map(name, in_order)))


@dataclass(frozen=True)
class Scope:
    """A function of an adapter: the objects on the way to the values that it reads are its local names."""

    imports: Imports
    locals: dict[tuple[Field, ...], Code]
    in_list: bool = False
    """Whether the function makes items of a list, and takes the pointer of its item as `at`."""

    @classmethod
    def of(
        cls, paths: Iterable[FieldPath], imports: Imports, *, in_list: bool = False, reserved: Iterable[str] = ()
    ) -> Scope:
        """The scope of a function that reads the values at `paths`; its own arguments may be `reserved` names."""
        locals_: dict[tuple[Field, ...], Code] = {}
        for path in paths:
            for depth in range(1, len(path.fields)):
                fields = path.fields[:depth]
                if fields not in locals_:
                    locals_[fields] = _free_name(fields, {*_RESERVED, *reserved, *locals_.values()})
        return cls(imports, locals_, in_list)

    def definitions(self) -> Iterator[Code]:
        """The lines that define the local names, outer objects first."""
        for fields, local in self.locals.items():
            yield Code(f"{local} = {self.imports.value('given')}({self._attribute(fields)})")

    def leaf(self, path: FieldPath) -> str:
        """The value at a path, or None or UNSET."""
        return self._attribute(path.fields)

    def leaves(self, paths: Iterable[FieldPath]) -> str:
        """The values at several paths, as arguments."""
        return ", ".join(map(self.leaf, paths))

    def _attribute(self, fields: tuple[Field, ...]) -> str:
        attribute = name(fields[-1].name)
        if len(fields) == 1:
            return f"native.{attribute}"
        holder = self.locals[fields[:-1]]
        return f"{holder}.{attribute} if {holder} else None"

    def value(self, mapping: FieldMapping) -> str:
        """The value of a unified field."""
        values = ", ".join(map(self._converted, mapping.paths, mapping.converters))
        if mapping.agree:
            pointers = ", ".join(map(self._pointer, mapping.paths))
            values = f"{self.imports.value('agreeing')}(({pointers}), notes, {values})"
        elif len(mapping.paths) > 1:
            values = f"{self.imports.value('first')}({values})"
        if mapping.default is None:
            return values
        default = part(mapping.default.part) if mapping.default.part else literal(mapping.default.constant)
        return f"{self.imports.value('or_else')}({values}, {default})"

    def _converted(self, path: FieldPath, converter: Converter) -> str:
        notes = f", {self._pointer(path)}, notes" if converter.notes else ""
        return f"{self.imports.value(converter.function)}({self.leaf(path)}{notes})"

    def _pointer(self, path: FieldPath) -> str:
        """The pointer to a value in the response."""
        return f"at + {literal(path.pointer)}" if self.in_list else literal(path.pointer)

    def items(self, mapping: ListMapping) -> str:
        """The value of a unified list."""
        pointer = literal(mapping.path.pointer)
        items = f"notes.items({pointer}, {self.leaf(mapping.path)})"
        return f"tuple({list_function(mapping)}(item, {pointer} + f'/{{at}}', ref, notes) for at, item in {items})"


def _free_name(fields: tuple[Field, ...], used: set[str]) -> Code:
    local = "_".join(item.name.strip("_") for item in fields)
    while local in used or keyword.iskeyword(local):
        local += "_"
    return name(local)


def part(part_name: str) -> str:
    """A part of the reference that is always there."""
    return "ref.run_id" if part_name == RUN_ID else f"ref.parts[{literal(part_name)}]"


def list_function(mapping: ListMapping) -> Code:
    """The name of the function that makes an item of a list."""
    return name(f"_{mapping.target.replace('.', '_')}")
