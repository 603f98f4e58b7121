"""Properties whose value tells which member of an alias an object is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from .._models.types import alias_target, closed_values, fields, is_alias, is_struct, members

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)

Tag: TypeAlias = tuple[str, Mapping[Any, Any]]
"""The wire name of a property, and the member for each of its values."""


def discriminators(alias: Any, seen: set[Any]) -> Iterator[Tag]:
    """The discriminator of an alias, and those of the aliases among its members."""
    seen.add(alias)
    if alias.discriminator:
        module = sys.modules[alias.__module__]
        table: dict[Any, Any] = {value: getattr(module, name) for value, name in alias.words.items()}
        # A document's mapping has texts as keys, whatever the type of the property is.
        yield alias.discriminator, table | {int(v): table[v] for v in alias.words if _INTEGER.fullmatch(v)}
    for member in members(alias_target(alias)):
        if is_alias(member) and member not in seen:
            yield from discriminators(member, seen)


class _Declaration(NamedTuple):
    """A property as one Struct declares it; `values` is empty where it may have values that are not documented."""

    struct: Any
    required: bool
    values: frozenset[Any]


def constants(types: Iterable[Any]) -> Iterator[Tag]:
    """The best property whose documented values tell the Structs apart, if there is one."""
    declarations: dict[str, list[_Declaration]] = {}
    for struct in filter(is_struct, types):
        for field in fields(struct):
            declaration = _Declaration(struct, field.required, closed_values(field.type))
            declarations.setdefault(field.wire, []).append(declaration)
    usable = [wire for wire, declared in declarations.items() if _tells_apart(declared)]
    if usable:
        wire = min(usable, key=lambda wire: (*_rank(declarations[wire]), wire))
        yield wire, {value: struct for struct, _, values in declarations[wire] for value in values}


def _tells_apart(declared: list[_Declaration]) -> bool:
    """Whether several Structs declare the property, each with documented values that no other one has."""
    distinct = frozenset[Any]().union(*(values for _, _, values in declared))
    disjoint = len(distinct) == sum(len(values) for _, _, values in declared)
    return disjoint and len(declared) > 1 and all(values for _, _, values in declared)


def _rank(declared: list[_Declaration]) -> tuple[int, int, int]:
    """Best is what the fewest Structs make optional, then what most Structs declare, then what has fewest values."""
    optional = sum(not required for _, required, _ in declared)
    return optional, -len(declared), sum(len(values) for _, _, values in declared)
