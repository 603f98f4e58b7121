"""Converters from a provider's values to those of the unified model.

Adapters pass values of the client's models, which may be absent (`UNSET` or None), and get the unified value or None.
No converter raises for a value of its declared type; those that take `notes` note why a value became None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TypeAlias, TypeVar

from msgspec import UNSET, Struct, UnsetType

from .._text import escaped
from .durations import clock_duration, iso_duration, milliseconds, seconds, unit_duration
from .json_values import as_json, as_object, json_text
from .notes import Notes
from .numbers import decimal, from_zero, integer, text
from .times import (
    epoch_microseconds,
    epoch_milliseconds,
    epoch_nanoseconds,
    epoch_seconds,
    epoch_seconds_or_rfc822,
    rfc3339,
    utc,
    utc_time,
)

__all__ = [
    "agreeing",
    "as_json",
    "as_object",
    "clock_duration",
    "decimal",
    "epoch_microseconds",
    "epoch_milliseconds",
    "epoch_nanoseconds",
    "epoch_seconds",
    "epoch_seconds_or_rfc822",
    "first",
    "from_zero",
    "given",
    "integer",
    "iso_duration",
    "json_text",
    "keys",
    "milliseconds",
    "or_else",
    "pairs",
    "plain",
    "presence",
    "present",
    "rfc3339",
    "seconds",
    "text",
    "texts",
    "unit_duration",
    "unless",
    "unless_empty",
    "utc",
    "utc_time",
]

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
Absent: TypeAlias = UnsetType | None


def given(value: T | Absent) -> T | None:
    """The value as it is; None for `UNSET`."""
    return None if value is UNSET else value


def or_else(value: T | None, default: T) -> T:
    """The value, or a default where there is none."""
    return default if value is None else value


def first(*candidates: T | None) -> T | None:
    """The first value that is present."""
    return next((candidate for candidate in candidates if candidate is not None), None)


def agreeing(pointers: tuple[str, ...], notes: Notes, *candidates: T | None) -> T | None:
    """The first value that is present; others that differ from it are noted as disagreements."""
    value, value_at = None, ""
    for at, candidate in zip(pointers, candidates, strict=True):
        if value is None:
            value, value_at = candidate, at
        elif candidate is not None and candidate != value:
            notes.add(at, "disagreement", f"it is not what stands at {value_at}, which counts")
    return value


def unless_empty(value: S) -> S | None:
    """An object of the unified model, or None where all its fields are absent."""
    return None if value == _empty(type(value)) else value


@cache
def _empty(class_: type[S]) -> S:
    return class_()


def plain(value: str | Absent) -> str | None:
    """An enum value as plain text."""
    return None if value is None or value is UNSET else str(value)


def unless(value: T | Absent, *nothing: str | float) -> T | None:
    """The value, or None if it is one of those that mean nothing, such as 0 or empty text.

    A text stands for the moment that it names if the value is a time: `0001-01-01T00:00:00Z`.
    """
    if value is None or value is UNSET:
        return None
    if (value in nothing or isinstance(value, datetime)) and any(_means(value, constant) for constant in nothing):
        return None
    return value


def _means(value: object, constant: str | float) -> bool:
    if isinstance(value, datetime):
        moment = datetime.fromisoformat(str(constant))
        return value == (moment if value.tzinfo else moment.replace(tzinfo=None))
    # True is not 1 here.
    return value == constant and isinstance(value, bool) == isinstance(constant, bool)


def presence(value: object) -> str | None:
    """The word `present`, or None where there is no value."""
    return None if value is None or isinstance(value, UnsetType) else "present"


def present(values: Iterable[T | None]) -> tuple[T, ...]:
    """The values that are present."""
    return tuple(value for value in values if value is not None)


def texts(values: Sequence[str | None] | Absent) -> tuple[str, ...] | None:
    """The texts of a list; null among them is left out."""
    return None if isinstance(values, UnsetType) or values is None else present(map(plain, values))


def keys(values: Mapping[str, object] | Absent, pointer: str, notes: Notes) -> tuple[str, ...] | None:
    """The keys of an object."""
    return None if isinstance(values, UnsetType) or values is None else tuple(values)


def pairs(values: Mapping[str, object] | Absent, pointer: str, notes: Notes) -> tuple[str, ...] | None:
    """The entries of an object as texts, `key=value`; `key` alone for null and empty text."""
    if values is None or isinstance(values, UnsetType):
        return None
    return present(_pair(key, value, f"{pointer}/{escaped(key)}", notes) for key, value in values.items())


def _pair(key: str, value: object, pointer: str, notes: Notes) -> str | None:
    if value is None or value == "":
        return key
    if isinstance(value, (str, int, float)):
        shown = text(value, pointer, notes)
        return None if shown is None else f"{key}={shown}"
    notes.add(pointer, "unreadable", "expected a single value, found an object or an array")
    return None
