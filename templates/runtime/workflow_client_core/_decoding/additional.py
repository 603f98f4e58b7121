"""Properties beyond the declared ones, from JSON into the attribute of models that is for them.

The value and its plain JSON are walked side by side, as msgspec reads only what a model declares.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import msgspec
from msgspec import Struct, ValidationError

from .._models.additional import OpenStruct, set_additional
from .._models.types import additional, contained_types, fields, is_struct
from .._time_limit import check_time
from .choice import read_custom


@lru_cache(maxsize=4096)
def may_hold_additional(type_: Any) -> bool:
    """Whether a value of the type may contain a model with such an attribute."""
    return any(is_struct(inner) and additional(inner) is not None for inner in contained_types(type_))


def collect(value: Any, plain: Any) -> None:
    """Fill the attributes in a value that msgspec has just decoded; `plain` is the same JSON as plain Python.

    Raises:
        ValidationError: a property is not of the documented type, or only its JSON text can tell.
        RecursionError: it is nested too deeply.
    """
    if isinstance(value, Struct):
        _collect_struct(value, plain)
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            if isinstance(item, (Struct, dict, list)):
                collect(item, plain[key])
    elif isinstance(value, list):
        for item, plain_item in zip(cast("list[object]", value), plain, strict=True):
            if isinstance(item, (Struct, dict, list)):
                collect(item, plain_item)


def _collect_struct(value: Struct, plain: dict[str, Any]) -> None:
    check_time()
    class_ = type(value)
    for name, wire in _fields_to_walk(class_):
        if wire in plain:
            collect(getattr(value, name), plain[wire])
    own = additional(class_)
    if own is not None and isinstance(value, OpenStruct):
        declared = _wire_names(class_)
        items = {key: _read(own.type, item) for key, item in plain.items() if key not in declared}
        if items:
            set_additional(value, items)


def _read(type_: Any, plain: Any) -> Any:
    if type_ is Any:
        return plain
    if Decimal in contained_types(type_):
        raise ValidationError("the digits of a decimal number are known from the JSON text alone")
    value = msgspec.convert(plain, type_, dec_hook=read_custom)
    if may_hold_additional(type_):
        collect(value, plain)
    return value


@lru_cache(maxsize=4096)
def _fields_to_walk(class_: Any) -> tuple[tuple[str, str], ...]:
    """The declared fields of a Struct, name and wire name, that may contain models with such an attribute."""
    return tuple((field.name, field.wire) for field in fields(class_) if may_hold_additional(field.type))


@lru_cache(maxsize=4096)
def _wire_names(class_: Any) -> frozenset[str]:
    return frozenset(field.wire for field in fields(class_))
