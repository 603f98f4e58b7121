"""Two schemas of JSON, as `simplify/canonical.py` writes them -> what the new one does to the values of the old one.

Only what is certain counts: where one schema says something else than the other, and nothing tells what follows from
it, the effect is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Flag, auto
from typing import Any

Schema = Mapping[str, Any]


class Effect(Flag):
    """What a change does to the values that are allowed; a change can do several."""

    NONE = 0
    REFUSES = auto()
    """Some values are no longer allowed."""
    ALLOWS = auto()
    """Further values are allowed."""
    UNKNOWN = auto()


_CHANGES = Effect.REFUSES | Effect.ALLOWS
_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
_SCHEMAS = {"items", "additionalProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems"}
_SCHEMAS |= {"then", "else"}
_MAPS = {"properties", "patternProperties", "dependentSchemas"}
_NOTHING: Schema = {"not": {}}


def effect(old: Schema, new: Schema) -> Effect:
    """What happens to the values of the old schema."""
    if old == new:
        return Effect.NONE
    if not old or new == _NOTHING:
        return Effect.REFUSES
    if not new or old == _NOTHING:
        return Effect.ALLOWS
    if len(old) == len(new) == 1 and old.keys() | new.keys() == {"anyOf", "oneOf"}:
        return _of_unions(old, new)
    return _joined(_of_keyword(key, old, new) for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def _of_keyword(key: str, old: Schema, new: Schema) -> Effect:
    """The effect of one keyword that differs."""
    if key == "prefixItems":
        return _of_prefix(old, new)
    if key == "patternProperties" and (old.get("additionalProperties"), new.get("additionalProperties")) != (
        None,
        None,
    ):
        return _of_patterns(old, new)
    if key in _MAPS:
        before, after = old.get(key, {}), new.get(key, {})
        return _joined(effect(before.get(name, {}), after.get(name, {})) for name in before.keys() | after.keys())
    if key not in old:
        return Effect.REFUSES
    if key not in new:
        return Effect.ALLOWS
    return _of_values(key, old, new)


def _of_values(key: str, old: Schema, new: Schema) -> Effect:
    """The effect of a keyword that both schemas have, with different values."""
    before, after = old[key], new[key]
    if key in _LEAST:
        return Effect.REFUSES if after > before else Effect.ALLOWS
    if key in _MOST:
        return Effect.REFUSES if after < before else Effect.ALLOWS
    if key in _SCHEMAS or (key == "contains" and not {"maxContains"} & (old.keys() | new.keys())):
        return effect(before, after)
    match key:
        case "not":
            return _reversed(effect(before, after))
        case "type":
            return _of_sets(_types(before), _types(after))
        case "enum" | "anyOf":
            return _of_sets(_texts(before), _texts(after))
        case "required" | "allOf":
            return _reversed(_of_sets(_texts(before), _texts(after)))
        case "dependentRequired":
            return _reversed(_of_sets(_pairs(before), _pairs(after)))
    return Effect.UNKNOWN


def _of_unions(old: Schema, new: Schema) -> Effect:
    """The effect of an `anyOf` that becomes a `oneOf`, or the reverse."""
    ((before,), (after,)) = old.values(), new.values()
    if "oneOf" in new:
        return Effect.REFUSES if _texts(after) <= _texts(before) else Effect.UNKNOWN
    return Effect.ALLOWS if _texts(before) <= _texts(after) else Effect.UNKNOWN


def _of_prefix(old: Schema, new: Schema) -> Effect:
    """The effect of a list whose items depend on their positions."""
    before, after = old.get("prefixItems", ()), new.get("prefixItems", ())
    further = old.get("items", {}), new.get("items", {})
    return _joined(
        effect(before[i] if i < len(before) else further[0], after[i] if i < len(after) else further[1])
        for i in range(max(len(before), len(after)))
    )


def _of_patterns(old: Schema, new: Schema) -> Effect:
    """The effect of patterns of names where no others are allowed, in one of the versions at least."""
    if old.get("additionalProperties") != new.get("additionalProperties"):
        return Effect.UNKNOWN
    before, after = old.get("patternProperties", {}), new.get("patternProperties", {})
    effects = [effect(before.get(name, _NOTHING), after.get(name, _NOTHING)) for name in before.keys() | after.keys()]
    # A name that only one version lists can still match a pattern of the other one.
    return _joined(effects) if len(before.keys() ^ after.keys()) < 2 else Effect.UNKNOWN


def _of_sets(old: frozenset[str], new: frozenset[str]) -> Effect:
    """The effect of a list of what is allowed."""
    refused = Effect.NONE if old <= new else Effect.REFUSES
    return refused | (Effect.NONE if new <= old else Effect.ALLOWS)


def _reversed(effect_: Effect) -> Effect:
    """The effect of the opposite."""
    reverse = {Effect.REFUSES: Effect.ALLOWS, Effect.ALLOWS: Effect.REFUSES}
    return _joined(reverse.get(part, part) for part in effect_)


def _joined(effects: Iterable[Effect]) -> Effect:
    joined = Effect.NONE
    for effect_ in effects:
        joined |= effect_
    return joined


def _types(types: str | Iterable[str]) -> frozenset[str]:
    names = {types} if isinstance(types, str) else {*types}
    return frozenset(names | ({"integer"} if "number" in names else set()))


def _texts(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(json.dumps(value, sort_keys=True) for value in values)


def _pairs(needed: Mapping[str, Iterable[str]]) -> frozenset[str]:
    return _texts([name, other] for name, others in needed.items() for other in others)
