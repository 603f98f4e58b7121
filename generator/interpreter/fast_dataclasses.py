"""`dataclass`, as in `dataclasses`, for frozen data of which a run makes very much.

That nothing changes such a value is the matter of type checkers, and not looked at again at run time: Python would make
each of them seven times as slowly.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, **options: Any) -> Callable[[type], type]:
        """A decorator for a dataclass whose values can be compared and hashed, as frozen ones can be."""
        return dataclasses.dataclass(unsafe_hash=frozen, **options)
