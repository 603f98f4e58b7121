"""Unions in one spelling: a flat `anyOf` of distinct members, with nothing but annotations beside it."""

from __future__ import annotations

from typing import Any

from ..document.problems import Problems
from ..document.schemas import Rule, annotations_of, without_annotations
from ..document.tree import Array, Object
from .schemas import is_null

_CONDITIONS = {"required", "minProperties", "maxProperties", "not"}
_MOST_PAIRS = 16


def distribute_unions(problems: Problems, moved: list[Object]) -> Rule:
    """The rule that moves what stands beside a union into its members, as `allOf`; `moved` lists where it did so."""

    def rule(schema: Object) -> Object:
        if "allOf" in schema:
            return schema
        if "anyOf" in schema and "oneOf" in schema:
            moved.append(schema)
        schema = united(schema, problems)
        key = "anyOf"
        if not isinstance(schema.get(key), Array):
            return schema
        beside = without_annotations(schema).without(key)
        members = [m for m in schema[key] if isinstance(m, Object)]
        possible = [m for m in members if _may_be_both(beside, m)]
        members = possible or members
        if beside and all(set(without_annotations(m)) <= _CONDITIONS for m in members):
            return schema.without(key)  # "one of these is required": a condition, not a type
        if "type" not in beside:
            beside = beside.without("format")  # `format: int-or-string` says what the union says
        free = not isinstance(beside.get("additionalProperties"), Object)
        if free and set(beside) <= {"type", "additionalProperties"}:
            members = [m if "$ref" in m or "type" in m else m.derive([*m.items(), *beside.items()]) for m in members]
        elif beside:
            moved.append(schema)
            members = [m.derive([("allOf", Array([beside, m], m.source))]) for m in members]
        return schema.derive([("anyOf", Array(members, schema.source)), *annotations_of(schema).items()])

    return rule


def united(schema: Object, problems: Problems) -> Object:
    """A schema whose union is spelled `anyOf`: a client tells the members of `oneOf` apart in the same way."""
    unions = [schema[key] for key in ("anyOf", "oneOf") if isinstance(schema.get(key), Array)]
    if "oneOf" not in schema or not unions:
        return schema
    members = unions[0] if len(unions) == 1 else both_unions(unions[0], unions[1], schema, problems)
    return schema.derive([("anyOf", members), *schema.without("anyOf", "oneOf").items()])


def both_unions(one: Array, two: Array, place: Object, problems: Problems) -> Array:
    """The members of what is one of `one`, and one of `two` as well."""
    for condition, union in ((one, two), (two, one)):
        if all(isinstance(m, Object) and set(without_annotations(m)) <= _CONDITIONS for m in condition):
            return union  # "one of these is required": a condition, not a type
    null = [m for m in one if is_null(m) and any(is_null(other) for other in two)]
    kept, others = (union.derive([m for m in union if not is_null(m)]) for union in (one, two))
    if null and kept and others:  # that both may be null says nothing of what else they have in common
        members = both_unions(kept, others, place, problems)
        return members.derive([*members, *null[:1]])
    common = [m for m in one if any(without_annotations(m) == without_annotations(other) for other in two)]
    if common:
        return one.derive(common)
    pairs = [(a, b) for a in one for b in two if _may_be_both(a, b)]
    if pairs and len(pairs) <= _MOST_PAIRS:
        return Array([a.derive([("allOf", Array([a, b], a.source))]) for a, b in pairs], one.source)
    message = "two unions that hold for the same value have nothing in common, or too much; the larger one is taken"
    problems.warning("union-conflict", place.where("anyOf"), message, "an overlay can remove one of them")
    return one if len(one) > len(two) else two


def _may_be_both(one: Object, two: Object) -> bool:
    """Whether a value can be of the types of both."""
    first, second = one.get("type"), two.get("type")
    if not isinstance(first, str) or not isinstance(second, str):
        return True
    return first == second or {first, second} == {"integer", "number"}


def flat_unions(problems: Problems) -> Rule:
    """The rule that flattens a union; of one that never comes to an end, only its members are left."""

    def rule(schema: Object) -> Object:
        if "anyOf" not in schema:
            return schema
        if without_annotations(schema).without("anyOf"):
            message = "what stands beside a union that is a member of itself is left out"
            problems.warning("union-conflict", schema.where("anyOf"), message)
        flat = list(_flat(schema["anyOf"]))
        if not flat:
            return annotations_of(schema)
        if len(flat) == 1:
            return schema.derive([*flat[0].items(), *annotations_of(schema).items()])
        return schema.derive([("anyOf", Array(flat, schema.source)), *annotations_of(schema).items()])

    return rule


def _flat(members: list[Object]) -> list[Object]:
    """Members of members, without repetitions, null last."""
    found: list[Object] = []
    alike: dict[object, list[Object]] = {}
    for member in members:
        for one in member["anyOf"] if set(without_annotations(member)) == {"anyOf"} else [member]:
            bare = without_annotations(one)
            others = alike.setdefault(_outline(bare), [])
            if bare not in others:
                others.append(bare)
                found.append(one)
    return [*(m for m in found if not is_null(m)), *(m for m in found if is_null(m))]


def _outline(value: Any, levels: int = 4) -> object:
    """Something hashable that is the same for equal schemas, and mostly another for others."""
    if isinstance(value, Object):
        return frozenset((key, _outline(inner, levels - 1)) for key, inner in value.items()) if levels else len(value)
    if isinstance(value, Array):
        return tuple(_outline(inner, levels - 1) for inner in value) if levels else len(value)
    return value
