"""The unified model itself, before and after: what concerns callers whatever provider their runs are of."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Enum, EnumValue, Field, Model
from ...ir.types import ListOf, MapOf, Ref, Scalar, Type, UnionOf
from ...normalization.unified import UnifiedModel
from ..finding import Finding


def compare_unified(old: UnifiedModel | None, new: UnifiedModel | None) -> Iterator[Finding]:
    """The differences of two unified models; none where one of the versions has no such model."""
    if old is None or new is None:
        return
    yield from _compare_models(old, new)
    for name in sorted(old.enums.keys() & new.enums.keys()):
        yield from _compare_words(old.enums[name], new.enums[name])
    for title, before, after in (("terminal", old.terminal, new.terminal), ("resting", old.resting, new.resting)):
        both = {m.name for m in old.enums["RunStatus"].values} & {m.name for m in new.enums["RunStatus"].values}
        for word in sorted(both & ({*before} ^ {*after})):
            texts = (title, f"not {title}") if word in before else (f"not {title}", title)
            sources = (old.enums["RunStatus"].source, new.enums["RunStatus"].source)
            yield Finding("normalized-vocabulary-sorted", "", f"RunStatus.{word}", *texts, *sources)


def _compare_models(old: UnifiedModel, new: UnifiedModel) -> Iterator[Finding]:
    before: dict[str, Model | Enum] = {**old.models, **old.enums}
    after: dict[str, Model | Enum] = {**new.models, **new.enums}
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one and other:
            yield from _described(name, one, other)
        elif one:
            yield Finding("normalized-model-field-removed", "", name, name, "", one.source, None)
        elif other:
            yield Finding("normalized-model-field-added", "", name, "", name, None, other.source)
        if isinstance(one, Model) and isinstance(other, Model):
            yield from _compare_fields(one, other)


def _compare_fields(old: Model, new: Model) -> Iterator[Finding]:
    before, after = ({field.name: field for field in model.fields} for model in (old, new))
    for name in sorted(before.keys() | after.keys()):
        place, one, other = f"{new.name}.{name}", before.get(name), after.get(name)
        if one and other:
            if _shown(one) != _shown(other):
                texts = (_shown(one), _shown(other))
                yield Finding("normalized-model-field-retyped", "", place, *texts, one.source, other.source)
            yield from _described(place, one, other)
        elif one:
            yield Finding("normalized-model-field-removed", "", place, _shown(one), "", one.source, None)
        elif other:
            yield Finding("normalized-model-field-added", "", place, "", _shown(other), None, other.source)


def _compare_words(old: Enum, new: Enum) -> Iterator[Finding]:
    before, after = ({member.name: member for member in enum.values} for enum in (old, new))
    for name in sorted(before.keys() | after.keys()):
        place, one, other = f"{new.name}.{name}", before.get(name), after.get(name)
        if one and other:
            yield from _described(place, one, other)
        elif one:
            yield Finding("normalized-vocabulary-word-removed", "", place, str(one.value), "", one.source, None)
        elif other:
            yield Finding("normalized-vocabulary-word-added", "", place, "", str(other.value), None, other.source)


def _described(
    place: str, old: Model | Enum | Field | EnumValue, new: Model | Enum | Field | EnumValue
) -> Iterator[Finding]:
    if old.description != new.description:
        texts = (old.description, new.description)
        yield Finding("normalized-notes-changed", "", place, *texts, old.source, new.source)


def _shown(field: Field) -> str:
    """The type as callers see it; what JSON Schema says beside it binds nobody who reads a run."""
    default = f" = {field.default}" if field.default else ""
    return f"{_type(field.type)}{'' if field.required else ' or nothing'}{default}"


def _type(type_: Type) -> str:
    match type_:
        case Scalar(kind, format):
            return f"{kind} ({format})" if format else kind
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
