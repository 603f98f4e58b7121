"""How well values fit types, measured at their outermost levels, before anything is decoded."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from .._models.types import additional, field_values, fields, flat_members, is_struct, json_types

LEVELS = 4
"""How many levels of objects and arrays below the outermost one are looked at."""
SCALARS = frozenset((str, int, float, bool))
"""The JSON types of values that can be documented."""
_SAMPLE = 16
_FEW = 4
"""How many members a union may have, so that all levels inside of it are looked at."""


Path: TypeAlias = tuple[str, ...]
"""Where a value is inside of another one: wire names, keys and indexes."""
Compounds: TypeAlias = tuple[tuple[str, Any], ...]
"""Wire names and types of properties."""


class Misfit(NamedTuple):
    """How far a value is from a type, at its outermost levels; the least is the best.

    - `faults`: values of another JSON type than declared, and required ones that are missing: it cannot be decoded.
    - `undocumented`: values that an enum does not list.
    - `undeclared`: properties that a Struct does not declare, which count half where it has an attribute for them.
    - `inner_undeclared`: the same inside of properties.
    - `missing`: optional properties that are absent.
    """

    faults: int = 0
    undocumented: int = 0
    undeclared: int = 0
    inner_undeclared: int = 0
    missing: int = 0


def misfit(type_: Any, value: Any, levels: int = LEVELS) -> Misfit:
    """How far a value is from a type, looking at `levels` levels inside of it."""
    members = flat_members(type_)
    levels = levels if len(members) <= _FEW else min(levels, 1)
    return min((_misfit(member, value, levels) for member in members), default=Misfit())


def _misfit(member: Any, value: Any, levels: int) -> Misfit:
    json_type: Any = value.__class__
    if json_type not in json_types(member):
        return Misfit(faults=1)
    if json_type is dict and is_struct(member):
        return shape(member).whole_misfit(value, shape(member).compounds, levels)
    arguments = typing.get_args(member)
    if json_type is list and levels and arguments:
        return _sum(misfit(arguments[0], item, levels - 1) for item in value[:_SAMPLE])
    if json_type is dict and levels and arguments:
        sample = [item for item, _ in zip(value.values(), range(_SAMPLE), strict=False)]
        return _sum(misfit(arguments[1], item, levels - 1) for item in sample)
    return Misfit()


def undeclared(type_: Any, value: Any, levels: int) -> Iterator[Path]:
    """The properties of objects in a value that no member of its type declares, as far as `misfit` looks."""
    members = [member for member in flat_members(type_) if type(value) in json_types(member)]
    paths = [list(_undeclared(member, value, levels)) for member in members]
    return (path for path in (paths[0] if paths else ()) if all(path in struct_shape for struct_shape in paths))


def _undeclared(member: Any, value: Any, levels: int) -> Iterator[Path]:
    json_type: Any = value.__class__
    arguments = typing.get_args(member)
    if json_type is dict and is_struct(member):
        yield from shape(member).undeclared(value, shape(member).compounds, levels)
    elif json_type in (dict, list) and levels and arguments:
        items = value.items() if json_type is dict else enumerate(value)
        for key, item in islice(items, _SAMPLE):
            yield from ((str(key), *path) for path in undeclared(arguments[-1], item, levels - 1))


class Shape(NamedTuple):
    """What of a Struct is compared with objects: its properties, by their wire names."""

    names: frozenset[str]
    required: frozenset[str]
    documented: tuple[tuple[str, frozenset[Any]], ...]
    """The documented values of properties that have no others."""
    json_types: Mapping[str, frozenset[Any]]
    additional: frozenset[Any] | None
    """The JSON types of properties beyond the declared ones, where it has an attribute for them."""
    compounds: Compounds
    """The properties that may hold other Structs."""

    def misfit(self, value: dict[str, Any]) -> tuple[int, int, int, int]:
        """How far an object is from the Struct, apart from the JSON types of its values: the fields of a `Misfit`."""
        present = self.names & value.keys()
        lacking = len(self.required - present)
        undocumented = 0
        for wire, documented in self.documented:
            if wire in present:
                item = value[wire]
                undocumented += type(item) in SCALARS and item not in documented
        undeclared = (len(value) - len(present)) * (2 if self.additional is None else 1)
        return lacking, undocumented, undeclared, len(self.names) - len(present) - lacking

    def whole_misfit(self, value: dict[str, Any], compounds: Compounds, levels: int = LEVELS) -> Misfit:
        """How far an object is from the Struct, also inside of the properties `compounds`."""
        lacking, undocumented, undeclared, missing = self.misfit(value)
        inside = [misfit(type_, value[wire], levels - 1) for wire, type_ in compounds if levels and wire in value]
        inner = _sum(inside)
        return Misfit(
            lacking + self.mistyped(value) + inner.faults,
            undocumented + inner.undocumented,
            undeclared,
            inner.undeclared + inner.inner_undeclared,
            missing + inner.missing,
        )

    def undeclared(self, value: dict[str, Any], compounds: Compounds, levels: int = LEVELS) -> Iterator[Path]:
        """The properties of an object that the Struct does not declare, also inside of the properties `compounds`."""
        if self.additional is None:
            yield from ((wire,) for wire in value if wire not in self.names)
        for wire, type_ in compounds if levels else ():
            if wire in value:
                yield from ((wire, *path) for path in undeclared(type_, value[wire], levels - 1))

    def mistyped(self, value: dict[str, Any]) -> int:
        """How many values are of another JSON type than declared."""
        expected = ((self.json_types.get(wire, self.additional), item) for wire, item in value.items())
        return sum(types is not None and type(item) not in types for types, item in expected)


@lru_cache(maxsize=4096)
def shape(struct: Any) -> Shape:
    """The `Shape` of a Struct."""
    declared, extra = fields(struct), additional(struct)
    documented = ((field.wire, field_values(struct, field)) for field in declared)
    return Shape(
        names=frozenset(field.wire for field in declared),
        required=frozenset(field.wire for field in declared if field.required),
        documented=tuple((wire, values) for wire, values in documented if values),
        json_types={field.wire: json_types(field.type) for field in declared},
        additional=None if extra is None else json_types(extra.type),
        compounds=tuple((field.wire, field.type) for field in declared if _holds_struct(field.type, LEVELS)),
    )


def _holds_struct(type_: Any, levels: int) -> bool:
    """Whether a value may be an object with declared properties, or hold one in lists and maps."""
    return any(
        is_struct(member) or (levels > 0 and any(_holds_struct(inner, levels - 1) for inner in typing.get_args(member)))
        for member in flat_members(type_)
    )


class Rivals:
    """The Structs of one union, and how far objects are from each of them."""

    def __init__(self, structs: Iterable[Any]) -> None:
        shapes = {struct: shape(struct) for struct in structs}
        compounds = [frozenset(struct_shape.compounds) for struct_shape in shapes.values()]
        same = compounds[0].intersection(*compounds) if compounds else frozenset[tuple[str, Any]]()
        self.shapes = shapes
        self.compounds = {s: tuple(pair for pair in shapes[s].compounds if pair not in same) for s in shapes}
        """What is the same in all Structs does not tell them apart."""
        types: dict[str, set[Any]] = {}
        for field in (field for struct in shapes for field in fields(struct)):
            types.setdefault(field.wire, set()).add(field.type)
        self.contested = {s: tuple(pair for pair in shapes[s].compounds if len(types[pair[0]]) > 1) for s in shapes}
        """What several Structs declare, each in its own way, so that one may lose what another one keeps."""
        self.by_outside = not any(self.compounds.values())
        """Whether nothing inside tells them apart; the JSON types are then left to decoding, which looks at them."""

    def misfit(self, struct: Any, value: dict[str, Any]) -> Misfit:
        """How far an object is from a Struct."""
        return self.shapes[struct].whole_misfit(value, self.compounds[struct])

    def nearest(self, value: dict[str, Any]) -> Any:
        """The Struct that an object is nearest to, if the object has what it requires."""
        outside = {struct: struct_shape.misfit(value) for struct, struct_shape in self.shapes.items()}
        complete = [struct for struct, (lacking, *_) in outside.items() if not lacking]
        if self.by_outside or len(complete) < 2:
            return min(complete, key=lambda struct: outside[struct], default=None)
        misfits = [self.misfit(struct, value) for struct in complete]
        least = min(misfits)
        return None if least.faults else complete[misfits.index(least)]

    def excluded_by(self, wire: str) -> bool:
        """Whether the documented values of a property leave an object no Struct but one."""
        documented = [
            dict(struct_shape.documented).get(wire, frozenset[Any]()) for struct_shape in self.shapes.values()
        ]
        return all(documented) and len(frozenset[Any]().union(*documented)) == sum(map(len, documented))

    def evident(self, named: Any, value: dict[str, Any]) -> Any:
        """The Struct that an object is: the one that its discriminator names, unless it can only be another one.

        That is where it lacks what the named one requires, and the other one declares all that it has, and requires
        some of that, which the named one does not declare: then the document has confused the two.
        """
        own_shape = self.shapes.get(named) or (shape(named) if is_struct(named) else None)
        if own_shape is None or value.keys() <= own_shape.names or not own_shape.misfit(value)[0]:
            return named
        for struct, struct_shape in self.shapes.items():
            evidence = struct_shape.required - own_shape.names
            if evidence and value.keys() <= struct_shape.names and not any(self.misfit(struct, value)[:2]):
                return struct
        return named

    def dropped(self, struct: Any, value: dict[str, Any]) -> list[Path]:
        """The properties of an object that a Struct does not declare, but another one that the object may be, too."""
        chosen, compounds = self.shapes.get(struct) or shape(struct), self.contested.get(struct, ())
        if value.keys() <= chosen.names and not any(wire in value for wire, _ in compounds):
            return []
        unknown = list(chosen.undeclared(value, compounds))
        if not unknown:
            return []
        lost: set[Path] = set()
        for rival, rival_shape in self.shapes.items():
            # The first two: it could not be decoded as that member, or has values that the member does not document.
            if rival is not struct and rival_shape.required <= value.keys() and not any(self.misfit(rival, value)[:2]):
                lost.update(set(unknown).difference(rival_shape.undeclared(value, rival_shape.compounds)))
        return [path for path in unknown if path in lost]


def _sum(misfits: Iterable[Misfit]) -> Misfit:
    columns = list(zip(*misfits, strict=True))
    return Misfit(*map(sum, columns)) if columns else Misfit()
