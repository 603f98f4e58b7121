"""Properties beyond the declared ones, in JSON that is written: msgspec writes only what a model declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from msgspec import Struct

from .additional import WIRE
from .types import Field, additional, fields


def spread(value: Any, plain: Any) -> None:
    """Move the items of such attributes beside the declared properties, in the plain JSON that a value was written as.

    A declared property that is sent wins over an item of the same name.
    """
    if isinstance(value, Struct):
        for field in _all_fields(type(value)):
            if field.wire in plain:
                spread(getattr(value, field.name), plain[field.wire])
        if additional(type(value)) is not None:
            for key, item in plain.pop(WIRE, {}).items():
                plain.setdefault(key, item)
    elif isinstance(value, Mapping) and isinstance(plain, dict):
        _spread_all(cast("Mapping[str, object]", value).values(), cast("dict[str, object]", plain).values())
    elif isinstance(value, (list, tuple)) and isinstance(plain, list):
        _spread_all(cast("Sequence[object]", value), cast("list[object]", plain))


def _spread_all(values: Any, plain_values: Any) -> None:
    for value, plain in zip(values, plain_values, strict=False):
        spread(value, plain)


@lru_cache(maxsize=4096)
def _all_fields(class_: Any) -> tuple[Field, ...]:
    own = additional(class_)
    return fields(class_) if own is None else (*fields(class_), own)
