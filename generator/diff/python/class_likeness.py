"""How alike an old and a new class are, beside what does not tell a class from any other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property

from ...python.expressions import MODELS, Annotation, Name, names_in
from ...python.imports import LITERAL, OPEN_LITERAL
from ..pairing.items import Rarity, overlap
from .surface import Attribute, Class, Surface

Classes = Mapping[Name, Class]
Traits = frozenset[Hashable]
_COMMON = {"id", "uuid", "object", "type", "kind", "createdat", "updatedat"}
"""Attributes that all sorts of classes have, without underscores and in small letters."""


class ClassLikeness:
    """What is known about the classes of two versions; `of` compares two of them."""

    def __init__(self, old: Surface, new: Surface, old_classes: Classes, new_classes: Classes) -> None:
        self.surfaces = old, new
        self.old, self.new = old_classes, new_classes
        self.old_traits, self.new_traits = _ClassTraits(old_classes), _ClassTraits(new_classes)
        self.rarities: dict[tuple[frozenset[Name], frozenset[Name]], Rarity] = {}

    @cached_property
    def siblings(self) -> tuple[Mapping[Name, frozenset[Name]], ...]:
        """For both versions, the members of the largest union that a class is a member of."""
        return tuple(_siblings(surface) for surface in self.surfaces)

    def of(self, old_name: Name, new_name: Name) -> float:
        """From 0, nothing in common that tells them from others, to 1, no difference but in names of classes."""
        old, new = self.old[old_name], self.new.get(new_name)
        if new is None or (old.kind, old.base) != (new.kind, new.base):
            return 0
        traits = self.old_traits[old_name], self.new_traits[new_name]
        rarity = self._rarity(old_name, new_name)
        among_others = rarity.between(*traits)

        def weight(trait: Hashable) -> float:
            return 0 if isinstance(trait, _Common) else among_others(trait)

        if rarity.total > 2 or any(map(weight, traits[0] | traits[1])):
            return overlap(*traits, weight)
        return overlap(*traits)

    def _rarity(self, old: Name, new: Name) -> Rarity:
        """How much each trait tells about classes that are members of the same union."""
        old_siblings, new_siblings = self.siblings
        names = old_siblings.get(old, frozenset({old})), new_siblings.get(new, frozenset({new}))
        if names not in self.rarities:
            old_traits = (self.old_traits[name] for name in names[0] if name in self.old)
            new_traits = (self.new_traits[name] for name in names[1] if name in self.new)
            self.rarities[names] = Rarity([*old_traits, *new_traits])
        return self.rarities[names]


class _ClassTraits(dict[Name, Traits]):
    """The attributes of classes, and what is inside them, of each that is looked up."""

    def __init__(self, classes: Classes) -> None:
        super().__init__()
        self.classes = classes

    def __missing__(self, name: Name) -> Traits:
        traits = self[name] = frozenset(_traits(self.classes[name], self.classes))
        return traits


class _Common(tuple[Hashable, ...]):
    """A trait that does not tell a class from any other."""

    __slots__ = ()


def own_traits(class_: Class) -> Traits:
    """The attributes and values of a class, without the names of other classes."""
    return frozenset(_own_traits(class_))


def _own_traits(class_: Class) -> Iterator[Hashable]:
    yield from (value.value for value in class_.values)
    yield from names_in(class_.members) if class_.members else ()
    for attribute in class_.attributes:
        kind = _Common if attribute.wire.replace("_", "").lower() in _COMMON else tuple
        if constant := _constant(attribute):
            yield attribute.wire, constant
            continue
        names = frozenset(name for name in names_in(attribute.annotation) if name.module != MODELS)
        yield kind((attribute.wire,))
        yield kind((attribute.wire, attribute.required, names))


def _traits(class_: Class, classes: Classes) -> Iterator[Hashable]:
    """The traits of a class, and those of the classes inside its attributes."""
    yield from _own_traits(class_)
    for attribute in class_.attributes:
        for name in names_in(attribute.annotation):
            inner = classes.get(name)
            if inner and inner.attributes:
                yield from ((attribute.wire, "/", trait) for trait in _own_traits(inner))


def _constant(attribute: Attribute) -> str:
    """The only value of an attribute, as code; "" where it has several."""
    members = attribute.annotation.members
    return str(attribute.annotation) if {member.name for member in members} <= {LITERAL, OPEN_LITERAL} else ""


def _siblings(surface: Surface) -> dict[Name, frozenset[Name]]:
    siblings: dict[Name, frozenset[Name]] = {}
    annotations = [annotation for method in surface.methods for annotation in method.annotations()]
    annotations += [function.returns for function in surface.webhooks]
    annotations += [annotation for class_ in surface.classes for annotation in class_.annotations()]
    for union in sorted(map(_models, _nested(annotations)), key=len):
        siblings |= dict.fromkeys(union, union)
    return siblings


def _nested(annotations: list[Annotation]) -> Iterator[Annotation]:
    pending = annotations
    while pending:
        annotation = pending.pop()
        yield annotation
        pending += [argument for member in annotation.members for argument in member.arguments]


def _models(annotation: Annotation) -> frozenset[Name]:
    return frozenset(member.name for member in annotation.members if member.name.module == MODELS)
