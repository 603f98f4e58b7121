"""A value and all values inside it in two versions, paired by where they are, whatever the names of their classes.

Widening is safe in a request and narrowing in a response, so each change has a rule for either direction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from ....ir.media_types import is_file
from ....ir.model import Alias, Enum, Model
from ....ir.types import ListOf, MapOf, Ref, Scalar, Type, without_null
from ...finding import Finding
from ..documentation import compare_descriptions
from .constraints import TYPE_CHANGED, compare_constants, compare_constraints, compare_enums, compare_formats
from .context import Context, class_of
from .json_types import ANY_VALUE, allows_null, covers, members_by_json_type
from .objects import compare_objects
from .pairs import SiteRules, Value, ValuePair
from .restrictions.comparison import compare_restrictions
from .unions.compare import compare_unions
from .unions.same import Member, with_one_enum

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


def compare_types(context: Context, root: ValuePair) -> Iterator[Finding]:
    """The findings about a value and all values inside it, the outer ones first."""
    comparison = _Comparison(context)
    pairs = [root]
    for pair in pairs:  # the list grows meanwhile
        for result in comparison.compare(pair):
            if isinstance(result, ValuePair):
                pairs.append(result)
            else:
                yield result


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One walk through the values of a parameter or a body."""

    context: Context
    compared: set[tuple[Type, Type]] = field(default_factory=set)
    """The pairs of types that were compared, where at least one is an alias or a model: only these can be recursive."""

    def compare(self, pair: ValuePair) -> Iterator[Finding | ValuePair]:
        """The findings about one value, and the pairs of values to compare next."""
        yield from _compare_annotations(pair)
        outer, pair = pair, pair.at_type()
        before, after = _members_as_written(pair, pair.old), _members_as_written(pair, pair.new)
        old, new = without_null(pair.old.type), without_null(pair.new.type)
        has_known_restrictions = self._has_known_restrictions(old, new)
        is_done = self._is_done(old, new, Alias)
        # A type without a name that became an alias, or the reverse, is a change at each place where it occurs.
        if not (is_done and isinstance(old, Ref) and isinstance(new, Ref)):
            yield from _compare_json_types(pair, set(before), set(after))
        if ANY_VALUE not in before and ANY_VALUE not in after:
            yield from _compare_null(outer.at_component())
        if not has_known_restrictions:
            yield from compare_restrictions(self.context, pair, old, new)
        if is_done:
            return
        is_union = len([*chain(*before.values())]) > 1 or len([*chain(*after.values())]) > 1
        for json_type in sorted(before.keys() & after.keys() - {ANY_VALUE}):
            yield from self._compare_members(pair, before[json_type], after[json_type], is_union=is_union)

    def _has_known_restrictions(self, old: Type, new: Type) -> bool:
        """Whether only the restrictions of two classes apply, and these were compared before, or are unchanged."""
        if old.restrictions or new.restrictions or not (isinstance(old, Ref) and isinstance(new, Ref)):
            return False
        return (old, new) in self.compared or (old == new and old.name in self.context.unchanged)

    def _compare_members(
        self, pair: ValuePair, old: tuple[Type, ...], new: tuple[Type, ...], *, is_union: bool
    ) -> Iterator[Finding | ValuePair]:
        """The findings about the members of one JSON type, and the pairs of values to compare next."""
        old_members, new_members = with_one_enum(old, pair.old.classes), with_one_enum(new, pair.new.classes)
        if len(old_members) > 1 or len(new_members) > 1:
            yield from compare_unions(pair, old_members, new_members)
            return
        if is_union and len(old) == len(new) == 1 and not self._has_known_restrictions(old[0], new[0]):
            yield from compare_restrictions(self.context, pair, old[0], new[0])
        if not (len(old) == len(new) == 1 and self._is_done(old[0], new[0], Model)):
            yield from _compare_plain(pair, old_members[0], new_members[0])

    def _is_done(self, old: Type, new: Type, class_type: type[Alias] | type[Model]) -> bool:
        """Whether two types, at least one of them a `class_type`, were compared before, or are unchanged.

        If not, they are recorded as compared.
        """
        classes = class_of(old, self.context.old), class_of(new, self.context.new)
        if not any(isinstance(class_, class_type) for class_ in classes):
            return False
        if (old, new) in self.compared or (old == new and isinstance(old, Ref) and old.name in self.context.unchanged):
            return True
        self.compared.add((old, new))
        return False


def _members_as_written(pair: ValuePair, value: Value) -> dict[str, tuple[Type, ...]]:
    """The members of a type by their JSON types; a part of a multipart body is a file, with a file name, or text."""
    by_type = members_by_json_type(value.type, value.classes)
    text = by_type.get("text", ())
    if pair.serialization != "part" or not any(map(is_file, text)):
        return by_type
    split = {
        "file": tuple(member for member in text if is_file(member)),
        "text": tuple(member for member in text if not is_file(member)),
    }
    return {name: members for name, members in (by_type | split).items() if members}


def _compare_annotations(pair: ValuePair) -> Iterator[Finding]:
    old, new = pair.old, pair.new
    if not (old.annotated and new.annotated):
        return
    if old.deprecated != new.deprecated:
        yield pair.finding(_DEPRECATED if new.deprecated else _REACTIVATED, "", "")
    before, after = _canonical(old.default), _canonical(new.default)
    if before != after:
        rules = _DEFAULT_CHANGED if before and after else _DEFAULT_ADDED if after else _DEFAULT_REMOVED
        yield pair.finding(rules, before, after)
    yield from compare_descriptions(_DESCRIPTION_CHANGED.at(pair.site), pair.place, old, new)


def _canonical(default: str) -> str:
    """The JSON text of a default with sorted keys, as their order does not matter."""
    return json.dumps(json.loads(default), sort_keys=True, ensure_ascii=False) if default else ""


def _compare_json_types(pair: ValuePair, before: set[str], after: set[str]) -> Iterator[Finding]:
    wider = covers(after, before, as_text=pair.is_text)
    narrower = covers(before, after, as_text=pair.is_text)
    if wider and narrower:
        return
    has_several = len(before) > 1 or len(after) > 1
    if wider:
        rules = _TYPES_WIDENED if has_several else _TYPE_GENERALIZED
    elif narrower:
        rules = _TYPES_NARROWED if has_several else _TYPE_SPECIALIZED
    else:
        rules = TYPE_CHANGED
    old, new = pair.old, pair.new
    yield pair.finding(rules, old.in_words(without_null(old.type)), new.in_words(without_null(new.type)))


def _compare_null(pair: ValuePair) -> Iterator[Finding]:
    nullable = allows_null(pair.new.type)
    if not pair.is_text and allows_null(pair.old.type) != nullable:
        rules = _BECAME_NULLABLE if nullable else _BECAME_NOT_NULLABLE
        yield pair.finding(rules, pair.old.in_words(), pair.new.in_words())


def _compare_plain(pair: ValuePair, old: Member, new: Member) -> Iterator[Finding | ValuePair]:
    """The findings about two types of one JSON type that are not unions, and the pairs of values to compare next."""
    before, after = class_of(old, pair.old.classes) or old, class_of(new, pair.new.classes) or new
    match before, after:
        case Scalar(), Scalar():
            yield from compare_formats(pair, before, after)
            yield from compare_constraints(pair, before, after)
            yield from compare_constants(pair, before, after)
        case ListOf(), ListOf():
            yield from compare_constraints(pair, before, after)
            yield pair.inside("*", pair.old.inner(before.item), pair.new.inner(after.item))
        case ((Model() | MapOf()), (Model() | MapOf())):
            yield from compare_objects(pair, before, after)
        case ((Enum() | Scalar()), (Enum() | Scalar())):
            yield from compare_enums(pair, before, after)
