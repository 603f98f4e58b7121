"""The members of a union that have the same JSON type in two versions.

The enums of a union count as one member: in JSON it does not matter which of them a value belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .....ir.model import Enum
from .....ir.types import ANY, ListOf, MapOf, Ref, Scalar, Type, types_in
from ....finding import Finding
from ..constraints import compare_enums
from ..context import Classes, class_of
from ..json_types import in_words
from ..pairs import SiteRules, Value, ValuePair
from .discriminators import compare_discriminators, discriminators_of
from .mistaken import mistaken_class
from .same import Member, Members, Tags, paired_members

_MEMBER_ADDED = SiteRules.by_direction("request-property-any-of-added", "response-property-any-of-added")
_MEMBER_MISTAKEN = "response-property-any-of-mistaken"
_MEMBER_REMOVED = SiteRules.by_direction("request-property-any-of-removed", "response-property-any-of-removed")


def compare_unions(union: ValuePair, old: Sequence[Member], new: Sequence[Member]) -> Iterator[Finding | ValuePair]:
    """The findings about members that only one version has, and the pairs of members to compare next."""
    before, after = discriminators_of(union.old), discriminators_of(union.new)
    old_members = Members(old, union.old.classes, before.mapping)
    new_members = Members(new, union.new.classes, after.mapping)
    members = paired_members(old_members, new_members)
    if len(old) > 1 and len(new) > 1:
        properties = before.properties, after.properties
        yield from compare_discriminators(union, *properties, old_members, new_members, members)
    for member in members.only_old:
        if not any(_includes(new_member, member) for new_member in new):
            yield union.finding(_MEMBER_REMOVED, _label(member, union.old.classes, before.mapping), "")
    for member in members.only_new:
        if not any(_includes(old_member, member) for old_member in old):
            label = _label(member, union.new.classes, after.mapping)
            mistaken = mistaken_class(member, union.new, old, union.old) if union.site == "response" else None
            if mistaken:
                label = f"{label} as {_label(mistaken, union.old.classes, before.mapping)}"
            yield union.finding(_MEMBER_MISTAKEN if mistaken else _MEMBER_ADDED, "", label)
    for old_member, new_member in members.pairs:
        if isinstance(old_member, Enum) or isinstance(new_member, Enum):
            yield from compare_enums(union, old_member, new_member)
        else:
            label = _label(old_member, union.old.classes, before.mapping)
            yield union.member(label, _value(old_member, union.old), _value(new_member, union.new))


def _value(member: Type, union: Value) -> Value:
    """A member as a value, at the source of its class if it has one."""
    class_ = class_of(member, union.classes)
    return Value.of_type(member, class_.source if class_ else union.source, union.classes)


def _label(member: Member, classes: Classes, tags: Tags) -> str:
    """What identifies a member in findings: its discriminator value, its class, its values as an enum, or its type."""
    match member:
        case Enum(values=values):
            return ", ".join(sorted(str(value.value) for value in values))
        case Ref(name):
            return next((value for value, class_ in tags.items() if class_ == name), name)
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
