"""Formats, constraints and enum values in two versions.

Servers check the values of requests, so each tightening has its rule. Clients check of responses only the formats that
Python has a type for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping

from ....interpreter.fast_dataclasses import dataclass
from ....ir.model import Enum
from ....ir.types import ListOf, Scalar, Type
from ....python.annotations import CLIENT
from ...finding import Finding
from ...pairing.items import by_key
from ..documentation import compare_descriptions
from .pairs import SiteRules, ValuePair

_WIDER = {("int32", "int64"), ("float", "double"), ("", "int64"), ("", "double")}
"""Pairs of formats, of which the second allows all that the first does: 64 bits are enough for all numbers in use."""
_ANNOTATION_FORMATS = ("password",)
"""Formats that do not restrict a value."""
_FORMAT_WIDENED = SiteRules(
    "request-parameter-type-generalized", "request-property-type-generalized", "response-property-format-changed"
)
_FORMAT_ADDED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-type-specialized"
)
_FORMAT_CHANGED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-format-changed"
)
TYPE_CHANGED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-type-changed"
)


def compare_formats(pair: ValuePair, old: Scalar, new: Scalar) -> Iterator[Finding]:
    """The finding about the formats of two scalars of one JSON type."""
    before, after = ("" if scalar.format in _ANNOTATION_FORMATS else scalar.format for scalar in (old, new))
    if before == after:
        return
    if pair.site == "response" and before in CLIENT.formats:  # old clients read a value of another Python type
        rules = TYPE_CHANGED
    elif not after or (before, after) in _WIDER:
        rules = _FORMAT_WIDENED
    else:
        rules = _FORMAT_CHANGED if before else _FORMAT_ADDED
    yield pair.finding(rules, pair.old.in_words(old), pair.new.in_words(new))


# Constraints


@dataclass(frozen=True, slots=True, order=True)
class _Bound:
    """A limit on a value, ordered so that the higher bound is the greater one."""

    limit: float
    exclusive: int = 0
    """1 where a value must be more than the limit, -1 where it must be less; 0 where it may be the limit."""


_Keywords = Mapping[str, str | int | float | bool]
_Constraint = _Bound | float | str | bool
"""A bound, a divisor (`multipleOf`), a pattern, or whether items are unique."""
_BOUNDS = {
    "int": ("maximum", "minimum"),
    "float": ("maximum", "minimum"),
    "str": ("maxLength", "minLength"),
    "list": ("maxItems", "minItems"),
}
"""The keywords of bounds that apply to each type."""


def _rules(parameter: str, request: str) -> SiteRules:
    return SiteRules(parameter, request, "response-property-constraint-changed")


_SET = {
    "maximum": _rules("request-parameter-max-set", "request-property-max-set"),
    "maxItems": _rules("request-parameter-max-items-set", "request-property-max-items-set"),
    "maxLength": _rules("request-parameter-max-length-set", "request-property-max-length-set"),
    "minimum": _rules("request-parameter-min-set", "request-property-min-set"),
    "minItems": _rules("request-parameter-min-items-set", "request-property-min-items-set"),
    "minLength": _rules("request-parameter-min-length-set", "request-property-min-length-set"),
    "multipleOf": _rules("request-parameter-multiple-of-set", "request-property-multiple-of-set"),
    "uniqueItems": _rules("request-parameter-unique-items-set", "request-property-unique-items-set"),
    "pattern": _rules("request-parameter-pattern-added", "request-property-pattern-added"),
}
_TIGHTENED = {
    "maximum": _rules("request-parameter-max-decreased", "request-property-max-decreased"),
    "maxItems": _rules("request-parameter-max-items-decreased", "request-property-max-items-decreased"),
    "maxLength": _rules("request-parameter-max-length-decreased", "request-property-max-length-decreased"),
    "minimum": _rules("request-parameter-min-increased", "request-property-min-increased"),
    "minItems": _rules("request-parameter-min-items-increased", "request-property-min-items-increased"),
    "minLength": _rules("request-parameter-min-length-increased", "request-property-min-length-increased"),
    "multipleOf": _rules("request-parameter-multiple-of-changed", "request-property-multiple-of-changed"),
    "pattern": _rules("request-parameter-pattern-changed", "request-property-pattern-changed"),
}
_LOOSENED = _rules("request-parameter-constraint-loosened", "request-property-constraint-loosened")


def compare_constraints(pair: ValuePair, old: Scalar | ListOf, new: Scalar | ListOf) -> Iterator[Finding]:
    """The findings about the constraints of two scalars or lists of one JSON type."""
    if old.constraints == new.constraints:
        return
    for keyword, before, after in by_key(_effective(old), _effective(new)):
        if before == after:
            continue
        if after is None or (before is not None and not _is_tighter(keyword, before, after)):
            rules = _LOOSENED
        else:
            rules = _SET[keyword] if before is None else _TIGHTENED[keyword]
        yield pair.finding(rules, _in_words(keyword, before), _in_words(keyword, after))


def _effective(type_: Scalar | ListOf) -> dict[str, _Constraint]:
    """The constraints by keyword, without those that do not apply to the type, or allow every value."""
    keywords = dict(type_.constraints)
    primitive = "list" if isinstance(type_, ListOf) else type_.primitive
    effective: dict[str, _Constraint] = {}
    for keyword in _BOUNDS.get(primitive, ()):
        if bound := _bound(keyword, keywords, is_integer=primitive == "int"):
            effective[keyword] = bound
    if divisor := _divisor(primitive, keywords):
        effective["multipleOf"] = divisor
    if primitive == "list" and keywords.get("uniqueItems") is True:
        effective["uniqueItems"] = True
    if primitive == "str" and "pattern" in keywords:
        effective["pattern"] = str(keywords["pattern"])
    return effective


def _divisor(primitive: str, keywords: _Keywords) -> float | None:
    """The value of `multipleOf`; None where every number is a multiple, or the type is not a number's."""
    divisor = keywords.get("multipleOf")
    if primitive not in ("int", "float") or not isinstance(divisor, int | float) or divisor <= 0:
        return None
    return None if primitive == "int" and divisor == 1 else float(divisor)


def _bound(keyword: str, keywords: _Keywords, *, is_integer: bool) -> _Bound | None:
    """The stricter of a bound and its exclusive counterpart; None where neither excludes a value."""
    is_upper = keyword.startswith("max")
    bounds = [_Bound(float(keywords[keyword]))] if keyword in keywords else []
    exclusive_limit = keywords.get(f"exclusive{keyword.capitalize()}")
    if exclusive_limit is not None and not isinstance(exclusive_limit, bool):
        limit = float(exclusive_limit)
        if is_integer:  # then the next integer is an inclusive bound
            bounds.append(_Bound(math.ceil(limit) - 1.0 if is_upper else math.floor(limit) + 1.0))
        else:
            bounds.append(_Bound(limit, -1 if is_upper else 1))
    bound = (min if is_upper else max)(bounds, default=None)
    allows_all = bound and keyword in ("minLength", "minItems") and bound <= _Bound(0)
    return None if allows_all else bound


def _is_tighter(keyword: str, before: _Constraint, after: _Constraint) -> bool:
    """Whether the new constraint may refuse a value that the old one allows."""
    match before, after:
        case _Bound(), _Bound():
            return after < before if keyword.startswith("max") else after > before
        case float(), float():
            quotient = before / after
            return not math.isclose(quotient, round(quotient), rel_tol=1e-9)
        case _:
            return True  # two patterns are not compared any further


def _in_words(keyword: str, constraint: _Constraint | None) -> str:
    match constraint:
        case None:
            return ""
        case bool():
            return "unique items"
        case str():
            return f"pattern {constraint}"
        case float():
            return f"a multiple of {constraint:.15g}"
        case _Bound(limit, exclusive):
            inclusive = "at most" if keyword.startswith("max") else "at least"
            relation = {-1: "less than", 1: "more than"}.get(exclusive, inclusive)
            unit = {"Length": " characters", "Items": " items"}.get(keyword[3:], "")
            return f"{relation} {limit:.15g}{unit}"


# Enum values

_BECAME_ENUM = SiteRules(
    "request-parameter-became-enum", "request-property-became-enum", "response-property-became-enum"
)
_BECAME_NOT_ENUM = SiteRules(
    "request-parameter-became-not-enum", "request-property-became-not-enum", "response-property-became-not-enum"
)
_VALUE_ADDED = SiteRules(
    "request-parameter-enum-value-added", "request-property-enum-value-added", "response-property-enum-value-added"
)
_VALUE_REMOVED = SiteRules(
    "request-parameter-enum-value-removed",
    "request-property-enum-value-removed",
    "response-property-enum-value-removed",
)


def compare_enums(pair: ValuePair, old: Enum | Type, new: Enum | Type) -> Iterator[Finding]:
    """The findings about two enums of one JSON type, or about an enum and a scalar with any value."""
    match old, new:
        case Scalar(), Enum():
            yield pair.finding(_BECAME_ENUM, "any", _values_in_words(new), new=new.source)
        case Enum(), Scalar():
            yield pair.finding(_BECAME_NOT_ENUM, _values_in_words(old), "any", old=old.source)
        case Enum(), Enum():
            yield from _compare_enum_values(pair, old, new)


def _compare_enum_values(pair: ValuePair, old: Enum, new: Enum) -> Iterator[Finding]:
    values = by_key({value.value: value for value in old.values}, {value.value: value for value in new.values})
    for key, old_value, new_value in values:
        if old_value and new_value:
            yield from compare_descriptions("schema-description-changed", f"{pair.place} {key}", old_value, new_value)
        elif old_value:
            yield pair.finding(_VALUE_REMOVED, str(key), "", old_value.source, new.source)
        elif new_value:
            yield pair.finding(_VALUE_ADDED, "", str(key), old.source, new_value.source)


def compare_constants(pair: ValuePair, old: Scalar, new: Scalar) -> Iterator[Finding]:
    """The findings about a boolean or a number that has only one value in one of the versions, or another one."""
    before, after = ("any" if scalar.constant is None else json.dumps(scalar.constant) for scalar in (old, new))
    if old.constant is None or new.constant is None:
        if before != after:
            yield pair.finding(_BECAME_ENUM if old.constant is None else _BECAME_NOT_ENUM, before, after)
    elif old.constant != new.constant:
        yield pair.finding(_VALUE_REMOVED, before, "")
        yield pair.finding(_VALUE_ADDED, "", after)


def _values_in_words(enum: Enum) -> str:
    return ", ".join(sorted(str(value.value) for value in enum.values))
