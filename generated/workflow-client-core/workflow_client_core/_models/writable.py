"""Values on their way to JSON: whatever msgspec would write wrongly is refused, or brought into another form.

- msgspec writes null for NaN and infinities, and a whole date-time where only a date is allowed: these are refused.
- It does not see additional properties: a model that has any becomes a dict.
- It writes every `Decimal` as text: where the document says that it is a number, it becomes the number's digits.
"""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import is_
from typing import Any, cast

from msgspec import UNSET, Raw, Struct

from .files import File
from .types import (
    additional,
    contained_types,
    enum_base,
    fields,
    is_alias,
    is_struct,
    item_type,
    takes_dates_only,
    value_type,
    writes_digits,
)

_BYTES = (bytes, bytearray, memoryview)


def is_array(value: object) -> bool:
    """Whether a value is an array in JSON: any sequence or set, but no text and no bytes."""
    return isinstance(value, Sequence | set | frozenset) and not isinstance(value, (str, *_BYTES))


def writable(value: Any, type_: Any, name: str, *, aware: bool) -> Any:
    """The value in a form that msgspec writes as JSON rightly; what already is in that form stays the same object.

    Args:
        value: models, dicts, lists and scalars.
        type_: the documented type of the value, as far as it is known.
        name: what messages call the value.
        aware: whether every date-time needs a time zone.

    Raises:
        TypeError: it holds a date-time where a date is documented.
        ValueError: it holds NaN, an infinity, or a date-time without a zone that needs one.
    """
    if type(value) in _UNCHANGED:
        return value
    return _Walk(name, aware).written(value, type_)


class _Walk:
    """One walk through a value: `path` leads to where it is."""

    def __init__(self, name: str, aware: bool) -> None:
        self.name, self.aware = name, aware
        self.path: list[str] = []

    def written(self, value: Any, type_: Any) -> Any:
        """The value as msgspec is to write it."""
        class_ = value.__class__
        if class_ in _UNCHANGED:
            return value
        if isinstance(value, float):
            return self._number(value, math.isfinite(value))
        if isinstance(value, date):
            return self._date(value, type_)
        if isinstance(value, Decimal):
            self._number(value, value.is_finite())
            return Raw(str(value).encode()) if writes_digits(type_) else value
        if is_struct(class_):
            return self._model(value)
        if isinstance(value, Mapping):
            return self._mapping(cast("Mapping[object, object]", value), value_type(type_))
        if is_array(value):
            return self._sequence(value, item_type(type_))
        return value

    def _model(self, model: Struct) -> Any:
        class_: Any = type(model)
        changed: dict[str, Any] = {}
        for name, wire, type_ in _walked(class_):
            value = getattr(model, name)
            if value is not UNSET and type(value) not in _UNCHANGED:
                written = self._inside(wire, value, type_)
                if written is not value:
                    changed[wire] = written
        own = additional(class_)
        items: Mapping[str, Any] = self._mapping(getattr(model, own.name), own.type) if own else {}
        if not changed and not items:
            return model
        config = class_.__struct_config__
        tag = {} if config.tag_field is None else {config.tag_field: config.tag}
        sent = {f.wire: value for f in fields(class_) if (value := getattr(model, f.name)) is not UNSET}
        written = tag | sent | changed
        return written | {key: item for key, item in items.items() if key not in written}

    def _mapping(self, items: Mapping[Any, Any], type_: Any) -> Mapping[Any, Any]:
        written = {key: self._inside(key, item, type_) for key, item in items.items() if item is not UNSET}
        class_: Any = type(items)
        is_same = class_ is dict and len(items) == len(written) and all(map(is_, items.values(), written.values()))
        return items if is_same else written

    def _sequence(self, items: Any, type_: Any) -> Any:
        written = [self._inside(index, item, type_) for index, item in enumerate(items)]
        return items if all(map(is_, items, written)) else written

    def _inside(self, key: object, value: Any, type_: Any) -> Any:
        if type(value) in _UNCHANGED:
            return value
        self.path.append(str(key).replace("~", "~0").replace("/", "~1"))
        written = self.written(value, type_)
        self.path.pop()
        return written

    def _number(self, value: Any, finite: bool) -> Any:
        if not finite:
            raise ValueError(f"{self._place} cannot be {value}: it must be a finite number")
        return value

    def _date(self, value: date, type_: Any) -> date:
        if isinstance(value, datetime):
            if takes_dates_only(type_):
                raise TypeError(f"{self._place} must be a date, not a datetime")
            if self.aware and value.utcoffset() is None:
                raise ValueError(f"{self._place} needs a time zone: {value.isoformat()} could be any instant")
        return value

    @property
    def _place(self) -> str:
        """The value's name, and a JSON Pointer to where the walk is in it (RFC 6901)."""
        return f"{self.name} at {''.join(f'/{key}' for key in self.path)}" if self.path else self.name


_UNCHANGED: frozenset[Any] = frozenset((str, int, bool, type(None)))
_SAFE: frozenset[Any] = _UNCHANGED | {bytes, time, timedelta, File}


@lru_cache(maxsize=4096)
def _walked(class_: Any) -> tuple[tuple[str, str, Any], ...]:
    """The fields of a model in which something may have to be refused or changed: attribute, name in JSON, type."""
    return tuple((f.name, f.wire, f.type) for f in fields(class_) if not all(map(_is_safe, contained_types(f.type))))


def _is_safe(type_: Any) -> bool:
    """Whether msgspec writes every value of a type rightly, apart from what is inside it."""
    if is_struct(type_):
        return additional(type_) is None
    return type_ in _SAFE or is_alias(type_) or enum_base(type_) is not None or typing.get_origin(type_) in (list, dict)


def properties_of(model: Struct) -> dict[str, tuple[Any, Any]]:
    """The properties of a model that are sent: value and type, by their names in JSON."""
    class_ = type(model)
    properties: dict[str, tuple[Any, Any]] = {}
    for field in fields(class_):
        value = getattr(model, field.name)
        if value is not UNSET:
            properties[field.wire] = value, field.type
    own = additional(class_)
    if own is not None:
        for key, value in getattr(model, own.name).items():
            if value is not UNSET:
                properties.setdefault(key, (value, own.type))  # what is declared, and sent, wins
    return properties
