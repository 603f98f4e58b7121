"""Unified fields: which pointers fill them, through which converter, and what stands in when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Field
from ...ir.types import alternatives
from ..converters import CONVERTERS, Converter, fits, implied, value_type
from ..mapping import Default, FieldMapping, FieldPath, RefPart
from .context import Context


@dataclass(frozen=True)
class FieldMappingReader:
    """Reads the tables `fields` of one mapping. `parts` are those of its references."""

    context: Context
    parts: tuple[RefPart, ...]

    def read(self, table: Object, model: str, unified_model: str) -> Iterator[FieldMapping]:
        """The entries without mistakes of a table that leads from the model of the client to the unified one."""
        for target in table:
            entry, source = table[target], table.where(target)
            field = self._unified_field(target, source, unified_model)
            if isinstance(entry, str):
                entry = Object([("at", entry)], source, {"at": table.marks[target]})
            if not isinstance(entry, Object):
                message = f"{target!r} is filled from neither a pointer nor a table"
                self.context.reader.error(source, message, "write /pointer, or {at: /pointer}")
                continue
            self.context.reader.check_keys(entry, {"at", "first", "as", "missing", "agree"})
            paths = self._paths(entry, model)
            name = self.context.reader.text(entry, "as", required=False)
            if field and paths:
                reader = _EntryReader(self.context, entry, target, field, paths)
                converters, default, agree = tuple(reader.converters(name)), reader.default(self.parts), reader.agree()
                if len(converters) == len(paths):
                    yield FieldMapping(target, field, paths, name, converters, source, default, agree)

    def _paths(self, entry: Object, model: str) -> tuple[FieldPath, ...]:
        """Where the pointers of an entry lead; those that lead nowhere are reported, and left out."""
        if ("at" in entry) == ("first" in entry):
            self.context.reader.error(entry.source, "either `at` (one pointer) or `first` (several) is needed")
            return ()
        if "at" in entry:
            paths = [self.context.path(entry, "at", model)]
        else:
            paths = self.context.paths(entry, "first", model)
        return tuple(path for path in paths if path)

    def _unified_field(self, target: str, source: Source, unified_model: str) -> Field | None:
        """The unified field of that name; None when a mapping cannot fill it, which is reported."""
        unified, see = self.context.unified, self.context.unified.models[unified_model].source
        fields = unified.fields(unified_model)
        item = fields.get(target)
        if any(f"{target}.".startswith(f"{name}.") for name, item in fields.items() if item.is_list):
            hint = "it is in a list: map it under `lists`"
        elif item and item.filled_by != "mapping":
            message = f"{target!r} is not filled by a field of the response"
            hint = "workflow_runs fills it for every provider"
            hint = "it follows from the table under `status`" if item.filled_by == "status" else hint
            self.context.error("filled-field", source, message, hint, item.field.source)
            return None
        elif item and item.is_value:
            return item.field
        else:
            fillable = [*unified.fillable(unified_model)]
            inside = [name for name in fillable if name.startswith(f"{target}.")]
            hint = f"map what is in it: {', '.join(inside)}" if inside else name_hint(target, fillable)
        self.context.error("unknown-field", source, f"{unified_model} has no field {target!r} to fill", hint, see)
        return None


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

    def converters(self, name: str) -> Iterator[Converter]:
        """The converter of each path that it fits; the other paths are reported. `name` is "" where none is named."""
        if name and name not in CONVERTERS:
            path, source = self.paths[0], self.entry.where("as")
            message = f"there is no converter {name!r} for {path.pointer}"
            self.context.unknown("unknown-converter", source, message, name, CONVERTERS, path.described_at)
            return
        for path in self.paths:
            types = [value_type(member, self.context.models.enums) for member in alternatives(path.type)]
            converter = CONVERTERS[name] if name else implied(types[0], self._field_type) if len(types) == 1 else None
            if converter and fits(converter, types, self._field_type):
                yield converter
            else:
                self._mismatch(name, path, types)

    def _mismatch(self, name: str, path: FieldPath, types: list[str]) -> None:
        given, wanted = " or ".join(types), self._field_type
        fitting = [name for name, converter in CONVERTERS.items() if fits(converter, types, wanted)]
        if name and implied(given, wanted):
            hint = "leave out `as`"
        elif fitting:
            hint = f"write as: {' or '.join(fitting)}"
        else:
            hint = "no converter does that: leave the field absent and the pointer raw_only, or correct the spec"
        through = f" through {name!r}" if name else ""
        message = f"{path.pointer} is of type {given}, which cannot become {wanted}, the type of {self.target}{through}"
        source, see = self.entry.where("as") if name else path.source, (path.described_at, self.field.source)
        self.context.error("converter-mismatch", source, message, hint, *see, subject=f"{path.pointer} {given}")

    def agree(self) -> bool:
        """Whether the values at all paths have to agree."""
        agree = self.context.reader.flag(self.entry, "agree")
        if agree and len(self.entry.get("first", ())) < 2:
            self.context.reader.error(self.entry.where("agree"), "`agree` is for several pointers under `first`")
        return agree

    def default(self, parts: tuple[RefPart, ...]) -> Default | None:
        """What stands in for an absent value: a part that every reference has, or a constant of the field's type."""
        value, wanted = self.entry.get("missing"), self._field_type
        certain = [part.name for part in parts if part.location == "path"]
        if value is None:
            self._check_optional()
        elif isinstance(value, Object):
            self.context.reader.check_keys(value, {"value"})
            constant = value.get("value")
            if (isinstance(constant, str) and wanted == "text") or (type(constant) is int and wanted == "integer"):
                return Default(constant=constant)
            self._wrong_default(f"{constant!r} is not the {wanted} that {self.target} needs")
        elif value in certain and wanted == "text":
            return Default(part=value)
        else:
            what = f"text, not {wanted}" if value in certain else "not a part that every reference has"
            hint = f"{name_hint(str(value), certain)}; a constant is written missing: {{value: ...}}"
            self._wrong_default(f"{value!r} is {what}; {self.target} needs it", hint)
        return None

    def _check_optional(self) -> None:
        if self.field.required:
            pointers = " or ".join(path.pointer for path in self.paths)
            message = f"{self.target} is required, but a response may come without {pointers}"
            hint, see = "name what to use instead, such as missing: run_id", [path.described_at for path in self.paths]
            self.context.error("missing-default", self.entry.source, message, hint, self.field.source, *see)

    def _wrong_default(self, message: str, hint: str = "") -> None:
        self.context.error("default-mismatch", self.entry.where("missing"), message, hint, self.field.source)
