"""Open enums: a value that the documentation does not list is a value, not an error."""

from __future__ import annotations

import enum
from typing import Any, Self


class OpenStrEnum(enum.StrEnum):
    """A `StrEnum` that accepts undocumented values.

    `Status("paused")` returns the documented member, or else a value of its own that equals and
    hashes like the plain text, is not listed when the enum is iterated, and is never shared or
    stored. Compare with `==`: two undocumented values are equal, but not the same object.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = str(value)
        return member

    @property
    def documented(self) -> bool:
        """Whether the API's description lists this value."""
        return type(self)._value2member_map_.get(self._value_) is self

    def __reduce_ex__(self, proto: object) -> tuple[Any, ...]:
        # By value: an undocumented member has no name to be found by.
        return type(self), (self._value_,)

    def __repr__(self) -> str:
        return _describe(self, self.documented)


class OpenIntEnum(enum.IntEnum):
    """An `IntEnum` that accepts undocumented numbers; see `OpenStrEnum`. A bool is not a number."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = str(int(value)), int(value)
        return member

    @property
    def documented(self) -> bool:
        """Whether the API's description lists this number."""
        return type(self)._value2member_map_.get(self._value_) is self

    def __reduce_ex__(self, proto: object) -> tuple[Any, ...]:
        return type(self), (self._value_,)

    def __repr__(self) -> str:
        return _describe(self, self.documented)


def _describe(member: enum.Enum, documented: bool) -> str:
    name = type(member).__name__
    if documented:
        return f"<{name}.{member.name}: {member.value!r}>"
    return f"<{name} {member.value!r} (undocumented)>"
