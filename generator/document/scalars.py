"""Plain scalars of YAML: their values, and their own spelling where text was meant."""

from __future__ import annotations

import json
import re
from typing import Any

_INTEGER = re.compile(r"[-+]?[0-9]+")
_RADIX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}


def resolve_scalar(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema. Raises ValueError for numbers that JSON cannot hold."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _RADIX.fullmatch(text):
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise ValueError(text)
        return value
    return text


def is_spelled_by_value(text: str, value: Any) -> bool:
    """Whether a scalar is spelled as JSON spells its value, so that the text follows from the value."""
    if isinstance(value, bool):
        return text in ("true", "false")
    return isinstance(value, str) or value is None or text == str(value)


def as_written(value: Any, spelling: str = "") -> str | None:
    """A scalar as text, by its `spelling` if that differs from its value. None for what is not a scalar."""
    if isinstance(value, str):
        return value
    if not isinstance(value, (bool, int, float)):
        return None
    # The value may have been replaced since it was read.
    original = resolve_scalar(spelling) if spelling else None
    return spelling if original == value and type(original) is type(value) else json.dumps(value)
