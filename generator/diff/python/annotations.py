"""How annotations relate: whether one allows all that another allows. Their members are sorted first."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterable, Mapping
from typing import Literal

from ...python.expressions import ANY, NONE, Annotation, Member, Name, code_of
from ...python.imports import LITERAL, OPEN_LITERAL

Relation = Literal["same", "widened", "narrowed", "declared", "other"]
_BASES = {Name("int"): Name("float")}
"""Types that are also another type, for a type checker and in JSON. `bool` is an `int` for a type checker alone; and to
compare a datetime with a date fails, although it is a date for a type checker."""
Sortable = tuple[str, tuple[tuple["Sortable", ...], ...]]


def ordered(annotation: Annotation) -> Annotation:
    """The same annotation with its members in the order of their names, None last."""
    members = [
        Member(member.name, tuple(map(ordered, member.arguments))) if member.arguments else member
        for member in annotation.members
    ]
    return _ordered(members) if len(members) > 1 else Annotation(tuple(members))


def without_none(annotation: Annotation) -> Annotation:
    """The annotation of the values that are not None."""
    return Annotation(tuple(member for member in annotation.members if member not in NONE.members))


def without_aliases(
    annotation: Annotation, aliases: Mapping[Name, Annotation], inside: frozenset[Name] = frozenset()
) -> Annotation:
    """The annotation with aliases replaced by their types; an alias stays `inside` its own type."""
    members: list[Member] = []
    for member in annotation.members:
        if member.name in aliases and member.name not in inside:
            members += without_aliases(aliases[member.name], aliases, inside | {member.name}).members
        else:
            arguments = (without_aliases(argument, aliases, inside) for argument in member.arguments)
            members.append(Member(member.name, tuple(arguments)))
    return _ordered(members)


def _ordered(members: Iterable[Member]) -> Annotation:
    return Annotation(tuple(sorted(set(members), key=lambda member: (member in NONE.members, _rank(member)))))


def _rank(member: Member) -> Sortable:
    return code_of(member.name), tuple(tuple(map(_rank, argument.members)) for argument in member.arguments)


def relation(old: Annotation, new: Annotation, enums: Mapping[Name, Name]) -> Relation:
    """How the new annotation relates to the old one; `enums`: the base of each enum.

    "declared": the old one allowed any value. "same": both allow the same values, perhaps in another notation.
    """
    wider, narrower = allows(new, old, enums), allows(old, new, enums)
    if wider and narrower:
        return "same"
    if wider:
        return "widened"
    if narrower:
        return "narrowed" if allows(old, new, enums, any_allows=False) else "declared"
    return "other"


def allows(outer: Annotation, inner: Annotation, enums: Mapping[Name, Name], *, any_allows: bool = True) -> bool:
    """Whether `outer` allows all that `inner` allows; `any_allows`: whether Any allows everything."""
    named: dict[Name | None, list[Member]] = {}
    for member in outer.members:
        named.setdefault(member.name, []).append(member)

    def is_allowed(member: Member) -> bool:
        # By name, as unions can have thousands of members.
        names = {member.name, _base(member), enums.get(member.name), *(any_.name for any_ in ANY.members)}
        candidates = (candidate for name in names for candidate in named.get(name, ()))
        return any(_member_allows(candidate, member, enums, any_allows=any_allows) for candidate in candidates)

    return all(map(is_allowed, inner.members))


def extends(old: Annotation, new: Annotation, values: Mapping[Name, frozenset[str | int]]) -> bool:
    """Whether the new annotation has some more alternatives where the old one has several, or one more word of an enum.

    Code that handles every alternative has more to handle, and nothing else changes for it. `values`: the values of
    each enum, as a constant that got company became an enum.
    """
    added = [member for member in new.members if member not in old.members]
    for member in old.members:
        if member in new.members:
            continue
        successor = next((candidate for candidate in added if _member_extends(member, candidate, values)), None)
        if successor is None:
            return False
        added.remove(successor)
    return not added or (len(without_none(old).members) > 1 and added != list(NONE.members))


def _member_extends(old: Member, new: Member, values: Mapping[Name, frozenset[str | int]]) -> bool:
    if old.name in (LITERAL, OPEN_LITERAL):
        constants = _literals(old)
        if all(isinstance(constant, bool) for constant in constants):
            return new.name == Name("bool")
        return {*constants} <= values.get(new.name, frozenset())
    arguments = [*zip(old.arguments, new.arguments, strict=False)]
    return old.name == new.name and bool(arguments) and all(extends(*pair, values) for pair in arguments)


def _literals(member: Member) -> list[str | int]:
    """The values of a `Literal`."""
    return [literal_eval(value.name.name) for argument in member.arguments for value in argument.members]


def _base(member: Member) -> Name | None:
    """The type that a constant or an integer also is; None of any other type."""
    if member.name not in (LITERAL, OPEN_LITERAL):
        return _BASES.get(member.name)
    types = {type(value).__name__ for value in _literals(member)}
    return Name(types.pop()) if len(types) == 1 else None


def _member_allows(outer: Member, inner: Member, enums: Mapping[Name, Name], *, any_allows: bool) -> bool:
    if outer in ANY.members:
        return any_allows or inner in ANY.members
    if outer.name in (_base(inner), enums.get(inner.name)):
        return True
    arguments = zip(outer.arguments, inner.arguments, strict=False)
    return outer.name == inner.name and all(allows(a, b, enums, any_allows=any_allows) for a, b in arguments)
