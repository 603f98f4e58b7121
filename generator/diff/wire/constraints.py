"""Formats and constraints of one value in two versions.

What a request may hold is checked by servers, so that every tightening has its rule. What an answer holds is not
checked by our clients: they read the formats that Python has a type for, and that is all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...ir.model import ListOf, Scalar
from ...python.classes import CLIENT
from ..finding import Finding
from .kinds import described
from .pairs import Pair

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


def compare_formats(pair: Pair, old: Scalar, new: Scalar) -> Iterator[Finding]:
    """The findings about the formats of two scalars of one kind."""
    before, after = ("" if scalar.format in _HINTS else scalar.format for scalar in (old, new))
    if before == after:
        return
    wider = not after or (before, after) in _WIDER
    if pair.site != "response-property":
        rule = "type-generalized" if wider else "type-changed"
    elif before in CLIENT.formats:  # which are read as something else than text
        rule = "type-changed"
    else:
        rule = "format-changed" if wider or before else "type-specialized"
    yield pair.finding(rule, described(old, {}), described(new, {}))


def compare_constraints(pair: Pair, old: Scalar | ListOf, new: Scalar | ListOf) -> Iterator[Finding]:
    """The findings about the constraints of two scalars or lists of one kind."""
    before, after = _effective(old), _effective(new)
    for name in sorted(before.keys() | after.keys()):
        was, becomes = before.get(name), after.get(name)
        if was == becomes:
            continue
        rule = _tightened(name, was, becomes)
        if pair.site == "response-property":
            rule = "constraint-changed"
        yield pair.finding(rule or "constraint-loosened", _shown(name, was), _shown(name, becomes))


Limit = tuple[float, int] | str | bool
"""A bound with what makes it stricter than the same bound (an exclusive one), a pattern, or a flag."""


def _effective(type_: Scalar | ListOf) -> dict[str, Limit]:
    """The constraints by the names that rules have for them, without those that mean nothing for the type."""
    given, kind = dict(type_.constraints), "list" if isinstance(type_, ListOf) else type_.kind
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
    """The rule under which fewer values are allowed than before; "" when more are."""
    if after is None:
        return ""
    if name == "pattern":
        return "pattern-changed" if before is not None else "pattern-added"
    if before is None:
        return f"{name}-set"
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    if name == "multiple-of":
        times = before[0] / after[0]
        return "" if math.isclose(times, round(times), rel_tol=1e-9) else "multiple-of-changed"
    if name in _UPPER:
        return f"{name}-decreased" if after < before else ""
    return f"{name}-increased" if after > before else ""


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
