"""Unified fields: which places fill them, through which converter, and what stands in when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...document.field_reader import FieldReader, name_hint
from ...document.problems import Source
from ...document.tree import Object
from ...ir.model import Field, Model
from ...ir.types import ListOf, Ref, alternatives
from ..converters import CONVERTERS, as_it_is, kind
from ..mapping import Default, FieldMapping, FieldPath, ListMapping, PresentWhen, RefPart, StatusTable
from ..unified import ROOT, STATUS, UnifiedModel
from .response_models import ResponseModels
from .statuses import StatusReader


@dataclass(frozen=True)
class ValueReader:
    """Reads `fields`, `lists` and `present_when` of one mapping. `parts` are those of its references."""

    answers: ResponseModels
    unified: UnifiedModel
    facts: FieldReader
    parts: tuple[RefPart, ...]

    def values(self, table: Object, model: str, unified: str) -> tuple[FieldMapping, ...]:
        """The entries of `fields`, which lead from the provider's model `model` to the unified model `unified`."""
        return tuple(self._values(table, model, unified))

    def _values(self, table: Object, model: str, unified: str) -> Iterator[FieldMapping]:
        for target in table:
            field = self._target(target, table.where(target), unified)
            entry = table[target]
            if isinstance(entry, str):
                entry = Object([("at", entry)], table.where(target), {"at": table.marks[target]})
            if not isinstance(entry, Object):
                message = f"{target!r} is filled from neither a pointer nor a table"
                self.facts.problems.error(
                    self.facts.id, table.where(target), message, "write /pointer, or {at: /pointer}"
                )
                continue
            self.facts.check_keys(entry, {"at", "first", "as", "missing", "agree"})
            paths = self._paths(entry, model)
            if field is None or not paths:
                continue
            converter = self._converter(entry, target, field, paths)
            if converter is not None:
                default = self._default(entry, target, field, paths)
                yield FieldMapping(target, field, paths, converter, table.where(target), default, self._agree(entry))

    def _paths(self, entry: Object, model: str) -> tuple[FieldPath, ...]:
        if ("at" in entry) == ("first" in entry):
            message = "one of `at` (a pointer) and `first` (several) is needed"
            self.facts.problems.error(self.facts.id, entry.source, message)
            return ()
        pointers = self.facts.texts(entry, "first", required=True) if "first" in entry else []
        if "at" in entry and (pointer := self.facts.text(entry, "at")):
            pointers = [(pointer, entry.where("at"))]
        paths = [self.answers.path(pointer, model, place) for pointer, place in pointers]
        return tuple(path for path in paths if path) if all(paths) else ()

    def _agree(self, entry: Object) -> bool:
        agree = self.facts.flag(entry, "agree")
        if agree and len(entry.get("first", ())) < 2:
            message = "`agree` is for several places under `first`"
            self.facts.problems.error(self.facts.id, entry.where("agree"), message)
        return agree

    def _target(self, target: str, place: Source, unified: str) -> Field | None:
        """The unified field of that name that a mapping can fill."""
        known = self.unified.leaves(unified)
        leaf = known.get(target)
        if leaf is None or leaf.in_list:
            lists = [*self._lists_of(unified)]
            in_list = any(target == name or target.startswith(f"{name}.") for name in lists)
            message = f"{unified} has no field {target!r} to fill ({self.unified.models[unified].source})"
            candidates = [name for name, leaf in known.items() if leaf.filled_by == "mapping"]
            inside = [name for name in candidates if name.startswith(f"{target}.")]
            hint = f"map what is in it: {', '.join(inside)}" if inside else name_hint(target, candidates)
            hint = "it is in a list: map it under `lists`" if in_list else hint
            self.facts.problems.error("unknown-field", place, message, hint)
            return None
        field = leaf.field
        if leaf.filled_by != "mapping":
            message = f"{target!r} is not filled by a field of the answer ({field.source})"
            hint = (
                "it follows from the table under `status`"
                if leaf.filled_by == "status"
                else "it is made for every provider alike"
            )
            self.facts.problems.error("filled-field", place, message, hint)
            return None
        return field

    def _lists_of(self, unified: str, prefix: str = "") -> Iterator[str]:
        for field in self.unified.models[unified].fields:
            if isinstance(field.type, ListOf):
                yield prefix + field.name
            elif isinstance(field.type, Ref) and field.type.name in self.unified.models:
                yield from self._lists_of(field.type.name, f"{prefix}{field.name}.")

    def _converter(self, entry: Object, target: str, field: Field, paths: tuple[FieldPath, ...]) -> str | None:
        """The name of the converter, which fits all places and the field; "" for none."""
        wanted = kind(field.type, self.unified.enums, unified=True)
        name = self.facts.text(entry, "as", required=False)
        if name and name not in CONVERTERS:
            message = f"there is no converter {name!r} for {paths[0].pointer} ({paths[0].described})"
            self.facts.problems.error("unknown-converter", entry.where("as"), message, name_hint(name, [*CONVERTERS]))
            return None
        for path in paths:
            found = [kind(member, self.answers.enums) for member in alternatives(path.type)]
            for one in found:
                converter = CONVERTERS.get(name) or as_it_is(one, wanted)
                if converter and one in converter.takes and converter.gives == wanted and (name or len(found) == 1):
                    continue
                self._mismatch(entry, name, target, field, path, " or ".join(found), wanted)
                return None
        return name

    def _mismatch(
        self, entry: Object, name: str, target: str, field: Field, path: FieldPath, found: str, wanted: str
    ) -> None:
        fitting = [n for n, c in CONVERTERS.items() if c.gives == wanted and set(found.split(" or ")) <= c.takes]
        through = f" through {name!r}" if name else ""
        message = (
            f"{path.pointer} holds {found} ({path.described}), which does not become {wanted},"
            f" the kind of {target} ({field.source}){through}"
        )
        if name and as_it_is(found, wanted):
            hint = "leave out `as`"
        elif fitting:
            hint = f"say as: {' or '.join(fitting)}"
        else:
            hint = "no converter does that: leave the field absent and the place raw_only, or correct the spec"
        place = entry.where("as") if name else path.source
        self.facts.problems.error("converter-mismatch", place, message, hint)

    def _default(self, entry: Object, target: str, field: Field, paths: tuple[FieldPath, ...]) -> Default | None:
        value = entry.get("missing")
        if value is None:
            if field.required:
                pointers = " or ".join(f"{path.pointer} ({path.described})" for path in paths)
                message = f"{target} is required ({field.source}), but an answer may come without {pointers}"
                hint = "say what stands in, such as missing: run_id"
                self.facts.problems.error("missing-default", entry.source, message, hint)
            return None
        place = entry.where("missing")
        wanted = kind(field.type, self.unified.enums, unified=True)
        if isinstance(value, Object):
            self.facts.check_keys(value, {"value"})
            constant = value.get("value")
            if (isinstance(constant, str) and wanted == "text") or (type(constant) is int and wanted == "integer"):
                return Default(value=constant)
            message = f"{constant!r} is no {wanted}, the kind of {target} ({field.source})"
            self.facts.problems.error("default-mismatch", place, message)
            return None
        certain = [part.name for part in self.parts if part.place == "path"]
        if value not in certain or wanted != "text":
            what = "no part that every reference has" if value not in certain else f"text, not {wanted}"
            message = f"{value!r} is {what}; {target} needs it ({field.source})"
            hint = f"{name_hint(str(value), certain)}; a constant is written missing: {{value: ...}}"
            self.facts.problems.error("default-mismatch", place, message, hint)
            return None
        return Default(part=str(value))

    # Lists and objects without fields of their own

    def lists(self, table: Object, model: str) -> tuple[ListMapping, ...]:
        """The entries of `lists`."""
        return tuple(self._each(table, model))

    def _each(self, table: Object, model: str) -> Iterator[ListMapping]:
        statuses = StatusReader(self.answers, self.unified, self.facts)
        for target in table:
            entry = self.facts.mapping(table, target)
            self.facts.check_keys(entry, {"each", "fields", "status"})
            unified = self._item_model(target, table.where(target))
            pointer = self.facts.text(entry, "each")
            path = self.answers.path(pointer, model, entry.where("each")) if pointer else None
            if unified is None or path is None:
                continue
            inner = path.type.item if isinstance(path.type, ListOf) else None
            if not isinstance(inner, Ref) or inner.name not in self.answers.models:
                message = f"{pointer} is no list of objects with properties, and nothing else ({path.described})"
                hint = "leave the list absent and the place raw_only, or correct the spec"
                self.facts.problems.error("converter-mismatch", path.source, message, hint)
                continue
            has_status = any(model == unified and by == "status" for (model, _), by in self.unified.filled.items())
            if has_status != ("status" in entry):
                source = self.unified.models[unified].source
                message = f"an item of {target} has {'a' if has_status else 'no'} status ({source})"
                hint = "add `status` with its table" if has_status else "remove `status`"
                self.facts.problems.error(self.facts.id, entry.source, message, hint)
            yield ListMapping(
                target=target,
                path=path,
                item=inner.name,
                model=unified,
                values=self.values(self.facts.mapping(entry, "fields"), inner.name, unified),
                statuses=statuses.read(self.facts.mapping(entry, "status"), inner.name) if "status" in entry else None,
                source=table.where(target),
            )

    def _item_model(self, target: str, place: Source) -> str | None:
        lists = list(self._lists_of(ROOT))
        field = self._field(target) if target in lists else None
        inner = field.type.item if field and isinstance(field.type, ListOf) else None
        if not isinstance(inner, Ref) or (field and (ROOT, field.name) in self.unified.filled):
            fillable = [name for name in lists if (ROOT, name) not in self.unified.filled]
            message = f"{ROOT} has no list {target!r} to fill ({self.unified.models[ROOT].source})"
            self.facts.problems.error("unknown-field", place, message, name_hint(target, fillable))
            return None
        return inner.name

    def _field(self, target: str) -> Field | None:
        holder: Model | None = self.unified.models[ROOT]
        field = None
        for name in target.split("."):
            field = next((f for f in holder.fields if f.name == name), None) if holder else None
            holder = self.unified.models.get(field.type.name) if field and isinstance(field.type, Ref) else None
        return field

    def flags(self, document: Object, statuses: StatusTable | None) -> tuple[PresentWhen, ...]:
        """The entries of `present_when`: objects that are there for some statuses, and empty."""
        table, error = self.facts.mapping(document, "present_when"), self.facts.problems.error
        enum = self.unified.enums[STATUS]
        known = [member.name for member in enum.values]
        reached = {word.status for word in statuses.words} if statuses and not self.facts.problems.errors else {*known}
        parts = [part for key in ("fields", "lists") if isinstance(part := document.get(key), Object)]
        filled = {key: part.where(key) for part in parts for key in part}
        found = []
        for target in table:
            field = self._field(target)
            if field is None or not isinstance(field.type, Ref) or field.type.name not in self.unified.models:
                message = f"{ROOT} has no object {target!r} ({self.unified.models[ROOT].source})"
                error("unknown-field", table.where(target), message, name_hint(target, self._objects()))
                continue
            words = self.facts.texts(table, target, required=True)
            for word, place in words:
                if word not in known:
                    error("unknown-status", place, f"{word!r} is no {STATUS} ({enum.source})", name_hint(word, known))
                elif word not in reached:
                    message = f"no word of the table under `status` leads to {word} ({enum.source})"
                    error("unknown-status", place, message, f"there are: {', '.join(sorted(reached))}")
            inside = [place for key, place in filled.items() if key.startswith(f"{target}.")]
            if inside:
                message = f"{target!r} is there when one of its fields is (at {inside[0]}), not for a status"
                error("filled-field", table.where(target), message, "remove it here, or map none of its fields")
            found.append(PresentWhen(target, tuple(word for word, _ in words), table.where(target)))
        return tuple(found)

    def _objects(self) -> list[str]:
        fields = self.unified.models[ROOT].fields
        return [f.name for f in fields if isinstance(f.type, Ref) and f.type.name in self.unified.models]
