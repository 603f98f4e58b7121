"""The classes of both versions, which comparisons of types look up by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ....interpreter.fast_dataclasses import dataclass
from ....ir.model import Alias, Api, Enum, Model
from ....ir.types import ANY, Ref, Restriction, Type, types_in
from ....python.annotations import enum_types
from ..compared import Comparisons

Class = Model | Enum | Alias
"""A type that has a name; names are unique among all three."""
Classes = Mapping[str, Class]


@dataclass(frozen=True, slots=True)
class Context:
    """The classes of both versions, by name."""

    old: Classes
    new: Classes
    old_enums: Mapping[str, str]
    """The Python type of each enum's values, by the enum's name."""
    new_enums: Mapping[str, str]
    unchanged: frozenset[str]
    """The names of classes that are the same in both versions, as are all classes that they refer to."""
    ambiguous: dict[tuple[Type, Type], tuple[frozenset[Type], frozenset[Type]]] = field(default_factory=dict)
    """The members of the old type whose values match several of its own members, and of the new one, by the types."""
    comparisons: Comparisons = field(default_factory=Comparisons)
    """The values that were compared."""
    operation: str = ""
    """The route of the operation whose values are compared; "" where they belong to none."""


def class_of(type_: Type | Enum, classes: Classes) -> Class | None:
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
    """The names of the classes that are not compared, so that each operation that uses one is compared faster."""
    unchanged = {name for name in old.keys() & new.keys() if _content(old[name]) == _content(new[name])}
    references = {name: _references(old[name]) for name in unchanged}
    while changed := {name for name in unchanged if not references[name] <= unchanged}:
        unchanged -= changed
    return frozenset(unchanged)


def _content(class_: Class) -> object:
    """All of a class that can be compared: without its sources and the order of its properties."""
    annotations = class_.description, class_.deprecated
    match class_:
        case Enum():
            return annotations, {value.value: value.description for value in class_.values}
        case Alias():
            return annotations, class_.type, class_.discriminator, _restrictions(class_.type)
        case Model():
            properties = {
                f.wire: (
                    *(f.type, f.required, f.description, f.deprecated, f.read_only, f.write_only, f.default),
                    _restrictions(f.type),
                )
                for f in class_.fields
            }
            of_additional = class_.additional and _restrictions(class_.additional)
            return annotations, properties, class_.additional, {*class_.restrictions}, of_additional


def _restrictions(type_: Type) -> tuple[frozenset[Restriction], ...]:
    """What narrows the values of a type, and those inside it; types do not differ by it."""
    return tuple(frozenset(inner.restrictions) for inner in types_in(type_))


def _references(class_: Class) -> set[str]:
    """The names of the classes that a class refers to."""
    types: list[Type] = []
    if isinstance(class_, Model):
        types = [class_.additional or ANY, *(field.type for field in class_.fields)]
    elif isinstance(class_, Alias):
        types = [class_.type]
    return {inner.name for type_ in types for inner in types_in(type_) if isinstance(inner, Ref)}
