"""Formats and constraints of one value in two versions.

What a request may hold is checked by servers, so that every tightening has its rule. What an answer holds is not
checked by our clients: they read the formats that Python has a type for, and that is all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...ir.types import ListOf, Scalar
from ...python.classes import CLIENT
from ..finding import Finding
from .kinds import described
from .pairs import Pair, SiteRules

_WIDER = {("int32", "int64"), ("float", "double"), ("", "int64"), ("", "double")}
"""Formats of which the second takes what the first does; 64 bits hold every number that is sent in earnest."""
_HINTS = ("password",)
"""Formats that say nothing about a value."""
_UPPER = {"max": "maximum", "max-length": "maxLength", "max-items": "maxItems"}
_LOWER = {"min": "minimum", "min-length": "minLength", "min-items": "minItems"}
_MEANT = {
    "int": ("max", "min"),
    "float": ("max", "min"),
    "str": ("max-length", "min-length"),
    "list": ("max-items", "min-items"),
}
"""Which bounds say something of which kind of value."""
_TIGHTENED = {
    ("max", "set"): ("request-parameter-max-set", "request-property-max-set"),
    ("max", "decreased"): ("request-parameter-max-decreased", "request-property-max-decreased"),
    ("max-items", "set"): ("request-parameter-max-items-set", "request-property-max-items-set"),
    ("max-items", "decreased"): ("request-parameter-max-items-decreased", "request-property-max-items-decreased"),
    ("max-length", "set"): ("request-parameter-max-length-set", "request-property-max-length-set"),
    ("max-length", "decreased"): ("request-parameter-max-length-decreased", "request-property-max-length-decreased"),
    ("min", "set"): ("request-parameter-min-set", "request-property-min-set"),
    ("min", "increased"): ("request-parameter-min-increased", "request-property-min-increased"),
    ("min-items", "set"): ("request-parameter-min-items-set", "request-property-min-items-set"),
    ("min-items", "increased"): ("request-parameter-min-items-increased", "request-property-min-items-increased"),
    ("min-length", "set"): ("request-parameter-min-length-set", "request-property-min-length-set"),
    ("min-length", "increased"): ("request-parameter-min-length-increased", "request-property-min-length-increased"),
    ("multiple-of", "set"): ("request-parameter-multiple-of-set", "request-property-multiple-of-set"),
    ("multiple-of", "changed"): ("request-parameter-multiple-of-changed", "request-property-multiple-of-changed"),
    ("unique-items", "set"): ("request-parameter-unique-items-set", "request-property-unique-items-set"),
    ("pattern", "added"): ("request-parameter-pattern-added", "request-property-pattern-added"),
    ("pattern", "changed"): ("request-parameter-pattern-changed", "request-property-pattern-changed"),
}
"""The rules for parameters and for request bodies, by the constraint and what became of it."""
_LOOSENED = "request-parameter-constraint-loosened", "request-property-constraint-loosened"
_FORMAT_WIDENED = SiteRules(
    "request-parameter-type-generalized", "request-property-type-generalized", "response-property-format-changed"
)
_FORMAT_ADDED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-type-specialized"
)
_FORMAT_CHANGED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-format-changed"
)
_TYPE_CHANGED = SiteRules(
    "request-parameter-type-changed", "request-property-type-changed", "response-property-type-changed"
)


def compare_formats(pair: Pair, old: Scalar, new: Scalar) -> Iterator[Finding]:
    """The findings about the formats of two scalars of one kind."""
    before, after = ("" if scalar.format in _HINTS else scalar.format for scalar in (old, new))
    if before == after:
        return
    if pair.site == "response" and before in CLIENT.formats:  # which are read as something else than text
        rules = _TYPE_CHANGED
    elif not after or (before, after) in _WIDER:
        rules = _FORMAT_WIDENED
    else:
        rules = _FORMAT_CHANGED if before else _FORMAT_ADDED
    yield pair.finding(rules, described(old, {}), described(new, {}))


def compare_constraints(pair: Pair, old: Scalar | ListOf, new: Scalar | ListOf) -> Iterator[Finding]:
    """The findings about the constraints of two scalars or lists of one kind."""
    before, after = _effective(old), _effective(new)
    for name in sorted(before.keys() | after.keys()):
        was, becomes = before.get(name), after.get(name)
        if was == becomes:
            continue
        step = _tightened(name, was, becomes)
        parameter, request = _TIGHTENED[name, step] if step else _LOOSENED
        rules = SiteRules(parameter, request, "response-property-constraint-changed")
        yield pair.finding(rules, _shown(name, was), _shown(name, becomes))


Limit = tuple[float, int] | str | bool
"""A bound with what makes it stricter than the same bound (an exclusive one), a pattern, or a flag."""


def _effective(type_: Scalar | ListOf) -> dict[str, Limit]:
    """The constraints by the names that rules have for them, without those that mean nothing for the type."""
    given, kind = dict(type_.constraints), "list" if isinstance(type_, ListOf) else type_.primitive
    found: dict[str, Limit] = {}
    for name in _MEANT.get(kind, ()):
        upper, keyword = name in _UPPER, _UPPER.get(name) or _LOWER[name]
        bounds = [(float(given[keyword]), 0)] if keyword in given else []
        exclusive = given.get(f"exclusive{keyword.title()}")
        if exclusive is not None and not isinstance(exclusive, bool):
            bounds.append(_exclusive(float(exclusive), upper=upper, whole=kind == "int"))
        limit = (min if upper else max)(bounds, default=None)
        if limit and (upper or name == "min" or limit > (0, 0)):
            found[name] = limit
    factor = given.get("multipleOf")
    if kind in ("int", "float") and isinstance(factor, int | float) and factor > 0 and (kind, factor) != ("int", 1):
        found["multiple-of"] = float(factor), 0
    if kind == "list" and given.get("uniqueItems") is True:
        found["unique-items"] = True
    if kind == "str" and "pattern" in given:
        found["pattern"] = str(given["pattern"])
    return found


def _exclusive(limit: float, *, upper: bool, whole: bool) -> tuple[float, int]:
    """An exclusive bound; that of an integer as the inclusive one that says the same."""
    if whole:
        return (math.ceil(limit) - 1.0 if upper else math.floor(limit) + 1.0), 0
    return limit, -1 if upper else 1


def _tightened(name: str, before: Limit | None, after: Limit | None) -> str:
    """How a constraint came to allow fewer values than before, as in `_TIGHTENED`; "" when it allows more."""
    if after is None:
        return ""
    if name == "pattern":
        return "changed" if before is not None else "added"
    if before is None:
        return "set"
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    if name == "multiple-of":
        times = before[0] / after[0]
        return "" if math.isclose(times, round(times), rel_tol=1e-9) else "changed"
    if name in _UPPER:
        return "decreased" if after < before else ""
    return "increased" if after > before else ""


def _shown(name: str, limit: Limit | None) -> str:
    if limit is None:
        return ""
    if not isinstance(limit, tuple):
        return f"pattern {limit}" if name == "pattern" else "unique items"
    value, strict = limit
    if name == "multiple-of":
        return f"a multiple of {value:.15g}"
    sign = {-1: "less than ", 1: "more than "}.get(strict, "at most " if name in _UPPER else "at least ")
    unit = {"length": " characters", "items": " items"}.get(name.partition("-")[2], "")
    return f"{sign}{value:.15g}{unit}"
