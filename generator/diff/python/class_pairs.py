"""Which class of the old version is which of the new one.

A class keeps its name, or it stands in the same places: where a method returned the old class, it returns the new one.
Of a class that stands in other places too, or in none, what it has in common with another one decides.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from ...python.expressions import MODELS, Annotation, Name, names_in
from ..pairing import ENOUGH_IN_COMMON, most_alike, overlap, pair, same
from .pairs import paired_errors, paired_methods, paired_parameters, paired_webhooks
from .surface import Class, Surface

Classes = Mapping[Name, Class]
Places = frozenset[tuple[Name, Name]]


def paired_classes(old: Surface, new: Surface) -> dict[Name, Name]:
    """What the old classes are called in the new version; an enum that became plain text is called `str` there."""
    old_classes = {class_.in_annotations: class_ for class_ in old.classes}
    new_classes = {class_.in_annotations: class_ for class_ in new.classes}
    places = _same_places(old, new, old_classes, new_classes)
    old_placed, new_placed = frozenset(name for name, _ in places), frozenset(name for _, name in places)
    steps = _Steps(old_classes, new_classes, places, old_placed, new_placed)
    by_name = sorted(places, key=lambda names: (names[0].name, names[1].name))
    paired = pair(
        old_classes,
        new_classes,
        same(steps.unmoved),
        most_alike(steps.likeness_where_moved, by_name),
        same(steps.traits_of_old_without_place, steps.traits_of_new_without_place),
        same(lambda name: name),
    )
    names = dict(paired.pairs)
    for name in paired.only_old:
        base = Name(old_classes[name].base)
        if {new_name for old_name, new_name in places if old_name == name} == {base}:
            names[name] = base
    return names


@dataclass(frozen=True, slots=True)
class _Steps:
    """What the steps of pairing know of names of classes. `places`: the old and the new name at the same place."""

    old: Classes
    new: Classes
    places: Places
    old_placed: frozenset[Name]
    new_placed: frozenset[Name]

    def unmoved(self, name: Name) -> Name | None:
        """The name, if the class of this name has the same place in both versions, or none in either."""
        placed = name in self.old_placed or name in self.new_placed
        return name if (name, name) in self.places or not placed else None

    def likeness_where_moved(self, old: Name, new: Name) -> float | None:
        """How alike two classes at the same place are; None where the class that kept the name is as much alike."""
        likeness = self._likeness(old, new)
        return likeness if likeness >= ENOUGH_IN_COMMON and likeness > self._likeness(old, old) else None

    def traits_of_old_without_place(self, name: Name) -> frozenset[Hashable] | None:
        """What an old class has, if neither its place nor its name finds it in the new version."""
        lost = name not in self.old_placed and name not in self.new
        return _traits(self.old[name]) if lost else None

    def traits_of_new_without_place(self, name: Name) -> frozenset[Hashable] | None:
        """The same of a new class."""
        unknown = name not in self.new_placed and name not in self.old
        return _traits(self.new[name]) if unknown else None

    def _likeness(self, old_name: Name, new_name: Name) -> float:
        """From 0, nothing in common, to 1, no difference that is not in names of classes."""
        old, new = self.old[old_name], self.new.get(new_name)
        if new is None or (old.kind, old.base) != (new.kind, new.base):
            return 0
        return overlap(_traits(old), _traits(new))


def _traits(class_: Class) -> frozenset[Hashable]:
    """What a class has, apart from the names of classes."""
    traits: set[Hashable] = {class_.base, *(value.value for value in class_.values)}
    traits |= set(names_in(class_.members)) if class_.members else set()
    for attribute in class_.attributes:
        names = frozenset(name for name in names_in(attribute.annotation) if name.module != MODELS)
        traits |= {attribute.wire, (attribute.wire, attribute.required, names)}
    return frozenset(traits)


def _same_places(old: Surface, new: Surface, old_classes: Classes, new_classes: Classes) -> Places:
    """The old and the new class at the same place of a call, and then those at the same places inside of such two."""
    places = {names for annotations in _called(old, new) for names in _classes_at(*annotations)}
    mentioned = {name for names in places for name in names}
    todo = [*places, *((name, name) for name in old_classes if name in new_classes and name not in mentioned)]
    while todo:
        old_name, new_name = todo.pop()
        if old_name in old_classes and new_name in new_classes:
            inside = _inside(old_classes[old_name], new_classes[new_name])
            inner_places = {names for annotations in inside for names in _classes_at(*annotations)} - places
            places |= inner_places
            todo += inner_places
    return frozenset(places)


def _called(old: Surface, new: Surface) -> Iterator[tuple[Annotation, Annotation]]:
    """The annotations at the same places of calls, and of what reads webhooks."""
    for old_function, new_function in paired_webhooks(old, new).pairs:
        yield old_function.returns, new_function.returns
    for old_method, new_method in paired_methods(old, new).pairs:
        yield old_method.returns, new_method.returns
        for old_error, new_error in paired_errors(old_method, new_method).pairs:
            yield old_error.body, new_error.body
        for old_parameter, new_parameter in paired_parameters(old_method.parameters, new_method.parameters).pairs:
            yield old_parameter.annotation, new_parameter.annotation


def _inside(old: Class, new: Class) -> Iterator[tuple[Annotation, Annotation]]:
    """The annotations at the same places of two classes."""
    for old_attribute, new_attribute in pair(old.attributes, new.attributes, same(lambda a: a.wire)).pairs:
        yield old_attribute.annotation, new_attribute.annotation
    if old.members and new.members:
        yield old.members, new.members


def _classes_at(old: Annotation, new: Annotation) -> Iterator[tuple[Name, Name]]:
    """The classes at the same places of two annotations; for an enum also the `str` or `int` in its place."""
    old_classes, new_classes = (
        {member.name for member in annotation.members if member.name.module == MODELS} for annotation in (old, new)
    )
    yield from ((name, name) for name in old_classes & new_classes)
    only_old, only_new = old_classes - new_classes, new_classes - old_classes
    if not only_new:
        only_new = {member.name for member in new.members} & {Name("str"), Name("int")}
    if len(only_old) == len(only_new) == 1:
        yield only_old.pop(), only_new.pop()
    for old_member, new_member in pair(old.members, new.members, same(lambda member: member.name)).pairs:
        for arguments in zip(old_member.arguments, new_member.arguments, strict=False):
            yield from _classes_at(*arguments)
