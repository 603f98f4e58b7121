"""Values that a schema allows, drawn by Python's `random`.

Of schemas as `simplify` leaves them: a type, an enumeration, a reference or an `anyOf`. A keyword that this module does
not know is an error, so that no value is drawn without it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from tests.runtime.documents import json_value, text

ANNOTATIONS = {"title", "description", "deprecated", "readOnly", "x-enum-descriptions", "x-enum-member-names"}
KEYWORDS: dict[str, set[str]] = {
    "array": {"items", "maxItems", "uniqueItems"},
    "boolean": set(),
    "integer": {"format"},
    "null": set(),
    "number": {"format"},
    "object": {"properties", "required", "additionalProperties"},
    "string": {"format", "minLength", "maxLength", "pattern"},
}
"""The keywords of each type."""
BITS = {"int32": 31, "int64": 63, None: 80}
"""Of integers, by their format."""

Times = Callable[[Random], str]


def allowed(schema: dict[str, Any], definitions: dict[str, Any], chance: Random, times: Times) -> Any:
    """A value that the schema allows; `times` draws those of the format `date-time`."""
    keywords = schema.keys() - ANNOTATIONS
    if keywords == {"$ref"}:
        return allowed(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions, chance, times)
    if keywords == {"anyOf"}:
        return allowed(chance.choice(schema["anyOf"]), definitions, chance, times)
    if keywords <= {"type", "enum"} and "enum" in keywords:
        return chance.choice(schema["enum"])
    if not keywords:
        return json_value(chance)
    assert keywords <= {"type", *KEYWORDS[schema["type"]]}, f"unknown keywords: {schema}"
    match schema["type"]:
        case "array":
            most = min(3, schema.get("maxItems", 3))
            items = [allowed(schema["items"], definitions, chance, times) for _ in range(chance.randint(0, most))]
            return [*dict.fromkeys(items)] if schema.get("uniqueItems") else items
        case "object":
            return _object(schema, definitions, chance, times)
        case "string":
            return times(chance) if schema.get("format") == "date-time" else _string(schema, chance)
    return _scalar(schema, chance)


def _object(schema: dict[str, Any], definitions: dict[str, Any], chance: Random, times: Times) -> dict[str, Any]:
    required = schema.get("required", ())
    value = {
        name: allowed(property_, definitions, chance, times)
        for name, property_ in schema.get("properties", {}).items()
        if name in required or chance.randrange(2)
    }
    further = schema.get("additionalProperties", True)
    if further is False:
        return value
    of_further = {} if further is True else further
    for _ in range(chance.choice((0, 0, 1, 2))):
        value.setdefault(text(chance), allowed(of_further, definitions, chance, times))
    return value


def _string(schema: dict[str, Any], chance: Random) -> str:
    match schema.get("format"):
        case "uuid":
            return str(UUID(int=chance.getrandbits(128), version=4))
        case "uri":
            return f"https://example.com/{chance.randrange(1000)}"
        case None:
            assert "pattern" not in schema, f"a pattern without a format: {schema}"
            string = text(chance, min(8, schema.get("maxLength", 8)))
            return string or "a" * schema.get("minLength", 0)
    raise AssertionError(f"unknown format: {schema}")


def _scalar(schema: dict[str, Any], chance: Random) -> Any:
    match schema["type"]:
        case "boolean":
            return chance.random() < 0.5
        case "integer":
            limit = 2 ** chance.randint(1, BITS[schema.get("format")])
            return chance.randrange(-limit, limit)
        case "number":
            return chance.choice((chance.randrange(-1000, 1000), chance.uniform(-1e6, 1e6), 0.0, 1e300))
    return None
