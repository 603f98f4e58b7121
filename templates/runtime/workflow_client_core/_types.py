"""What types are made of, as far as decoding needs to know."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Struct, UnsetType
from msgspec.structs import FieldInfo

from ._additional import WIRE
from ._alias import Alias

_NAMES: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    None: "null",
    types.NoneType: "null",
    Any: "any value",
    list: "array",
    dict: "object",
    datetime: "date-time",
    date: "date",
    time: "time",
    timedelta: "duration",
    bytes: "base64 text",
    Decimal: "decimal",
}

JSON_TYPES: frozenset[Any] = frozenset((str, int, float, bool, types.NoneType, list, dict))
"""The Python types of decoded JSON."""
_KINDS: dict[Any, frozenset[Any]] = {
    **{type_: frozenset((type_,)) for type_ in (str, bool, types.NoneType, list, dict)},
    **{type_: frozenset((int, float)) for type_ in (int, float)},
    **{type_: frozenset((str,)) for type_ in (datetime, date, time, timedelta, bytes)},
    Decimal: frozenset((str, int, float)),
    Any: JSON_TYPES,
}


class Field(NamedTuple):
    """A field of a Struct: `name` in Python, `wire` in JSON."""

    name: str
    wire: str
    type: Any
    required: bool


@lru_cache(maxsize=4096)
def fields(class_: Any) -> tuple[Field, ...]:
    """The fields of a Struct for declared properties, in the order in which it declares them."""
    return tuple(_field(field) for field in msgspec.structs.fields(class_) if not _is_additional(field))


@lru_cache(maxsize=4096)
def additional(class_: Any) -> Field | None:
    """The field of a Struct for the properties beyond the declared ones, if it has one; `type` is that of a value."""
    own = next(filter(_is_additional, msgspec.structs.fields(class_)), None)
    return None if own is None else _field(own)._replace(type=typing.get_args(own.type)[1])


def _is_additional(field: FieldInfo) -> bool:
    return field.encode_name == WIRE and field.default_factory is dict


def _field(field: FieldInfo) -> Field:
    return Field(field.name, field.encode_name, _without_unset(field.type), field.required)


def _without_unset(type_: Any) -> Any:
    members = typing.get_args(type_) if is_union(type_) else ()
    kept = [member for member in members if member is not UnsetType]
    return typing.Union[tuple(kept)] if kept else type_  # noqa: UP007 - of a list that is known at run time only


def is_union(type_: Any) -> bool:
    """Whether it is a union, in either of Python's spellings."""
    return typing.get_origin(type_) in (typing.Union, types.UnionType)


def is_struct(type_: Any) -> bool:
    """Whether it is a Struct that is an object in JSON."""
    return isinstance(type_, type) and issubclass(type_, Struct) and not type_.__struct_config__.array_like


def is_alias(type_: Any) -> bool:
    """Whether it is one of a generated package's aliases."""
    return isinstance(type_, type) and issubclass(type_, Alias)


def enum_base(type_: Any) -> Any:
    """`str` or `int` for an enum of these; None for every other type."""
    if not (isinstance(type_, type) and issubclass(type_, enum.Enum)):
        return None
    return next((base for base in type_.__mro__ if base in (str, int)), None)


@lru_cache(maxsize=4096)
def members(type_: Any) -> tuple[Any, ...]:
    """The types that a union allows; any other type, an alias too, allows itself."""
    if is_union(type_):
        return tuple(inner for member in typing.get_args(type_) for inner in members(member))
    if typing.get_origin(type_) is typing.Annotated:
        return members(typing.get_args(type_)[0])
    return (type_,)


@lru_cache(maxsize=4096)
def flat(type_: Any) -> tuple[Any, ...]:
    """The types that a union allows, without aliases: each stands for its members."""
    return tuple(dict.fromkeys(_flat(type_, set())))


def _flat(type_: Any, seen: set[Any]) -> Iterator[Any]:
    for member in members.__wrapped__(type_):
        if not is_alias(member):
            yield member
        elif member not in seen:
            seen.add(member)
            yield from _flat(aliased(member), seen)


@lru_cache(maxsize=4096)
def aliased(alias: Any) -> Any:
    """What an alias stands for."""
    return typing.get_type_hints(alias)["members"]


@lru_cache(maxsize=4096)
def parts(type_: Any) -> frozenset[Any]:
    """Every type that a value of this one may hold, at any depth: Structs, aliases, scalars."""
    found: set[Any] = set()
    pending = [type_]
    while pending:
        for member in members(pending.pop()):
            kind = typing.get_origin(member) or member
            if member in found or kind is typing.Literal:
                continue
            found.add(member)
            if is_alias(member):
                pending.append(aliased(member))
            elif is_struct(kind):
                pending += [field.type for field in (*fields(member), additional(member)) if field]
            else:
                pending += typing.get_args(member)
    return frozenset(found)


@lru_cache(maxsize=4096)
def kinds(type_: Any) -> frozenset[Any]:
    """The types of decoded JSON that may become this one, though not each of their values does."""
    return frozenset[Any]().union(*(_kinds(member) for member in flat(type_)))


def _kinds(member: Any) -> frozenset[Any]:
    kind: Any = typing.get_origin(member) or member
    if kind is typing.Literal:
        return frozenset[Any]().union(*(_KINDS.get(type(word), JSON_TYPES) for word in typing.get_args(member)))
    if is_struct(kind):
        return _KINDS[dict]
    if hasattr(kind, "_from_json"):  # ours, but no alias
        return _KINDS[str]
    return _KINDS.get(enum_base(kind) or kind, JSON_TYPES)


@lru_cache(maxsize=4096)
def words(member: Any) -> frozenset[Any]:
    """The documented values of an enum or a Literal; of any other type none."""
    if typing.get_origin(member) is typing.Literal:
        return frozenset(typing.get_args(member))
    if enum_base(member):
        return frozenset(word.value for word in cast("type[enum.Enum]", member))
    return frozenset()


def name(type_: Any) -> str:
    """A type in a reader's words: "integer", "date-time", "RunStatus (text)", "text or null"."""
    alternatives = flat.__wrapped__(type_)  # a cache takes unions of another order for the same
    if alternatives[1:]:
        return " or ".join(dict.fromkeys(name(member) for member in alternatives))
    kind: Any = typing.get_origin(alternatives[0]) or alternatives[0]
    if kind is typing.Literal:
        return " or ".join(repr(word) for word in typing.get_args(alternatives[0]))
    if kind in _NAMES:
        return _NAMES[kind]
    if is_struct(kind):
        return "object"
    if hasattr(kind, "_from_json"):
        return "text"
    base = enum_base(kind)
    own = str(getattr(kind, "__name__", kind))
    return f"{own} ({_NAMES[base]})" if base else own
