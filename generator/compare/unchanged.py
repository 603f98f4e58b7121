"""Classes that are the same in both versions, all that they hold included: nothing needs to be compared there.

Most of an update's classes are, and every operation that uses them would be walked through them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.ir import Enum, Model, Ref, types_in


def unchanged(old: Mapping[str, Model | Enum], new: Mapping[str, Model | Enum]) -> frozenset[str]:
    """The names that stand for the same in both versions, wherever that is written."""
    found = {name for name in old.keys() & new.keys() if _content(old[name]) == _content(new[name])}
    while changed := {name for name in found if not found.issuperset(_used(old[name]))}:
        found -= changed
    return frozenset(found)


def _content(item: Model | Enum) -> object:
    """All that a class says, without the places where it does and the order of its parts."""
    about = item.description, item.deprecated
    if isinstance(item, Enum):
        return about, {member.value: member.description for member in item.members}
    notes = {f.wire: (f.description, f.deprecated, f.read_only, f.write_only, f.default) for f in item.fields}
    return about, notes, {f.wire: (f.type, f.required) for f in item.fields}, item.additional


def _used(item: Model | Enum) -> Iterator[str]:
    if isinstance(item, Model):
        for type_ in (*(field.type for field in item.fields), *([item.additional] if item.additional else [])):
            yield from (inner.name for inner in types_in(type_) if isinstance(inner, Ref))
