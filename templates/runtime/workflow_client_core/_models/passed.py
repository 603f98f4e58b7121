"""Annotations of attributes that callers may pass more to than they read.

At run time each of them is the type that JSON is read as. Type checkers see what callers may pass: plain text in
place of an enum's member, and any sequence or mapping in objects that an API only receives. Text is a sequence of text
to Python, and never meant as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

ABSENT: Any = UNSET
"""`UNSET` as the default of an attribute whose annotation is `Accepts`."""

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Generic, Protocol, TypeAlias, TypeVar, overload

    _T = TypeVar("_T")
    _Item = TypeVar("_Item", covariant=True)
    _Read = TypeVar("_Read", covariant=True)
    _Passed = TypeVar("_Passed", contravariant=True)

    EnumOrStr: TypeAlias = _T | str
    EnumOrInt: TypeAlias = _T | int

    class Accepts(Generic[_Read, _Passed]):
        """An attribute that is read as `_Read`, and for which the constructor takes `_Passed`."""

        def __get__(self, instance: object, owner: object) -> _Read: ...
        def __set__(self, instance: object, value: _Passed) -> None: ...

    class SequenceNotStr(Protocol[_Item]):
        """A list, a tuple or another sequence, but not text: `str.__contains__` does not take every object."""

        def __contains__(self, value: object, /) -> bool: ...
        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[_Item]: ...
        def __reversed__(self) -> Iterator[_Item]: ...
        @overload
        def __getitem__(self, index: int, /) -> _Item: ...
        @overload
        def __getitem__(self, index: slice, /) -> SequenceNotStr[_Item]: ...

else:

    class _FirstArgument:
        """In brackets, the first argument."""

        def __class_getitem__(cls, arguments):
            return arguments[0] if isinstance(arguments, tuple) else arguments

    class Accepts(_FirstArgument): ...

    class EnumOrStr(_FirstArgument): ...

    class EnumOrInt(_FirstArgument): ...

    class SequenceNotStr:
        def __class_getitem__(cls, item):
            return list[item]

    class Mapping:
        def __class_getitem__(cls, arguments):
            return dict[arguments]


__all__ = ["ABSENT", "Accepts", "EnumOrInt", "EnumOrStr", "Mapping", "SequenceNotStr"]
