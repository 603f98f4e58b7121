"""`dataclass`, as in `dataclasses`, for frozen data, of which a run has many classes and makes very much.

That nothing changes such a value is the matter of type checkers, and not looked at again at run time: Python would make
each of them seven times as slowly. Of the methods of a class, Python compiles `__init__` alone: writing out all of them
for each class would take a twentieth of the time that all packages take.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, order: bool = False, **options: Any) -> Any:
        """A decorator for a dataclass whose values can be compared and hashed, as frozen ones can be."""
        if not frozen or order:
            return dataclasses.dataclass(cls, unsafe_hash=frozen, order=order, **options)
        return lambda cls: _with_methods(dataclasses.dataclass(eq=False, repr=False, **options)(cls))


def _with_methods(cls: type) -> type:
    """A dataclass with the methods that it lacks: its values are equal if all fields that count are."""
    fields = dataclasses.fields(cls)
    compared = [field.name for field in fields if field.compare]
    values: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()
    shown = [field.name for field in fields if field.repr]

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    def text(self: Any) -> str:
        return f"{cls.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    for name, method in {"__eq__": equal, "__hash__": hashed, "__repr__": text}.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    return cls
