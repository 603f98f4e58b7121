"""The types that declarations of parameters and bodies name, so that the core can check and write their values.

Mostly a value itself tells how it is written. But a datetime is a date to Python, and a `Decimal` can be a number or
text in JSON. What models contain is not looked at, as they know the types of their attributes.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.model import Api
from ..ir.types import Ref, Scalar, Type, types_in
from .annotations import annotation
from .expressions import Call


def with_type(declaration: Call, type_: Type | None, api: Api) -> Call:
    """The declaration of a parameter or a body, with the type of its value if the core needs it."""
    if type_ is None or not _is_needed(type_, api, set()):
        return declaration
    return replace(declaration, arguments=(*declaration.arguments, ("type", annotation(type_))))


def _is_needed(type_: Type, api: Api, seen: set[str]) -> bool:
    for inner in types_in(type_):
        if isinstance(inner, Scalar) and (inner.primitive, inner.format) in (("str", "date"), ("float", "decimal")):
            return True
        if isinstance(inner, Ref) and inner.name not in seen:
            seen.add(inner.name)
            if any(_is_needed(alias.type, api, seen) for alias in api.aliases if alias.name == inner.name):
                return True
    return False
