"""All times of a run in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TypeVar, cast

from msgspec import Struct, inspect
from msgspec.structs import replace

from .._reading.notes import Notes
from .._reading.times import utc

T = TypeVar("T")


def in_utc(value: T, notes: Notes) -> T:
    """An object of the unified model with all its times in UTC."""
    return cast(T, _with_times_in_utc(value, notes))


def _with_times_in_utc(value: object, notes: Notes) -> object:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo is UTC else utc(value, "", notes)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        in_utc = tuple(_with_times_in_utc(item, notes) for item in items)
        return in_utc if any(new is not old for new, old in zip(in_utc, items, strict=True)) else items
    if isinstance(value, Struct):
        changed: dict[str, object] = {}
        for name in _fields_with_times(type(value)):
            before: object = getattr(value, name)
            after = _with_times_in_utc(before, notes)
            if after is not before:
                changed[name] = after
        return replace(value, **changed) if changed else value
    return value


@cache
def _fields_with_times(class_: type[Struct]) -> tuple[str, ...]:
    """The fields that can have a time, or something with a time in it: looking at the others takes most of the time."""
    type_ = cast(inspect.StructType, inspect.type_info(class_))
    return tuple(field.name for field in type_.fields if _can_have_times(field.type))


def _can_have_times(type_: inspect.Type) -> bool:
    match type_:
        case inspect.DateTimeType():
            return True
        case inspect.UnionType(types=types):
            return any(map(_can_have_times, types))
        case inspect.VarTupleType(item_type=item_type):
            return _can_have_times(item_type)
        case inspect.StructType(cls=class_):
            return bool(_fields_with_times(class_))
        case _:
            return False
