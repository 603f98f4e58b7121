"""The classes of both versions, which comparisons of types look up by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...ir.model import Alias, Api, Enum, Model
from ...ir.types import ANY, Ref, Type, types_in
from ...python.annotations import enum_types

Class = Model | Enum | Alias
"""What a document gives a name of its own; names are unique among all three."""
Classes = Mapping[str, Class]


@dataclass(frozen=True, slots=True)
class Context:
    """The classes of both versions, by name."""

    old: Classes
    new: Classes
    old_enums: Mapping[str, str]
    """The names of the enums, with the Python type of their values."""
    new_enums: Mapping[str, str]
    unchanged: frozenset[str]
    """The names of classes that are the same in both versions, as are all classes that they refer to."""


def class_of(type_: object, classes: Classes) -> Class | None:
    """The class that a type refers to; None of any other type."""
    return classes[type_.name] if isinstance(type_, Ref) else None


def context_of(old: Api, new: Api) -> Context:
    """The context in which two versions are compared."""
    old_classes, new_classes = _classes(old), _classes(new)
    return Context(old_classes, new_classes, enum_types(old), enum_types(new), _unchanged(old_classes, new_classes))


def _classes(api: Api) -> Classes:
    classes: list[Class] = [*api.models, *api.enums, *api.aliases]
    return {class_.name: class_ for class_ in classes}


def _unchanged(old: Classes, new: Classes) -> frozenset[str]:
    """The names of classes that need no comparing.

    Most classes of an update are among them, and without this every operation that uses one is walked through it again.
    """
    unchanged = {name for name in old.keys() & new.keys() if _content(old[name]) == _content(new[name])}
    users: dict[str, list[str]] = {}
    for name in unchanged:
        for used in _references(old[name]):
            users.setdefault(used, []).append(name)
    changed = [name for name in users if name not in unchanged]
    while changed:
        for user in users.pop(changed.pop(), ()):
            if user in unchanged:
                unchanged.remove(user)
                changed.append(user)
    return frozenset(unchanged)


def _content(class_: Class) -> object:
    """What a class says, whatever the lines that it stands in and the order of its properties."""
    annotations = class_.description, class_.deprecated
    match class_:
        case Enum():
            return annotations, {value.value: value.description for value in class_.values}
        case Alias():
            return annotations, class_.type, class_.discriminator
        case Model():
            properties = {
                f.wire: (f.type, f.required, f.description, f.deprecated, f.read_only, f.write_only, f.default)
                for f in class_.fields
            }
            return annotations, properties, class_.additional


def _references(class_: Class) -> Iterator[str]:
    """The names of the classes that a class refers to."""
    types: list[Type] = []
    if isinstance(class_, Model):
        types = [class_.additional or ANY, *(field.type for field in class_.fields)]
    elif isinstance(class_, Alias):
        types = [class_.type]
    return (inner.name for type_ in types for inner in types_in(type_) if isinstance(inner, Ref))
