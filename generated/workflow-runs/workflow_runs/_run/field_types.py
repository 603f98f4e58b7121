"""The types of a run's fields, which nothing else checks where a program makes a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from operator import is_not
from re import compile
from typing import Any, NamedTuple, TypeAlias, cast

from msgspec import Struct, inspect
from msgspec.structs import astuple, replace

from .._form.decimals import MOST_DIGITS, has_few_digits
from .._text import quoted

_Check: TypeAlias = Callable[[Any], object]
"""Returns the value, or the time in UTC. Raises `_Refused` for others."""

_WORD = compile("[a-z][a-z0-9_]*")
_TOO_LARGE = 10**MOST_DIGITS


class _Refused(Exception):
    """Why a value is refused, and where it is; the place is only put together where it is needed."""

    def __init__(self, error: type[TypeError | ValueError], problem: str) -> None:
        super().__init__(problem)
        self.error = error
        self.problem = problem
        self.place = ""


class _Field(NamedTuple):
    name: str
    check: _Check
    is_required: bool


def fields_in_utc(value: Struct) -> dict[str, Any]:
    """The fields of an object with a time that is not in UTC, as they are in UTC.

    Raises:
        TypeError: the value of a field has another type; the message begins with the name of the field.
        ValueError: it has the type, but cannot be written as JSON, or it is negative where nothing can be.
    """
    try:
        return _changed_fields(value)
    except _Refused as refused:
        raise refused.error(f"{refused.place.removeprefix('.')} {refused.problem}") from None


def _changed_fields(value: Struct) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for field, item in zip(_fields(type(value)), astuple(value), strict=True):
        if item is None and not field.is_required:
            continue
        try:
            in_utc = field.check(item)
        except _Refused as refused:
            refused.place = f".{field.name}{refused.place}"
            raise
        if in_utc is not item:
            changed[field.name] = in_utc
    return changed


@cache
def _fields(class_: type[Struct]) -> tuple[_Field, ...]:
    type_ = cast(inspect.StructType, inspect.type_info(class_))
    return tuple(_Field(field.name, *_check_of(field.type)) for field in type_.fields)


def _check_of(type_: inspect.Type) -> tuple[_Check, bool]:
    """The check for the values of a type, and whether None is not one of them."""
    match type_:
        case inspect.UnionType(types=types):
            (value_type,) = (member for member in types if not isinstance(member, inspect.NoneType))
            return _check_of(value_type)[0], False
        case inspect.VarTupleType(item_type=item_type):
            return partial(_check_items, _check_of(item_type)[0]), True
        case inspect.StructType(cls=class_):
            # What has a `__post_init__` has checked itself.
            return partial(_check_class if hasattr(class_, "__post_init__") else _check_object, class_), True
        case inspect.EnumType(cls=class_):
            return partial(_check_word, class_, frozenset(class_)), True
        case inspect.DictType():
            return partial(_check_class, dict), True
        case _:
            return _CHECKS.get(type(type_), _check_nothing), True


def _check_nothing(value: object) -> object:
    """Any JSON value: looking through all of it would take longer than reading it."""
    return value


def _other_type(expected: type, value: object) -> _Refused:
    return _Refused(TypeError, f"must be of the type {expected.__name__}, not {type(value).__name__}")


def _check_class(class_: type, value: object) -> object:
    if not isinstance(value, class_):
        raise _other_type(class_, value)
    return value


def _check_items(check_item: _Check, values: object) -> object:
    if not isinstance(values, tuple):
        raise _other_type(tuple, values)
    items = cast("tuple[object, ...]", values)
    in_utc: list[object] = []
    for item in items:
        try:
            in_utc.append(check_item(item))
        except _Refused as refused:
            refused.place = f"[{len(in_utc)}]{refused.place}"
            raise
    return tuple(in_utc) if any(map(is_not, in_utc, items)) else items


def _check_object(class_: type[Struct], value: object) -> object:
    if not isinstance(value, class_):
        raise _other_type(class_, value)
    changed = _changed_fields(value)
    return replace(value, **changed) if changed else value


def _check_word(class_: type[Enum], known: frozenset[Enum], value: object) -> object:
    if not isinstance(value, class_):
        raise _other_type(class_, value)
    if value not in known and not _WORD.fullmatch(value.value):
        raise _Refused(ValueError, f"is {quoted(value.value)}: words have lower case letters, digits and underscores")
    return value


def _check_text(value: object) -> object:
    if not isinstance(value, str):
        raise _other_type(str, value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Refused(ValueError, "holds half of a surrogate pair, which UTF-8 cannot encode") from None
    return value


def _check_integer(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _other_type(int, value)
    if abs(value) >= _TOO_LARGE:
        raise _Refused(ValueError, f"has more than {MOST_DIGITS} digits")
    return value


def _check_decimal(value: object) -> object:
    if not isinstance(value, Decimal):
        raise _other_type(Decimal, value)
    if not value.is_finite():
        raise _Refused(ValueError, "is not a finite number")
    if not has_few_digits(value):
        raise _Refused(ValueError, f"has more than {MOST_DIGITS} digits")
    return value


def _check_time(value: object) -> object:
    if not isinstance(value, datetime):
        raise _other_type(datetime, value)
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise _Refused(ValueError, "has no time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise _Refused(ValueError, "is outside of the years 1 to 9999 in UTC") from None


def _check_duration(value: object) -> object:
    if not isinstance(value, timedelta):
        raise _other_type(timedelta, value)
    if value < timedelta():
        raise _Refused(ValueError, "is negative")
    return value


_CHECKS: dict[type[inspect.Type], _Check] = {
    inspect.StrType: _check_text,
    inspect.IntType: _check_integer,
    inspect.DecimalType: _check_decimal,
    inspect.DateTimeType: _check_time,
    inspect.TimeDeltaType: _check_duration,
}
