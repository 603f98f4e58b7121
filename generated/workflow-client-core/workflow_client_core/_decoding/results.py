"""What decoding returns, and what it raises inside the core."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from .._errors import Issue

T = TypeVar("T")


class Decoded(Struct, Generic[T], frozen=True):
    """What `decode` returns: `parsed`, and an issue for each value that could not be read, and is absent from it.

    `complete`: whether every required value could be read; where it is False, `parsed` has `UNSET` where the annotation
    does not allow it.
    """

    parsed: T
    issues: tuple[Issue, ...] = ()
    complete: bool = True


class Unreadable(Exception):
    """The document cannot be used; the text says why, without any secret. `issue`: the value that it lacks."""

    def __init__(self, reason: str, issue: Issue | None = None) -> None:
        super().__init__(reason)
        self.issue = issue
