"""Pairs of an old and a new class that are the same class for callers.

A class keeps its name, or it is used in the same positions: where a method returned the old class, it returns the new
class, if they have enough in common beside what many classes have, such as an id or what all members of a union share.
For a class that is used elsewhere too, or nowhere, the attributes that it shares with another class decide.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product

from ...interpreter.fast_dataclasses import dataclass
from ...python.expressions import MODELS, Annotation, Name
from ..pairing.items import ENOUGH_IN_COMMON, most_alike, pair, same
from .class_likeness import Classes, ClassLikeness, own_traits
from .pairs import paired_errors, paired_methods, paired_parameters, paired_webhooks
from .surface import Class, Surface

SamePositions = frozenset[tuple[Name, Name]]
"""The old and the new name of what has the same position in annotations."""
_MOST_IN_ONE_POSITION = 16
"""How many classes of a union may have been replaced at once, so that each pair of them is looked at."""


def paired_classes(old: Surface, new: Surface) -> dict[Name, Name]:
    """The new names of the old classes, where several can have become one; an enum that became plain text is called
    `str` in the new version."""
    old_classes = {class_.in_annotations: class_ for class_ in old.classes}
    new_classes = {class_.in_annotations: class_ for class_ in new.classes}
    positions = _same_positions(old, new, old_classes, new_classes)
    old_used, new_used = frozenset(name for name, _ in positions), frozenset(name for _, name in positions)
    steps = _Steps(
        old_classes, new_classes, positions, old_used, new_used, ClassLikeness(old, new, old_classes, new_classes)
    )
    by_name = sorted(positions, key=lambda names: (names[0].name, names[1].name))
    paired = pair(
        old_classes,
        new_classes,
        same(steps.unmoved),
        most_alike(steps.likeness_where_moved, by_name),
        same(steps.traits_of_unused_old, steps.traits_of_unused_new),
        same(lambda name: name),
    )
    successors: dict[Name, set[Name]] = {}
    for old_name, new_name in positions:
        successors.setdefault(old_name, set()).add(new_name)
    names = dict(paired.pairs)
    for name in paired.only_old:
        if len(successors.get(name, ())) == 1:
            (new_name,) = successors[name]
            if new_name == Name(old_classes[name].base) or steps.is_merged(name, new_name):
                names[name] = new_name
    return names


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of pairing, and what they know about the names of classes."""

    old: Classes
    new: Classes
    positions: SamePositions
    old_used: frozenset[Name]
    """The names in `positions`; classes in no annotation, or in those of only one version, are not among them."""
    new_used: frozenset[Name]
    likeness: ClassLikeness

    def unmoved(self, name: Name) -> Name | None:
        """The name, if the class of this name has the same position in both versions, or none in either."""
        used = name in self.old_used or name in self.new_used
        return name if (name, name) in self.positions or not used else None

    def likeness_where_moved(self, old: Name, new: Name) -> float | None:
        """How alike two classes in the same position are; None where the class that kept the name is as alike."""
        likeness = self.likeness.of(old, new)
        return likeness if likeness >= ENOUGH_IN_COMMON and likeness > self.likeness.of(old, old) else None

    def is_merged(self, old: Name, new: Name) -> bool:
        """Whether an old class is part of a new one that has other classes' positions, too."""
        return self.likeness.of(old, new) >= ENOUGH_IN_COMMON

    def traits_of_unused_old(self, name: Name) -> frozenset[Hashable] | None:
        """The traits of an old class, if neither its positions nor its name lead to a new class."""
        return own_traits(self.old[name]) if name not in self.old_used and name not in self.new else None

    def traits_of_unused_new(self, name: Name) -> frozenset[Hashable] | None:
        """The traits of a new class, if neither its positions nor its name lead to an old class."""
        return own_traits(self.new[name]) if name not in self.new_used and name not in self.old else None


def _same_positions(old: Surface, new: Surface, old_classes: Classes, new_classes: Classes) -> SamePositions:
    """The old and the new class in the same position of a call, and of the classes that calls use."""
    positions = {names for annotations in _called(old, new) for names in _classes_in(*annotations)}
    mentioned = {name for names in positions for name in names}
    todo = [*positions, *((name, name) for name in old_classes if name in new_classes and name not in mentioned)]
    while todo:
        old_name, new_name = todo.pop()
        if old_name in old_classes and new_name in new_classes:
            inside = _inside(old_classes[old_name], new_classes[new_name])
            inner_positions = {names for annotations in inside for names in _classes_in(*annotations)} - positions
            positions |= inner_positions
            todo += inner_positions
    return frozenset(positions)


def _called(old: Surface, new: Surface) -> Iterator[tuple[Annotation, Annotation]]:
    """The annotations in the same positions of methods, and of functions that read webhooks."""
    for old_function, new_function in paired_webhooks(old, new).pairs:
        yield old_function.returns, new_function.returns
    for old_method, new_method in paired_methods(old, new).pairs:
        yield old_method.returns, new_method.returns
        for old_error, new_error in paired_errors(old_method, new_method).pairs:
            yield old_error.body, new_error.body
        for old_parameter, new_parameter in paired_parameters(old_method.parameters, new_method.parameters).pairs:
            yield old_parameter.annotation, new_parameter.annotation


def _inside(old: Class, new: Class) -> Iterator[tuple[Annotation, Annotation]]:
    """The annotations in the same positions of two classes."""
    for old_attribute, new_attribute in pair(old.attributes, new.attributes, same(lambda a: a.wire)).pairs:
        yield old_attribute.annotation, new_attribute.annotation
    if old.members and new.members:
        yield old.members, new.members


def _classes_in(old: Annotation, new: Annotation) -> Iterator[tuple[Name, Name]]:
    """The classes in the same positions of two annotations; for an enum also the `str` or `int` that replaced it."""
    if old == new and len(old.members) == 1:  # nothing is paired
        (member,) = old.members
        if member.name.module == MODELS:
            yield member.name, member.name
        for argument in member.arguments:
            yield from _classes_in(argument, argument)
        return
    old_classes, new_classes = (
        {member.name for member in annotation.members if member.name.module == MODELS} for annotation in (old, new)
    )
    yield from ((name, name) for name in old_classes & new_classes)
    only_old, only_new = old_classes - new_classes, new_classes - old_classes
    if not only_new:
        only_new = {member.name for member in new.members} & {Name("str"), Name("int")}
    if max(len(only_old), len(only_new)) <= _MOST_IN_ONE_POSITION:
        yield from product(only_old, only_new)
    for old_member, new_member in pair(old.members, new.members, same(lambda member: member.name)).pairs:
        for arguments in zip(old_member.arguments, new_member.arguments, strict=False):
            yield from _classes_in(*arguments)
