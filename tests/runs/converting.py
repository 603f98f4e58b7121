"""Calls converters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from workflow_runs import Notes

AT = "/at"


def convert(converter: Callable[..., Any], value: Any) -> tuple[Any, list[str]]:
    """What a converter gives, and the problems that it notes, all at the one place."""
    notes = Notes()
    result = converter(value, AT, notes)
    assert {issue.pointer for issue in notes.issues} <= {AT}
    return result, [issue.problem for issue in notes.issues]


def kind(value: object) -> str:
    """A short name for a case: some values are too large to be one themselves."""
    return type(value).__name__


class Odd(tzinfo):
    """A zone that does not know its offset: a time of it is as good as without one."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> None:
        return None
