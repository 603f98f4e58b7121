"""Which response bodies and properties have no type in a package, and whether the document gives them one."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tests.corpus.document import Document

LOST_BY_GENERATOR = "the document has a type, the package has none"
_TYPING_KEYWORDS = ("type", "enum", "const", "properties", "items", "additionalProperties", "prefixItems", "allOf")
_BODILESS = ("204", "205", "304")  # RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5
_NOTHING: dict[str, Any] = {"not": {}}
_UNIONS = ("anyOf", "oneOf")


@dataclasses.dataclass(frozen=True)
class Untyped:
    """A response without a type: its operation, its status, and why."""

    operation: str
    status: str
    reason: str


def untyped_responses(document: Document, operations: Mapping[str, Any]) -> tuple[int, list[Untyped]]:
    """How many response bodies the document describes, and those whose type in the package is `Any`.

    `operations` are the package's own declarations; a body that they leave out is untyped, too.
    """
    count, untyped = 0, []
    for call in document.calls:
        for status, response in document.responses(call).items():
            content = document.content(response)
            schemas = [media["schema"] for media in content.values() if "schema" in media]
            if not content or status in _BODILESS or call.method == "head" or schemas == [_NOTHING]:
                continue
            count += 1
            if call.name not in operations:
                continue
            declared = operations[call.name].responses.get(status)
            if declared is None or (declared.type is Any and declared.decode == "json"):
                why = reason(document, schemas[0]) if schemas else "no schema"
                untyped.append(Untyped(call.name, status, why or LOST_BY_GENERATOR))
    return count, untyped


def reason(document: Document, schema: Any, depth: int = 0) -> str:
    """Why a schema has no type: "" when it has one."""
    if schema is True:
        return "`true`"
    if schema is False:
        return "`false`"
    resolved = document.resolve(schema)
    if not resolved and isinstance(schema, Mapping) and "$ref" in schema:
        return "its reference leads nowhere"
    if resolved.get("not") == _NOTHING["not"]:
        return "`not: {}`"
    if depth > 20:
        return "it refers to itself alone"
    unions = [resolved[key] for key in _UNIONS if isinstance(resolved.get(key), list)]
    if unions and not any(key in resolved for key in _TYPING_KEYWORDS):
        reasons = [reason(document, member, depth + 1) for union in unions for member in union]
        return next((f"a union with a member without a type ({r})" for r in reasons if r), "")
    parts = resolved.get("allOf")
    if isinstance(parts, list) and not any(key in resolved for key in _TYPING_KEYWORDS if key != "allOf"):
        reasons = [reason(document, part, depth + 1) for part in parts]
        return "" if not parts or not all(reasons) else reasons[0]
    if any(key in resolved for key in _TYPING_KEYWORDS):
        return ""
    return "no type" if resolved else "an empty schema"


def untyped_schemas(document: Document, modules: Iterable[Any]) -> tuple[int, int, dict[str, int]]:
    """How many models and properties a package has, and how many properties are `Any`, by reason."""
    reasons: dict[str, str] = {}
    for name, schema in _properties(document):
        if name not in reasons and (why := reason(document, schema)):
            reasons[name] = why
    models = [
        value
        for module in modules
        if "models" in module.__name__.split(".")
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]
    count, untyped = 0, Counter[str]()
    for model in models:
        if issubclass(model, msgspec.Struct):
            for name, wire in zip(model.__struct_fields__, model.__struct_encode_fields__, strict=True):
                count += 1
                if re.match(r"(typing\.)?Any\b", str(model.__annotations__.get(name, ""))):
                    untyped[reasons.get(wire, LOST_BY_GENERATOR)] += 1
    return len(models), count, dict(untyped)


def _properties(document: Document) -> Iterator[tuple[str, Any]]:
    """Every property of every mapping that looks like a schema."""
    stack: list[Any] = [document.root]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            properties = value.get("properties")
            if isinstance(properties, dict):
                yield from properties.items()
            stack += value.values()
        elif isinstance(value, list):
            stack += value
