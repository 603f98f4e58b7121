"""Which form the JSON of a run has."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from .._form.vocabulary import SCHEMA
from .._text import quoted

_USUAL_START = f'{{"schema":"{SCHEMA}",'
"""What `to_json` begins with."""


_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?")
"""A decimal number as `to_json` writes it."""


class _Usage(Struct):
    credits: Any = UNSET


class _Body(Struct):
    usage: _Usage | None = None


class _Head(Struct):
    schema: Any = UNSET


def check_schema(data: bytes | str) -> None:
    """Raise ValidationError for JSON without a `schema`, or with one that this package does not read.

    Raises:
        TypeError: it is not JSON, but perhaps what was parsed from it.
    """
    if not isinstance(data, bytes | bytearray | memoryview | str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a run is read from bytes or text that is JSON, not from {type(data).__name__}")
    start: bytes | str = _USUAL_START if isinstance(data, str) else _USUAL_START.encode()
    if data[: len(start)] == start:
        return
    schema: object = msgspec.json.decode(data, type=_Head).schema
    if schema == SCHEMA:
        return
    if schema is UNSET:
        found = "missing"
    else:
        found = quoted(schema) if isinstance(schema, str) else f"of the type {type(schema).__name__}"
    raise msgspec.ValidationError(f"schema is {found}; this version of workflow-runs reads {SCHEMA} - at `$.schema`")


def check_credits(data: bytes | str) -> None:
    """Raise ValidationError for credits whose text is not as `to_json` writes it, such as `1_000` or other digits."""
    usage = msgspec.json.decode(data, type=_Body).usage
    if usage and isinstance(usage.credits, str) and not _DECIMAL.fullmatch(usage.credits):
        raise msgspec.ValidationError(
            f"credits are {quoted(usage.credits)}, not a decimal number such as 2.5 - at `$.usage.credits`"
        )
