"""Properties whose value tells which member of an alias an object is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from .._models.types import alias_target, field_values, fields, flat_members, is_alias, is_struct, json_types, members

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)

Tag: TypeAlias = tuple[str, Mapping[Any, Any]]
"""The wire name of a property, and the member for each of its values."""
InnerTag: TypeAlias = tuple[tuple[str, ...], Mapping[Any, Any]]
"""The path to a property inside of other ones, by wire names, and the member for each of its values."""
_DEEPEST = 4


def discriminators(alias: Any, seen: set[Any]) -> Iterator[Tag]:
    """The discriminator of an alias, and those of the aliases among its members."""
    seen.add(alias)
    if alias.discriminator:
        module = sys.modules[alias.__module__]
        table: dict[Any, Any] = {value: getattr(module, name) for value, name in alias.words.items()}
        # A document's mapping has texts as keys, whatever the type of the property is.
        table |= {int(v): table[v] for v in alias.words if _INTEGER.fullmatch(v)}
        yield alias.discriminator, table | {v == "true": table[v] for v in alias.words if v in ("true", "false")}
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
    for (wire,), table in _best(_declarations([(struct, struct, True) for struct in types if is_struct(struct)], ())):
        yield wire, table


def inner_constants(types: Iterable[Any]) -> Iterator[InnerTag]:
    """The same among the properties of objects that are properties of the Structs, the outermost ones first."""
    groups: dict[tuple[str, ...], list[tuple[Any, Any, bool]]]
    groups = {(): [(struct, struct, True) for struct in types if is_struct(struct)]}
    for _ in range(_DEEPEST):
        groups = {path: inner for around, structs in groups.items() for path, inner in _inside(structs, around).items()}
        yield from _best({p: d for path, structs in groups.items() for p, d in _declarations(structs, path).items()})


def value_at(path: tuple[str, ...], value: Any) -> Any:
    """The value at a path of properties; None where there is none."""
    for wire in path:
        if value.__class__ is not dict:
            return None
        value = value.get(wire)
    return value


def _declarations(
    structs: Iterable[tuple[Any, Any, bool]], around: tuple[str, ...]
) -> dict[tuple[str, ...], list[_Declaration]]:
    """How the properties of Structs are declared, by their paths.

    Each Struct stands beside the member of the union in which it is, and whether that requires it.
    """
    declarations: dict[tuple[str, ...], list[_Declaration]] = {}
    for member, struct, required in structs:
        for field in fields(struct):
            declaration = _Declaration(member, required and field.required, field_values(struct, field))
            declarations.setdefault((*around, field.wire), []).append(declaration)
    return declarations


def _inside(
    structs: Iterable[tuple[Any, Any, bool]], around: tuple[str, ...]
) -> dict[tuple[str, ...], list[tuple[Any, Any, bool]]]:
    """The Structs that are properties of Structs, by their paths, where several members have different ones."""
    inner: dict[tuple[str, ...], list[tuple[Any, Any, bool]]] = {}
    for member, struct, required in structs:
        for field in fields(struct):
            objects = [type_ for type_ in flat_members(field.type) if dict in json_types(type_)]
            if len(objects) == 1 and is_struct(objects[0]):
                entry = member, objects[0], required and field.required
                inner.setdefault((*around, field.wire), []).append(entry)
    return {path: group for path, group in inner.items() if len({struct for _, struct, _ in group}) > 1}


def _best(declarations: Mapping[tuple[str, ...], list[_Declaration]]) -> Iterator[InnerTag]:
    """The best property that tells Structs apart, if there is one."""
    usable = [path for path, declared in declarations.items() if _tells_apart(declared)]
    if usable:
        path = min(usable, key=lambda path: (*_rank(declarations[path]), path))
        yield path, {value: struct for struct, _, values in declarations[path] for value in values}


def _tells_apart(declared: list[_Declaration]) -> bool:
    """Whether several Structs declare the property, each with documented values that no other one has."""
    distinct = frozenset[Any]().union(*(values for _, _, values in declared))
    disjoint = len(distinct) == sum(len(values) for _, _, values in declared)
    return disjoint and len(declared) > 1 and all(values for _, _, values in declared)


def _rank(declared: list[_Declaration]) -> tuple[int, int, int]:
    """Best is what the fewest Structs make optional, then what most Structs declare, then what has fewest values."""
    optional = sum(not required for _, required, _ in declared)
    return optional, -len(declared), sum(len(values) for _, _, values in declared)
