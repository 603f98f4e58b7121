"""Properties beyond the declared ones: from JSON into the attribute of models that is for them, and back.

Both walk a value and its plain JSON side by side, as msgspec reads and writes only what is declared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import msgspec
from msgspec import Struct, ValidationError
from msgspec.structs import force_setattr

from ._additional import WIRE
from ._types import Field, additional, fields, is_struct, parts


@lru_cache(maxsize=4096)
def holds_additional(type_: Any) -> bool:
    """Whether a value of the type may hold a model with such an attribute."""
    return any(is_struct(part) and additional(part) is not None for part in parts(type_))


def collect(value: Any, plain: Any) -> None:
    """Fill the attributes in a value that msgspec has just decoded; `plain` is the same JSON as plain Python.

    Raises:
        ValidationError: a property is not of the documented type, or only a look at its JSON text can tell.
        RecursionError: it is nested too deeply.
    """
    if isinstance(value, Struct):
        for name, wire in _inside(type(value)):
            if wire in plain:
                collect(getattr(value, name), plain[wire])
        own = additional(type(value))
        if own is not None:
            wires = _wires(type(value))
            force_setattr(value, own.name, {k: _read(own.type, v) for k, v in plain.items() if k not in wires})
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            if isinstance(item, (Struct, dict, list)):
                collect(item, plain[key])
    elif isinstance(value, list):
        for item, part in zip(cast("list[object]", value), plain, strict=True):
            if isinstance(item, (Struct, dict, list)):
                collect(item, part)


def _read(type_: Any, plain: Any) -> Any:
    if type_ is Any:
        return plain
    if Decimal in parts(type_):
        raise ValidationError("the digits of a decimal number are known from the JSON text alone")
    value = msgspec.convert(plain, type_, dec_hook=_from_json)
    if holds_additional(type_):
        collect(value, plain)
    return value


def _from_json(type_: Any, value: object) -> object:
    return type_._from_json(value)


def spread(value: Any, plain: Any) -> None:
    """Put the items of the attributes beside the declared properties, in the plain JSON that a value was written as.

    A declared property that is sent stands before an item of the same name.
    """
    if isinstance(value, Struct):
        own = additional(type(value))
        for field in _all(type(value)):
            if field.wire in plain:
                spread(getattr(value, field.name), plain[field.wire])
        if own is not None:
            for key, item in plain.pop(WIRE, {}).items():
                plain.setdefault(key, item)
    elif isinstance(value, Mapping) and isinstance(plain, dict):
        sides = cast("Mapping[str, object]", value).values(), cast("dict[str, object]", plain).values()
        for item, part in zip(*sides, strict=False):
            spread(item, part)
    elif isinstance(value, (list, tuple)) and isinstance(plain, list):
        for item, part in zip(cast("Sequence[object]", value), cast("list[object]", plain), strict=False):
            spread(item, part)


@lru_cache(maxsize=4096)
def _inside(class_: Any) -> tuple[tuple[str, str], ...]:
    """The declared fields of a Struct, name and wire, that may hold models with such an attribute."""
    return tuple((field.name, field.wire) for field in fields(class_) if holds_additional(field.type))


@lru_cache(maxsize=4096)
def _wires(class_: Any) -> frozenset[str]:
    return frozenset(field.wire for field in fields(class_))


@lru_cache(maxsize=4096)
def _all(class_: Any) -> tuple[Field, ...]:
    own = additional(class_)
    return fields(class_) if own is None else (*fields(class_), own)
