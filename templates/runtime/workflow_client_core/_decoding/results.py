"""What decoding gives, and what it raises inside of the core."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from .._errors import Issue

T = TypeVar("T")


class Decoded(Struct, Generic[T], frozen=True):
    """What `decode` gives: `parsed`, and one issue for each value that is absent from it for being unreadable.

    `complete`: whether every required value could be read; where it is False, `parsed` holds `UNSET` at a place whose
    annotation does not allow it.
    """

    parsed: T
    issues: tuple[Issue, ...] = ()
    complete: bool = True


class Unreadable(Exception):
    """The document cannot be used; the text says why, without any secret. `issue`: for the lack of which value."""

    def __init__(self, reason: str, issue: Issue | None = None) -> None:
        super().__init__(reason)
        self.issue = issue
