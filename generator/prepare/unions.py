"""Unions in one spelling: a flat `anyOf` of distinct members, with nothing but annotations beside it."""

from __future__ import annotations

from generator.document import Array, Object
from generator.prepare.null import is_null
from generator.prepare.walk import Rule, core, notes
from generator.problems import Problems

_CONDITIONS = {"required", "minProperties", "maxProperties", "not"}


def distribute_unions(problems: Problems) -> Rule:
    """The rule that moves what stands beside a union into its members, as `allOf`."""

    def rule(schema: Object) -> Object:
        keys = [key for key in ("anyOf", "oneOf") if isinstance(schema.get(key), Array)]
        if not keys or "allOf" in schema:
            return schema
        if len(keys) == 2:
            message = "`anyOf` and `oneOf` beside each other are not generated"
            hint = "remove one of them by an overlay action"
            problems.error("unsupported-union", schema.where("oneOf"), message, hint)
            return schema
        key = keys[0]
        beside = core(schema).without(key)
        members = [m for m in schema[key] if isinstance(m, Object)]
        if beside and all(set(core(m)) <= _CONDITIONS for m in members):
            return schema.without(key)  # "one of these is required": a condition, not a type
        if "type" not in beside:
            beside = beside.without("format")  # `format: int-or-string` says what the union says
        free = not isinstance(beside.get("additionalProperties"), Object)
        if free and set(beside) <= {"type", "additionalProperties"}:
            members = [m if "$ref" in m or "type" in m else m.derive([*m.items(), *beside.items()]) for m in members]
        elif beside:
            members = [m.derive([("allOf", Array([beside, m], m.source))]) for m in members]
        return schema.derive([("anyOf", Array(members, schema.source)), *notes(schema).items()])

    return rule


def flat_unions(problems: Problems) -> Rule:
    """The rule that flattens a union; one that still has something beside it is reported."""

    def rule(schema: Object) -> Object:
        if "anyOf" not in schema:
            return schema
        beside = core(schema).without("anyOf")
        if beside:
            message = f"a union beside {', '.join(f'`{key}`' for key in beside)} is not generated"
            hint = "move them into the union's members by an overlay action"
            problems.error("unsupported-union", schema.where("anyOf"), message, hint)
            return schema
        flat = list(_flat(schema["anyOf"]))
        if not flat:
            return notes(schema)
        if len(flat) == 1:
            return schema.derive([*flat[0].items(), *notes(schema).items()])
        return schema.derive([("anyOf", Array(flat, schema.source)), *notes(schema).items()])

    return rule


def _flat(members: list[Object]) -> list[Object]:
    """Members of members, without repetitions, null last."""
    found: list[Object] = []
    for member in members:
        inner = member["anyOf"] if set(core(member)) == {"anyOf"} else [member]
        found += [m for m in inner if not any(core(m) == core(other) for other in found)]
    return [*(m for m in found if not is_null(m)), *(m for m in found if is_null(m))]
