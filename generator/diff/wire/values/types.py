"""A value and all values inside it in two versions, paired by where they are, whatever the names of their classes.

Widening is safe in a request and narrowing in a response, so each change has a rule for either direction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import chain

from ....ir.media_types import is_file
from ....ir.model import Alias, Enum, Model
from ....ir.types import ListOf, MapOf, Ref, Scalar, Type, without_null
from ...finding import Finding
from ..compared import Step
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
    """The findings about a value and all values inside it, the outer ones first.

    Values of the same classes are compared once for all operations that send them.
    """
    return context.comparisons.findings(root, context.operation, partial(_steps, context))


def _steps(context: Context, pair: ValuePair) -> Iterator[Step]:
    """The comparison of one value, and the pairs of values to compare next."""
    yield Step(_compare_annotations(pair))
    at_component, pair = pair.at_component(), pair.at_type()
    old, new = without_null(pair.old.type), without_null(pair.new.type)
    before, after = _members_as_written(pair, pair.old), _members_as_written(pair, pair.new)
    names_classes = isinstance(old, Ref) and isinstance(new, Ref)
    is_alias = _has_class(context, old, new, Alias)
    is_unchanged = _is_unchanged(context, old, new)
    # A type without a name that became an alias, or the reverse, is a change at each place where it occurs.
    if not (is_alias and is_unchanged):
        of_types = _compare_json_types(pair, set(before), set(after))
        yield Step(of_types, types=(old, new) if is_alias and names_classes else None)
    if ANY_VALUE not in before and ANY_VALUE not in after:
        yield Step(_compare_null(at_component))
    yield from _restriction_steps(context, pair, old, new)
    if is_alias and is_unchanged:
        return
    if is_alias:
        yield Step(types=(old, new), compares_types=True, of_all=True)
    is_union = len([*chain(*before.values())]) > 1 or len([*chain(*after.values())]) > 1
    for json_type in sorted(before.keys() & after.keys() - {ANY_VALUE}):
        yield from _member_steps(context, pair, before[json_type], after[json_type], is_union=is_union)


def _member_steps(
    context: Context, pair: ValuePair, old: tuple[Type, ...], new: tuple[Type, ...], *, is_union: bool
) -> Iterator[Step]:
    """The comparison of the members of one JSON type, and the pairs of values to compare next."""
    old_members, new_members = with_one_enum(old, pair.old.classes), with_one_enum(new, pair.new.classes)
    if len(old_members) > 1 or len(new_members) > 1:
        class_types = without_null(pair.old.type), without_null(pair.new.type)
        is_of_class = isinstance(class_types[0], Ref) and class_types[0] == class_types[1]
        key = (*class_types, old, new) if is_of_class else ()
        yield Step(compare_unions(pair, old_members, new_members), shared=key)
        return
    types = (old[0], new[0]) if len(old) == len(new) == 1 else None
    if types and is_union:
        yield from _restriction_steps(context, pair, *types)
    if types and _has_class(context, *types, Model):
        if _is_unchanged(context, *types):
            return
    else:
        types = None
    models = class_of(old[0], context.old), class_of(new[0], context.new)
    are_models = all(isinstance(model, Model) for model in models)
    if are_models:  # what changed in them is there, wherever they are used
        pair = pair.at(*(model.source for model in models if model))
    results = _compare_plain(pair, old_members[0], new_members[0])
    yield Step(results, types, compares_types=bool(types), shared=types if types and are_models else ())


def _restriction_steps(context: Context, pair: ValuePair, old: Type, new: Type) -> Iterator[Step]:
    """The comparison of what narrows the values of two types; unless only their classes do, and are unchanged."""
    is_of_classes = isinstance(old, Ref) and isinstance(new, Ref) and not (old.restrictions or new.restrictions)
    if not (is_of_classes and _is_unchanged(context, old, new)):
        yield Step(compare_restrictions(context, pair, old, new), types=(old, new) if is_of_classes else None)


def _has_class(context: Context, old: Type, new: Type, class_type: type[Alias] | type[Model]) -> bool:
    """Whether one of the types is a `class_type`: only these can be recursive."""
    return isinstance(class_of(old, context.old), class_type) or isinstance(class_of(new, context.new), class_type)


def _is_unchanged(context: Context, old: Type, new: Type) -> bool:
    """Whether both types are a class that is the same in both versions."""
    return old == new and isinstance(old, Ref) and old.name in context.unchanged


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
