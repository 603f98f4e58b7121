"""Unions in one spelling: a flat `anyOf` of distinct members, with nothing but annotations beside it.

{oneOf: [A, B], properties: {id: C}}  ->  {anyOf: [{allOf: [{properties: {id: C}}, A]}, {allOf: [..., B]}]}
{anyOf: [A, {anyOf: [B, null]}, A]}   ->  {anyOf: [A, B, null]}
{anyOf: [{const: 1}, {const: 2}], enum: [2]}  ->  {anyOf: [{allOf: [{enum: [2]}, {const: 2}]}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..document.problems import Problems
from ..document.schemas import annotations_of, rewrite_document, without_annotations
from ..document.tree import Array, Object
from .restrictions.record import (
    RESTRICTIONS,
    any_of_restrictions,
    is_condition,
    of_members,
    of_union,
    restrictions_of,
    with_restrictions,
)
from .schemas import Growth, as_text, component_name, is_null, is_reference, schemas_of

_MAX_PAIRS = 16
_UNIONS = ("anyOf", "oneOf")
_DEEPEST = 4
"""The levels of objects and unions at which contradictions are looked for."""
_JSON_TYPES = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
    type(None): "null",
}


def distribute_unions(document: Object, growth: Growth, problems: Problems) -> tuple[Object, bool]:
    """The document whose unions have annotations alone beside them, and whether that made any `allOf`.

    Other keywords move into the members of the union, as a part of an `allOf`. Raises ProblemsFound where there are too
    many members to compare.
    """
    distributed: list[Object] = []
    schemas = schemas_of(document)

    def rule(schema: Object) -> Object:
        growth.add(schema)
        if "allOf" in schema:
            return schema
        if "anyOf" in schema and "oneOf" in schema:
            distributed.append(schema)
        schema = join_any_of_and_one_of(schema, schemas, growth, problems)
        if not isinstance(schema.get("anyOf"), Array):
            return schema
        beside = without_annotations(schema).without("anyOf")
        members = [member for member in schema["anyOf"] if isinstance(member, Object)]
        if not beside and len(members) == len(schema["anyOf"]):
            return schema
        possible = [member for member in members if _can_be_both(beside, member, schemas, growth)]
        if members and not possible and _listed_values(beside, schemas, growth) is not None:
            message = "the enum or constant and the union beside it have no value in common; the union is left out"
            problems.warning("union-conflict", schema.source, message, "an overlay can remove one of them")
            return schema.without("anyOf")
        members = possible or members
        if beside and is_condition(members):
            return schema.without("anyOf")
        if "type" not in beside:
            beside = beside.without("format")  # `format: int-or-string` says what the union says
        if _is_only_type(beside):
            members = [m if "$ref" in m or "type" in m else m.derive([*m.items(), *beside.items()]) for m in members]
        else:
            distributed.append(schema)
            members = [_with_keywords(m, beside, schema.get("discriminator")) for m in members]
        return schema.derive([("anyOf", Array(members, schema.source)), *annotations_of(schema).items()])

    return rewrite_document(document, rule, _UNIONS), bool(distributed)


def join_any_of_and_one_of(schema: Object, schemas: Object, growth: Growth, problems: Problems) -> Object:
    """A schema whose union is an `anyOf`: a client tells the members of `oneOf` apart in the same way."""
    unions = [schema[key] for key in _UNIONS if isinstance(schema.get(key), Array)]
    if "oneOf" not in schema or not unions:
        return schema
    members = unions[0]
    if len(unions) == 2:
        members = intersect_unions(unions[0], unions[1], schema, schemas, growth, problems)
    return schema.derive([("anyOf", members), *schema.without("anyOf", "oneOf").items()])


def intersect_unions(
    left: Array, right: Array, schema: Object, schemas: Object, growth: Growth, problems: Problems
) -> Array:
    """The members of a union of the values that two unions of a schema have in common."""
    if is_condition(left):
        return right
    if is_condition(right):
        return left
    null = next((member for member in left if is_null(member)), None)
    left_types, right_types = _without_null(left), _without_null(right)
    if null is not None and len(right_types) < len(right) and left_types and right_types:
        members = intersect_unions(left_types, right_types, schema, schemas, growth, problems)
        return members.derive([*members, null])
    common = [a for a in left if any(without_annotations(a) == without_annotations(b) for b in right)]
    if common:
        return left.derive(common)
    pairs = [(a, b) for a in left for b in right if _can_be_both(a, b, schemas, growth)]
    if pairs and len(pairs) <= _MAX_PAIRS:
        return Array([a.derive([("allOf", Array([a, b], a.source))]) for a, b in pairs], left.source)
    message = (
        "two unions apply to one value, but have nothing in common, or too many combinations; the larger one is used"
    )
    problems.warning("union-conflict", schema.where("anyOf"), message, "an overlay can remove one of them")
    return left if len(left) > len(right) else right


def flatten_unions(document: Object, growth: Growth, problems: Problems) -> Object:
    """The document whose unions are flat; what still stands beside a union is reported and left out.

    The latter are unions that are members of themselves, so that moving it into the members never ends.
    """

    def rule(schema: Object) -> Object:
        growth.add(schema)
        if "anyOf" not in schema:
            return schema
        if without_annotations(schema).without("anyOf"):
            message = "the keywords beside a union that is a member of itself are left out"
            problems.warning("union-conflict", schema.where("anyOf"), message)
        members = _flat_members(schema["anyOf"])
        for member in schema["anyOf"]:
            schema = with_restrictions(schema, of_union(restrictions_of(member)))
        annotations = annotations_of(schema)
        if not members:
            return annotations
        if len(members) == 1:
            member = with_restrictions(members[0], restrictions_of(schema))
            return member.derive([*member.items(), *annotations.without(RESTRICTIONS).items()])
        return schema.derive([("anyOf", Array(members, schema.source)), *annotations.items()])

    return rewrite_document(document, rule, ("anyOf",))


def _with_keywords(member: Object, beside: Object, discriminator: Any) -> Object:
    """A member of a union with the keywords beside it, and with its discriminator values: it is not a component now."""
    merged = member.derive([("allOf", Array([beside, member], member.source)), *annotations_of(member).items()])
    if not is_reference(member) or not isinstance(discriminator, Object):
        return merged
    name, mapping = component_name(member["$ref"]), discriminator.get("mapping")
    mapped = mapping.items() if isinstance(mapping, Object) else ()
    values = [value for value, target in mapped if component_name(str(target)) == name] or [name]
    return merged.replacing("x-discriminator-values", Array(values, discriminator.source))


def _is_only_type(beside: Object) -> bool:
    """Whether keywords beside a union say no more than a type that its members can say themselves."""
    return beside.keys() <= {"type", "additionalProperties"} and not isinstance(
        beside.get("additionalProperties"), Object
    )


def _without_null(union: Array) -> Array:
    return union.derive([member for member in union if not is_null(member)])


def _can_be_both(left: Any, right: Any, schemas: Object, growth: Growth, depth: int = 0) -> bool:
    """Whether a value can satisfy two schemas, as far as their types and the values that they list tell.

    Of objects the properties tell that either of them requires.
    """
    left_values, right_values = (_listed_values(schema, schemas, growth) for schema in (left, right))
    if left_values is not None and right_values is not None and not left_values & right_values:
        return False
    left_types, right_types = _json_types(left, left_values), _json_types(right, right_values)
    if left_types is not None and right_types is not None and not left_types & right_types:
        return False
    if depth == _DEEPEST:
        return True
    left_parts, right_parts = ([*_parts(schema, schemas)] for schema in (left, right))
    required = {wire for part in (*left_parts, *right_parts) for wire in part.get("required") or ()}
    return all(
        _can_be_both(left_property, right_property, schemas, growth, depth + 1)
        for wire in required
        for left_property in _declarations(left_parts, wire)
        for right_property in _declarations(right_parts, wire)
    )


def _listed_values(schema: Any, schemas: Object, growth: Growth, depth: int = 0) -> set[str] | None:
    """The values, as JSON, that a schema admits where enums and constants list them; None where it admits others."""
    restrictions: list[set[str]] = []
    for part in _parts(schema, schemas):
        growth.add(part)
        if isinstance(part.get("enum"), Array):
            restrictions.append(set(map(as_text, part["enum"])))
        if "const" in part:
            restrictions.append({as_text(part["const"])})
        for key in _UNIONS if depth < _DEEPEST else ():
            values = _listed_by_members(part.get(key), schemas, growth, depth + 1)
            restrictions += [values] if values else []
    return set.intersection(*restrictions) if restrictions else None


def _listed_by_members(members: Any, schemas: Object, growth: Growth, depth: int) -> set[str] | None:
    """The values that the members of a union list; None where one of them admits others."""
    values: set[str] = set()
    for member in members if isinstance(members, Array) else ():
        listed = _listed_values(member, schemas, growth, depth)
        if listed is None:
            return None
        values |= listed
    return values


def _parts(schema: Any, schemas: Object) -> Iterator[Object]:
    """A schema, and all others that a value of it satisfies too: where it refers to, and the parts of its `allOf`."""
    seen: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, Object):
            continue
        yield part
        waiting += part.get("allOf") or ()
        if is_reference(part) and part["$ref"] not in seen:
            seen.add(part["$ref"])
            waiting.append(schemas.get(component_name(part["$ref"])))


def _declarations(parts: list[Object], wire: str) -> Iterator[Object]:
    """What the parts of a schema say of a property."""
    for part in parts:
        properties = part.get("properties")
        if isinstance(properties, Object) and isinstance(properties.get(wire), Object):
            yield properties[wire]


def _json_types(schema: Any, listed: set[str] | None) -> set[str] | None:
    """The JSON types of the values that a schema admits; None: any. Each whole number is a number, and an integer."""
    declared = schema.get("type") if isinstance(schema, Object) else None
    if isinstance(declared, str):
        types = {declared}
    elif listed is not None:
        types = {_JSON_TYPES.get(type(json.loads(value)), "") for value in listed}
    else:
        return None
    return types | {"integer", "number"} if types & {"integer", "number"} else types


def _flat_members(members: list[Object]) -> list[Object]:
    """Members of members, without repetitions, null last."""
    alike: dict[str, list[Object]] = {}
    for member in members:
        is_union = without_annotations(member).keys() == {"anyOf"}
        for inner in member["anyOf"] if is_union else [member]:
            inner = with_restrictions(inner, of_members(restrictions_of(member))) if is_union else inner
            alike.setdefault(as_text(without_annotations(inner)), []).append(inner)
    return sorted(map(_alternative, alike.values()), key=is_null)


def _alternative(alike: list[Object]) -> Object:
    """One member of a union for several that differ in their restrictions alone."""
    member = alike[0]
    if len(alike) == 1:
        return member
    return with_restrictions(member.without(RESTRICTIONS), any_of_restrictions(map(restrictions_of, alike)))
