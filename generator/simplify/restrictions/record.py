"""What narrows values without shaping their type, kept beside schemas while these are simplified.

{minProperties: 1}               ->  x-restrictions: (("minProperties", '{"minProperties": 1}'),)
{anyOf: [{required: [a]}, ...]}  ->  x-restrictions: (("anyOf", '{"anyOf": [{"required": ["a"]}, ...]}'),)

A value has to satisfy all of them. Two that mean the same are the same text, however they are spelled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ...document.schemas import rewrite_document, without_annotations
from ...document.tree import Array, Object
from ..schemas import schemas_of
from ..types import ANY_KEY
from .canonical import Canonical, as_text

Restrictions = tuple[tuple[str, str], ...]
"""Keywords, each with the text of a schema that has nothing but it and the keywords that belong to it."""
RESTRICTIONS = "x-restrictions"
"""The extension that holds them. A document that is read has no tuples, so this is never one of its own."""
CONDITION = "condition"
"""In place of a keyword: an object has to satisfy one of several conditions, such as that it has a property."""
EXACTLY_ONE = "exactlyOne"
"""In place of a keyword: a value may match only one member of the union, which is a `oneOf`."""
_GROUPS = {
    "not": ("not",),
    "contains": ("contains", "minContains", "maxContains"),
    "if": ("if", "then", "else"),
    **{key: (key,) for key in ("minProperties", "maxProperties", "dependentRequired", "dependentSchemas")},
    "propertyNames": ("propertyNames",),
    "patternProperties": ("patternProperties", "additionalProperties"),
    "prefixItems": ("prefixItems", "items"),
    **{key: (key,) for key in ("unevaluatedProperties", "unevaluatedItems", "anyOf", "oneOf")},
}
"""Keywords that narrow values, each with those that belong to it."""
_TYPES = {
    **dict.fromkeys(("contains", "prefixItems", "unevaluatedItems"), "array"),
    **dict.fromkeys(("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"), "object"),
    **dict.fromkeys(("propertyNames", "patternProperties", "unevaluatedProperties"), "object"),
}
"""The JSON type whose values a keyword narrows; those of any type without it."""
_CONDITIONS = {"required", "minProperties", "maxProperties", "not"}
"""Keywords that restrict an object without saying more of its type."""


def record_restrictions(document: Object) -> Object:
    """The document whose schemas have their restrictions in an extension, beside the keywords themselves."""
    canonical = Canonical(schemas_of(document))

    def rule(schema: Object) -> Object:
        if _GROUPS.keys().isdisjoint(schema):
            return schema
        return with_restrictions(schema, tuple(_read(schema, canonical)))

    return rewrite_document(document, rule, _GROUPS)


def restrictions_of(schema: Any) -> Restrictions:
    """The restrictions that are recorded for a schema."""
    restrictions = schema.get(RESTRICTIONS) if isinstance(schema, Object) else None
    return restrictions if isinstance(restrictions, tuple) else ()


def with_restrictions(schema: Object, restrictions: Restrictions) -> Object:
    """A schema with further restrictions; itself where it has them already."""
    own = restrictions_of(schema)
    combined = tuple(dict.fromkeys((*own, *restrictions)))
    return schema if combined == own else schema.replacing(RESTRICTIONS, combined)


def of_union(restrictions: Restrictions) -> Restrictions:
    """The restrictions that tell of a union how many of its members a value may match."""
    return tuple(restriction for restriction in restrictions if restriction[0] == EXACTLY_ONE)


def of_members(restrictions: Restrictions) -> Restrictions:
    """The restrictions of a union that each of its members has, too."""
    return tuple(restriction for restriction in restrictions if restriction[0] != EXACTLY_ONE)


def any_of_restrictions(alternatives: Iterable[Restrictions]) -> Restrictions:
    """The restrictions of a value that has to satisfy one of several; none where one of them restricts nothing."""
    distinct = sorted({tuple(sorted(restrictions)) for restrictions in alternatives})
    if len(distinct) == 1 or () in distinct:
        return distinct[0]
    members = [{"allOf": [json.loads(text) for _, text in restrictions]} for restrictions in distinct]
    return ((CONDITION, as_text({"anyOf": members})),)


def _read(schema: Object, canonical: Canonical) -> Iterator[tuple[str, str]]:
    for keyword in _GROUPS:
        if keyword not in schema or not _applies(keyword, schema):
            continue
        if keyword in ("anyOf", "oneOf"):
            yield from _read_union(keyword, schema, canonical)
        elif group := _group(keyword, schema, canonical):
            yield keyword, as_text(group)


def _read_union(keyword: str, schema: Object, canonical: Canonical) -> Iterator[tuple[str, str]]:
    members: Array = schema[keyword]
    if is_condition(members):
        condition = canonical.union(keyword, members)
        if condition:
            yield CONDITION, as_text(condition)
    elif keyword == "oneOf" and len(members) > 1:
        yield EXACTLY_ONE, as_text({EXACTLY_ONE: True})


def _group(keyword: str, schema: Object, canonical: Canonical) -> dict[str, Any]:
    """A keyword with those that belong to it; nothing where they narrow nothing."""
    parts = schema.derive((key, schema[key]) for key in _GROUPS[keyword] if key in schema)
    if keyword == "patternProperties" and parts.get("additionalProperties") is not False:
        parts = parts.without("additionalProperties")
    group = canonical.schema(parts)
    if keyword not in group:
        return {}
    if keyword == "patternProperties":
        return _without_shape_of_patterns(group)
    return _without_repetition(group) if keyword == "prefixItems" else group


def _applies(keyword: str, schema: Object) -> bool:
    """Whether a keyword narrows values of the types that a schema declares, and is not said by another keyword."""
    types = schema.get("type")
    needed = _TYPES.get(keyword)
    if needed and types is not None and needed not in (types if isinstance(types, Array) else (types,)):
        return False
    if keyword == "unevaluatedProperties":
        return "additionalProperties" not in schema
    return keyword != "unevaluatedItems" or "items" not in schema


def is_condition(members: list[Any]) -> bool:
    """Whether a union means "one of these properties is required": a condition, not a type."""
    return all(isinstance(m, Object) and without_annotations(m).keys() <= _CONDITIONS for m in members)


def _without_shape_of_patterns(group: dict[str, Any]) -> dict[str, Any]:
    """Patterns without what the type shows: the values, where no others exist, and all properties have the same.

    A pattern that every name matches is another spelling of `additionalProperties`.
    """
    patterns = {pattern: value for pattern, value in group["patternProperties"].items() if pattern not in ANY_KEY}
    if len(patterns) < len(group["patternProperties"]):
        return {"patternProperties": patterns} if patterns else {}
    if "additionalProperties" in group and len({as_text(value) for value in patterns.values()}) == 1:
        return {**group, "patternProperties": {pattern: {} for pattern in patterns}}
    return group


def _without_repetition(group: dict[str, Any]) -> dict[str, Any]:
    """A tuple without the last items that further items may be as well; nothing where none is left."""
    prefix, further = [*group["prefixItems"]], group.get("items", {})
    while prefix and prefix[-1] == further:
        prefix.pop()
    return {**group, "prefixItems": prefix} if prefix else {}
