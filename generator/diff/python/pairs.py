"""What of one version is the same thing in the other one, also under another name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from .annotations import MODELS, Annotation
from .surface import Class, Function, Method, Parameter, Surface

T = TypeVar("T")
_ALIKE = 1 / 3
"""How much of what two classes have must be alike for the one to be the other under a new name."""


def paired(
    old: Iterable[T], new: Iterable[T], *keys: Callable[[T], Hashable]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Those that share a key, by the first one that both have alone; then what is left of the old, and of the new."""
    pairs: list[tuple[T, T]] = []
    left, right = list(old), list(new)
    for key in keys:
        ours, theirs = _alone(left, key), _alone(right, key)
        found = [(one, theirs[name]) for name, one in ours.items() if name in theirs]
        pairs += found
        left = _without(left, [one for one, _ in found])
        right = _without(right, [one for _, one in found])
    return pairs, left, right


def _without(items: list[T], taken: list[T]) -> list[T]:
    gone = set(map(id, taken))
    return [one for one in items if id(one) not in gone]


def _alone(items: list[T], key: Callable[[T], Hashable]) -> dict[Hashable, T]:
    keyed = [(key(one), one) for one in items]
    counts = Counter(name for name, _ in keyed)
    return {name: one for name, one in keyed if counts[name] == 1}


def paired_methods(old: Surface, new: Surface) -> tuple[list[tuple[Method, Method]], list[Method], list[Method]]:
    """Methods that call the same operation, or else have the same name; then those gone, and those that are new."""
    return paired(old.methods, new.methods, lambda one: (one.operation, one.streams), lambda one: one.name)


def paired_webhooks(
    old: Surface, new: Surface
) -> tuple[list[tuple[Function, Function]], list[Function], list[Function]]:
    """Functions that read the same webhook, or else have the same name; then those gone, and those that are new."""
    return paired(old.webhooks, new.webhooks, lambda one: one.wire, lambda one: one.name)


def paired_parameters(
    old: tuple[Parameter, ...], new: tuple[Parameter, ...]
) -> tuple[list[tuple[Parameter, Parameter]], list[Parameter], list[Parameter]]:
    """Parameters that fill the same, or have the same name, or are what is left at the same position of a call."""
    position = {id(one): number for both in (old, new) for number, one in enumerate(both) if one.wire[:4] == "path"}
    return paired(
        *(old, new),
        lambda one: one.wire,
        lambda one: one.name,
        lambda one: position.get(id(one), one.wire),
    )


def paired_classes(old: Surface, new: Surface) -> dict[str, str]:
    """What the old classes are called in the new version; an enum that became plain text is called `str` there."""
    ours, theirs = {MODELS + one.name: one for one in old.classes}, {MODELS + one.name: one for one in new.classes}
    votes = _votes(old, new, ours, theirs)
    met, taken = {one for one, _ in votes}, {other for _, other in votes}

    def alike(one: str, other: str) -> float:
        return _likeness(ours[one], theirs[other]) if other in theirs else 0

    same = [name for name in ours if name in theirs]
    found = {name: name for name in same if (name, name) in votes or name not in met | taken}
    moved = [pair for pair in votes if alike(*pair) >= _ALIKE and alike(*pair) > alike(pair[0], pair[0])]
    placeless = paired(
        [name for name in ours if name not in met and name not in theirs],
        [name for name in theirs if name not in taken and name not in ours],
        lambda name: frozenset(_traits(ours.get(name) or theirs[name])),
    )[0]
    for one, other in [
        *sorted(moved, key=lambda pair: (-alike(*pair), pair)),
        *placeless,
        *zip(same, same, strict=True),
    ]:
        if one not in found and other not in found.values():
            found[one] = other
    for one in ours.keys() - found.keys():
        if {other for name, other in votes if name == one} == {ours[one].base}:
            found[one] = ours[one].base
    return found


def _votes(old: Surface, new: Surface, ours: dict[str, Class], theirs: dict[str, Class]) -> dict[tuple[str, str], None]:
    """Which old class stands where which new one does."""
    votes = dict.fromkeys(pair for places in _called(old, new) for pair in _met(*places))
    todo = list(votes)
    names = {name for pair in votes for name in pair}
    todo += [(name, name) for name in ours if name in theirs and name not in names]
    while todo:
        one, other = todo.pop()
        if one in ours and other in theirs:
            attributes, _, _ = paired(ours[one].attributes, theirs[other].attributes, lambda a: a.wire)
            pairs = [(a.annotation, b.annotation) for a, b in attributes]
            before, after = ours[one].members, theirs[other].members
            pairs += [(before, after)] if before and after else []
            fresh = [pair for a, b in pairs for pair in _met(a, b) if pair not in votes]
            votes |= dict.fromkeys(fresh)
            todo += fresh
    return votes


def _called(old: Surface, new: Surface) -> Iterator[tuple[Annotation, Annotation]]:
    """The annotations at the same places of calls, and of what reads webhooks."""
    for old_one, new_one in paired_webhooks(old, new)[0]:
        yield old_one.returns, new_one.returns
    for one, other in paired_methods(old, new)[0]:
        yield one.returns, other.returns
        for error, later in paired(one.raises, other.raises, lambda raised: raised.status)[0]:
            yield error.body, later.body
        for parameter, after in paired_parameters(one.parameters, other.parameters)[0]:
            yield parameter.annotation, after.annotation


def _met(old: Annotation, new: Annotation) -> Iterator[tuple[str, str]]:
    """The classes that stand at the same places of two annotations; of an enum also the text that took its place."""
    ours, theirs = ({kind.name for kind in side.kinds if kind.name.startswith(MODELS)} for side in (old, new))
    yield from ((name, name) for name in sorted(ours & theirs))
    left, right = sorted(ours - theirs), sorted(theirs - ours)
    if len(left) == 1 and not right:
        right = [kind.name for kind in new.kinds if kind.name in ("str", "int")]
    if len(left) == len(right) == 1:
        yield left[0], right[0]
    for one, other in paired(old.kinds, new.kinds, lambda kind: kind.name)[0]:
        for inner, outer in zip(one.holds, other.holds, strict=False):
            yield from _met(inner, outer)


def _likeness(old: Class, new: Class) -> float:
    """From 0, nothing in common, to 1, no difference that is not in names of classes."""
    ours, theirs = _traits(old), _traits(new)
    return len(ours & theirs) / len(ours | theirs) if (old.kind, old.base) == (new.kind, new.base) else 0


def _traits(one: Class) -> set[Hashable]:
    words: set[Hashable] = {
        one.base,
        *(word.value for word in one.words),
        *(one.members.names() if one.members else ()),
    }
    for attribute in one.attributes:
        plain = frozenset(name for name in attribute.annotation.names() if not name.startswith(MODELS))
        words |= {attribute.wire, (attribute.wire, attribute.required, plain)}
    return words
