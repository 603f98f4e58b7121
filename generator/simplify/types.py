"""Explicit types: a schema whose keywords leave one type only says it, and in one way; later rules need not guess."""

from __future__ import annotations

from ..document.problems import Problems
from ..document.schemas import Rule, is_annotation
from ..document.tree import Array, Object
from .schemas import reference_to

_UNTYPED = {"$ref", "allOf", "anyOf", "oneOf", "enum", "const", "not"}
_SHAPED = _UNTYPED - {"not"}
_EVERYTHING = {"", ".*", "^.*$", "^.+$", ".+", "^.*", ".*$"}
_IGNORED = {"$dynamicRef", "if", "then", "else", "dependentSchemas", "dependentRequired", "patternProperties"}
_IGNORED |= {"prefixItems", "propertyNames", "unevaluatedProperties"}


def explicit_types(schemas: Object, problems: Problems) -> Rule:
    """The rule; keywords that it leaves out of account are reported."""

    anchors = {
        anchor: name
        for name, schema in schemas.items()
        for key in ("$dynamicAnchor", "$anchor")
        if isinstance(schema, Object) and isinstance(anchor := schema.get(key), str)
    }

    def rule(schema: Object) -> Object:
        for key in [k for k, value in schema.items() if value is None and not is_annotation(k) and k != "const"]:
            problems.warning("empty-section", schema.where(key), f"`{key}` is empty; read as if it were not there")
            schema = schema.without(key)
        schema = _tuple(_map(_encoded(_anchored(schema, anchors))))
        for key in sorted(_IGNORED & schema.keys()):
            if schema[key] not in (None, False):
                message = f"`{key}` does not shape the generated type"
                problems.warning("ignored-keyword", schema.where(key), message)
        if "type" not in schema and not _UNTYPED & schema.keys():
            if "properties" in schema or isinstance(schema.get("additionalProperties"), Object):
                schema = schema.derive([("type", "object"), *schema.items()])
            elif "items" in schema:
                schema = schema.derive([("type", "array"), *schema.items()])
        if "array" in _listed(schema.get("type")) and not isinstance(schema.get("items"), Object):
            schema = schema.derive([*schema.without("items").items(), ("items", Object(source=schema.source))])
        return schema

    return rule


def _anchored(schema: Object, anchors: dict[str, str]) -> Object:
    """A schema that refers to another one by its anchor (JSON Schema 2020-12, section 8.2.3.2)."""
    ref = schema.get("$dynamicRef")
    name = anchors.get(ref.removeprefix("#")) if isinstance(ref, str) else None
    if name is None or "$ref" in schema:
        return schema
    return schema.derive([("$ref", reference_to(name)), *schema.without("$dynamicRef").items()])


def _encoded(schema: Object) -> Object:
    """The formats `byte` and `binary`, where they are said by `contentEncoding` and `contentMediaType`.

    Both are OpenAPI 3.1, section 4.4.2 (Data Types, "Working with Binary Data").
    """
    encoding, media = schema.get("contentEncoding"), schema.get("contentMediaType")
    if "format" in schema or schema.get("type", "string") != "string" or _SHAPED & schema.keys():
        return schema
    if encoding == "base64":
        said = "byte"
    elif encoding in (None, "binary") and isinstance(media, str) and not _is_text(media):
        said = "binary"
    else:
        return schema
    return schema.derive([*schema.without("type").items(), ("type", "string"), ("format", said)])


def _is_text(media: str) -> bool:
    kind = media.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("json", "xml", "yaml", "javascript"))


def _map(schema: Object) -> Object:
    """Values of `patternProperties` as those of additional properties."""
    extra = schema.get("additionalProperties")
    patterns = schema.get("patternProperties")
    if not isinstance(patterns, Object) or not patterns:
        return schema
    members = list(patterns.values())
    if isinstance(extra, Object):
        members.append(extra)
    elif extra is not False and not set(patterns) & _EVERYTHING:
        return schema  # other keys may have any value
    value = members[0] if len(members) == 1 else Object([("anyOf", Array(members, patterns.source))], patterns.source)
    kept = schema.without("patternProperties", "additionalProperties")
    return kept.derive([*kept.items(), ("additionalProperties", value)])


def _tuple(schema: Object) -> Object:
    """A list whose items differ by their places, as a list of any of them."""
    places = schema.get("prefixItems")
    if not isinstance(places, Array) or not places:
        return schema
    rest, most = schema.get("items"), schema.get("maxItems")
    closed = isinstance(most, int) and most <= len(places)
    closed = closed or rest is False or (isinstance(rest, Object) and rest.get("not") == {})
    if not closed and not (isinstance(rest, Object) and rest):
        return schema  # further items may be anything
    members = [*places] if closed else [*places, rest]
    item = Object([("anyOf", Array(members, places.source))], places.source)
    kept = schema.without("prefixItems", "items")
    return kept.derive([*kept.items(), ("items", item)])


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, Array) else [] if value is None else [value]
