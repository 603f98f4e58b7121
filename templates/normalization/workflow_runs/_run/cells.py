"""The values of rows: text, integers of 64 bits, floats and times, which every table can hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, overload

import msgspec

from .._errors import InvalidRef, UnknownProvider
from .._form.models import RunRef

Text: TypeAlias = str | Decimal | date
_LARGEST_INTEGER = 2**63 - 1


@overload
def text(value: None) -> None: ...
@overload
def text(value: Text) -> str: ...
@overload
def text(value: Text | None) -> str | None: ...
def text(value: Text | None) -> str | None:
    """A word, a number or a date as plain text, exactly."""
    return None if value is None else str(value)


def json_list(values: tuple[object, ...]) -> str:
    """A list as JSON."""
    return msgspec.json.encode(values).decode()


def json_text(value: Any) -> str | None:
    """Any value as JSON."""
    return None if value is None else msgspec.json.encode(value).decode()


def integer(value: int | None) -> int | None:
    """An integer, or None if it needs more than 64 bits, which no column for integers has."""
    return value if value is not None and -_LARGEST_INTEGER - 1 <= value <= _LARGEST_INTEGER else None


def seconds(value: timedelta | None) -> float | None:
    """A duration in seconds."""
    return None if value is None else value.total_seconds()


def reference(ref: RunRef | None) -> str | None:
    """The text form of a reference, or None where nothing here knows the form of its provider's."""
    try:
        return None if ref is None else str(ref)
    except (InvalidRef, UnknownProvider):
        return None
