"""Helpers that call converters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from workflow_runs import Notes
from workflow_runs._reading import values

AT = "/at"


def convert(converter: Callable[..., Any], value: Any) -> tuple[Any, list[str]]:
    """The converter's result, and the problems that it notes; all of them are at the pointer `AT`."""
    notes = Notes()
    result = converter(value, AT, notes)
    assert {issue.pointer for issue in notes.issues} <= {AT}
    return result, [issue.problem for issue in notes.issues]


def object_of_text(value: Any, pointer: str, notes: Notes) -> dict[str, Any] | None:
    """What a mapping writes as `as: [json_text, object]`."""
    return values.as_object(values.json_text(value, pointer, notes), pointer, notes)


def type_name(value: object) -> str:
    """A short name for a parametrized case: some values are too large to name it."""
    return type(value).__name__


class Odd(tzinfo):
    """A time zone that does not know its offset: its times are treated like times without a zone."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> None:
        return None
