"""The parameters of an operation in two versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.compare.finding import Finding
from generator.compare.kinds import described
from generator.compare.pairs import Pair, Sides, Value
from generator.compare.types import compare_types
from generator.ir import ListOf, Operation, Parameter, types_in


def compare_parameters(sides: Sides, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the parameters of an operation."""
    before, after = _named(old), _named(new)
    for name in sorted(before.keys() | after.keys()):
        one, other, place = before.get(name), after.get(name), f"parameter {name}"
        if one and other:
            yield from _compare_parameter(sides, place, one, other)
        elif one:
            words = described(one.type, sides.old)
            yield Finding("request-parameter-removed", "", place, words, "", one.source, new.source)
        elif other:
            rule = f"new-{'required' if other.required else 'optional'}-request-parameter"
            yield Finding(rule, "", place, "", described(other.type, sides.new), old.source, other.source)


def _named(operation: Operation) -> dict[str, Parameter]:
    """The parameters by what they are on the wire: path variables have a place there, and no name."""
    order = re.findall(r"\{([^{}]+)\}", operation.path)
    found = {}
    for parameter in operation.parameters:
        name = parameter.wire.lower() if parameter.location == "header" else parameter.wire
        if parameter.location == "path":
            name = str(order.index(parameter.wire) + 1)
        found[f"{parameter.location} {name}"] = parameter
    return found


def _compare_parameter(sides: Sides, place: str, old: Parameter, new: Parameter) -> Iterator[Finding]:
    values = (Value(p.type, p.source, p.description, p.deprecated, p.default) for p in (old, new))
    pair = Pair("request-parameter", place, "", *values)
    if old.required != new.required:
        words = ("required", "optional") if old.required else ("optional", "required")
        yield pair.finding(f"became-{words[1]}", *words)
    if list_form(old) and list_form(new) and list_form(old) != list_form(new):
        yield pair.finding("style-changed", list_form(old), list_form(new))
    yield from compare_types(sides, pair)


def list_form(parameter: Parameter) -> str:
    """How the items of a list are written; "" where there is none."""
    if not any(isinstance(type_, ListOf) for type_ in types_in(parameter.type)):
        return ""
    return "repeated" if parameter.explode and parameter.location == "query" else "joined with commas"
