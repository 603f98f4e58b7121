"""Reading values of a document that may be missing, or of another type than expected."""

from __future__ import annotations

import json
from typing import Any

from ..document.tree import Array, Object


def text(holder: Object, key: str) -> str:
    """The text at `key`, such as a description; "" when there is none."""
    value = holder.get(key)
    if value is None or isinstance(value, str):
        return value or ""
    return holder.as_written(key) or str(value)


def flag(holder: Object, key: str) -> bool:
    """Whether the value at `key` is true."""
    return holder.get(key) is True


def mapping(holder: Object, key: str) -> Object:
    """The mapping at `key`; an empty one when there is none."""
    value = holder.get(key)
    return value if isinstance(value, Object) else Object()


def default_of(schema: Any) -> str:
    """The documented default of a schema as JSON text; "" when there is none."""
    return json.dumps(schema["default"]) if isinstance(schema, Object) and "default" in schema else ""


def examples_of(holder: Any) -> tuple[Any, ...]:
    """The values of `example` and `examples` of a schema or a media type (OpenAPI 3.1, section 4.8.14)."""
    if not isinstance(holder, Object):
        return ()
    single, several = ([holder["example"]] if "example" in holder else []), holder.get("examples")
    if isinstance(several, Array):
        return (*single, *several)
    named = several.values() if isinstance(several, Object) else ()
    return (*single, *(example["value"] for example in named if isinstance(example, Object) and "value" in example))
