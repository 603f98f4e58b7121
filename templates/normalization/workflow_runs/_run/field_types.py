"""The types of a run's fields, which nothing else checks where a program makes a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from re import compile
from typing import Any, NamedTuple, TypeAlias, cast

from msgspec import Struct, inspect
from msgspec.structs import astuple, replace
from workflow_client_core import OpenStrEnum

from .._form.decimals import MOST_DIGITS, has_few_digits
from .._text import quoted

_Check: TypeAlias = Callable[[Any, str], object]
"""Takes a value and its place, such as `steps[0].status`, and returns the value, a time in UTC. Raises for others."""

_WORD = compile("[a-z][a-z0-9_]*")
_TOO_LARGE = 10**MOST_DIGITS


class _Field(NamedTuple):
    name: str
    check: _Check
    is_required: bool


def fields_in_utc(value: Struct, place: str = "") -> dict[str, Any]:
    """The fields of an object with a time that is not in UTC, as they are in UTC.

    Raises:
        TypeError: the value of a field has another type; the message begins with the name of the field, after `place`.
        ValueError: it has the type, but no JSON, or it is negative where nothing can be.
    """
    changed: dict[str, Any] = {}
    for (name, check, is_required), item in zip(_fields(type(value)), astuple(value), strict=True):
        if item is not None:
            if (in_utc := check(item, place + name)) is not item:
                changed[name] = in_utc
        elif is_required:
            raise TypeError(f"{place}{name} cannot be None")
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
            return partial(_expect if hasattr(class_, "__post_init__") else _check_object, class_), True
        case inspect.EnumType(cls=class_):
            return partial(_check_word, cast("type[OpenStrEnum]", class_)), True
        case inspect.DictType():
            return partial(_expect, dict), True
        case _:
            return _CHECKS.get(type(type_), _check_nothing), True


def _check_nothing(value: object, place: str) -> object:
    """Any JSON value: looking through all of it would take longer than reading it."""
    return value


def _expect(class_: type, value: object, place: str) -> object:
    if not isinstance(value, class_):
        raise TypeError(f"{place} must be of the type {class_.__name__}, not {type(value).__name__}")
    return value


def _check_items(check_item: _Check, values: object, place: str) -> object:
    _expect(tuple, values, place)
    items = cast("tuple[object, ...]", values)
    in_utc = tuple(check_item(item, f"{place}[{index}]") for index, item in enumerate(items))
    return in_utc if any(new is not old for new, old in zip(in_utc, items, strict=True)) else items


def _check_object(class_: type[Struct], value: Struct, place: str) -> object:
    _expect(class_, value, place)
    changed = fields_in_utc(value, f"{place}.")
    return replace(value, **changed) if changed else value


def _check_word(class_: type[OpenStrEnum], value: OpenStrEnum, place: str) -> object:
    _expect(class_, value, place)
    if not value.documented and not _WORD.fullmatch(value):
        raise ValueError(f"{place} is {quoted(value.value)}: words have lower case letters, digits and underscores")
    return value


def _check_text(value: str, place: str) -> object:
    _expect(str, value, place)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{place} holds half of a surrogate pair, which UTF-8 cannot encode") from None
    return value


def _check_integer(value: int, place: str) -> object:
    _expect(int, value, place)
    if isinstance(value, bool):
        raise TypeError(f"{place} must be of the type int, not bool")
    if not -_TOO_LARGE < value < _TOO_LARGE:
        raise ValueError(f"{place} has more than {MOST_DIGITS} digits")
    return value


def _check_decimal(value: Decimal, place: str) -> object:
    _expect(Decimal, value, place)
    if not value.is_finite():
        raise ValueError(f"{place} is not a finite number")
    if not has_few_digits(value):
        raise ValueError(f"{place} has more than {MOST_DIGITS} digits")
    return value


def _check_time(value: datetime, place: str) -> object:
    _expect(datetime, value, place)
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise ValueError(f"{place} has no time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{place} is outside of the years 1 to 9999 in UTC") from None


def _check_duration(value: timedelta, place: str) -> object:
    _expect(timedelta, value, place)
    if value < timedelta():
        raise ValueError(f"{place} is negative")
    return value


_CHECKS: dict[type[inspect.Type], _Check] = {
    inspect.StrType: _check_text,
    inspect.IntType: _check_integer,
    inspect.DecimalType: _check_decimal,
    inspect.DateTimeType: _check_time,
    inspect.TimeDeltaType: _check_duration,
}
