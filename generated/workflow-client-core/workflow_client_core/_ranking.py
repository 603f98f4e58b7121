"""How well values fit types, measured at their outermost levels, before anything is decoded."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ._types import additional, fields, flat, is_struct, kinds, words

_SAMPLE = 16


class Misfit(NamedTuple):
    """How far a value is from a type, at its outermost levels; the least is the best.

    faults: values of another kind than declared, and required ones that are missing: it cannot be decoded;
    undocumented: words that an enum does not list; undeclared: properties that a Struct does not declare, which count
    half where it has a place for them; missing: optional properties that are absent.
    """

    faults: int = 0
    undocumented: int = 0
    undeclared: int = 0
    missing: int = 0


def misfit(type_: Any, value: Any, levels: int) -> Misfit:
    """How far a value is from a type, looking at `levels` levels of it."""
    return min((_misfit(member, value, levels) for member in flat(type_)), default=Misfit())


def _misfit(member: Any, value: Any, levels: int) -> Misfit:
    kind: Any = value.__class__
    if kind not in kinds(member):
        return Misfit(faults=1)
    if kind is dict and is_struct(member):
        lacking, *others = shape(member).misfit(value)
        return Misfit(lacking + shape(member).mistyped(value), *others)
    arguments = typing.get_args(member)
    if kind is list and levels and arguments:
        return _sum(misfit(arguments[0], item, levels - 1) for item in value[:_SAMPLE])
    if kind is dict and levels and arguments:
        sample = [item for item, _ in zip(value.values(), range(_SAMPLE), strict=False)]
        return _sum(misfit(arguments[1], item, levels - 1) for item in sample)
    return Misfit()


class Shape(NamedTuple):
    """What of a Struct is looked at: its properties' names, those required, and the documented words of some."""

    names: frozenset[str]
    required: frozenset[str]
    words: tuple[tuple[str, frozenset[Any]], ...]
    kinds: Mapping[str, frozenset[Any]]
    further: frozenset[Any] | None
    """The kinds of properties beyond the declared ones, where it has a place for them."""

    def misfit(self, value: dict[str, Any]) -> tuple[int, int, int, int]:
        """How far an object is from the Struct, apart from the kinds of its values: the parts of a `Misfit`."""
        found = self.names & value.keys()
        lacking = len(self.required - found)
        undocumented = 0
        for wire, documented in self.words:
            if wire in found:
                word = value[wire]
                undocumented += (type(word) is str or type(word) is int) and word not in documented
        undeclared = (len(value) - len(found)) * (2 if self.further is None else 1)
        return lacking, undocumented, undeclared, len(self.names) - len(found) - lacking

    def mistyped(self, value: dict[str, Any]) -> int:
        """How many values are of another kind than declared."""
        expected = ((self.kinds.get(wire, self.further), part) for wire, part in value.items())
        return sum(kinds is not None and type(part) not in kinds for kinds, part in expected)


@lru_cache(maxsize=4096)
def shape(struct: Any) -> Shape:
    """The one `Shape` of a Struct."""
    declared, own = fields(struct), additional(struct)
    documented = ((field.wire, _documented(field.type)) for field in declared)
    return Shape(
        names=frozenset(field.wire for field in declared),
        required=frozenset(field.wire for field in declared if field.required),
        words=tuple((wire, words) for wire, words in documented if words),
        kinds={field.wire: kinds(field.type) for field in declared},
        further=None if own is None else kinds(own.type),
    )


@lru_cache(maxsize=4096)
def _documented(type_: Any) -> frozenset[Any]:
    """The documented words of a type that takes no others without calling them undocumented."""
    alternatives = flat(type_)
    if any(not words(member) and kinds(member) & {str, int} for member in alternatives):
        return frozenset()
    return frozenset[Any]().union(*map(words, alternatives))


def _sum(misfits: Iterable[Misfit]) -> Misfit:
    columns = list(zip(*misfits, strict=True))
    return Misfit(*map(sum, columns)) if columns else Misfit()
