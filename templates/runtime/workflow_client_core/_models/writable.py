"""Values on their way to JSON: whatever msgspec would write wrongly is refused, or brought into another form.

- msgspec writes null for NaN and infinities, and a whole date-time where only a date is allowed: these are refused.
- It does not see additional properties: a model that has any becomes a dict.
- It writes every `Decimal` as text: where the document says that it is a number, it becomes the number's digits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from msgspec import UNSET, Raw, Struct

from .types import additional, fields, is_struct, item_type, takes_dates_only, value_type, writes_digits

_SEQUENCES = (list, tuple, set, frozenset)


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
    return _Walk(name, aware)._value(value, type_)


class _Walk:
    """One walk through a value: `path` leads to where it is."""

    def __init__(self, name: str, aware: bool) -> None:
        self.name, self.aware = name, aware
        self.path: list[str] = []

    def _value(self, value: Any, type_: Any) -> Any:
        class_: Any = type(value)
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
            return self._mapping(value, value_type(type_))
        if isinstance(value, _SEQUENCES):
            inner = item_type(type_)
            return [self._inside(index, item, inner) for index, item in enumerate(cast("list[Any]", value))]
        return value

    def _model(self, model: Struct) -> Any:
        properties = properties_of(model)
        written = {wire: self._inside(wire, value, type_) for wire, (value, type_) in properties.items()}
        own = additional(type(model))
        if (own is None or not getattr(model, own.name)) and all(
            written[wire] is value for wire, (value, _) in properties.items()
        ):
            return model
        config = type(model).__struct_config__
        tag = {} if config.tag_field is None else {config.tag_field: config.tag}
        return tag | written

    def _mapping(self, items: Mapping[Any, Any], type_: Any) -> dict[Any, Any]:
        return {key: self._inside(key, item, type_) for key, item in items.items() if item is not UNSET}

    def _inside(self, key: object, value: Any, type_: Any) -> Any:
        if type(value) in _UNCHANGED:
            return value
        self.path.append(str(key).replace("~", "~0").replace("/", "~1"))
        value = self._value(value, type_)
        self.path.pop()
        return value

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
