"""Unified fields: what fills each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...document.field_reader import name_hint
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Field
from ...ir.types import Scalar
from ..converters import CONVERTERS, TEXTS, value_type
from ..mapping import FieldMapping, FieldPath
from .call import Call
from .context import Context
from .selectors import SELECTOR_KEYS, read_items, read_nothing, read_selectors, selector_of_table, with_nothing
from .templates import read_template
from .values import ValueReader

_VALUE_KEYS = {"as", "words", "others", "missing", "agree"}
_KINDS = {
    "at": SELECTOR_KEYS | _VALUE_KEYS,
    "first": {"first", "nothing"} | _VALUE_KEYS,
    "each": SELECTOR_KEYS | {"each", "as"},
    "template": {"template"},
    "key": {"key"},
}
"""The kinds of entries, named by the key that each of them has, and their other keys; `at` is also in `each`."""


@dataclass(frozen=True)
class FieldMappingReader:
    """Reads the tables `fields` of one mapping; `call` is that which its references lead to."""

    context: Context
    call: Call

    def read(self, table: Object, model: str, unified_model: str, *, in_map: bool = False) -> Iterator[FieldMapping]:
        """The entries without mistakes of a table that leads from the model of the client to the unified one.

        `in_map`: whether they are about an item of a map, which has a key.
        """
        for target in table:
            entry, source = table[target], table.where(target)
            field = self._unified_field(target, table, unified_model)
            if in_map and entry == "key":
                hint = f"write {target}: {{key: true}}"
                self.context.reader.error(source, f"{target!r} is filled with the key of an item by a table", hint)
                continue
            if isinstance(entry, str):
                entry = Object([("at", entry)], source, {"at": table.marks[target]})
            if not isinstance(entry, Object):
                message = f"{target!r} is filled from neither a pointer nor a table"
                self.context.reader.error(source, message, _pointer_hint(target, entry))
            elif field is None and not _KINDS.keys() & entry.keys():
                continue  # Such as `error: {code: /code}`, about which enough is said.
            elif kind := self._kind(entry):
                entry = self._without_converters(entry)
                self.context.reader.check_keys(entry, _KINDS[kind])
                mapping = self._of_kind(kind, entry, target, field, model)
                if kind == "key" and not in_map:
                    self.context.reader.error(entry.where("key"), "`key` is for the items of a map")
                elif mapping:
                    yield replace(mapping, source=source)

    def _without_converters(self, entry: Object) -> Object:
        """The entry without converters that are keys of it, which is reported: `{as: integer, epoch_seconds}`."""
        keys = [key for key in entry if key in CONVERTERS and key not in _KINDS and entry[key] is None]
        if not keys:
            return entry
        names = [*([entry["as"]] if isinstance(entry.get("as"), str) else []), *keys]
        hint = f"write as: [{', '.join(names)}]"
        self.context.reader.error(entry.where(keys[0]), "several converters are a list", hint)
        return entry.without(*keys).replacing("as", Array(names, entry.source))

    def _kind(self, entry: Object) -> str:
        """The kind of an entry; "" if it is of several or of none, which is reported."""
        kinds = [kind for kind in _KINDS if kind in entry]
        if kinds == ["at", "each"]:
            kinds = ["each"]
        if len(kinds) == 1:
            return kinds[0]
        message = "either `at` (one pointer), `first` (several), `each`, `template` or `key` is needed"
        pointer = next((value for value in entry.values() if isinstance(value, str) and value.startswith("/")), "")
        hint = f"write at: {pointer or '/POINTER'}" if not kinds else f"keep one of {', '.join(kinds)}"
        self.context.reader.error(entry.source, message, hint)
        return ""

    def _of_kind(self, kind: str, entry: Object, target: str, field: Field | None, model: str) -> FieldMapping | None:
        match kind:
            case "template":
                return read_template(entry, target, field, self.call, self.context)
            case "key":
                return self._of_key(entry, target, field)
            case "each":
                return self._of_each(entry, target, field, model)
        paths = tuple(path for path in self._paths(entry, model) if path)
        return ValueReader(self.context, entry, target, field, paths).read(self.call.parts) if field and paths else None

    def _paths(self, entry: Object, model: str) -> list[FieldPath | None]:
        """Where the pointers of an entry lead; those that lead nowhere are reported, and None."""
        if isinstance(entry.get("at"), Array):
            message = "`at` is a list, and a field has one pointer"
            self.context.reader.error(entry.where("at"), message, "for the first that is there, write first: [...]")
            return []
        if "at" in entry:
            return [selector_of_table(entry, "at", model, self.context)]
        nothing = read_nothing(entry, self.context)
        paths = read_selectors(entry, "first", model, self.context)
        return [path and (path if path.nothing else with_nothing(path, nothing, self.context)) for path in paths]

    def _of_each(self, entry: Object, target: str, field: Field | None, model: str) -> FieldMapping | None:
        """A list of texts, each of which is a value in an item of a list or a map of objects."""
        list_path = self.context.path(entry, "each", model)
        items = read_items(list_path, self.context) if list_path else None
        path = selector_of_table(entry, "at", items.model, self.context) if items else None
        if field is None or items is None or path is None:
            return None
        if value_type(field.type, self.context.unified.enums, unified=True) != TEXTS:
            message = f"`each` makes a list of texts, which {target} is not"
            self.context.error("converter-mismatch", entry.where("each"), message, "", field.source, subject=target)
            return None
        text_field = replace(field, type=Scalar("str"))
        mapping = ValueReader(self.context, entry, target, text_field, (path,)).read(())
        return mapping and replace(mapping, field=field, each=items)

    def _of_key(self, entry: Object, target: str, field: Field | None) -> FieldMapping | None:
        self.context.reader.flag(entry, "key")
        if field is None:
            return None
        if value_type(field.type, self.context.unified.enums, unified=True) != "text":
            message = f"a key is text, which cannot become the value of {target}"
            self.context.error("converter-mismatch", entry.where("key"), message, "", field.source, subject=target)
        return FieldMapping(target, field, (), "", (), entry.source, is_key=True)

    def _unified_field(self, target: str, table: Object, unified_model: str) -> Field | None:
        """The unified field at a key of a table; None when a mapping cannot fill it, which is reported."""
        source, entry = table.where(target), table[target]
        unified, see = self.context.unified, self.context.unified.models[unified_model].source
        fields = unified.fields(unified_model)
        item = fields.get(target)
        if any(_is_in(target, name) for name, item in fields.items() if item.is_list):
            name = next(name for name, item in fields.items() if item.is_list and _is_in(target, name))
            each = entry if target == name and isinstance(entry, str) else "/POINTER"
            hint = f"it is in a list: write under `lists`: {name}: {{each: {each}, ...}}"
            if model := fields[name].model:
                has_status = any(unified.filled_by(model.name, field) == "status" for field in model.fields)
                statuses = "status: {at: /POINTER, words: {WORD: STATUS}}, " if has_status else ""
                inner = target.removeprefix(name).removeprefix(".") or next(iter(unified.fillable(model.name)))
                hint = hint.replace("...", f"{statuses}fields: {{{inner}: /POINTER}}")
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
            hint = (
                f"map what is in it: {': /POINTER, '.join(inside)}: /POINTER" if inside else name_hint(target, fillable)
            )
        self.context.error("unknown-field", source, f"{unified_model} has no field {target!r} to fill", hint, see)
        return None


def _pointer_hint(target: str, entry: object) -> str:
    """What to write in place of an entry that is neither a pointer nor a table."""
    if not isinstance(entry, Array) or not entry or not all(isinstance(item, str) for item in entry):
        return "write /pointer, or {at: /pointer}"
    if len(entry) == 1:
        return f"write {target}: {entry[0]}"
    return f"write one of the pointers, or {{first: [{', '.join(entry)}]}} for the first that is there"


def _is_in(target: str, name: str) -> bool:
    return f"{target}.".startswith(f"{name}.")
