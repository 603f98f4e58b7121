"""Several members of a union that are of one JSON type: which one of the old version is which of the new one.

What tells members apart in JSON decides: the value of a discriminator, else a property that always has the same value,
else what they are made of. Names of classes help where members are made of much the same. The enums of a union are one
member: in JSON it does not matter which of them a value belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from ...ir.model import Enum, Model
from ...ir.types import ANY, ListOf, MapOf, Ref, Scalar, Type, types_in
from ..finding import Finding
from ..pairing import ENOUGH_IN_COMMON, Paired, Rating, by_key, most_alike, overlap, pair, same
from .constraints import compare_enums
from .context import Classes, class_of
from .json_types import aliases, in_words
from .values import SiteRules, Value, ValuePair

_MEMBER_ADDED = SiteRules.by_direction("request-property-any-of-added", "response-property-any-of-added")
_MEMBER_REMOVED = SiteRules.by_direction("request-property-any-of-removed", "response-property-any-of-removed")
_DISCRIMINATOR_ADDED = SiteRules.by_direction(
    "request-property-discriminator-added", "response-property-discriminator-added"
)
_DISCRIMINATOR_REMOVED = SiteRules.by_direction(
    "request-property-discriminator-removed", "response-property-discriminator-removed"
)
_PROPERTY_NAME_CHANGED = SiteRules.by_direction(
    "request-property-discriminator-property-name-changed", "response-property-discriminator-property-name-changed"
)
_MAPPING_ADDED = SiteRules.by_direction(
    "request-property-discriminator-mapping-added", "response-property-discriminator-mapping-added"
)
_MAPPING_CHANGED = SiteRules.by_direction(
    "request-property-discriminator-mapping-changed", "response-property-discriminator-mapping-changed"
)
_MAPPING_DELETED = SiteRules.by_direction(
    "request-property-discriminator-mapping-deleted", "response-property-discriminator-mapping-deleted"
)

Member = Type | Enum
"""A member of a union; an `Enum` itself stands for all enums among the members."""


def with_one_enum(members: Iterable[Type], classes: Classes) -> tuple[Member, ...]:
    """The members of a union, with all enums among them as one."""
    by_class = [(member, class_of(member, classes)) for member in members]
    others = tuple(member for member, class_ in by_class if not isinstance(class_, Enum))
    enums = [class_ for _, class_ in by_class if isinstance(class_, Enum)]
    if not enums:
        return others
    values = {value.value: value for enum in enums for value in enum.values}
    return Enum(enums[0].name, tuple(values.values()), enums[0].source), *others


def compare_unions(union: ValuePair, old: Sequence[Member], new: Sequence[Member]) -> Iterator[Finding | ValuePair]:
    """The findings about which members there are, and the pairs of those that both versions have."""
    before, after = _discriminators(union.old), _discriminators(union.new)
    members = _pair_members(union, old, new, _shared_values(before.classes, after.classes))
    if len(old) > 1 and len(new) > 1:
        yield from _compare_discriminators(union, before, after, members)
    for member in members.only_old:
        if not any(_includes(new_member, member) for new_member in new):
            yield union.finding(_MEMBER_REMOVED, _label(member, union.old.classes, before.classes), "")
    for member in members.only_new:
        if not any(_includes(old_member, member) for old_member in old):
            yield union.finding(_MEMBER_ADDED, "", _label(member, union.new.classes, after.classes))
    for old_member, new_member in members.pairs:
        if isinstance(old_member, Enum) or isinstance(new_member, Enum):
            yield from compare_enums(union, old_member, new_member)
        else:
            label = _label(old_member, union.old.classes, before.classes)
            yield union.member(label, _value(old_member, union.old), _value(new_member, union.new))


def _value(member: Type, union: Value) -> Value:
    """A member as a value; what has a name has its own place in the document."""
    class_ = class_of(member, union.classes)
    return Value.of_type(member, class_.source if class_ else union.source, union.classes)


def _label(member: Member, classes: Classes, discriminator: Mapping[str, str]) -> str:
    """What tells a member apart from the others, for a reader: its discriminator value, its class, or its type."""
    match member:
        case Enum(values=values):
            return ", ".join(sorted(str(value.value) for value in values))
        case Ref(name):
            return next((value for value, class_ in discriminator.items() if class_ == name), name)
        case _:
            return in_words(member, classes)


def _includes(wide: Member, narrow: Member) -> bool:
    """Whether one member of a JSON type allows whatever another one of the same JSON type does."""
    match wide, narrow:
        case Scalar(_, format_, ()), Scalar(_, narrow_format):
            return format_ in ("", narrow_format)
        case Scalar(_, "", ()), Enum():
            return True
        case ListOf(item, ()), ListOf(narrow_item):
            # What a class holds may differ between the versions, whatever its name.
            has_classes = any(isinstance(type_, Ref) for type_ in types_in(item))
            return item == ANY or (item == narrow_item and not has_classes)
        case MapOf(value), _:
            return value == ANY
        case _:
            return False


# Which member is which


def _pair_members(
    union: ValuePair, old: Sequence[Member], new: Sequence[Member], shared_values: Counter[tuple[Member, Member]]
) -> Paired[Member]:
    """The members of both versions, paired by what tells most about them first: the order of the steps matters."""
    old_classes, new_classes = union.old.classes, union.new.classes
    old_traits, new_traits = cache(partial(_traits, old_classes)), cache(partial(_traits, new_classes))

    def by_discriminator(old_member: Member, new_member: Member) -> Rating | None:
        values = shared_values[old_member, new_member]
        return (values, old_member == new_member) if values else None

    def by_traits(old_member: Member, new_member: Member) -> Rating | None:
        common = overlap(old_traits(old_member), new_traits(new_member))
        return (common, old_member == new_member) if common >= ENOUGH_IN_COMMON else None

    return pair(
        old,
        new,
        most_alike(by_discriminator),
        same(lambda member: None if isinstance(member, Ref | Enum) else member),
        same(lambda member: isinstance(member, Enum) or None),
        same(partial(_constants, old_classes), partial(_constants, new_classes)),
        most_alike(by_traits),
        same(lambda member: member.name if isinstance(member, Ref) else None),
        same(partial(_plain_type, old_classes), partial(_plain_type, new_classes)),
        _the_last_ones,
    )


def _shared_values(old: Mapping[str, str], new: Mapping[str, str]) -> Counter[tuple[Member, Member]]:
    """How many discriminator values an old class and a new one share."""
    return Counter((Ref(class_), Ref(new[value])) for value, class_ in old.items() if value in new)


def _constants(classes: Classes, member: Member) -> Hashable:
    """The required properties of an object that always have the same value; None where there are none."""
    class_ = class_of(member, classes)
    if not isinstance(class_, Model):
        return None
    constants = set()
    for field in class_.fields:
        enum = class_of(field.type, classes)
        if field.required and isinstance(enum, Enum) and len(enum.values) == 1:
            constants.add((field.wire, enum.values[0].value))
    return frozenset(constants) or None


def _traits(classes: Classes, member: Member) -> frozenset[Hashable]:
    """What an object is made of, without the names of classes; nothing for what declares no properties."""
    class_ = class_of(member, classes)
    traits: set[Hashable] = set()
    for field in class_.fields if isinstance(class_, Model) else ():
        traits |= {field.wire, (field.wire, field.required, in_words(field.type, classes))}
    return frozenset(traits)


def _plain_type(classes: Classes, member: Member) -> str | None:
    """The type of a list or a scalar, apart from its constraints."""
    return None if isinstance(member, Ref | MapOf | Enum) else in_words(member, classes)


def _the_last_ones(old: Sequence[Member], new: Sequence[Member]) -> Iterator[tuple[int, int]]:
    """What is left alone in both versions; but an object with properties did not become a map."""
    if len(old) == len(new) == 1 and not isinstance(old[0], Ref):
        yield 0, 0


# Discriminators


@dataclass(frozen=True, slots=True)
class _Discriminators:
    """How the members of a union are told apart in one version."""

    properties: tuple[str, ...]
    """The names of the properties that do: each alias among the members may have its own."""
    classes: Mapping[str, str]
    """The classes that discriminator values stand for."""


def _discriminators(union: Value) -> _Discriminators:
    found = [alias.discriminator for alias in aliases(union.type, union.classes) if alias.discriminator]
    properties = sorted({discriminator.wire for discriminator in found})
    return _Discriminators(tuple(properties), {value: name for d in found for value, name in d.values})


def _compare_discriminators(
    union: ValuePair, old: _Discriminators, new: _Discriminators, members: Paired[Member]
) -> Iterator[Finding]:
    before, after = ", ".join(old.properties), ", ".join(new.properties)
    if before and after:
        if before != after:
            yield union.finding(_PROPERTY_NAME_CHANGED, before, after)
        yield from _compare_mappings(union, old.classes, new.classes, members)
    elif after:
        yield union.finding(_DISCRIMINATOR_ADDED, "", after)
    elif before:
        yield union.finding(_DISCRIMINATOR_REMOVED, before, "")


def _compare_mappings(
    union: ValuePair, old: Mapping[str, str], new: Mapping[str, str], members: Paired[Member]
) -> Iterator[Finding]:
    """The findings about discriminator values of members that both versions have; others come and go with theirs."""
    pairs = [(a.name, b.name) for a, b in members.pairs if isinstance(a, Ref) and isinstance(b, Ref)]
    renamed, known = dict(pairs), {name for _, name in pairs}
    for value, old_class, new_class in by_key(old, new):
        if new_class is None and old_class in renamed:
            yield union.finding(_MAPPING_DELETED, value, "")
        elif old_class is None and new_class in known:
            yield union.finding(_MAPPING_ADDED, "", value)
        elif old_class in renamed and new_class in known and renamed[old_class] != new_class:
            yield union.finding(_MAPPING_CHANGED, f"{value}: {old_class}", f"{value}: {new_class}")
