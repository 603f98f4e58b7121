"""Null in one spelling: `nullable`, lists of types, enums and unions with null become a union of two members.

    {type: [string, "null"]}        ->  {anyOf: [{type: string}, {type: "null"}]}
    {anyOf: [A, {nullable: true}]}  ->  {anyOf: [A, {type: "null"}]}

A component that may be null keeps its name for everything else: the references to it say "or null".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..document.problems import Source
from ..document.schemas import NULL, SEVERAL_TYPES, annotations_of, rewrite_document, without_annotations
from ..document.tree import Array, Object
from .enums import of_values
from .restrictions.record import RESTRICTIONS, restrictions_of, with_restrictions
from .schemas import is_null, is_reference, reference_to, schemas_of, with_schemas

_FACETS = {
    "object": ("properties", "required", "additionalProperties", "patternProperties"),
    "array": ("items", "minItems", "maxItems", "uniqueItems", "prefixItems"),
    "string": ("format", "pattern", "minLength", "maxLength", "enum"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_FACETS["number"] = _FACETS["boolean"] = _FACETS["integer"]
"""The keywords that concern values of one JSON type."""

_SPELLINGS = ("nullable", NULL, SEVERAL_TYPES)
"""Keywords without which a schema does not admit null, and has one type at most."""


def normalize_null(document: Object) -> Object:
    """The document with null spelled in one way, and by no component."""
    document = rewrite_document(document, _spell_null_in_members, ("anyOf", "oneOf", "allOf"))
    return move_null_to_references(rewrite_document(document, spell_null, _SPELLINGS))


def _spell_null_in_members(schema: Object) -> Object:
    """A schema with null for a member of a union, or a part of an `allOf`, that says `nullable` and nothing else.

    OpenAPI 3.0.3 gives `nullable` a meaning beside `type` alone; who writes it as a member means "or null".
    """
    for key in ("anyOf", "oneOf"):
        members = schema.get(key)
        if isinstance(members, Array) and not all(map(_is_only_nullable, members)):
            changed = (
                _only_null(member.without("nullable")) if _is_only_nullable(member) else member for member in members
            )
            schema = schema.replacing(key, members.changed(changed))
    parts = schema.get("allOf")
    if isinstance(parts, Array) and any(map(_is_only_nullable, parts)):
        remaining = [index for index, part in enumerate(parts) if not _is_only_nullable(part)]
        if remaining:
            schema = schema.replacing("allOf", parts.selecting(remaining)).replacing("nullable", True)
    return schema


def _is_only_nullable(schema: object) -> bool:
    return isinstance(schema, Object) and without_annotations(schema) == {"nullable": True}


def spell_null(schema: Object) -> Object:
    """A schema that admits null by the last member of its `anyOf`, or not at all."""
    if is_null(schema):
        return _only_null(schema)
    admits_null = schema.get("nullable") is True
    schema = schema.without("nullable")
    for separate in _SEPARATIONS:
        schema, with_null = separate(schema)
        admits_null |= with_null
    shape = without_annotations(schema)
    if not admits_null or not shape or is_null(schema):
        return schema
    shape = shape.derive([*shape.items(), *of_values(schema).items()])
    members = [m for m in schema["anyOf"] if not is_null(m)] if shape.keys() == {"anyOf"} else [shape]
    union = Array([*members, schema.derive([("type", "null")])], schema.source)
    return schema.derive([("anyOf", union), *annotations_of(schema).items()])


def move_null_to_references(document: Object) -> Object:
    """The document in which no component is something or null: the references to it say so.

    Pet: {anyOf: [{type: object}, {type: "null"}]}  ->  Pet: {type: object}
    {$ref: Pet}                                     ->  {anyOf: [{$ref: Pet}, {type: "null"}]}
    """
    moved: set[str] = set()
    # An `allOf` of nothing but a nullable reference makes its own component nullable, so a pass can lead to another.
    while True:
        schemas = schemas_of(document)
        nullable = {name for name, schema in schemas.items() if _is_something_or_null(schema)} - moved
        if not nullable:
            return document
        moved |= nullable
        components = schemas.changed((name, _first_member(s) if name in nullable else s) for name, s in schemas.items())
        rule = partial(_refer_or_null, nullable={reference_to(name): schemas[name].source for name in nullable})
        document = rewrite_document(with_schemas(document, components), rule, ("$ref", "allOf", *_SPELLINGS))


def _only_null(schema: Object) -> Object:
    return schema.derive([("type", "null"), *annotations_of(schema).items()])


# Each of these returns the schema without one spelling of null, and whether it had it.


def _separate_types(schema: Object) -> tuple[Object, bool]:
    types = schema.get("type")
    if not isinstance(types, Array):
        return schema, False
    remaining = [type_ for type_ in types if type_ != "null"]
    if not remaining:
        return _only_null(schema), True
    without_null = schema.replacing("type", remaining[0]) if len(remaining) == 1 else _union_of_types(schema, remaining)
    return without_null, len(remaining) < len(types)


def _separate_values(schema: Object) -> tuple[Object, bool]:
    enum = schema.get("enum")
    if not isinstance(enum, Array) or None not in enum or len(enum) == 1:
        return schema, False
    return schema.replacing("enum", enum.selecting(i for i, value in enumerate(enum) if value is not None)), True


def _separate_members(key: str) -> Callable[[Object], tuple[Object, bool]]:
    def separate(schema: Object) -> tuple[Object, bool]:
        union = schema.get(key)
        if not isinstance(union, Array) or not any(map(is_null, union)):
            return schema, False
        members = [member for member in union if not is_null(member)]
        if not members:
            return _only_null(schema), True
        if len(members) == 1 and not without_annotations(schema).without(key):
            member = with_restrictions(members[0], restrictions_of(schema))
            return member.derive([*member.items(), *annotations_of(schema).without(RESTRICTIONS).items()]), True
        return schema.replacing(key, union.derive(members)), True

    return separate


_SEPARATIONS = (_separate_types, _separate_values, _separate_members("anyOf"), _separate_members("oneOf"))


def _union_of_types(schema: Object, types: list[Any]) -> Object:
    """A schema of several types as a union of them; another union or an `allOf` beside it still holds.

    {type: [string, integer], maxLength: 9}  ->  {anyOf: [{type: string, maxLength: 9}, {type: integer}]}
    """
    facets = {type_: [(k, v) for k, v in schema.items() if k in _FACETS.get(type_, ())] for type_ in types}
    typed = [schema.derive([("type", type_), *facets[type_]]) for type_ in types]
    union = schema.derive([("anyOf", Array(typed, schema.source))])
    rest = without_annotations(schema).without("type", *(key for items in facets.values() for key, _ in items))
    if not rest.keys() & {"anyOf", "oneOf", "allOf"}:
        return schema.derive([*union.items(), *annotations_of(schema).items()])
    parts = [*(rest.get("allOf") or ()), union]
    if keywords := rest.without("allOf"):
        parts.append(keywords)
    return schema.derive([("allOf", Array(parts, schema.source)), *annotations_of(schema).items()])


def _is_something_or_null(schema: Any) -> bool:
    members = schema.get("anyOf") if isinstance(schema, Object) else None
    if not isinstance(members, Array) or len(members) != 2 or not is_null(members[1]):
        return False
    return "$ref" not in members[0] and len(without_annotations(schema)) == 1


def _first_member(union: Object) -> Object:
    member: Object = union["anyOf"][0]
    annotated = member.derive([*member.items(), *annotations_of(union).without(RESTRICTIONS).items()])
    return with_restrictions(annotated, restrictions_of(union))


def _refer_or_null(schema: Object, nullable: Mapping[str, Source]) -> Object:
    """A schema that says "or null", where the component does, if it refers to one of the `nullable` components."""
    if is_reference(schema) and schema["$ref"] in nullable:
        union = spell_null(schema.derive([*schema.items(), ("nullable", True)]))
        reference, null = union["anyOf"]
        members = union["anyOf"].derive((reference, Object(null, nullable[schema["$ref"]])))
        return union.replacing("anyOf", members)
    parts = schema.get("allOf")
    if not isinstance(parts, Array):
        return spell_null(schema)
    # What `allOf` merges must be the object itself: null is said where the merged schema is referred to.
    merged = schema.replacing("allOf", parts.derive(_without_null(part, nullable) for part in parts))
    shaping = [part for part in (*parts, schema.without("allOf")) if without_annotations(part)]
    if not shaping or not all(map(_admits_null, shaping)):
        return merged
    return spell_null(merged.replacing("nullable", True))


def _admits_null(schema: Any) -> bool:
    members = schema.get("anyOf") if isinstance(schema, Object) else None
    return isinstance(members, Array) and bool(members) and is_null(members[-1])


def _without_null(part: Any, nullable: Mapping[str, Source]) -> Any:
    members = part.get("anyOf") if isinstance(part, Object) else None
    if not isinstance(members, Array) or not members or not is_reference(members[0]):
        return part
    return members[0] if members[0]["$ref"] in nullable else part
