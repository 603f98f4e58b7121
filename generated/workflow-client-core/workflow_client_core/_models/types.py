"""What a type declares: the fields of models, the members of unions, the values of enums, the JSON it is read from."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Struct, UnsetType
from msgspec.structs import FieldInfo

from .additional import WIRE
from .alias import Alias

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
_JSON_TYPES_OF: dict[Any, frozenset[Any]] = {
    **{type_: frozenset((type_,)) for type_ in (str, bool, types.NoneType, list, dict)},
    **{type_: frozenset((int, float)) for type_ in (int, float)},
    **{type_: frozenset((str,)) for type_ in (datetime, date, time, timedelta, bytes)},
    Decimal: frozenset((str, int, float)),
    Any: JSON_TYPES,
}

_DIGITS = msgspec.Meta(extra={"json": "number"})
DecimalNumber = typing.Annotated[Decimal, _DIGITS]
"""A `Decimal` that is a number in JSON; `Decimal` alone is text."""


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


def documented_type(class_: Any, field: Field) -> Any:
    """The type of a field as the API's description has it: a constant, which `type` leaves open, is a `Literal`."""
    return _without_unset(_documented_types(class_).get(field.name, field.type))


@lru_cache(maxsize=4096)
def _documented_types(class_: Any) -> dict[str, Any]:
    """The types of the attributes of a model or an alias, by their names; {} where there are no constants."""
    bases: tuple[type, ...] = class_.__mro__
    if not any("Literal[" in str(vars(base).get("__annotations__")) for base in bases):
        return {}
    return typing.get_type_hints(class_, localns={"Literal": typing.Literal}, include_extras=True)


@lru_cache(maxsize=4096)
def additional(class_: Any) -> Field | None:
    """The field of a Struct for the properties beyond the declared ones, if it has one; `type` is that of a value."""
    own = next(filter(_is_additional, msgspec.structs.fields(class_)), None)
    return None if own is None else _field(own)._replace(type=typing.get_args(own.type)[1])


def _is_additional(field: FieldInfo) -> bool:
    return field.encode_name == WIRE and field.default_factory is set


def _field(field: FieldInfo) -> Field:
    return Field(field.name, field.encode_name, _without_unset(field.type), field.required)


def _without_unset(type_: Any) -> Any:
    arguments = typing.get_args(type_) if is_union(type_) else ()
    set_types = tuple(argument for argument in arguments if argument is not UnsetType)
    return typing.Union[set_types] if set_types else type_  # noqa: UP007 - known at run time only


def is_union(type_: Any) -> bool:
    """Whether it is a union, in either of Python's spellings."""
    return typing.get_origin(type_) in (typing.Union, types.UnionType)


def is_struct(type_: Any) -> bool:
    """Whether it is a Struct that is an object in JSON."""
    return isinstance(type_, type) and issubclass(type_, Struct) and not type_.__struct_config__.array_like


def is_alias(type_: Any) -> bool:
    """Whether it is one of a generated package's aliases."""
    return isinstance(type_, type) and issubclass(type_, Alias)


def is_custom(type_: Any) -> bool:
    """Whether it is one of our own types, which msgspec does not read by itself: an alias, or one like `File`."""
    return is_alias(type_) or hasattr(type_, "_from_json")


def enum_base(type_: Any) -> Any:
    """`str` or `int` for an enum of these; None for every other type."""
    if not (isinstance(type_, type) and issubclass(type_, enum.Enum)):
        return None
    return next((base for base in type_.__mro__ if base in (str, int)), None)


@lru_cache(maxsize=4096)
def members(type_: Any) -> tuple[Any, ...]:
    """The members of a union; any other type, an alias too, is its own only member."""
    if is_union(type_):
        return tuple(inner for member in typing.get_args(type_) for inner in members(member))
    if typing.get_origin(type_) is typing.Annotated:
        return members(typing.get_args(type_)[0])
    return (type_,)


@lru_cache(maxsize=4096)
def flat_members(type_: Any) -> tuple[Any, ...]:
    """The members of a union, with the members of aliases in their place."""
    return tuple(dict.fromkeys(_flat_members(type_, set(), alias_target)))


@lru_cache(maxsize=4096)
def documented_members(type_: Any) -> tuple[Any, ...]:
    """The same, where constants in aliases are Literals."""
    return tuple(dict.fromkeys(_flat_members(type_, set(), _documented_target)))


def _flat_members(type_: Any, seen: set[Any], target: Callable[[Any], Any]) -> Iterator[Any]:
    for member in members.__wrapped__(type_):
        if not is_alias(member):
            yield member
        elif member not in seen:
            seen.add(member)
            yield from _flat_members(target(member), seen, target)


@lru_cache(maxsize=4096)
def alias_target(alias: Any) -> Any:
    """The type that an alias is a name of."""
    return typing.get_type_hints(alias, include_extras=True)["members"]


def _documented_target(alias: Any) -> Any:
    return _documented_types(alias).get("members") or alias_target(alias)


@lru_cache(maxsize=4096)
def contained_types(type_: Any) -> frozenset[Any]:
    """Every type that a value of this one may contain, at any depth: Structs, aliases, scalars."""
    contained: set[Any] = set()
    pending = [type_]
    while pending:
        for member in members(pending.pop()):
            origin = typing.get_origin(member) or member
            if member in contained or origin is typing.Literal:
                continue
            contained.add(member)
            if is_alias(member):
                pending.append(alias_target(member))
            elif is_struct(origin):
                pending += [field.type for field in (*fields(member), additional(member)) if field]
            else:
                pending += typing.get_args(member)
    return frozenset(contained)


@lru_cache(maxsize=4096)
def item_type(type_: Any) -> Any:
    """The type of the items of a list, where the type is one or has one among its members; else `Any`."""
    return _inner_type(type_, list)


@lru_cache(maxsize=4096)
def value_type(type_: Any) -> Any:
    """The type of the values of a map, where the type is one or has one among its members; else `Any`."""
    return _inner_type(type_, dict)


def _inner_type(type_: Any, origin: Any) -> Any:
    inner = [typing.get_args(m)[-1] for m in flat_members(type_) if typing.get_origin(m) is origin]
    return typing.Union[tuple(inner)] if inner else Any  # noqa: UP007 - known at run time only


@lru_cache(maxsize=4096)
def takes_dates_only(type_: Any) -> bool:
    """Whether the type takes a date, but not a date-time, which Python counts as a date too."""
    alternatives = flat_members(type_)
    return date in alternatives and datetime not in alternatives


@lru_cache(maxsize=4096)
def writes_digits(type_: Any) -> bool:
    """Whether a `Decimal` of the type is a number in JSON, and not text."""
    return _DIGITS in _annotations(type_, set())


def _annotations(type_: Any, seen: set[Any]) -> Iterator[Any]:
    """What `Annotated` says about a type and the members of its unions."""
    if is_union(type_):
        for member in typing.get_args(type_):
            yield from _annotations(member, seen)
    elif typing.get_origin(type_) is typing.Annotated:
        yield from type_.__metadata__
    elif is_alias(type_) and type_ not in seen:
        seen.add(type_)
        yield from _annotations(alias_target(type_), seen)


@lru_cache(maxsize=4096)
def json_types(type_: Any) -> frozenset[Any]:
    """The types of decoded JSON that may become this one, though not with every value."""
    return frozenset[Any]().union(*(_json_types(member) for member in flat_members(type_)))


def _json_types(member: Any) -> frozenset[Any]:
    origin: Any = typing.get_origin(member) or member
    if origin is typing.Literal:
        values = typing.get_args(member)
        return frozenset[Any]().union(*(_JSON_TYPES_OF.get(type(value), JSON_TYPES) for value in values))
    if is_struct(origin):
        return _JSON_TYPES_OF[dict]
    if is_custom(origin):
        return _JSON_TYPES_OF[str]
    return _JSON_TYPES_OF.get(enum_base(origin) or origin, JSON_TYPES)


@lru_cache(maxsize=4096)
def documented_values(member: Any) -> frozenset[Any]:
    """The documented values of an enum or a Literal; of any other type none."""
    if typing.get_origin(member) is typing.Literal:
        return frozenset(typing.get_args(member))
    if enum_base(member):
        return frozenset(value.value for value in cast("type[enum.Enum]", member))
    return frozenset()


@lru_cache(maxsize=4096)
def closed_values(type_: Any) -> frozenset[Any]:
    """The documented values of a type none of whose members takes any text or number; of any other type none."""
    alternatives = documented_members(type_)
    if any(not documented_values(member) and json_types(member) & {str, int} for member in alternatives):
        return frozenset()
    return frozenset[Any]().union(*map(documented_values, alternatives))


def field_values(struct: Any, field: Field) -> frozenset[Any]:
    """The documented values of a field that has no others, among them constants that no Python type can name; or none.

    A generated model lists those, booleans and numbers, as its `__constants__`, by wire names.
    """
    constants: dict[str, tuple[Any, ...]] = getattr(struct, "__constants__", {})
    if field.wire in constants:
        return frozenset(constants[field.wire])
    return closed_values(documented_type(struct, field))


def type_name(type_: Any) -> str:
    """A type as messages call it: "integer", "date-time", "RunStatus (text)", "text or null"."""
    alternatives = flat_members.__wrapped__(type_)  # not cached, as unions of another order would be equal keys
    if alternatives[1:]:
        return " or ".join(dict.fromkeys(type_name(member) for member in alternatives))
    origin: Any = typing.get_origin(alternatives[0]) or alternatives[0]
    if origin is typing.Literal:
        values = typing.get_args(alternatives[0])
        return " or ".join(str(value).lower() if isinstance(value, bool) else repr(value) for value in values)
    if origin in _NAMES:
        return _NAMES[origin]
    if is_struct(origin):
        return "object"
    if is_custom(origin):
        return "text"
    base = enum_base(origin)
    class_name = str(getattr(origin, "__name__", origin))
    return f"{class_name} ({_NAMES[base]})" if base else class_name
