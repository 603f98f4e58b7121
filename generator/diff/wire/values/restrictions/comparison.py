"""What narrows values without shaping their type, in two versions: `minProperties`, `not`, `if` and so on.

Servers check the values of requests. Clients check of responses none of this: there, only the types that stand at the
positions of a list matter to callers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter

from .....document.problems import Source
from .....interpreter.fast_dataclasses import dataclass
from .....ir.model import Alias, Model
from .....ir.types import CONDITION, EXACTLY_ONE, ListOf, Restriction, Type, without_null
from ....finding import Finding
from ....pairing.items import by_key
from ..context import Classes, Context, class_of
from ..json_types import ANY_VALUE, JSON_NAMES, aliases, allows_null, json_type, members
from ..pairs import SiteRules, ValuePair
from .ambiguity import ambiguous_members
from .effects import Effect, Schema, effect
from .words import schemas_in_words, union_in_words


def _rules(request: str) -> SiteRules:
    return SiteRules.by_direction(request, "response-property-constraint-changed")


_ADDED = {
    "minProperties": _rules("request-property-min-properties-set"),
    "maxProperties": _rules("request-property-max-properties-set"),
    "not": _rules("request-property-not-added"),
    "contains": _rules("request-property-contains-added"),
    "if": _rules("request-property-if-added"),
    "dependentRequired": _rules("request-property-dependent-required-added"),
    "dependentSchemas": _rules("request-property-dependent-schema-added"),
    "propertyNames": _rules("request-property-property-names-added"),
    "patternProperties": _rules("request-property-pattern-property-added"),
    "prefixItems": _rules("request-property-prefix-items-added"),
    "unevaluatedProperties": _rules("request-property-unevaluated-properties-added"),
    "unevaluatedItems": _rules("request-property-unevaluated-items-added"),
}
_ANY_REQUIRED = _rules("request-property-any-of-required-added")
_ONE_REQUIRED = _rules("request-property-one-of-required-added")
_TIGHTENED = {
    "minProperties": _rules("request-property-min-properties-increased"),
    "maxProperties": _rules("request-property-max-properties-decreased"),
}
_TIGHTENED_OTHERWISE = _rules("request-property-restriction-tightened")
_CHANGED = _rules("request-property-restriction-changed")
_LOOSENED = replace(_rules("request-property-constraint-loosened"), parameter="request-parameter-constraint-loosened")
_EXCLUSIVE = _rules("request-property-one-of-overlaps")
_POSITIONS_CHANGED = "response-property-prefix-items-changed"


def compare_restrictions(context: Context, pair: ValuePair, old: Type, new: Type) -> Iterator[Finding]:
    """The findings about what narrows the values of two types; of unions, what narrows all their members."""
    old_restrictions, new_restrictions = restrictions_of(old, context.old), restrictions_of(new, context.new)
    if not old_restrictions and not new_restrictions:
        return
    pair = pair.at_type()
    sent = _always_sent(pair, old)
    for keyword, old_part, new_part in by_key(_by_keyword(old_restrictions), _by_keyword(new_restrictions)):
        if keyword == EXACTLY_ONE:
            if exclusion := _exclusion_rule(
                context, old, new, was_exclusive=bool(old_part), is_exclusive=bool(new_part)
            ):
                before = union_in_words(old, context.old, exclusive=bool(old_part))
                after = union_in_words(new, context.new, exclusive=bool(new_part))
                yield pair.finding(exclusion, before, after, _source(old_part), _source(new_part))
            continue
        lost, added = _without(old_part, new_part), _without(new_part, old_part)
        change = _Change(keyword, _schemas(lost), _schemas(added))
        if rule := _rule(pair, change, old, new, sent):
            words = schemas_in_words(change.old), schemas_in_words(change.new)
            yield pair.finding(rule, *words, _source(lost), _source(added))


def restrictions_of(type_: Type, classes: Classes) -> frozenset[Restriction]:
    """What narrows the values of a type, and of the class or alias that it refers to."""
    restrictions: set[Restriction] = set()
    passed: set[Type] = set()
    while type_ not in passed:
        passed.add(type_)
        type_ = without_null(type_)
        restrictions.update(type_.restrictions)
        class_ = class_of(type_, classes)
        if isinstance(class_, Model):
            restrictions.update(class_.restrictions)
        elif isinstance(class_, Alias):
            type_ = class_.type
    inner = [restriction for alias in aliases(type_, classes) for restriction in alias.type.restrictions]
    return frozenset(restrictions).union(restriction for restriction in inner if restriction.keyword == EXACTLY_ONE)


@dataclass(frozen=True, slots=True)
class _Change:
    """A keyword in two versions: the schemas that have it in only one, each of which a value has to satisfy there."""

    keyword: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def effect(self) -> Effect:
        """What happens to the values that were allowed."""
        if len(self.old) == len(self.new) == 1:
            return effect(json.loads(self.old[0]), json.loads(self.new[0]))
        if self.old and self.new:
            return Effect.UNKNOWN
        return Effect.REFUSES if self.new else Effect.ALLOWS if self.old else Effect.NONE


_Restrictions = tuple[Restriction, ...]


def _by_keyword(restrictions: Iterable[Restriction]) -> dict[str, _Restrictions]:
    """The restrictions by keyword; of bounds, only the tightest."""
    by_keyword: dict[str, _Restrictions] = {}
    for restriction in restrictions:
        by_keyword[restriction.keyword] = (*by_keyword.get(restriction.keyword, ()), restriction)
    for keyword, tightest in (("minProperties", max), ("maxProperties", min)):
        if keyword in by_keyword:
            by_keyword[keyword] = (tightest(by_keyword[keyword], key=_bound),)
    return by_keyword


def _bound(restriction: Restriction) -> float:
    return float(json.loads(restriction.schema)[restriction.keyword])


def _without(restrictions: _Restrictions | None, others: _Restrictions | None) -> _Restrictions:
    """The restrictions that are not among others, wherever these are written."""
    schemas = {restriction.schema for restriction in others or ()}
    return tuple(restriction for restriction in restrictions or () if restriction.schema not in schemas)


def _schemas(restrictions: _Restrictions) -> tuple[str, ...]:
    return tuple(sorted({restriction.schema for restriction in restrictions}))


def _source(restrictions: _Restrictions | None) -> Source | None:
    return min(restriction.source for restriction in restrictions) if restrictions else None


def _rule(pair: ValuePair, change: _Change, old: Type, new: Type, sent: frozenset[str]) -> str | SiteRules | None:
    """The rule for a change; None where what clients send shows that it makes no difference."""
    effect_ = _effect_of_positions(pair, change, old, new) if change.keyword == "prefixItems" else change.effect
    if not effect_ or (not (change.old and change.new) and _is_satisfied(change.old or change.new, sent)):
        return None
    if pair.site == "response" and change.keyword == "prefixItems" and change.old and effect_ != Effect.REFUSES:
        return _POSITIONS_CHANGED
    if Effect.REFUSES in effect_:
        return _TIGHTENED.get(change.keyword, _TIGHTENED_OTHERWISE) if change.old else _added(change)
    return _CHANGED if Effect.UNKNOWN in effect_ else _LOOSENED


def _added(change: _Change) -> SiteRules:
    """The rule for a restriction that only the new version has."""
    if change.keyword == CONDITION:
        return _ONE_REQUIRED if any("oneOf" in json.loads(schema) for schema in change.new) else _ANY_REQUIRED
    return _ADDED[change.keyword]


def _exclusion_rule(
    context: Context, old: Type, new: Type, *, was_exclusive: bool, is_exclusive: bool
) -> SiteRules | None:
    """The rule for a union of which a value may match only one member, in one of the versions at least.

    None where what clients send matches only one in both, or several in both.
    """
    if (old, new) not in context.ambiguous:
        sender = old, context.old
        overlaps = ambiguous_members(*sender, *sender), ambiguous_members(*sender, new, context.new)
        context.ambiguous[old, new] = overlaps
    in_old, in_new = context.ambiguous[old, new]
    before, after = in_old if was_exclusive else frozenset(), in_new if is_exclusive else frozenset()
    return _EXCLUSIVE if after - before else _LOOSENED if before - after else None


def _effect_of_positions(pair: ValuePair, change: _Change, old: Type, new: Type) -> Effect:
    """The effect of a list whose items depend on their positions, where they may not do so in one of the versions.

    Then only their types count: what else there is to say of its items, their own comparison says.
    """
    if change.old and change.new:
        return change.effect
    before = _only_types(change.old) or {"items": _item_types(old, pair.old.classes)}
    after = _only_types(change.new) or {"items": _item_types(new, pair.new.classes)}
    return effect(before, after)


def _only_types(schemas: tuple[str, ...]) -> Schema:
    """What the schema of a list says of the types of its items."""
    if not schemas:
        return {}
    schema = json.loads(schemas[0])
    prefix = [{"type": item["type"]} if "type" in item else {} for item in schema["prefixItems"]]
    further = schema.get("items", {})
    return {"prefixItems": prefix, "items": {"type": further["type"]} if "type" in further else further}


def _item_types(type_: Type, classes: Classes) -> Schema:
    """The types of the items of a list, whatever their positions, as a schema."""
    lists = [member for member in members(type_, classes) if isinstance(member, ListOf)]
    names = {json_type(item, classes) for list_ in lists for item in members(list_.item, classes)}
    nullable = any(allows_null(list_.item) for list_ in lists)
    if ANY_VALUE in names or not lists:
        return {}
    return {"type": sorted([*(JSON_NAMES[name] for name in names), *(["null"] if nullable else [])])}


def _always_sent(pair: ValuePair, old: Type) -> frozenset[str]:
    """The properties that every value of the old version has."""
    class_ = class_of(without_null(old), pair.old.classes)
    fields = class_.fields if isinstance(class_, Model) else ()
    is_sent = attrgetter("write_only" if pair.site == "response" else "read_only")
    return frozenset(field.wire for field in fields if field.required and not is_sent(field))


def _is_satisfied(schemas: tuple[str, ...], sent: frozenset[str]) -> bool:
    """Whether every value that has these properties satisfies a restriction."""
    return all(_is_satisfied_by(json.loads(schema), sent) for schema in schemas)


def _is_satisfied_by(schema: Schema, sent: frozenset[str]) -> bool:
    match [*schema.items()]:
        case [("minProperties", least)]:
            return bool(least <= len(sent))
        case [("required", required)]:
            return sent.issuperset(required)
        case [("anyOf", members)]:
            return any(_is_satisfied_by(member, sent) for member in members)
        case [("dependentRequired", needed)]:
            return all(sent.issuperset(names) for names in needed.values())
    return False
