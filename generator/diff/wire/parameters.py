"""The parameters of an operation in two versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...ir.model import Operation, Parameter
from ..finding import Finding
from ..forms import has_lists, has_objects, parameter_form
from .kinds import described
from .pairs import Pair, Sides, Value
from .types import compare_types


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
            rule = "new-required-request-parameter" if other.required else "new-optional-request-parameter"
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
    before, after = (Value(p.type, p.source, p.description, p.deprecated, p.default) for p in (old, new))
    pair, sources = Pair("parameter", place, "", before, after, "text"), (old.source, new.source)
    if old.required and not new.required:
        yield Finding("request-parameter-became-optional", "", place, "required", "optional", *sources)
    elif new.required and not old.required:
        yield Finding("request-parameter-became-required", "", place, "optional", "required", *sources)
    forms = parameter_form(old, sides.enums[0]), parameter_form(new, sides.enums[1])
    if forms[0] != forms[1] and (_shape(sides, 0, old) == _shape(sides, 1, new) or old.media_type or new.media_type):
        words = forms[0] or "as text", forms[1] or "as text"
        yield Finding("request-parameter-style-changed", "", place, *words, *sources)
    if old.allow_reserved != new.allow_reserved:
        words = ("as they are", "escaped") if old.allow_reserved else ("escaped", "as they are")
        yield Finding("request-parameter-reserved-characters-changed", "", place, *words, *sources)
    if old.allow_empty != new.allow_empty:
        rule = "request-parameter-empty-value-allowed" if new.allow_empty else "request-parameter-empty-value-refused"
        yield Finding(rule, "", place, "", "", *sources)
    if "json" in old.media_type and "json" in new.media_type:
        pair = Pair("request", place, "", before, after)  # which is JSON, as a body is
    yield from compare_types(sides, pair)


def _shape(sides: Sides, side: int, parameter: Parameter) -> tuple[bool, bool]:
    return has_lists(parameter.type), has_objects(parameter.type, sides.enums[side])
