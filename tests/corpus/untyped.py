"""Which response bodies have no type in a package, and whether the document gives them one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tests.corpus.raw import Document

LOST_BY_GENERATOR = "the document has a type, the package has none"
_TYPING_KEYWORDS = ("type", "enum", "const", "properties", "items", "additionalProperties", "prefixItems", "allOf")
_BODILESS = ("204", "205", "304")  # RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5
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
            if not content or status in _BODILESS:
                continue
            count += 1
            if call.name not in operations:
                continue
            declared = operations[call.name].responses.get(status)
            if declared is None or (declared.type is Any and declared.decode == "json"):
                schemas = [media["schema"] for media in content.values() if "schema" in media]
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
    if resolved.get("not") == {}:
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
