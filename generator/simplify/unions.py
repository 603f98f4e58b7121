"""Unions in one spelling: a flat `anyOf` of distinct members, with nothing but annotations beside it.

{oneOf: [A, B], properties: {id: C}}  ->  {anyOf: [{allOf: [{properties: {id: C}}, A]}, {allOf: [..., B]}]}
{anyOf: [A, {anyOf: [B, null]}, A]}   ->  {anyOf: [A, B, null]}
"""

from __future__ import annotations

import json
from typing import Any

from ..document.problems import Problems
from ..document.schemas import annotations_of, rewrite_document, without_annotations
from ..document.tree import Array, Object
from .schemas import is_null

_CONDITIONS = {"required", "minProperties", "maxProperties", "not"}
"""Keywords that restrict an object without saying more of its type."""
_MAX_PAIRS = 16


def distribute_unions(document: Object, problems: Problems) -> tuple[Object, bool]:
    """The document whose unions have annotations alone beside them, and whether that made any `allOf`.

    Other keywords move into the members of the union, as a part of an `allOf`.
    """
    distributed: list[Object] = []

    def rule(schema: Object) -> Object:
        if "allOf" in schema:
            return schema
        if "anyOf" in schema and "oneOf" in schema:
            distributed.append(schema)
        schema = join_any_of_and_one_of(schema, problems)
        if not isinstance(schema.get("anyOf"), Array):
            return schema
        beside = without_annotations(schema).without("anyOf")
        members = [member for member in schema["anyOf"] if isinstance(member, Object)]
        members = [member for member in members if _can_be_both(beside, member)] or members
        if beside and _is_condition(members):
            return schema.without("anyOf")
        if "type" not in beside:
            beside = beside.without("format")  # `format: int-or-string` says what the union says
        if _is_only_type(beside):
            members = [m if "$ref" in m or "type" in m else m.derive([*m.items(), *beside.items()]) for m in members]
        else:
            distributed.append(schema)
            members = [m.derive([("allOf", Array([beside, m], m.source))]) for m in members]
        return schema.derive([("anyOf", Array(members, schema.source)), *annotations_of(schema).items()])

    return rewrite_document(document, rule), bool(distributed)


def join_any_of_and_one_of(schema: Object, problems: Problems) -> Object:
    """A schema whose union is an `anyOf`: a client tells the members of `oneOf` apart in the same way."""
    unions = [schema[key] for key in ("anyOf", "oneOf") if isinstance(schema.get(key), Array)]
    if "oneOf" not in schema or not unions:
        return schema
    members = unions[0] if len(unions) == 1 else intersect_unions(unions[0], unions[1], schema, problems)
    return schema.derive([("anyOf", members), *schema.without("anyOf", "oneOf").items()])


def intersect_unions(left: Array, right: Array, schema: Object, problems: Problems) -> Array:
    """The members of a union of the values that two unions of a schema have in common."""
    if _is_condition(left):
        return right
    if _is_condition(right):
        return left
    null = next((member for member in left if is_null(member)), None)
    left_types, right_types = _without_null(left), _without_null(right)
    if null is not None and len(right_types) < len(right) and left_types and right_types:
        members = intersect_unions(left_types, right_types, schema, problems)
        return members.derive([*members, null])
    common = [a for a in left if any(without_annotations(a) == without_annotations(b) for b in right)]
    if common:
        return left.derive(common)
    pairs = [(a, b) for a in left for b in right if _can_be_both(a, b)]
    if pairs and len(pairs) <= _MAX_PAIRS:
        return Array([a.derive([("allOf", Array([a, b], a.source))]) for a, b in pairs], left.source)
    message = (
        "two unions apply to one value, but have nothing in common, or too many combinations; the larger one is used"
    )
    problems.warning("union-conflict", schema.where("anyOf"), message, "an overlay can remove one of them")
    return left if len(left) > len(right) else right


def flatten_unions(document: Object, problems: Problems) -> Object:
    """The document whose unions are flat; what still stands beside a union is reported and left out.

    The latter are unions that are members of themselves, so that moving it into the members never ends.
    """

    def rule(schema: Object) -> Object:
        if "anyOf" not in schema:
            return schema
        if without_annotations(schema).without("anyOf"):
            message = "the keywords beside a union that is a member of itself are left out"
            problems.warning("union-conflict", schema.where("anyOf"), message)
        members = _flat_members(schema["anyOf"])
        annotations = annotations_of(schema)
        if not members:
            return annotations
        if len(members) == 1:
            return schema.derive([*members[0].items(), *annotations.items()])
        return schema.derive([("anyOf", Array(members, schema.source)), *annotations.items()])

    return rewrite_document(document, rule)


def _is_condition(members: list[Any]) -> bool:
    """Whether a union means "one of these properties is required": a condition, not a type."""
    return all(isinstance(m, Object) and without_annotations(m).keys() <= _CONDITIONS for m in members)


def _is_only_type(beside: Object) -> bool:
    """Whether keywords beside a union say no more than a type that its members can say themselves."""
    return beside.keys() <= {"type", "additionalProperties"} and not isinstance(
        beside.get("additionalProperties"), Object
    )


def _without_null(union: Array) -> Array:
    return union.derive([member for member in union if not is_null(member)])


def _can_be_both(left: Object, right: Object) -> bool:
    """Whether a value can be of the types of two schemas."""
    types = left.get("type"), right.get("type")
    if not all(isinstance(type_, str) for type_ in types):
        return True
    return types[0] == types[1] or set(types) == {"integer", "number"}


def _flat_members(members: list[Object]) -> list[Object]:
    """Members of members, without repetitions, null last."""
    distinct: dict[str, Object] = {}
    for member in members:
        for inner in member["anyOf"] if without_annotations(member).keys() == {"anyOf"} else [member]:
            distinct.setdefault(json.dumps(without_annotations(inner), sort_keys=True), inner)
    return sorted(distinct.values(), key=is_null)
