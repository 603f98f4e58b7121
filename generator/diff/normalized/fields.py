"""Where unified fields come from before and after, how they are converted, and whether they are always present."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...document.problems import Source
from ...interpreter.fast_dataclasses import dataclass
from ...ir.types import NULL, AnyType, Type, UnionOf, alternatives
from ...normalization.converters import value_type
from ...normalization.mapping import (
    ABSENT,
    BASE_URL,
    Default,
    FieldMapping,
    FieldPath,
    Items,
    ListMapping,
    Mapping,
    StatusTable,
)
from ..finding import Finding
from ..pairing.items import by_key
from .statuses import compare_statuses


@dataclass(frozen=True, slots=True)
class _Filling:
    """How one unified field is filled."""

    origin: str
    """The pointers into the response, as text."""
    certain: bool
    """Whether the spec promises that a value is there."""
    source: Source
    described_at: Source
    """Where the spec describes the value."""
    conversion: str = ""
    """What becomes of the value, as text; "" where it is taken over as it is."""
    default: Default | None = None

    @property
    def always(self) -> bool:
        """Whether the unified field is never absent."""
        return self.certain or self.default is not None


def compare_fields(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The unified fields that are filled in another way, or no longer, or newly."""
    yield from compare_certainty(old, new)
    old_lists, new_lists = ({item.target: item for item in mapping.lists} for mapping in (old, new))
    # A list that came or went is one change, whatever is in its items.
    changed_lists = tuple(f"{target}." for target in old_lists.keys() ^ new_lists.keys())
    for name, before, after in by_key(_fillings(old), _fillings(new)):
        if not name.startswith(changed_lists):
            yield from _compare_field(name, before, after)
    for target, old_list, new_list in by_key(old_lists, new_lists):
        if old_list and new_list and old_list.statuses and new_list.statuses:
            yield from compare_statuses(f"{target}.status", old_list.statuses, new_list.statuses)


def origins(mapping: Mapping) -> dict[str, tuple[str, Source, Source]]:
    """The pointers that fill each unified field, as text, where the mapping says so, and where the spec does."""
    return {name: (item.origin, item.source, item.described_at) for name, item in _fillings(mapping).items()}


def compare_certainty(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The unified fields that are always present now, or no longer."""
    for name, before, after in by_key(_fillings(old), _fillings(new)):
        if before and after and before.always != after.always:
            rule = "normalized-field-loosened" if before.always else "normalized-field-tightened"
            texts = ("always there", "may be absent") if before.always else ("may be absent", "always there")
            yield Finding(rule, name, *texts, before.described_at, after.described_at)


def _compare_field(name: str, old: _Filling | None, new: _Filling | None) -> Iterator[Finding]:
    if old and new:
        sources = (old.source, new.source)
        if old.origin != new.origin:
            yield Finding("normalized-field-moved", name, old.origin, new.origin, *sources)
        if old.conversion != new.conversion:
            texts = (old.conversion or "as it is", new.conversion or "as it is")
            yield Finding("normalized-field-converted", name, *texts, *sources)
        elif old.default and new.default and old.default != new.default and not (old.certain and new.certain):
            yield Finding("normalized-field-converted", name, _shown(old.default), _shown(new.default), *sources)
    elif old:
        yield Finding("normalized-field-lost", name, old.origin, "not mapped", old.source, None)
    elif new:
        yield Finding("normalized-field-gained", name, "", new.origin, None, new.source)


def _fillings(mapping: Mapping) -> dict[str, _Filling]:
    """Every unified field that the mapping fills, dotted; the status among them, and lists beside what is in them."""
    fillings = {"status": _of_statuses(mapping.statuses)}
    fillings |= {field.target: _of_field(field, mapping) for field in mapping.fields}
    for entry in mapping.present_when:
        for status in entry.statuses:
            fillings[f"{entry.target} for {status}"] = _Filling("the status", False, entry.source, entry.source)
    for item in mapping.lists:
        path = item.items.path
        fillings[item.target] = _Filling(path.pointer, _is_certain(path), item.source, path.described_at)
        fillings |= {f"{item.target}.{field.target}": _of_field(field, mapping, item) for field in item.fields}
        if item.statuses:
            fillings[f"{item.target}.status"] = _of_statuses(item.statuses, item)
    return fillings


def _of_statuses(table: StatusTable, item: ListMapping | None = None) -> _Filling:
    if not table.paths:
        return _Filling("the event itself", True, table.source, table.source)
    return _Filling(
        origin=_origin(table.paths, item, " and "),
        certain=all(map(_is_certain, table.paths)),
        source=table.source,
        described_at=table.paths[0].described_at,
        conversion=", ".join(path.reading for path in table.paths if path.reading),
    )


def _of_field(field: FieldMapping, mapping: Mapping, item: ListMapping | None = None) -> _Filling:
    if not field.paths:
        return _of_no_value(field)
    conversion = [f"through {field.converter}"] if field.converter else []
    if field.words:  # in any order, they mean the same
        meanings = sorted(field.words.meanings, key=lambda meaning: (meaning[0] == ABSENT, meaning))
        conversion.append(replace(field.words, meanings=tuple(meanings)).text)
    conversion += [path.reading for path in field.paths if path.reading]
    if isinstance(field.field.type, AnyType) and not field.converter:
        conversion.append(_value_types(field, mapping))
    if field.agree:
        conversion.append("disagreements are issues")
    return _Filling(
        origin=_origin(field.paths, item, ", else ", field.each),
        certain=any(map(_is_certain, field.paths)) or bool(field.words and field.words.has_absent),
        source=field.source,
        described_at=field.paths[0].described_at,
        conversion=", ".join(conversion),
        default=field.default,
    )


def _of_no_value(field: FieldMapping) -> _Filling:
    """A field that no value of the response fills, but a template or the key of an item."""
    if field.template is None:
        return _Filling("the key of the item", True, field.source, field.source)
    certain = [
        part.location == "path" or (part.name == BASE_URL and field.template.server) for part in field.template.parts
    ]
    return _Filling(field.template.text, all(certain), field.source, field.source)


def _origin(paths: tuple[FieldPath, ...], item: ListMapping | None, joint: str, each: Items | None = None) -> str:
    list_pointer = "".join(f"{items.path.pointer}/*" for items in (item and item.items, each) if items)
    return joint.join(list_pointer + _pointer(path) for path in paths)


def _pointer(path: FieldPath) -> str:
    if path.item is None:
        return path.pointer
    return f"{path.item.path.pointer}/*{path.pointer_in_item} {path.item.text}"


def _value_types(field: FieldMapping, mapping: Mapping) -> str:
    """What a free value can be: a word is text to those who read it."""
    enums = {enum.name: enum for enum in mapping.package.api.enums}
    types = {value_type(type_, enums) for path in field.paths for type_ in alternatives(path.type)}
    return " or ".join(sorted({"text" if type_ == "word" else type_ for type_ in types}))


def _is_certain(path: FieldPath) -> bool:
    """Whether the spec promises a value at the end of a path."""
    if path.item or path.nothing:
        return path.presence
    return path.presence or all(field.required and not _is_nullable(field.type) for field in path.fields)


def _is_nullable(type_: Type) -> bool:
    return isinstance(type_, AnyType) or type_ == NULL or (isinstance(type_, UnionOf) and NULL in type_.members)


def _shown(default: Default) -> str:
    return f"{default.part or repr(default.constant)} stands in"
