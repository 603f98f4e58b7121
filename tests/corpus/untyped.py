"""What a package knows no type of, and whether the document does."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tests.corpus.raw import Document

OURS = "the document has a type, the package has none"
_SAYING = ("type", "enum", "const", "properties", "items", "additionalProperties", "prefixItems", "allOf")
_BODILESS = ("204", "205", "304")  # RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5
_UNIONS = ("anyOf", "oneOf")


@dataclasses.dataclass(frozen=True)
class Untyped:
    """An answer without a type: whose, of which status, and why."""

    operation: str
    status: str
    reason: str


def untyped_answers(document: Document, operations: Mapping[str, Any]) -> tuple[int, list[Untyped]]:
    """How many documented bodies of answers there are, and those that the package reads as anything.

    `operations` are the package's own declarations; a body that they leave out is untyped, too.
    """
    count, found = 0, []
    for call in document.calls:
        for status, answer in document.answers(call).items():
            content = document.content(answer)
            if not content or status in _BODILESS:
                continue
            count += 1
            if call.name not in operations:
                continue
            declared = operations[call.name].responses.get(status)
            if declared is None or (declared.type is Any and declared.decode == "json"):
                schemas = [media["schema"] for media in content.values() if "schema" in media]
                why = reason(document, schemas[0]) if schemas else "no schema"
                found.append(Untyped(call.name, status, why or OURS))
    return count, found


def reason(document: Document, schema: Any, depth: int = 0) -> str:
    """Why a schema has no type: "" when it has one."""
    if schema is True:
        return "`true`"
    if schema is False:
        return "`false`"
    found = document.resolve(schema)
    if not found and isinstance(schema, Mapping) and "$ref" in schema:
        return "its reference leads nowhere"
    if found.get("not") == {}:
        return "`not: {}`"
    if depth > 20:
        return "it refers to itself alone"
    unions = [found[key] for key in _UNIONS if isinstance(found.get(key), list)]
    if unions and not any(key in found for key in _SAYING):
        reasons = [reason(document, member, depth + 1) for union in unions for member in union]
        return next((f"a union with a member without a type ({r})" for r in reasons if r), "")
    parts = found.get("allOf")
    if isinstance(parts, list) and not any(key in found for key in _SAYING if key != "allOf"):
        reasons = [reason(document, part, depth + 1) for part in parts]
        return "" if not parts or not all(reasons) else reasons[0]
    if any(key in found for key in _SAYING):
        return ""
    return "no type" if found else "an empty schema"
