"""Which member of an alias a value is.

An object is what its discriminator says, else what the words of a property say whose documented words tell the
members apart. Any other value is the first of those that it can be decoded as, in this order:

- objects: the Struct whose words it uses, that declares most of its properties, and fewest that it lacks; a map
  where no Struct requires anything of it and declares all that is there;
- arrays: the list whose items fit best, by the same measure;
- texts: a documented word, a time or date in any format, a decimal number, an undocumented word of an open enum, text;
- numbers: a documented one, an undocumented one of an open enum, an integer where it has no fraction, any number.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import ValidationError

from ._types import aliased, enum_base, fields, flat, is_alias, is_struct, kinds, members, parts, words

_SAMPLE = 16
_DECIMAL = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(60|59\.9{6})", re.ASCII)
_TIMES: tuple[Any, ...] = (datetime, date, time, timedelta)
_SCALARS = frozenset((str, int, float, bool, types.NoneType))


class Misfit(NamedTuple):
    """How far a value is from a type, at its outermost levels; the least is the best.

    faults: values of another kind than declared, and required ones that are missing: it cannot be decoded;
    undocumented: words that an enum does not list; undeclared: properties that a Struct does not declare;
    missing: optional properties that are absent.
    """

    faults: int = 0
    undocumented: int = 0
    undeclared: int = 0
    missing: int = 0


@lru_cache(maxsize=4096)
def choice(alias: Any) -> Choice:
    """The one `Choice` of an alias."""
    return Choice(alias)


class Choice:
    """The members of one alias, and what tells them apart."""

    def __init__(self, alias: Any) -> None:
        self.alias = alias
        self.members = flat(alias)
        self.tags = [*_discriminators(alias, set()), *_constants(self.members)]
        inside = frozenset[Any]().union(*map(parts, self.members))
        self.nested = any(map(is_alias, inside))
        self.decimal = Decimal in inside
        self.words = {word: member for member in reversed(self.members) for word in words(member)}
        self.texts = _sorted(self.members, (*_TIMES, Decimal, "enum", str, bytes), str)
        self.numbers = _sorted(self.members, ("enum", int, float, Decimal), int)

    def read(self, value: Any, reading: _Reading | None = None) -> Any:
        """A value of decoded JSON as the member that it is; `reading` is what has been found out around it.

        Raises:
            ValidationError: it is none, or numbers and times of unusual spelling in it keep it from being told.
        """
        if reading is None and (self.nested or self.decimal):
            reading = _Reading(value)
            if self.decimal and reading.has_fractions():
                raise ValidationError("the digits of a decimal number are known from the JSON text alone")
        member = self.told(value)
        if member is not None:
            return _converted(value, member, reading)
        if reading is None:
            reading = _Reading(value)
        if type(value) in _SCALARS or not self.nested:
            return self._first(value, reading)
        return reading.once(self, value)

    def told(self, value: Any) -> Any:
        """The member that a discriminator or a constant names, if any."""
        if type(value) is dict:
            for wire, table in self.tags:
                word = value.get(wire)
                if (type(word) is str or type(word) is int) and word in table:
                    return table[word]
        return None

    def _first(self, value: Any, reading: _Reading) -> Any:
        """The best of the members that the value can be decoded as."""
        failed = False
        for member in self.order(value)[0]:
            try:
                found = _converted(value, member, reading)
            except ValidationError:
                failed = True
                continue
            if failed and reading.is_doubtful():
                break
            return found
        raise ValidationError("it is none of the members")

    def order(self, value: Any) -> tuple[list[Any], list[Any]]:
        """The members that a value might be, and those that it cannot be as it is; the best first, of both."""
        kind = type(value)
        if kind is dict or kind is list:
            return self._compounds(value)
        if kind is str or kind is int:
            others = self.texts if kind is str else self.numbers
            word = self.words.get(value)
            if word is not None:
                return [word, *others], []
            if kind is str and Decimal in others and not _DECIMAL.fullmatch(value):
                return [other for other in others if other is not Decimal], []
            return others, []
        if kind is float:
            return [float] if float in self.members else self.numbers, []
        return [member for member in self.members if kind in kinds(member)], []

    def _compounds(self, value: Any) -> tuple[list[Any], list[Any]]:
        alike = [member for member in self.members if type(value) in kinds(member)]
        misfits = [(misfit(member, value, 2), member) for member in alike]
        fitting = sorted((pair for pair in misfits if not pair[0].faults), key=lambda pair: pair[0])
        others = sorted(
            (pair for pair in misfits if pair[0].faults), key=lambda pair: pair[0].faults + pair[0].undeclared
        )
        structs = [member for _, member in fitting if is_struct(member)]
        maps = [member for _, member in fitting if not is_struct(member)]
        # A map declares every property, so that it would win whenever a Struct does not know a new one.
        known = bool(structs) and _is_meant(fitting, structs[0])
        return [*structs, *maps] if known else [*maps, *structs], [member for _, member in others]

    def __repr__(self) -> str:
        return f"Choice({self.alias.__name__})"


class _Reading:
    """What is known while one value is decoded that an alias is the type of, whatever aliases are inside of it.

    Nested unions are tried for every member of the outer ones; as each finds its value decided, time stays linear.
    """

    def __init__(self, root: Any) -> None:
        self.root = root
        self.decided: dict[tuple[Choice, int], Any] = {}
        self.doubtful: bool | None = None

    def __call__(self, type_: Any, value: Any) -> Any:
        """msgspec's `dec_hook`."""
        return choice(type_).read(value, self) if is_alias(type_) else type_._from_json(value)

    def once(self, of: Choice, value: Any) -> Any:
        key = of, id(value)  # which stays the same, as `root` holds all values
        if key not in self.decided:
            try:
                self.decided[key] = of._first(value, self)  # pyright: ignore[reportPrivateUsage]
            except ValidationError:
                self.decided[key] = _NOTHING
        if self.decided[key] is _NOTHING:
            raise ValidationError("it is none of the members")
        return self.decided[key]

    def is_doubtful(self) -> bool:
        """Whether a member may have been refused for the spelling of a value alone: `1.0` for 1, or a leap second."""
        if self.doubtful is None:
            self.doubtful = any(
                scalar.is_integer() if type(scalar) is float else type(scalar) is str and _TIMESTAMP.match(scalar)
                for scalar in _scalars(self.root)
            )
        return self.doubtful

    def has_fractions(self) -> bool:
        return any(type(scalar) is float for scalar in _scalars(self.root))


_NOTHING = object()


def _converted(value: Any, member: Any, reading: _Reading | None) -> Any:
    if member is type(value) or member is Any:
        return value
    return msgspec.convert(value, member, dec_hook=_hook if reading is None else reading)


def _hook(type_: Any, value: Any) -> Any:
    return type_._from_json(value)


def _scalars(root: Any) -> Iterator[Any]:
    pending = [root]
    while pending:
        value = pending.pop()
        if type(value) is dict:
            pending += value.values()
        elif type(value) is list:
            pending += value
        else:
            yield value


def _discriminators(alias: Any, seen: set[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The discriminator of an alias, and those of the aliases among its members."""
    seen.add(alias)
    if alias.discriminator:
        import sys

        module = vars(sys.modules[alias.__module__])
        yield alias.discriminator, {word: module[name] for word, name in alias.words.items()}
    for member in members(aliased(alias)):
        if is_alias(member) and member not in seen:
            yield from _discriminators(member, seen)


def _constants(types: Iterable[Any]) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The best property whose documented words tell the Structs apart, with the Struct of each word."""
    structs = [member for member in types if is_struct(member)]
    found: dict[str, list[tuple[Any, bool, frozenset[Any]]]] = {}
    for struct in structs:
        for field in fields(struct):
            alternatives = flat(field.type)
            documented = frozenset[Any]().union(*map(words, alternatives))
            free = any(not words(member) and kinds(member) & {str, int} for member in alternatives)
            found.setdefault(field.wire, []).append((struct, field.required, frozenset() if free else documented))
    usable: list[tuple[int, int, int, str, dict[Any, Any]]] = []
    for wire, declared in found.items():
        table = {word: struct for struct, _, documented in declared for word in documented}
        distinct = len(table) == sum(len(documented) for _, _, documented in declared)
        if distinct and len(declared) > 1 and all(documented for _, _, documented in declared):
            optional = sum(not required for _, required, _ in declared)
            usable.append((optional, -len(declared), len(table), wire, table))
    if usable:
        *_, wire, table = min(usable, key=lambda item: item[:4])
        yield wire, table


def _sorted(types: Iterable[Any], precedence: tuple[Any, ...], kind: Any) -> list[Any]:
    """The types for a scalar of a kind, in an order of precedence; others come last."""

    def place(member: Any) -> int:
        key = "enum" if enum_base(member) else member
        return precedence.index(key) if key in precedence else len(precedence)

    of_kind = [member for member in types if kind in kinds(member) and typing.get_origin(member) is not typing.Literal]
    return sorted(of_kind, key=place)


def _is_meant(fitting: Iterable[tuple[Misfit, Any]], struct: Any) -> bool:
    """Whether the properties of an object are a Struct's, and not any that a map might have."""
    undeclared = next(misfit.undeclared for misfit, member in fitting if member is struct)
    return not undeclared or any(field.required for field in fields(struct))


def misfit(type_: Any, value: Any, levels: int) -> Misfit:
    """How far a value is from a type, looking at `levels` levels of it."""
    return min((_misfit(member, value, levels) for member in flat(type_)), default=Misfit())


def _misfit(member: Any, value: Any, levels: int) -> Misfit:
    kind = type(value)
    if kind not in kinds(member):
        return Misfit(faults=1)
    if kind is dict and is_struct(member):
        return _struct_misfit(member, value)
    arguments = typing.get_args(member)
    if kind is list and levels and arguments:
        return _sum(misfit(arguments[0], item, levels - 1) for item in value[:_SAMPLE])
    if kind is dict and levels and arguments:
        sample = [item for item, _ in zip(value.values(), range(_SAMPLE), strict=False)]
        return _sum(misfit(arguments[1], item, levels - 1) for item in sample)
    return Misfit()


def _struct_misfit(struct: Any, value: dict[str, Any]) -> Misfit:
    faults = undocumented = found = missing = 0
    for field in fields(struct):
        if field.wire not in value:
            faults += field.required
            missing += not field.required
            continue
        found += 1
        part = value[field.wire]
        if type(part) not in kinds(field.type):
            faults += 1
        elif type(part) is str or type(part) is int:
            documented = _documented(field.type)
            undocumented += bool(documented) and part not in documented
    return Misfit(faults, undocumented, len(value) - found, missing)


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
