"""How well values fit types, measured at their outermost levels, before anything is decoded."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .._models.types import additional, closed_values, fields, flat_members, is_struct, json_types

_SAMPLE = 16


class Misfit(NamedTuple):
    """How far a value is from a type, at its outermost levels; the least is the best.

    - `faults`: values of another JSON type than declared, and required ones that are missing: it cannot be decoded.
    - `undocumented`: values that an enum does not list.
    - `undeclared`: properties that a Struct does not declare, which count half where it has an attribute for them.
    - `missing`: optional properties that are absent.
    """

    faults: int = 0
    undocumented: int = 0
    undeclared: int = 0
    missing: int = 0


def misfit(type_: Any, value: Any, levels: int) -> Misfit:
    """How far a value is from a type, looking at `levels` levels of it."""
    return min((_misfit(member, value, levels) for member in flat_members(type_)), default=Misfit())


def _misfit(member: Any, value: Any, levels: int) -> Misfit:
    json_type: Any = value.__class__
    if json_type not in json_types(member):
        return Misfit(faults=1)
    if json_type is dict and is_struct(member):
        lacking, undocumented, undeclared, missing = shape(member).misfit(value)
        return Misfit(lacking + shape(member).mistyped(value), undocumented, undeclared, missing)
    arguments = typing.get_args(member)
    if json_type is list and levels and arguments:
        return _sum(misfit(arguments[0], item, levels - 1) for item in value[:_SAMPLE])
    if json_type is dict and levels and arguments:
        sample = [item for item, _ in zip(value.values(), range(_SAMPLE), strict=False)]
        return _sum(misfit(arguments[1], item, levels - 1) for item in sample)
    return Misfit()


class Shape(NamedTuple):
    """What of a Struct is compared with objects: its properties, by their wire names."""

    names: frozenset[str]
    required: frozenset[str]
    documented: tuple[tuple[str, frozenset[Any]], ...]
    """The documented values of properties that have no others."""
    json_types: Mapping[str, frozenset[Any]]
    additional: frozenset[Any] | None
    """The JSON types of properties beyond the declared ones, where it has an attribute for them."""

    def misfit(self, value: dict[str, Any]) -> tuple[int, int, int, int]:
        """How far an object is from the Struct, apart from the JSON types of its values: the fields of a `Misfit`."""
        present = self.names & value.keys()
        lacking = len(self.required - present)
        undocumented = 0
        for wire, documented in self.documented:
            if wire in present:
                item = value[wire]
                undocumented += (type(item) is str or type(item) is int) and item not in documented
        undeclared = (len(value) - len(present)) * (2 if self.additional is None else 1)
        return lacking, undocumented, undeclared, len(self.names) - len(present) - lacking

    def mistyped(self, value: dict[str, Any]) -> int:
        """How many values are of another JSON type than declared."""
        expected = ((self.json_types.get(wire, self.additional), item) for wire, item in value.items())
        return sum(types is not None and type(item) not in types for types, item in expected)


@lru_cache(maxsize=4096)
def shape(struct: Any) -> Shape:
    """The `Shape` of a Struct."""
    declared, own = fields(struct), additional(struct)
    documented = ((field.wire, closed_values(field.type)) for field in declared)
    return Shape(
        names=frozenset(field.wire for field in declared),
        required=frozenset(field.wire for field in declared if field.required),
        documented=tuple((wire, values) for wire, values in documented if values),
        json_types={field.wire: json_types(field.type) for field in declared},
        additional=None if own is None else json_types(own.type),
    )


def _sum(misfits: Iterable[Misfit]) -> Misfit:
    columns = list(zip(*misfits, strict=True))
    return Misfit(*map(sum, columns)) if columns else Misfit()
