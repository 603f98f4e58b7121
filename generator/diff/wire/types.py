"""Types of two versions, walked in pairs: what changed in what is sent, or in what is read.

Widening is safe in a request and narrowing in an answer, so that most rules are about one of the two. Values are
paired by where they are; which classes hold them does not matter.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator

from ...ir.model import Alias, Enum, Model
from ...ir.types import ListOf, MapOf, Ref, Scalar, Type, without_null
from ..finding import Finding
from .constraints import compare_constraints, compare_formats
from .discriminators import compare_discriminators
from .documentation import compare_texts
from .enums import compare_enums
from .kinds import ANYTHING, aliases, allows_null, covers, described, kinds
from .members import Alternative, as_one_enum, covered, label, pair_members, words_of
from .objects import compare_objects
from .pairs import Classes, Pair, Sides, SiteRules, Value, plain_value

_DEPRECATED = SiteRules("request-parameter-deprecated", "request-property-deprecated", "response-property-deprecated")
_REACTIVATED = SiteRules(
    "request-parameter-reactivated", "request-property-reactivated", "response-property-reactivated"
)
_DEFAULT_ADDED = SiteRules(
    "request-parameter-default-value-added",
    "request-property-default-value-added",
    "response-property-default-value-added",
)
_DEFAULT_CHANGED = SiteRules(
    "request-parameter-default-value-changed",
    "request-property-default-value-changed",
    "response-property-default-value-changed",
)
_DEFAULT_REMOVED = SiteRules(
    "request-parameter-default-value-removed",
    "request-property-default-value-removed",
    "response-property-default-value-removed",
)
_DESCRIPTION_CHANGED = SiteRules(
    "request-parameter-description-changed", "schema-description-changed", "schema-description-changed"
)
_TYPE_CHANGED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-type-changed"
)
_TYPE_GENERALIZED = SiteRules(
    "request-parameter-type-generalized", "request-property-type-generalized", "response-property-type-generalized"
)
_TYPE_SPECIALIZED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-type-specialized"
)
_TYPES_WIDENED = SiteRules(
    "request-parameter-list-of-types-widened",
    "request-property-list-of-types-widened",
    "response-property-list-of-types-widened",
)
_TYPES_NARROWED = SiteRules(
    "request-parameter-list-of-types-narrowed",
    "request-property-list-of-types-narrowed",
    "response-property-list-of-types-narrowed",
)
_BECAME_NULLABLE = SiteRules.by_direction("request-property-became-nullable", "response-property-became-nullable")
_BECAME_NOT_NULLABLE = SiteRules.by_direction(
    "request-property-became-not-nullable", "response-property-became-not-nullable"
)
_ALTERNATIVE_ADDED = SiteRules.by_direction("request-property-any-of-added", "response-property-any-of-added")
_ALTERNATIVE_REMOVED = SiteRules.by_direction("request-property-any-of-removed", "response-property-any-of-removed")


def compare_types(sides: Sides, root: Pair) -> Iterator[Finding]:
    """The findings about a value and all values inside it, the outer ones first."""
    waiting = deque([root])
    met: set[tuple[Type, Type]] = set()
    while waiting:
        pair = waiting.popleft()
        yield from _compare_annotations(pair)
        before, after = kinds(pair.old.type, sides.old), kinds(pair.new.type, sides.new)
        names = without_null(pair.old.type), without_null(pair.new.type)
        known = _is_known(sides, names, met, Alias)
        if not (known and all(isinstance(name, Ref) for name in names)):
            yield from _compare_kinds(sides, pair, set(before), set(after))
        yield from _compare_null(sides, pair, {*before, *after})
        if known:
            continue
        for kind in sorted(before.keys() & after.keys() - {ANYTHING}):
            for found in _compare_alternatives(sides, pair, before[kind], after[kind], met):
                if isinstance(found, Pair):
                    waiting.append(found)
                else:
                    yield found


def _is_known(sides: Sides, types: tuple[Type, Type], met: set[tuple[Type, Type]], named: type) -> bool:
    """Whether two types, one of them `named`, need no comparing: they are the same, or this is not the first time.

    What was met is compared where it is nearest to the root, and what holds itself is compared once: a class in a class
    that holds it, or in the place of a map that does.
    """
    old, new = types
    items = [side[type_.name] for side, type_ in ((sides.old, old), (sides.new, new)) if isinstance(type_, Ref)]
    if not any(isinstance(item, named) for item in items):
        return False
    if types in met or (old == new and isinstance(old, Ref) and old.name in sides.unchanged):
        return True
    met.add(types)
    return False


def _compare_annotations(pair: Pair) -> Iterator[Finding]:
    old, new = pair.old, pair.new
    if not (old.annotated and new.annotated):
        return
    if old.deprecated != new.deprecated:
        yield pair.finding(_DEPRECATED if new.deprecated else _REACTIVATED, "", "")
    before, after = _canonical(old.default), _canonical(new.default)
    if before != after:
        rules = _DEFAULT_CHANGED if before and after else _DEFAULT_ADDED if after else _DEFAULT_REMOVED
        yield pair.finding(rules, before, after)
    rule = _DESCRIPTION_CHANGED.at(pair.site)
    yield from compare_texts(rule, pair.place, (old.description, old.source), (new.description, new.source))


def _compare_kinds(sides: Sides, pair: Pair, before: set[str], after: set[str]) -> Iterator[Finding]:
    old, new = pair.old.type, pair.new.type
    text = pair.as_text
    wider, narrower = covers(after, before, as_text=text), covers(before, after, as_text=text)
    if not (wider and narrower):
        several = len(before) > 1 or len(after) > 1
        if wider:
            rules = _TYPES_WIDENED if several else _TYPE_GENERALIZED
        elif narrower:
            rules = _TYPES_NARROWED if several else _TYPE_SPECIALIZED
        else:
            rules = _TYPE_CHANGED
        yield pair.finding(rules, described(without_null(old), sides.old), described(without_null(new), sides.new))


def _compare_null(sides: Sides, pair: Pair, kinds: set[str]) -> Iterator[Finding]:
    old, new = pair.old.type, pair.new.type
    if pair.as_text or ANYTHING in kinds:
        return  # outside of JSON there is no null, and anything includes it
    if allows_null(old) != allows_null(new):
        rules = _BECAME_NULLABLE if allows_null(new) else _BECAME_NOT_NULLABLE
        yield pair.finding(rules, described(old, sides.old), described(new, sides.new))


def _compare_alternatives(
    sides: Sides, pair: Pair, old: tuple[Type, ...], new: tuple[Type, ...], met: set[tuple[Type, Type]]
) -> Iterator[Finding | Pair]:
    """The alternatives of one kind: findings, and the pairs inside them."""
    ours, theirs = as_one_enum(old, sides.old), as_one_enum(new, sides.new)
    if len(ours) > 1 or len(theirs) > 1:
        yield from _compare_several(sides, pair, ours, theirs)
    elif not (len(old) == len(new) == 1 and _is_known(sides, (old[0], new[0]), met, Model)):
        yield from _compare_members(sides, pair, ours[0], theirs[0])


def _compare_several(
    sides: Sides, pair: Pair, old: tuple[Alternative, ...], new: tuple[Alternative, ...]
) -> Iterator[Finding | Pair]:
    """Several alternatives of one kind: those that are the same thing are compared with each other."""
    before, after = aliases(pair.old.type, sides.old), aliases(pair.new.type, sides.new)
    words = words_of(before), words_of(after)
    found = pair_members(sides, old, new, words)
    if len(old) > 1 and len(new) > 1:
        yield from compare_discriminators(pair, before, after, words, found)
    for member in found.gone:
        if not covered(member, new):
            yield pair.finding(_ALTERNATIVE_REMOVED, label(member, sides.old, words[0]), "")
    for member in found.fresh:
        if not covered(member, old):
            yield pair.finding(_ALTERNATIVE_ADDED, "", label(member, sides.new, words[1]))
    for one, other in found.both:
        if isinstance(one, Enum) or isinstance(other, Enum):
            yield from _compare_members(sides, pair, one, other)
        else:
            values = _member(one, pair.old, sides.old), _member(other, pair.new, sides.new)
            yield pair.among(label(one, sides.old, words[0]), *values)


def _member(type_: Type, value: Value, classes: Classes) -> Value:
    """One alternative of a value."""
    return plain_value(type_, classes[type_.name].source if isinstance(type_, Ref) else value.source, classes)


def _compare_members(sides: Sides, pair: Pair, old: Alternative, new: Alternative) -> Iterator[Finding | Pair]:
    """Two alternatives of one kind: findings, and the pairs inside them."""
    one = sides.old[old.name] if isinstance(old, Ref) else old
    other = sides.new[new.name] if isinstance(new, Ref) else new
    match one, other:
        case Scalar(), Scalar():
            yield from compare_formats(pair, one, other)
            yield from compare_constraints(pair, one, other)
        case ListOf(), ListOf():
            yield from compare_constraints(pair, one, other)
            before = plain_value(one.item, pair.old.source, sides.old)
            yield pair.inside("*", before, plain_value(other.item, pair.new.source, sides.new))
        case ((Model() | MapOf()), (Model() | MapOf())):
            yield from compare_objects(sides, pair, one, other)
        case ((Enum() | Scalar()), (Enum() | Scalar())):
            yield from compare_enums(pair, one, other)


def _canonical(default: str) -> str:
    """A default in one spelling, so that the order of keys does not matter."""
    return json.dumps(json.loads(default), sort_keys=True, ensure_ascii=False) if default else ""
