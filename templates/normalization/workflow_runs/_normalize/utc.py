"""All times of a run in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from .._reading.notes import Notes
from .._reading.times import utc

T = TypeVar("T")


def in_utc(value: T, notes: Notes) -> T:
    """An object of the unified model with all its times in UTC."""
    return cast(T, _with_times_in_utc(value, notes))


def _with_times_in_utc(value: object, notes: Notes) -> object:
    if isinstance(value, datetime):
        return value if value.tzinfo is UTC else utc(value, "", notes)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        in_utc = tuple(_with_times_in_utc(item, notes) for item in items)
        return in_utc if any(new is not old for new, old in zip(in_utc, items, strict=True)) else items
    if isinstance(value, Struct):
        changed: dict[str, object] = {}
        for name in value.__struct_fields__:
            before: object = getattr(value, name)
            after = _with_times_in_utc(before, notes)
            if after is not before:
                changed[name] = after
        return replace(value, **changed) if changed else value
    return value
