"""Which members of a union are the same in two versions.

Two members are the same if they have the same discriminator value, or else a property with the same constant value, or
else much in common beside what the other members have, too. Names of classes decide only after that, and where what
tells members apart has moved from one to another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from .....interpreter.fast_dataclasses import dataclass
from .....ir.model import Enum, Model
from .....ir.types import ListOf, MapOf, Ref, Type, alternatives, constant_of
from ....pairing.items import ENOUGH_IN_COMMON, Paired, Rarity, Rating, most_alike, overlap, pair, same
from ..context import Classes, class_of
from ..json_types import in_words

Member = Type | Enum
"""A member of a union; an `Enum`, in place of a reference to it, stands for all enums among the members."""
Tags = Mapping[str, str]
"""The class names of a union by discriminator values, or by other constants."""
_LEVELS = 2
"""How many levels of properties tell whether two members are alike."""


def with_one_enum(members: tuple[Type, ...], classes: Classes) -> tuple[Member, ...]:
    """The members of a union, with all enums among them as one."""
    enums = {member: class_ for member in members if isinstance(class_ := class_of(member, classes), Enum)}
    if not enums:
        return members
    values = {value.value: value for enum in enums.values() for value in enum.values}
    first = next(iter(enums.values()))
    return Enum(first.name, tuple(values.values()), first.source), *(m for m in members if m not in enums)


@dataclass(frozen=True)
class Members:
    """The members of one JSON type that a union has in one version."""

    all: Sequence[Member]
    classes: Classes
    mapping: Tags
    """The class names by discriminator value."""

    @cached_property
    def traits(self) -> Mapping[Member, frozenset[Hashable]]:
        """The properties of each object, with what is inside them; nothing for any other member."""
        return {member: frozenset(_traits(self.classes, member, _LEVELS)) for member in self.all}

    @cached_property
    def constants(self) -> Tags:
        """The class names by the constants of required properties that one class alone has: "kind: cat"."""
        listed = [
            (f"{wire}: {value}", member.name)
            for member in self.all
            if isinstance(member, Ref)
            for wire, value in constants(self.classes, member)
        ]
        counts = Counter(constant for constant, _ in listed)
        return {constant: name for constant, name in listed if counts[constant] == 1}

    def has_tag(self, member: Member) -> bool:
        """Whether something tells a class apart beside its properties."""
        return isinstance(member, Ref) and member.name in {*self.mapping.values(), *self.constants.values()}


def paired_members(old: Members, new: Members) -> Paired[Member]:
    """The members of both versions, paired by the first step that recognizes both."""
    likeness = _Likeness(old, new)
    return pair(
        old.all,
        new.all,
        most_alike(likeness.shared_values),
        same(_unnamed_type),
        likeness.same_constants,
        same(likeness.unchanged_old, likeness.unchanged_new),
        most_alike(likeness.shared_traits),
        same(_class_name),
        same(partial(_type_in_words, old.classes), partial(_type_in_words, new.classes)),
        _only_members,
    )


class _Likeness:
    """The steps of pairing, and how alike members are."""

    def __init__(self, old: Members, new: Members) -> None:
        self.old, self.new = old, new
        self.values: Counter[tuple[Member, Member]] = Counter(
            (Ref(name), Ref(new.mapping[value])) for value, name in old.mapping.items() if value in new.mapping
        )
        """How many discriminator values an old class and a new class share."""

    @cached_property
    def rarity(self) -> Rarity:
        """How much each trait tells about a member."""
        return Rarity([*self.old.traits.values(), *self.new.traits.values()])

    def share(self, old: Member, new: Member) -> float:
        """From 0, nothing in common but what all members have, to 1, no difference."""
        traits = self.old.traits[old], self.new.traits[new]
        weight = self.rarity.between(*traits)
        if any(map(weight, traits[0] | traits[1])) or (self.old.has_tag(old) and self.new.has_tag(new)):
            return overlap(*traits, weight)
        return overlap(*traits)

    def is_moved(self, old: Member, new: Member) -> bool:
        """Whether what two members share has moved to another class, as the one of the same name is as alike."""
        has_same_name = old != new and isinstance(old, Ref) and old in self.new.traits
        return has_same_name and self.share(old, old) >= self.share(old, new)

    def shared_values(self, old: Member, new: Member) -> Rating | None:
        """How many discriminator values two members share; None where these have moved."""
        count = self.values[old, new]
        return (count, old == new) if count and not self.is_moved(old, new) else None

    def same_constants(self, old: Sequence[Member], new: Sequence[Member]) -> Iterator[tuple[int, int]]:
        """A step that pairs members with the same constants, unless these have moved."""
        step = same(partial(_constants, self.old.classes), partial(_constants, self.new.classes))
        return ((i, j) for i, j in step(old, new) if not self.is_moved(old[i], new[j]))

    def unchanged_old(self, member: Member) -> Hashable:
        """The name and the traits of an old class, so that most classes need not be compared with all others."""
        return (member, self.old.traits[member]) if isinstance(member, Ref) and self.old.traits[member] else None

    def unchanged_new(self, member: Member) -> Hashable:
        """The name and the traits of a new class."""
        return (member, self.new.traits[member]) if isinstance(member, Ref) and self.new.traits[member] else None

    def shared_traits(self, old: Member, new: Member) -> Rating | None:
        """How much two members have in common; None where that is not enough."""
        share = self.share(old, new)
        return (share, old == new) if share >= ENOUGH_IN_COMMON else None


def constants(classes: Classes, member: Member) -> Iterator[tuple[str, str | float | bool]]:
    """The required properties of an object that have only one value, with that value."""
    class_ = class_of(member, classes)
    for field in class_.fields if isinstance(class_, Model) else ():
        enum, value = class_of(field.type, classes), constant_of(field.type)
        if isinstance(enum, Enum) and len(enum.values) == 1:
            value = enum.values[0].value
        if field.required and value is not None:
            yield field.wire, value


def _constants(classes: Classes, member: Member) -> Hashable:
    """The constants of an object; None without any."""
    return frozenset(constants(classes, member)) or None


def _traits(classes: Classes, member: Member, levels: int) -> Iterator[Hashable]:
    """The names of an object's properties, alone, with their types in words, with their constants, and with what is
    inside them."""
    class_ = class_of(member, classes)
    if not isinstance(class_, Model) or not levels:
        return
    yield from constants(classes, member)
    for field in class_.fields:
        yield field.wire
        yield field.wire, field.required, in_words(field.type, classes)
        for type_ in alternatives(field.type):
            inner = type_.item if isinstance(type_, ListOf) else type_
            yield from ((field.wire, "/", trait) for trait in _traits(classes, inner, levels - 1))


def _unnamed_type(member: Member) -> Hashable:
    """A scalar, a list or a map, with its constraints; the same for any enum, as there is at most one."""
    if isinstance(member, Enum):
        return "enum"
    return None if isinstance(member, Ref) else member


def _class_name(member: Member) -> str | None:
    return member.name if isinstance(member, Ref) else None


def _type_in_words(classes: Classes, member: Member) -> str | None:
    """A scalar or a list, without its constraints."""
    return None if isinstance(member, Ref | MapOf | Enum) else in_words(member, classes)


def _only_members(old: Sequence[Member], new: Sequence[Member]) -> Iterator[tuple[int, int]]:
    """A step that pairs the last member of both versions, unless it was an object with properties."""
    if len(old) == len(new) == 1 and not isinstance(old[0], Ref):
        yield 0, 0
