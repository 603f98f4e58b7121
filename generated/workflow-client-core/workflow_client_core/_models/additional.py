"""Models that hold the properties that a document allows beyond the declared ones (OpenAPI 3.1, section 4.8.24.6)."""

from __future__ import annotations

import weakref
from typing import Any, ClassVar, cast

import msgspec

from .constants import StructWithConstants

WIRE = "additionalProperties*"
"""What msgspec calls the attribute in JSON, which is never written."""
_declared = False


def additional_properties() -> Any:
    """The declaration of the attribute, in place of a default; it must be the last attribute of an `OpenStruct`.

    What costs time is done only after the first declaration, and only for types that contain such models.
    """
    global _declared
    _declared = True
    return msgspec.field(default_factory=cast("Any", set), name=WIRE)


def any_declared() -> bool:
    """Whether any model has the attribute."""
    return _declared


class OpenStruct(StructWithConstants, frozen=True, kw_only=True, omit_defaults=True):
    """A model whose last attribute is a dict of the properties beyond the declared ones, by their names in JSON.

    msgspec itself would write such a dict as a property of its own. An empty set, however, is left out, so that is what
    the attribute's slot contains; and as msgspec copies it from model to model, its identity leads to the dict.
    """

    _additional: ClassVar[_Attribute]

    def __init_subclass__(cls, **_: Any) -> None:
        if OpenStruct in cls.__bases__:
            name = [*cls.__annotations__][-1]
            cls._additional = _Attribute(vars(cls)[name])
            setattr(cls, name, cls._additional)

    def __post_init__(self) -> None:
        slot = type(self)._additional.slot
        given = slot.__get__(self)
        if given.__class__ is not set:  # but the dict that the constructor was called with
            slot.__set__(self, _key_of(given))

    def __eq__(self, other: object) -> bool:
        equal = super().__eq__(other)
        if equal is not True:  # but False or NotImplemented
            return equal
        of = type(self)._additional.of
        return bool(of(self) == of(other))

    __hash__ = None  # type: ignore[assignment]  # the dict can change

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in self.__struct_fields__]

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), dict(self.__rich_repr__()))


def set_additional(model: OpenStruct, items: dict[str, Any]) -> None:
    """Replace the properties beyond the declared ones, in a model that nobody else has seen yet."""
    class_: Any = type(model)
    class_._additional.slot.__set__(model, _key_of(items))


class _Attribute:
    """The attribute in place of the slot that msgspec uses."""

    def __init__(self, slot: Any) -> None:
        self.slot = slot

    def __get__(self, model: Any, owner: Any) -> Any:
        return self if model is None else self.of(model)

    def of(self, model: Any) -> dict[str, Any]:
        """The dict of a model. Most models have no such properties, and get one only when somebody asks."""
        key = self.slot.__get__(model)
        entry = _ENTRIES.get(id(key)) or _ENTRIES.setdefault(id(key), _entry(key, {}))
        return entry.items


class _Entry(weakref.ref[set[object]]):
    """A dict that exists as long as the set whose identity leads to it."""

    __slots__ = ("identity", "items")

    identity: int
    items: dict[str, Any]


def _entry(key: set[object], items: dict[str, Any]) -> _Entry:
    entry = _Entry(key, _remove)
    entry.identity, entry.items = id(key), items
    return entry


_ENTRIES: dict[int, _Entry] = {}


def _remove(entry: Any, pop: Any = _ENTRIES.pop) -> None:
    pop(entry.identity)


def _key_of(items: dict[str, Any]) -> set[object]:
    key: set[object] = set()
    _ENTRIES[id(key)] = _entry(key, items)
    return key


def _restored(class_: Any, attributes: dict[str, Any]) -> Any:
    return class_(**attributes)
