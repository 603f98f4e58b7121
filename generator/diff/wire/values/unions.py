"""The members of a union that have the same JSON type in two versions, and how they are paired.

Two members are the same if they have the same discriminator value, or else a property with the same constant value, or
else many properties in common. Names of classes decide only after that. The enums of a union count as one member: in
JSON it does not matter which of them a value belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from ....ir.model import Enum, Model
from ....ir.types import ANY, ListOf, MapOf, Ref, Scalar, Type, types_in
from ...finding import Finding
from ...pairing import ENOUGH_IN_COMMON, Paired, Rating, by_key, most_alike, overlap, pair, same
from .constraints import compare_enums
from .context import Classes, class_of
from .json_types import aliases, in_words
from .pairs import SiteRules, Value, ValuePair

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
"""A member of a union; an `Enum`, in place of a reference to it, stands for all enums among the members."""


def with_one_enum(members: tuple[Type, ...], classes: Classes) -> tuple[Member, ...]:
    """The members of a union, with all enums among them as one."""
    enums = {member: class_ for member in members if isinstance(class_ := class_of(member, classes), Enum)}
    if not enums:
        return members
    values = {value.value: value for enum in enums.values() for value in enum.values}
    first = next(iter(enums.values()))
    return Enum(first.name, tuple(values.values()), first.source), *(m for m in members if m not in enums)


def compare_unions(union: ValuePair, old: Sequence[Member], new: Sequence[Member]) -> Iterator[Finding | ValuePair]:
    """The findings about members that only one version has, and the pairs of members to compare next."""
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
    """A member as a value, at the source of its class if it has one."""
    class_ = class_of(member, union.classes)
    return Value.of_type(member, class_.source if class_ else union.source, union.classes)


def _label(member: Member, classes: Classes, discriminator: Mapping[str, str]) -> str:
    """What identifies a member in findings: its discriminator value, its class, its values as an enum, or its type."""
    match member:
        case Enum(values=values):
            return ", ".join(sorted(str(value.value) for value in values))
        case Ref(name):
            return next((value for value, class_ in discriminator.items() if class_ == name), name)
        case _:
            return in_words(member, classes)


def _includes(wide: Member, narrow: Member) -> bool:
    """Whether one member allows every value of another one of the same JSON type."""
    match wide, narrow:
        case Scalar(_, format_, ()), Scalar(_, narrow_format):
            return format_ in ("", narrow_format)
        case Scalar(_, "", ()), Enum():
            return True
        case ListOf(item, ()), ListOf(narrow_item):
            # Classes with the same name may differ between the versions.
            has_classes = any(isinstance(type_, Ref) for type_ in types_in(item))
            return item == ANY or (item == narrow_item and not has_classes)
        case MapOf(value), _:
            return value == ANY
        case _:
            return False


# How members are paired


def _pair_members(
    union: ValuePair, old: Sequence[Member], new: Sequence[Member], shared_values: Counter[tuple[Member, Member]]
) -> Paired[Member]:
    """The members of both versions, paired by the first of these steps that recognizes both."""
    old_classes, new_classes = union.old.classes, union.new.classes
    old_traits, new_traits = cache(partial(_traits, old_classes)), cache(partial(_traits, new_classes))

    def shared_discriminator_values(old_member: Member, new_member: Member) -> Rating | None:
        count = shared_values[old_member, new_member]
        return (count, old_member == new_member) if count else None

    def shared_traits(old_member: Member, new_member: Member) -> Rating | None:
        share = overlap(old_traits(old_member), new_traits(new_member))
        return (share, old_member == new_member) if share >= ENOUGH_IN_COMMON else None

    return pair(
        old,
        new,
        most_alike(shared_discriminator_values),
        same(_unnamed_type),
        same(partial(_constants, old_classes), partial(_constants, new_classes)),
        most_alike(shared_traits),
        same(_class_name),
        same(partial(_type_in_words, old_classes), partial(_type_in_words, new_classes)),
        _only_members,
    )


def _shared_values(old: Mapping[str, str], new: Mapping[str, str]) -> Counter[tuple[Member, Member]]:
    """How many discriminator values an old class and a new class share."""
    return Counter((Ref(class_), Ref(new[value])) for value, class_ in old.items() if value in new)


def _constants(classes: Classes, member: Member) -> Hashable:
    """The required properties of an object that have only one enum value, with that value; None without such."""
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
    """The names of an object's properties, alone and with their types in words; nothing for any other member."""
    class_ = class_of(member, classes)
    traits: set[Hashable] = set()
    for field in class_.fields if isinstance(class_, Model) else ():
        traits |= {field.wire, (field.wire, field.required, in_words(field.type, classes))}
    return frozenset(traits)


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


# Discriminators


@dataclass(frozen=True, slots=True)
class _Discriminators:
    """The discriminators of a union in one version: each alias among its members may have its own."""

    properties: str
    """The names of their properties, in words."""
    classes: Mapping[str, str]
    """The class names by discriminator value."""


def _discriminators(union: Value) -> _Discriminators:
    discriminators = [alias.discriminator for alias in aliases(union.type, union.classes) if alias.discriminator]
    properties = ", ".join(sorted({discriminator.wire for discriminator in discriminators}))
    return _Discriminators(properties, {value: name for d in discriminators for value, name in d.values})


def _compare_discriminators(
    union: ValuePair, old: _Discriminators, new: _Discriminators, members: Paired[Member]
) -> Iterator[Finding]:
    if old.properties and new.properties:
        if old.properties != new.properties:
            yield union.finding(_PROPERTY_NAME_CHANGED, old.properties, new.properties)
        yield from _compare_mappings(union, old.classes, new.classes, members)
    elif new.properties:
        yield union.finding(_DISCRIMINATOR_ADDED, "", new.properties)
    elif old.properties:
        yield union.finding(_DISCRIMINATOR_REMOVED, old.properties, "")


def _compare_mappings(
    union: ValuePair, old: Mapping[str, str], new: Mapping[str, str], members: Paired[Member]
) -> Iterator[Finding]:
    """The findings about the discriminator values of members that both versions have."""
    new_names = {o.name: n.name for o, n in members.pairs if isinstance(o, Ref) and isinstance(n, Ref)}
    for value, old_class, new_class in by_key(old, new):
        if new_class is None and old_class in new_names:
            yield union.finding(_MAPPING_DELETED, value, "")
        elif old_class is None and new_class in new_names.values():
            yield union.finding(_MAPPING_ADDED, "", value)
        elif old_class in new_names and new_class in new_names.values() and new_names[old_class] != new_class:
            yield union.finding(_MAPPING_CHANGED, f"{value}: {old_class}", f"{value}: {new_class}")
