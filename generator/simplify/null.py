"""Null in one spelling, `anyOf: [X, {type: "null"}]`: `nullable`, lists of types and unions with null become that.

A component that may be null keeps its name for what it is otherwise; the references to it say "or null".
"""

from __future__ import annotations

from typing import Any

from ..document.pointer import escape
from ..document.schemas import Rule, annotations_of, rewrite_document, without_annotations
from ..document.tree import Array, Object
from .schemas import is_null

_SCHEMAS = "#/components/schemas/"


def one_null(document: Object) -> Object:
    """The document with null spelled in one way."""
    return lift_null(rewrite_document(document, spell_null))


def lift_null(document: Object) -> Object:
    """The document in which no component is one thing or null: the references to it say so."""
    schemas = document.get("components", {}).get("schemas") or Object()
    nullable = {name for name, schema in schemas.items() if _nullable_component(schema)}
    if not nullable:
        return document

    def plain(schema: Any) -> Any:
        return schema["anyOf"][0].derive([*schema["anyOf"][0].items(), *annotations_of(schema).items()])

    bare = schemas.derive((name, plain(s) if name in nullable else s) for name, s in schemas.items())
    parts = document["components"].derive((k, bare if k == "schemas" else v) for k, v in document["components"].items())
    document = document.derive((k, parts if k == "components" else v) for k, v in document.items())
    return rewrite_document(document, _or_null({_SCHEMAS + escape(name) for name in nullable}))


def spell_null(schema: Object) -> Object:
    """The rule for one schema."""
    if is_null(schema):
        return schema.derive([("type", "null"), *annotations_of(schema).items()])
    nullable = schema.get("nullable") is True
    schema = schema.without("nullable")
    types = schema.get("type")
    if isinstance(types, Array):
        nullable |= "null" in types
        rest = [t for t in types if t != "null"]
        if len(rest) == 1:
            schema = schema.derive((k, rest[0] if k == "type" else v) for k, v in schema.items())
        elif not rest:
            return schema.derive((k, "null" if k == "type" else v) for k, v in schema.items())
        else:
            schema = _of_types(schema, rest)
    enum = schema.get("enum")
    if isinstance(enum, Array) and None in enum and len(enum) > 1:
        nullable = True
        kept = [i for i, word in enumerate(enum) if word is not None]
        marks = [enum.marks[i] for i in kept] if len(enum.marks) == len(enum) else []
        words = Array([enum[i] for i in kept], enum.source, marks)
        schema = schema.derive((k, words if k == "enum" else v) for k, v in schema.items())
    for key in ("anyOf", "oneOf"):
        members = schema.get(key)
        if isinstance(members, Array) and any(is_null(m) for m in members):
            others = [m for m in members if not is_null(m)]
            if not others:
                return schema.derive([("type", "null"), *annotations_of(schema).items()])
            nullable = True
            if len(others) == 1 and not without_annotations(schema).without(key):
                schema = schema.derive([*others[0].items(), *annotations_of(schema).items()])
            else:
                schema = schema.derive((k, members.derive(others) if k == key else v) for k, v in schema.items())
    if not nullable or not without_annotations(schema):
        return schema
    if set(without_annotations(schema)) == {"anyOf"}:
        flat = [*(m for m in schema["anyOf"] if not is_null(m)), _null(schema)]
        return schema.derive([("anyOf", Array(flat, schema.source)), *annotations_of(schema).items()])
    members = Array([without_annotations(schema), _null(schema)], schema.source)
    return schema.derive([("anyOf", members), *annotations_of(schema).items()])


def _null(schema: Object) -> Object:
    return schema.derive([("type", "null")])


def _of_types(schema: Object, types: list[Any]) -> Object:
    """A schema with several types as a union of them; what stands beside it as a union, or a part, holds as well."""
    facets = [_facets(schema, type_) for type_ in types]
    typed = [schema.derive([("type", type_), *found]) for type_, found in zip(types, facets, strict=True)]
    kinds = schema.derive([("anyOf", Array(typed, schema.source))])
    rest = without_annotations(schema).without("type", *(key for found in facets for key, _ in found))
    if not set(rest) & {"anyOf", "oneOf", "allOf"}:
        return schema.derive([*kinds.items(), *annotations_of(schema).items()])
    parts = [*(rest.get("allOf") or ()), kinds]
    others = rest.without("allOf")
    parts += [others] if others else []
    return schema.derive([("allOf", Array(parts, schema.source)), *annotations_of(schema).items()])


def _facets(schema: Object, type_: str) -> list[tuple[str, Any]]:
    """The keywords of a schema with several types that concern one of them."""
    keys = {
        "object": {"properties", "required", "additionalProperties", "patternProperties"},
        "array": {"items", "minItems", "maxItems", "uniqueItems", "prefixItems"},
        "string": {"format", "pattern", "minLength", "maxLength", "enum"},
    }.get(type_, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
    return [(k, v) for k, v in schema.items() if k in keys]


def _nullable_component(schema: Any) -> bool:
    members = schema.get("anyOf") if isinstance(schema, Object) else None
    if not isinstance(members, Array) or len(members) != 2 or not is_null(members[1]):
        return False
    return "$ref" not in members[0] and len(without_annotations(schema)) == 1


def _or_null(nullable: set[str]) -> Rule:
    def rule(schema: Object) -> Object:
        if _refers(schema, nullable):
            return spell_null(schema.derive([*schema.items(), ("nullable", True)]))
        members = schema.get("allOf")
        if isinstance(members, Array):  # what is merged must be the object: null belongs to references alone
            bare = [m["anyOf"][0] if _referring(m, nullable) else m for m in members]
            return schema.derive((k, members.derive(bare) if k == "allOf" else v) for k, v in schema.items())
        return spell_null(schema)

    return rule


def _referring(member: Any, nullable: set[str]) -> bool:
    members = member.get("anyOf") if isinstance(member, Object) else None
    return isinstance(members, Array) and bool(members) and _refers(members[0], nullable)


def _refers(schema: Any, nullable: set[str]) -> bool:
    return isinstance(schema, Object) and isinstance(schema.get("$ref"), str) and schema["$ref"] in nullable
