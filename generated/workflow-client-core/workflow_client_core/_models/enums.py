"""Open enums: a value that the documentation does not list is a value, not an error."""

from __future__ import annotations

import enum
from typing import Any, Self

from .._time_limit import check_time


class _OpenEnum(enum.Enum):
    """What both open enums have in common."""

    @property
    def documented(self) -> bool:
        """Whether the API's description lists this value."""
        return type(self)._value2member_map_.get(self._value_) is self

    def __reduce_ex__(self, proto: object) -> tuple[Any, ...]:
        # By value: pickle looks members up by their names, and an undocumented one has none.
        return type(self), (self._value_,)

    def __repr__(self) -> str:
        if self.documented:
            return f"<{type(self).__name__}.{self.name}: {self.value!r}>"
        return f"<{type(self).__name__} {self.value!r} (undocumented)>"


class OpenStrEnum(_OpenEnum, enum.StrEnum):
    """A `StrEnum` that accepts undocumented values.

    `Status("paused")` returns the documented member, or else a value of its own that equals and
    hashes like the plain text, is not listed when the enum is iterated, and is never shared or
    stored. Compare with `==`: two undocumented values are equal, but not the same object.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        check_time()
        member = str.__new__(cls, value)
        member._name_ = member._value_ = str(value)
        return member


class OpenIntEnum(_OpenEnum, enum.IntEnum):
    """An `IntEnum` that accepts undocumented numbers; see `OpenStrEnum`. A bool is not a number."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        check_time()
        member = int.__new__(cls, value)
        member._name_, member._value_ = str(int(value)), int(value)
        return member
