"""Types of two versions, walked in pairs: what changed in what is sent, or in what is read.

Widening is safe in a request and narrowing in an answer, so that most rules are about one of the two. Values are
paired by where they are; which classes hold them does not matter.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator

from generator.compare.constraints import compare_constraints, compare_formats
from generator.compare.documentation import compare_texts
from generator.compare.enums import compare_enums
from generator.compare.finding import Finding
from generator.compare.kinds import ANYTHING, allows_null, covers, described, kinds
from generator.compare.objects import compare_objects
from generator.compare.pairs import Pair, Sides, plain_value
from generator.ir import Enum, ListOf, MapOf, Model, Ref, Scalar, Type, without_null


def compare_types(sides: Sides, root: Pair) -> Iterator[Finding]:
    """The findings about a value and all values inside it, the outer ones first."""
    waiting = deque([root])
    met: set[tuple[Type, Type]] = set()
    while waiting:
        pair = waiting.popleft()
        yield from _compare_annotations(pair)
        before, after = kinds(pair.old.type, sides.old), kinds(pair.new.type, sides.new)
        yield from _compare_kinds(sides, pair, set(before), set(after))
        for kind in sorted(before.keys() & after.keys() - {ANYTHING}):
            old, new = before[kind], after[kind]
            if len(old) > 1 or len(new) > 1:
                yield from _compare_several(sides, pair, old, new)
                continue
            if isinstance(old[0], Ref) and isinstance(new[0], Ref) and kind == "object":
                if (old[0], new[0]) in met or (old[0] == new[0] and old[0].name in sides.unchanged):
                    continue  # what was met is compared where it is nearest to the root
                met.add((old[0], new[0]))
            for found in _compare_members(sides, pair, old[0], new[0]):
                if isinstance(found, Pair):
                    waiting.append(found)
                else:
                    yield found


def _compare_annotations(pair: Pair) -> Iterator[Finding]:
    old, new = pair.old, pair.new
    if not (old.annotated and new.annotated):
        return
    if old.deprecated != new.deprecated:
        yield pair.finding("deprecated" if new.deprecated else "reactivated", "", "")
    before, after = _canonical(old.default), _canonical(new.default)
    if before != after:
        change = "changed" if before and after else "added" if after else "removed"
        yield pair.finding(f"default-value-{change}", before, after)
    rule = "request-parameter-description-changed" if pair.site == "request-parameter" else "schema-description-changed"
    yield from compare_texts(rule, pair.place, (old.description, old.source), (new.description, new.source))


def _compare_kinds(sides: Sides, pair: Pair, before: set[str], after: set[str]) -> Iterator[Finding]:
    old, new = pair.old.type, pair.new.type
    parameter = pair.site == "request-parameter"
    wider, narrower = covers(after, before, as_text=parameter), covers(before, after, as_text=parameter)
    if not (wider and narrower):
        several = len(before) > 1 or len(after) > 1
        if wider:
            rule = "list-of-types-widened" if several else "type-generalized"
        elif narrower and several:
            rule = "list-of-types-narrowed"
        else:
            rule = "type-specialized" if narrower and pair.site == "response-property" else "type-changed"
        yield pair.finding(rule, described(without_null(old), sides.old), described(without_null(new), sides.new))
    if parameter or ANYTHING in before | after:
        return  # outside of JSON there is no null, and anything includes it
    if allows_null(old) != allows_null(new):
        rule = "became-nullable" if allows_null(new) else "became-not-nullable"
        yield pair.finding(rule, described(old, sides.old), described(new, sides.new))


def _compare_several(sides: Sides, pair: Pair, old: tuple[Type, ...], new: tuple[Type, ...]) -> Iterator[Finding]:
    """Several alternatives of one kind, which only parameters have: they are compared as a whole."""
    before = " or ".join(sorted({described(type_, sides.old) for type_ in old}))
    after = " or ".join(sorted({described(type_, sides.new) for type_ in new}))
    if before != after:
        yield pair.finding("type-changed", before, after)


def _compare_members(sides: Sides, pair: Pair, old: Type, new: Type) -> Iterator[Finding | Pair]:
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
