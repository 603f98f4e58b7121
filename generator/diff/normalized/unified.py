"""The unified model itself, before and after: what concerns callers whatever provider their runs are of."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Enum, EnumValue, Field, Model
from ...ir.types import ListOf, MapOf, Ref, Scalar, Type, UnionOf
from ...normalization.json_schema import SCHEMA
from ...normalization.unified import ROOT, STATUS, UnifiedModel
from ..finding import Finding
from ..pairing.items import by_key

_Item = Model | Enum | Field | EnumValue


def compare_unified(old: UnifiedModel | None, new: UnifiedModel | None) -> Iterator[Finding]:
    """The differences of two unified models; none where one of the versions has no such model."""
    if old is None or new is None:
        return
    if old.schema != new.schema:
        sources = (old.models[ROOT].source, new.models[ROOT].source)
        yield Finding("normalized-schema-changed", SCHEMA, old.schema, new.schema, *sources)
    for name, before, after in by_key(_classes(old), _classes(new)):
        yield from _compare_item(name, before, after)
        if before and after and type(before) is type(after):
            for member, old_item, new_item in by_key(_members(before), _members(after)):
                yield from _compare_item(f"{name}.{member}", old_item, new_item)
    yield from _compare_sorting("terminal", old.terminal, new.terminal, old, new)
    yield from _compare_sorting("resting", old.resting, new.resting, old, new)


def _classes(unified: UnifiedModel) -> dict[str, _Item]:
    return {**unified.models, **unified.enums}


def _members(item: _Item) -> dict[str, _Item]:
    """The fields of a model, or the values of an enum."""
    if isinstance(item, Model):
        return {field.name: field for field in item.fields}
    return {value.name: value for value in item.values} if isinstance(item, Enum) else {}


def _compare_item(place: str, old: _Item | None, new: _Item | None) -> Iterator[Finding]:
    is_value = isinstance(old or new, EnumValue)
    if old and new:
        sources = (old.source, new.source)
        if isinstance(old, Field) and isinstance(new, Field) and _shown(old) != _shown(new):
            yield Finding("normalized-model-field-retyped", place, _shown(old), _shown(new), *sources)
        if old.description != new.description:
            yield Finding("normalized-notes-changed", place, old.description, new.description, *sources)
    elif old:
        rule = "normalized-vocabulary-word-removed" if is_value else "normalized-model-field-removed"
        yield Finding(rule, place, _shown(old), "", old.source, None)
    elif new:
        rule = "normalized-vocabulary-word-added" if is_value else "normalized-model-field-added"
        yield Finding(rule, place, "", _shown(new), None, new.source)


def _compare_sorting(
    title: str, before: tuple[str, ...], after: tuple[str, ...], old: UnifiedModel, new: UnifiedModel
) -> Iterator[Finding]:
    """The statuses that both models have, and that only one counts among those of `title`."""
    sources = (old.enums[STATUS].source, new.enums[STATUS].source)
    for status in sorted({*old.members(STATUS)} & {*new.members(STATUS)} & ({*before} ^ {*after})):
        texts = (title, f"not {title}") if status in before else (f"not {title}", title)
        yield Finding("normalized-vocabulary-sorted", f"{STATUS}.{status}", *texts, *sources)


def _shown(item: _Item) -> str:
    """A field's type as callers see it, an enum's value, a class's name.

    What JSON Schema says beside a type binds nobody who reads a run.
    """
    if isinstance(item, EnumValue):
        return str(item.value)
    if isinstance(item, (Model, Enum)):
        return item.name
    default = f" = {item.default}" if item.default else ""
    return f"{_type(item.type)}{'' if item.required else ' or nothing'}{default}"


def _type(type_: Type) -> str:
    match type_:
        case Scalar(primitive, format):
            return f"{primitive} ({format})" if format else primitive
        case Ref(name):
            return name
        case ListOf(item):
            return f"list of {_type(item)}"
        case MapOf(value):
            return f"object of {_type(value)}"
        case UnionOf(members):
            return " or ".join(sorted(map(_type, members)))
        case _:
            return "anything"
