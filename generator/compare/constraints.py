"""Formats and constraints of one value in two versions.

What a request may hold is checked by servers, so that every tightening has its rule. What an answer holds is not
checked by our clients: they read the formats that Python has a type for, and that is all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from generator.compare.finding import Finding
from generator.compare.kinds import described
from generator.compare.pairs import Pair
from generator.ir import ListOf, Scalar

_READ = ("date-time", "date")
"""Formats that clients read as something else than text."""
_WIDER = {("int32", "int64"), ("float", "double")}
_HINTS = ("password",)
"""Formats that say nothing about a value."""
_UPPER = {"max": "maximum", "max-length": "maxLength", "max-items": "maxItems"}
_LOWER = {"min": "minimum", "min-length": "minLength", "min-items": "minItems"}


def compare_formats(pair: Pair, old: Scalar, new: Scalar) -> Iterator[Finding]:
    """The findings about the formats of two scalars of one kind."""
    before, after = ("" if scalar.format in _HINTS else scalar.format for scalar in (old, new))
    if before == after:
        return
    wider = not after or (before, after) in _WIDER
    if pair.site != "response-property":
        rule = "type-generalized" if wider else "type-changed"
    elif before in _READ:
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
    """The constraints by the names that rules have for them, without those that allow everything."""
    given = dict(type_.constraints)
    found: dict[str, Limit] = {}
    whole = isinstance(type_, Scalar) and type_.kind == "int"
    for name, keyword in _UPPER.items():
        bounds = [(float(given[keyword]), 0)] if keyword in given else []
        if keyword == "maximum" and "exclusiveMaximum" in given:
            limit = float(given["exclusiveMaximum"])
            bounds.append((math.ceil(limit) - 1.0, 0) if whole else (limit, -1))
        found |= {name: min(bounds)} if bounds else {}
    for name, keyword in _LOWER.items():
        bounds = [(float(given[keyword]), 0)] if keyword in given else []
        if keyword == "minimum" and "exclusiveMinimum" in given:
            limit = float(given["exclusiveMinimum"])
            bounds.append((math.floor(limit) + 1.0, 0) if whole else (limit, 1))
        if bounds and (name == "min" or max(bounds) > (0, 0)):
            found[name] = max(bounds)
    if given.get("uniqueItems") is True:
        found["unique-items"] = True
    if "pattern" in given:
        found["pattern"] = str(given["pattern"])
    return found


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
    if name in _UPPER:
        return f"{name}-decreased" if after < before else ""
    return f"{name}-increased" if after > before else ""


def _shown(name: str, limit: Limit | None) -> str:
    if limit is None:
        return ""
    if not isinstance(limit, tuple):
        return f"pattern {limit}" if name == "pattern" else "unique items"
    value, strict = limit
    sign = {-1: "less than ", 1: "more than "}.get(strict, "at most " if name in _UPPER else "at least ")
    unit = {"length": " characters", "items": " items"}.get(name.partition("-")[2], "")
    return f"{sign}{value:.15g}{unit}"
