"""Unified fields: which pointers fill them, through which converter, and what stands in when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Field
from ...ir.types import alternatives
from ..converters import CONVERTERS, Converter, implied, value_type
from ..mapping import Default, FieldMapping, FieldPath, RefPart
from .context import Context


@dataclass(frozen=True)
class FieldMappingReader:
    """Reads the tables `fields` of one mapping. `parts` are those of its references."""

    context: Context
    parts: tuple[RefPart, ...]

    def read(self, table: Object, model: str, unified_model: str) -> tuple[FieldMapping, ...]:
        """The entries of a table that leads from the provider's model to the unified one."""
        return tuple(self._read(table, model, unified_model))

    def _read(self, table: Object, model: str, unified_model: str) -> Iterator[FieldMapping]:
        for target in table:
            entry, source = table[target], table.where(target)
            field = self._unified_field(target, source, unified_model)
            if isinstance(entry, str):
                entry = Object([("at", entry)], source, {"at": table.marks[target]})
            if not isinstance(entry, Object):
                message = f"{target!r} is filled from neither a pointer nor a table"
                self.context.shape_error(source, message, "write /pointer, or {at: /pointer}")
                continue
            self.context.reader.check_keys(entry, {"at", "first", "as", "missing", "agree"})
            paths = self._paths(entry, model)
            if field is None or not paths:
                continue
            entry_reader = _EntryReader(self.context, entry, target, field, paths)
            name = entry_reader.converter_name()
            converters = () if name is None else entry_reader.converters(name)
            if name is not None and converters:
                default = entry_reader.default(self.parts)
                yield FieldMapping(target, field, paths, name, converters, source, default, entry_reader.agree())

    def _paths(self, entry: Object, model: str) -> tuple[FieldPath, ...]:
        if ("at" in entry) == ("first" in entry):
            message = "one of `at` (a pointer) and `first` (several) is needed"
            self.context.shape_error(entry.source, message)
            return ()
        if "first" in entry:
            return self.context.paths(self.context.reader.texts(entry, "first", required=True), model)
        path = self.context.path(entry, "at", model)
        return (path,) if path else ()

    def _unified_field(self, target: str, source: Source, unified_model: str) -> Field | None:
        """The unified field of that name; None when a mapping cannot fill it, which is reported."""
        unified = self.context.unified
        leaves = unified.leaves(unified_model)
        leaf = leaves.get(target)
        if leaf is None or leaf.in_list:
            message = f"{unified_model} has no field {target!r} to fill"
            fillable = [name for name, leaf in leaves.items() if leaf.filled_by == "mapping"]
            inside = [name for name in fillable if name.startswith(f"{target}.")]
            hint = f"map what is in it: {', '.join(inside)}" if inside else name_hint(target, fillable)
            if any(f"{target}.".startswith(f"{name}.") for name in unified.lists(unified_model)):
                hint = "it is in a list: map it under `lists`"
            see = unified.models[unified_model].source
            self.context.error("unknown-field", source, message, hint, see)
            return None
        if leaf.filled_by != "mapping":
            message = f"{target!r} is not filled by a field of the response"
            hint = "workflow_runs fills it for every provider"
            hint = "it follows from the table under `status`" if leaf.filled_by == "status" else hint
            self.context.error("filled-field", source, message, hint, leaf.field.source)
            return None
        return leaf.field


@dataclass(frozen=True)
class _EntryReader:
    """Reads the entry of one unified field, whose pointers have been followed."""

    context: Context
    entry: Object
    target: str
    field: Field
    paths: tuple[FieldPath, ...]

    @property
    def _field_type(self) -> str:
        return value_type(self.field.type, self.context.unified.enums, unified=True)

    def converter_name(self) -> str | None:
        """The name of the converter, "" when there is none; None when it is unknown, which is reported."""
        name = self.context.reader.text(self.entry, "as", required=False)
        if not name or name in CONVERTERS:
            return name
        path, hint = self.paths[0], name_hint(name, [*CONVERTERS])
        message = f"there is no converter {name!r} for {path.pointer}"
        self.context.error("unknown-converter", self.entry.where("as"), message, hint, path.described_at, subject=name)
        return None

    def converters(self, name: str) -> tuple[Converter, ...]:
        """The converter of each path; () when one of them does not fit, which is reported."""
        converters = []
        for path in self.paths:
            types = [value_type(member, self.context.models.enums) for member in alternatives(path.type)]
            converter = CONVERTERS[name] if name else implied(types[0], self._field_type) if len(types) == 1 else None
            if converter is None or not converter.takes.issuperset(types) or converter.gives != self._field_type:
                self._mismatch(name, path, types)
                return ()
            converters.append(converter)
        return tuple(converters)

    def _mismatch(self, name: str, path: FieldPath, types: list[str]) -> None:
        given, wanted = " or ".join(types), self._field_type
        fitting = [n for n, c in CONVERTERS.items() if c.gives == wanted and c.takes.issuperset(types)]
        if name and implied(given, wanted):
            hint = "leave out `as`"
        elif fitting:
            hint = f"say as: {' or '.join(fitting)}"
        else:
            hint = "no converter does that: leave the field absent and the pointer raw_only, or correct the spec"
        through = f" through {name!r}" if name else ""
        message = f"{path.pointer} holds {given}, which does not become {wanted}, the type of {self.target}{through}"
        source, see = self.entry.where("as") if name else path.source, (path.described_at, self.field.source)
        self.context.error("converter-mismatch", source, message, hint, *see, subject=f"{path.pointer} {given}")

    def agree(self) -> bool:
        """Whether the values at all paths have to agree."""
        agree = self.context.reader.flag(self.entry, "agree")
        if agree and len(self.entry.get("first", ())) < 2:
            message = "`agree` is for several pointers under `first`"
            self.context.shape_error(self.entry.where("agree"), message)
        return agree

    def default(self, parts: tuple[RefPart, ...]) -> Default | None:
        """What stands in for an absent value."""
        value = self.entry.get("missing")
        if value is None:
            self._check_optional()
        elif isinstance(value, Object):
            return self._constant(value)
        else:
            certain = [part.name for part in parts if part.location == "path"]
            if value in certain and self._field_type == "text":
                return Default(part=value)
            what = f"text, not {self._field_type}" if value in certain else "not a part that every reference has"
            hint = f"{name_hint(str(value), certain)}; a constant is written missing: {{value: ...}}"
            self._wrong_default(f"{value!r} is {what}; {self.target} needs it", hint)
        return None

    def _check_optional(self) -> None:
        if self.field.required:
            pointers = " or ".join(path.pointer for path in self.paths)
            message = f"{self.target} is required, but a response may come without {pointers}"
            hint, see = "say what stands in, such as missing: run_id", [path.described_at for path in self.paths]
            self.context.error("missing-default", self.entry.source, message, hint, self.field.source, *see)

    def _constant(self, table: Object) -> Default | None:
        self.context.reader.check_keys(table, {"value"})
        value, wanted = table.get("value"), self._field_type
        if (isinstance(value, str) and wanted == "text") or (type(value) is int and wanted == "integer"):
            return Default(constant=value)
        self._wrong_default(f"{value!r} is not the {wanted} that {self.target} needs")
        return None

    def _wrong_default(self, message: str, hint: str = "") -> None:
        self.context.error("default-mismatch", self.entry.where("missing"), message, hint, self.field.source)
