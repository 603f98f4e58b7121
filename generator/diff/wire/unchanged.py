"""Classes that are the same in both versions, all that they hold included: nothing needs to be compared there.

Most of an update's classes are, and every operation that uses them would be walked through them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...ir.model import Alias, Enum, Model
from ...ir.types import Ref, Type, types_in


def unchanged(old: Mapping[str, Model | Enum | Alias], new: Mapping[str, Model | Enum | Alias]) -> frozenset[str]:
    """The names that stand for the same in both versions, wherever that is written."""
    alike = {name for name in old.keys() & new.keys() if _content(old[name]) == _content(new[name])}
    users: dict[str, list[str]] = {}
    for name in alike:
        for used in _used(old[name]):
            users.setdefault(used, []).append(name)
    changed = [name for name in users if name not in alike]
    while changed:
        for user in users.pop(changed.pop(), ()):
            if user in alike:
                alike.remove(user)
                changed.append(user)
    return frozenset(alike)


def _content(item: Model | Enum | Alias) -> object:
    """All that a class says, without the places where it does and the order of its parts."""
    about = item.description, item.deprecated
    if isinstance(item, Enum):
        return about, {member.value: member.description for member in item.values}
    if isinstance(item, Alias):
        return about, item.type, item.discriminator
    notes = {f.wire: (f.description, f.deprecated, f.read_only, f.write_only, f.default) for f in item.fields}
    return about, notes, {f.wire: (f.type, f.required) for f in item.fields}, item.additional


def _used(item: Model | Enum | Alias) -> Iterator[str]:
    for type_ in _types(item):
        yield from (inner.name for inner in types_in(type_) if isinstance(inner, Ref))


def _types(item: Model | Enum | Alias) -> Iterator[Type]:
    match item:
        case Model():
            yield from (field.type for field in item.fields)
            yield from [item.additional] if item.additional else []
        case Alias():
            yield item.type
