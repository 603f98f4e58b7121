"""The unified model -> JSON Schema (2020-12) of the JSON of a run."""

from __future__ import annotations

from typing import Any

from ..document.tree import Array, Object
from ..ir.values import mapping
from .unified import BASIS, ROOT, STATUS, UNKNOWN

SCHEMA = "schema"
"""The member of a run's JSON that says which form it has."""
_STATUS, _BASIS, _RESULT, _FINISHED_AT = "status", "status_basis", "result", "finished_at"
_DURATION = r"^P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$"
"""ISO 8601 in days and smaller units, as msgspec writes and reads a timedelta that is not negative."""
_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$"
"""A finite decimal number, as `str` writes it."""
_WORD = "^[a-z][a-z0-9_]*$"
"""The words of all enums, those of later versions too."""


def json_schema(document: Object, schema: str) -> dict[str, Any]:
    """The schemas of the unified model as one JSON Schema document, without our extensions.

    It says also what the document does not: that runs have a `schema`, that the words of later versions are allowed,
    and what the words of this version imply.
    """
    info = mapping(document, "info")
    schemas = mapping(mapping(document, "components"), "schemas")
    definitions: dict[str, Any] = {name: _plain(schemas[name]) for name in schemas}
    implications = _Implications(mapping(schemas, STATUS), mapping(schemas, BASIS))
    for definition in definitions.values():
        if words := definition.pop("enum", None):
            later = {"description": "A word of a later version.", "pattern": _WORD}
            definition["anyOf"] = [{"enum": words}, later]
        if rules := implications.of(definition.get("properties", {})):
            definition["allOf"] = rules
    version = {"const": schema, "description": "The form of the run. Another number means that it is read otherwise."}
    root = definitions[ROOT]
    root["required"] = [SCHEMA, *root.get("required", ())]
    root["properties"] = {SCHEMA: version, **root["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": info.get("title", ROOT),
        "description": info.get("description", ""),
        "$ref": f"#/$defs/{ROOT}",
        "$defs": definitions,
    }


class _Implications:
    """What a status that is known implies; one of a later version implies nothing."""

    def __init__(self, status: Object, basis: Object) -> None:
        unknown = UNKNOWN.lower()
        statuses = [str(word) for word in status["enum"]]
        self.ended = [word for word in statuses if word in status["x-terminal"]]
        self.not_ended = [word for word in statuses if word not in self.ended]
        self.understood = [word for word in statuses if word != unknown]
        self.not_understood = [unknown]
        self.certain = [str(word) for word in basis["enum"] if word != unknown]

    def of(self, properties: dict[str, Any]) -> list[dict[str, Any]]:
        """The rules for an object with these properties."""
        if properties.get(_STATUS, {}).get("$ref") != f"#/$defs/{STATUS}":
            return []
        rules = []
        if _RESULT in properties:
            rules.append(_if_status(self.ended, {"required": [_RESULT]}))
        if never := {name: False for name in (_RESULT, _FINISHED_AT) if name in properties}:
            rules.append(_if_status(self.not_ended, {"properties": never}))
        if _BASIS in properties:
            for statuses, words in ((self.not_understood, self.certain), (self.understood, self.not_understood)):
                rules.append(_if_status(statuses, {"properties": {_BASIS: {"not": {"enum": words}}}}))
        return rules


def _if_status(words: list[str], then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"properties": {_STATUS: {"enum": words}}}, "then": then}


def _plain(value: Any) -> Any:
    if isinstance(value, Array):
        return [_plain(item) for item in value]
    if not isinstance(value, Object):
        return value
    schema = {key: _plain(inner) for key, inner in value.items() if not key.startswith("x-")}
    # JSON Schema knows no decimals, and no durations with fractions of a second (RFC 3339, appendix A).
    if pattern := {"duration": _DURATION, "decimal": _DECIMAL}.get(str(schema.get("format"))):
        schema = {key: inner for key, inner in schema.items() if key != "format"} | {"pattern": pattern}
    if isinstance(schema.get("$ref"), str):
        schema["$ref"] = schema["$ref"].replace("#/components/schemas/", "#/$defs/", 1)
    return schema
