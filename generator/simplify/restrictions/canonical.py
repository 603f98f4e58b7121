"""Schemas in one spelling, as plain JSON: two that admit the same values are mostly equal, however they are written.

{$ref: Bed}                        ->  what Bed says
{type: [string], nullable: true}   ->  {"type": ["null", "string"]}
{const: 1, minItems: 0, title: A}  ->  {"enum": [1]}
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ...document.tree import Array, Object
from ...steps import count_steps
from ..schemas import component_name, is_reference
from ..types import numeric_bounds

NOTHING = {"not": dict[str, Any]()}
"""The schema that admits no value."""
_LONGEST = 2_000
"""The characters of a component that is written out where it is referred to; of a longer one a digest stands there."""
_SINGLES = {"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}
_SINGLES |= {"unevaluatedItems", "unevaluatedProperties"}
_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
_MAPS = {"properties", "patternProperties", "dependentSchemas"}
_VALUES = {"type", "enum", "format", "pattern", "uniqueItems", "required", "dependentRequired"}
_NUMBERS = {f"{side}{what}" for side in ("min", "max") for what in ("Length", "Items", "Contains", "Properties")}
_NUMBERS |= {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_KNOWN = _SINGLES | _LISTS | _MAPS | _VALUES | _NUMBERS
_ALLOWS_ALL: dict[str, Any] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties"), 0),
    **{key: [] for key in ("required", "type", *_LISTS)},
    **{key: {} for key in (*_MAPS, "dependentRequired", "additionalProperties", "unevaluatedProperties")},
    **{key: {} for key in ("propertyNames", "items", "unevaluatedItems", "then", "else")},
    "uniqueItems": False,
}
"""The values of keywords that admit everything, as if they were not there."""


class Canonical:
    """Writes schemas of one document in one spelling. References lead to its `schemas`."""

    def __init__(self, schemas: Object) -> None:
        self.schemas = schemas
        self._components: dict[str, dict[str, Any]] = {}

    def schema(self, schema: Any) -> dict[str, Any]:
        """A schema in the one spelling."""
        count_steps(1, schema)
        if not isinstance(schema, Object):
            return NOTHING if schema is False else {}
        if is_reference(schema):
            target = self._component(component_name(schema["$ref"]))
            beside = self.schema(schema.without("$ref"))
            return _all_of([target, beside])
        keywords = {key: self._keyword(key, value) for key, value in _plain(schema).items() if key in _KNOWN}
        keywords = {key: value for key, value in keywords.items() if value is not None}
        _drop_idle(keywords)
        return _all_of([*keywords.pop("allOf", ()), keywords])

    def union(self, key: str, members: Array) -> dict[str, Any]:
        """A union in the one spelling; nothing where it admits every value. A `oneOf` of one member is an `anyOf`."""
        written = [self.schema(member) for member in members]
        key = key if len(written) > 1 else "anyOf"
        return {} if key == "anyOf" and {} in written else {key: _distinct(written)}

    def _keyword(self, key: str, value: Any) -> Any:
        if key in _SINGLES:
            return self.schema(value)
        if key in _LISTS:
            members = [self.schema(member) for member in value] if isinstance(value, Array) else []
            return members if key == "prefixItems" else _distinct(members)
        if key in _MAPS:
            return {name: self.schema(child) for name, child in value.items()} if isinstance(value, Object) else {}
        return _value(key, value)

    def _component(self, name: str) -> dict[str, Any]:
        if name not in self._components:
            self._components[name] = {"$ref": name}  # which stands inside itself
            written = self.schema(self.schemas.get(name))
            text = as_text(written)
            if len(text) > _LONGEST:
                written = {
                    "$ref": name,
                    "digest": hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:12],
                }
            self._components[name] = written
        return self._components[name]


def as_text(value: Any) -> str:
    """JSON text that does not depend on the order of keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _plain(schema: Object) -> Object:
    """A schema without the spellings of OpenAPI 3.0, and without those that have a longer form."""
    schema = numeric_bounds(schema)
    if "const" in schema:
        schema = schema.without("const").replacing("enum", Array([schema["const"]]))
    types = schema.get("type")
    if types is not None:
        types = {*types} if isinstance(types, Array) else {types}
        types |= {"null"} if schema.get("nullable") is True else set()
        schema = schema.replacing("type", Array(sorted(map(str, types))))
    return schema


def _value(key: str, value: Any) -> Any:
    """The value of a keyword that holds no schemas; None where it cannot be one."""
    match key, value:
        case "enum", list():
            return [json.loads(text) for text in sorted({as_text(item) for item in value})]
        case "type", [only]:
            return only
        case (("required" | "type"), list()):
            return sorted({str(item) for item in value})
        case "dependentRequired", dict():
            return {
                name: sorted({*map(str, names)}) for name, names in value.items() if names and isinstance(names, list)
            }
        case (("pattern" | "format"), str()):
            return value
        case "uniqueItems", bool():
            return value
    is_number = key in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and float(value).is_integer() else value if is_number else None


def _drop_idle(keywords: dict[str, Any]) -> None:
    """Remove keywords that admit everything, or that mean nothing without another one."""
    for key in [key for key, value in keywords.items() if key in _ALLOWS_ALL and value == _ALLOWS_ALL[key]]:
        del keywords[key]
    if {} in keywords.get("anyOf", ()):
        del keywords["anyOf"]
    if keywords.get("minContains") == 0 and "maxContains" not in keywords:
        keywords.pop("contains", None)
    if "contains" not in keywords or keywords.get("minContains") == 1:
        keywords.pop("minContains", None)
    if "contains" not in keywords:
        keywords.pop("maxContains", None)
    if "if" not in keywords or not keywords.keys() & {"then", "else"}:
        for key in ("if", "then", "else"):
            keywords.pop(key, None)


def _distinct(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The members of a union or an `allOf`, whose order does not matter."""
    return [json.loads(text) for text in sorted({as_text(member) for member in members})]


def _all_of(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema for the values that satisfy all of several; parts with different keywords are put together."""
    whole: dict[str, Any] = {}
    further: list[dict[str, Any]] = []
    for part in parts:
        part = _of_only_member(part)
        if all(key not in whole or whole[key] == value for key, value in part.items()):
            whole.update(part)
        else:
            further.append(part)
    return {**whole, "allOf": _distinct(further)} if further else whole


def _of_only_member(schema: dict[str, Any]) -> dict[str, Any]:
    """The only member of a union that has nothing beside it; any other schema as it is."""
    if schema.keys() in ({"anyOf"}, {"oneOf"}):
        (members,) = schema.values()
        if len(members) == 1:
            only: dict[str, Any] = members[0]
            return only
    return schema
