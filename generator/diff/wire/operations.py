"""Operations in two versions, paired by what they are on the wire: the method, and the path without its names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...document.problems import Source
from ...ir.model import Api, Operation
from ..finding import Finding
from .answers import compare_answers
from .bodies import compare_bodies
from .documentation import compare_operation_texts
from .pairs import Sides
from .parameters import compare_parameters

_PLACE = "operation"


def by_name(api: Api | None) -> dict[str, Operation]:
    """The operations of an API by what they are called in findings."""
    return {operation.route: operation for operation in api.operations} if api else {}


def compare_presence(old: Api | None, new: Api | None) -> Iterator[Finding]:
    """The findings about operations that only one version has."""
    before, after = by_name(old), by_name(new)
    for name in sorted(before.keys() - after.keys()):
        announced = before[name].deprecated
        rule = "api-removed-with-deprecation" if announced else "api-removed-without-deprecation"
        yield Finding(rule, name, _PLACE, name, "", before[name].source, _source(new))
    for name in sorted(after.keys() - before.keys()):
        yield Finding("endpoint-added", name, _PLACE, "", name, _source(old), after[name].source)


def compare_operations(sides: Sides, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about one operation, apart from its credentials and servers."""
    name = old.route
    if old.deprecated != new.deprecated:
        rule = "endpoint-deprecated" if new.deprecated else "endpoint-reactivated"
        yield Finding(rule, name, _PLACE, "", "", old.source, new.source)
    for found in (
        *compare_parameters(sides, old, new),
        *compare_bodies(sides, old, new),
        *compare_answers(sides, old, new),
        *compare_operation_texts(old, new),
    ):
        yield replace(found, operation=name)


def _source(api: Api | None) -> Source | None:
    return api.source if api else None
