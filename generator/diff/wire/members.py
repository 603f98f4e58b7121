"""Several alternatives of one kind: which of one version is which of the other.

What tells them apart on the wire decides: the word of a discriminator, else a property that is always the same word,
else what they are made of. Their classes' names help where they are made of alike things. Several enums are one: it
does not matter on the wire which of them a word belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from ...ir.model import Alias, Enum, Field, Model
from ...ir.types import ANY, ListOf, MapOf, Ref, Scalar, Type, types_in
from .kinds import described
from .pairs import Classes, Named, Sides

_ALIKE = 1 / 3
"""How much of what two objects have must be alike for the one to have become the other."""
Words = dict[str, str]
"""The words of discriminators, and the classes that they stand for."""
Alternative = Type | Enum
"""One of several; an `Enum` itself are all enums among them."""


@dataclass(frozen=True, slots=True)
class Paired:
    """The alternatives that both versions have, and those that one of them has alone."""

    both: tuple[tuple[Alternative, Alternative], ...]
    gone: tuple[Alternative, ...]
    fresh: tuple[Alternative, ...]


def words_of(aliases: Iterable[Alias]) -> Words:
    """The words that tell the members of aliases apart, with the classes that they stand for."""
    return {word: name for alias in aliases if alias.discriminator for word, name in alias.discriminator.values}


def as_one_enum(members: Iterable[Type], classes: Classes) -> tuple[Alternative, ...]:
    """The alternatives, all enums among them as one."""
    items = [(member, classes[member.name] if isinstance(member, Ref) else None) for member in members]
    enums = [item for _, item in items if isinstance(item, Enum)]
    rest = tuple(member for member, item in items if not isinstance(item, Enum))
    if not enums:
        return rest
    words = {word.value: word for enum in enums for word in enum.values}
    return Enum(enums[0].name, tuple(words.values()), enums[0].source), *rest


def pair_members(
    sides: Sides, old: Iterable[Alternative], new: Iterable[Alternative], words: tuple[Words, Words]
) -> Paired:
    """Which alternative is which; `words` are those of the discriminators of both versions."""
    pairing = _Pairing(sides, list(old), list(new))
    pairing.best(_shared_words(*words), 1)
    pairing.by(lambda member, _: None if isinstance(member, Ref | Enum) else member)
    pairing.by(lambda member, _: isinstance(member, Enum) or None)
    pairing.by(_constants)
    pairing.best(_Traits(sides).likeness, _ALIKE)
    pairing.by(lambda member, _: member.name if isinstance(member, Ref) else None)
    pairing.by(_shape)
    if len(pairing.old) == len(pairing.new) == 1 and not isinstance(pairing.old[0], Ref):
        pairing.take(pairing.old[0], pairing.new[0])
    return Paired(tuple(pairing.found), tuple(pairing.old), tuple(pairing.new))


def label(member: Alternative, classes: Classes, words: Words) -> str:
    """What tells an alternative apart from the others, for a reader: its word, its class, or its type."""
    match member:
        case Enum(values=known):
            return ", ".join(sorted(str(word.value) for word in known))
        case Ref(name):
            return next((word for word, other in words.items() if other == name), name)
        case _:
            return described(member, classes)


def covered(member: Alternative, others: Iterable[Alternative]) -> bool:
    """Whether one of `others` allows whatever `member` does."""
    return any(_holds(other, member) for other in others)


def _holds(other: Alternative, member: Alternative) -> bool:
    match other, member:
        case Scalar(_, format_, ()), Scalar(_, narrower):
            return format_ in ("", narrower)
        case Scalar(_, "", ()), Enum():
            return True
        case ListOf(item, ()), ListOf(narrower):
            return item == ANY or (item == narrower and not any(isinstance(t, Ref) for t in types_in(item)))
        case MapOf(value), _:
            return value == ANY
        case _:
            return False


class _Pairing:
    """The pairs that were found, and what is left."""

    def __init__(self, sides: Sides, old: list[Alternative], new: list[Alternative]) -> None:
        self.sides, self.old, self.new = sides, old, new
        self.found: list[tuple[Alternative, Alternative]] = []

    def take(self, old: Alternative, new: Alternative) -> None:
        self.old.remove(old)
        self.new.remove(new)
        self.found.append((old, new))

    def by(self, key: Callable[[Alternative, Classes], Hashable]) -> None:
        """Pair those that have a key that no other one of their version has; None is no key."""
        ours, theirs = _alone(self.old, self.sides.old, key), _alone(self.new, self.sides.new, key)
        for name, member in ours.items():
            if name in theirs:
                self.take(member, theirs[name])

    def best(self, likeness: Callable[[Alternative, Alternative], float], least: float) -> None:
        """Pair what is most alike first; of those that are equally alike, what has one name."""
        if not (self.old and self.new):
            return
        rated = [
            (-alike, old != new, i, j)
            for i, old in enumerate(self.old)
            for j, new in enumerate(self.new)
            if (alike := likeness(old, new)) >= least
        ]
        ours, theirs = [*self.old], [*self.new]
        taken: set[tuple[str, int]] = set()
        for _, _, i, j in sorted(rated):
            if not taken & {("old", i), ("new", j)}:
                taken |= {("old", i), ("new", j)}
                self.take(ours[i], theirs[j])


def _alone(
    members: Iterable[Alternative], classes: Classes, key: Callable[[Alternative, Classes], Hashable]
) -> dict[Hashable, Alternative]:
    keyed = [(name, member) for member in members if (name := key(member, classes)) is not None]
    counts = Counter(name for name, _ in keyed)
    return {name: member for name, member in keyed if counts[name] == 1}


def _shared_words(old: Words, new: Words) -> Callable[[Alternative, Alternative], float]:
    """How many words two classes stand for alike."""
    votes = Counter((old[word], new[word]) for word in old.keys() & new.keys())
    return lambda one, other: votes[one.name, other.name] if isinstance(one, Ref) and isinstance(other, Ref) else 0


def _constants(member: Alternative, classes: Classes) -> Hashable:
    """The required properties of an object that are always the same word."""
    item = classes[member.name] if isinstance(member, Ref) else None
    if not isinstance(item, Model):
        return None
    return frozenset(_constant_words(item.fields, classes)) or None


def _constant_words(fields: Iterable[Field], classes: Classes) -> Iterator[Hashable]:
    for field in fields:
        enum: Named | None = classes[field.type.name] if isinstance(field.type, Ref) else None
        if field.required and isinstance(enum, Enum) and len(enum.values) == 1:
            yield field.wire, enum.values[0].value


def _shape(member: Alternative, classes: Classes) -> Hashable:
    """What an alternative that is no object is, roughly: a text of some format, a list of some kind."""
    if isinstance(member, Ref | MapOf | Enum):
        return None
    return described(member, classes)


class _Traits:
    """What objects are made of, each read once."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.known: dict[tuple[bool, Alternative], frozenset[Hashable]] = {}

    def likeness(self, old: Alternative, new: Alternative) -> float:
        """From 0, nothing in common, to 1, no difference that is not in names of classes; 0 of what is no object."""
        ours, theirs = self._of(False, old), self._of(True, new)
        return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0

    def _of(self, later: bool, member: Alternative) -> frozenset[Hashable]:
        if (later, member) not in self.known:
            classes = self.sides.new if later else self.sides.old
            item = classes[member.name] if isinstance(member, Ref) else None
            words: set[Hashable] = set()
            for field in item.fields if isinstance(item, Model) else ():
                words |= {field.wire, (field.wire, field.required, described(field.type, classes))}
            self.known[later, member] = frozenset(words)
        return self.known[later, member]
