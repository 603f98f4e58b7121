"""The types of JSON values, as frozen values: the types of fields, parameters and bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from typing import Literal

from ..document.problems import Source
from ..interpreter.fast_dataclasses import dataclass
from ..simplify.restrictions.record import CONDITION as CONDITION
from ..simplify.restrictions.record import EXACTLY_ONE as EXACTLY_ONE

Primitive = Literal["str", "int", "float", "bool", "null"]
Constraints = tuple[tuple[str, str | int | float | bool], ...]
"""JSON Schema keywords that narrow a type, with their values, as the document has them."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What narrows the values of a type without shaping it, such as `minProperties`.

    Types that differ in these alone are equal: generated code does not show them.
    """

    keyword: str
    schema: str
    """JSON text of a schema that has only the keyword, and those that belong to it."""
    source: Source = field(compare=False)


Restrictions = tuple[Restriction, ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A JSON scalar, with its `format` as the document has it."""

    primitive: Primitive
    format: str = ""
    constraints: Constraints = ()
    constant: float | bool | None = None
    """The only value of a boolean or a number, where it has only one."""
    restrictions: Restrictions = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A model, an enum or an alias, by its name."""

    name: str
    constant: str | int | None = None
    """The only value of an enum, where it has only one."""
    restrictions: Restrictions = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A JSON array, all of whose items have the same type."""

    item: Type
    constraints: Constraints = ()
    restrictions: Restrictions = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class MapOf:
    """A JSON object with any keys, all of whose values have the same type."""

    value: Type
    restrictions: Restrictions = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class UnionOf:
    """One of several types; null is `NULL` among them, always last."""

    members: tuple[Type, ...]
    restrictions: Restrictions = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class AnyType:
    """Any JSON value: the document gives no type."""

    restrictions: Restrictions = field(default=(), compare=False)


Type = Scalar | Ref | ListOf | MapOf | UnionOf | AnyType
NULL = Scalar("null")
ANY = AnyType()


def types_in(type_: Type) -> Iterator[Type]:
    """The type and every type inside it; references are not followed."""
    yield type_
    if isinstance(type_, ListOf):
        yield from types_in(type_.item)
    elif isinstance(type_, MapOf):
        yield from types_in(type_.value)
    elif isinstance(type_, UnionOf):
        for member in type_.members:
            yield from types_in(member)


def without_null(type_: Type) -> Type:
    """The type of a value that is not null."""
    if not isinstance(type_, UnionOf):
        return type_
    members = tuple(member for member in type_.members if member != NULL)
    return restricted(members[0] if len(members) == 1 else UnionOf(members), type_.restrictions)


def restricted(type_: Type, restrictions: Restrictions) -> Type:
    """A type with further restrictions."""
    if not restrictions:
        return type_
    return replace(type_, restrictions=tuple(dict.fromkeys((*type_.restrictions, *restrictions))))


def constant_of(type_: Type) -> str | float | bool | None:
    """The only value of a type; None where it has several, among them null."""
    return type_.constant if isinstance(type_, (Scalar, Ref)) else None


def alternatives(type_: Type) -> tuple[Type, ...]:
    """The members of a union, null apart; of another type, itself."""
    type_ = without_null(type_)
    return type_.members if isinstance(type_, UnionOf) else (type_,)
