"""What narrows values, in words: simple things as people say them, all else as the schema that it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from .....ir.types import Ref, Type
from ..context import Classes
from ..json_types import in_words, members
from .effects import Schema

_LONGEST = 160
"""The characters of a schema in words; what follows is a digest, so that other schemas are other words."""


def schemas_in_words(schemas: Iterable[str]) -> str:
    """Schemas, as JSON text, all of which a value has to satisfy."""
    return " and ".join(_in_words(json.loads(schema), schema) for schema in schemas)


def union_in_words(type_: Type, classes: Classes, *, exclusive: bool) -> str:
    """A union by the names of its members; `exclusive`: whether a value may match only one of them."""
    names = [
        member.name if isinstance(member, Ref) else in_words(member, classes) for member in members(type_, classes)
    ]
    return f"only one of {', '.join(names)}" if exclusive else " or ".join(names)


def _in_words(schema: Schema, text: str) -> str:
    match [*schema.items()]:
        case [("minProperties", count)]:
            return f"at least {count} {'property' if count == 1 else 'properties'}"
        case [("maxProperties", count)]:
            return f"at most {count} {'property' if count == 1 else 'properties'}"
        case [("anyOf", conditions)] if names := _required(conditions):
            return f"at least one of {names}"
        case [("oneOf", conditions)] if names := _required(conditions):
            return f"exactly one of {names}"
        case [("dependentRequired", needed)]:
            return ", ".join(f"{name} only with {' and '.join(names)}" for name, names in needed.items())
    if len(text) <= _LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return f"{text[:_LONGEST]} ... ({digest[:8]})"


def _required(conditions: Iterable[Schema]) -> str:
    """The properties that conditions require, in words; "" where they say something else."""
    if any(condition.keys() != {"required"} for condition in conditions):
        return ""
    return ", ".join(" and ".join(condition["required"]) for condition in conditions)
