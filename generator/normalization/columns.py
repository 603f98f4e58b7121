"""The unified model -> the columns of rows: a run as names with plain values, for tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Field
from ..ir.types import ListOf
from ..python.quoting import Code, name
from .converters import value_type
from .unified import REFERENCE, ROOT, UnifiedModel


class _Cell(NamedTuple):
    """How values of one type stand in rows."""

    type: str
    """The Python type."""
    function: str = ""
    """What makes them, in `_run/cells.py`; "" for what stays as it is."""
    suffix: str = ""
    """What the name of a column says besides that of the field."""


_JSON, _LIST = _Cell("str", "json_text"), _Cell("str", "json_list")
_REFERENCE = _Cell("str", "reference")
_CELLS = {
    "text": _Cell("str"),
    "word": _Cell("str", "text"),
    "decimal": _Cell("str", "text"),
    "date": _Cell("str", "text"),
    "integer": _Cell("int", "integer"),
    "number": _Cell("float"),
    "boolean": _Cell("bool"),
    "time": _Cell("datetime"),
    "duration": _Cell("float", "seconds", "_seconds"),
}
"""By value types. All others are JSON."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, with the type of its values and the expression for that of a run."""

    name: Code
    type: Code
    is_optional: bool
    value: Code
    field: Field


def columns(unified: UnifiedModel) -> list[Column]:
    """The columns in the order of the unified model. The fields of an object have columns of their own."""
    return list(_columns(unified))


def _columns(unified: UnifiedModel) -> Iterator[Column]:
    for field in unified.models[ROOT].fields:
        model = unified.model_of(field.type)
        if model is None or isinstance(field.type, ListOf) or model.name == REFERENCE:
            yield _column(field, field.name, f"run.{field.name}", unified)
            continue
        for inner in model.fields:
            value = f"run.{field.name}.{inner.name} if run.{field.name} else None"
            yield _column(inner, f"{field.name}_{inner.name}", value, unified, within=True)


def _column(field: Field, title: str, value: str, unified: UnifiedModel, *, within: bool = False) -> Column:
    model = unified.model_of(field.type)
    cell = _CELLS.get(value_type(field.type, unified.enums, unified=True), _JSON)
    is_optional = within or not field.required
    if isinstance(field.type, ListOf) and not within:
        cell, is_optional = _LIST, False
    elif model is not None and model.name == REFERENCE:
        cell, is_optional = _REFERENCE, True
    value = f"cells.{cell.function}({value})" if cell.function else value
    return Column(name(title + cell.suffix), Code(cell.type), is_optional, Code(value), field)
