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
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import ValidationError

from ._ranking import misfit, shape
from ._tags import constants, discriminators
from ._types import enum_base, flat, is_alias, is_struct, kinds, members, parts, words

_DECIMAL = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_TIME = re.compile(r"\d|[+-]?[Pp]", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(60|59\.9{6})", re.ASCII)
_TIMES: tuple[Any, ...] = (datetime, date, time, timedelta)


@lru_cache(maxsize=4096)
def choice(alias: Any) -> Choice:
    """The one `Choice` of an alias."""
    return Choice(alias)


class Choice:
    """The members of one alias, and what tells them apart."""

    def __init__(self, alias: Any) -> None:
        self.alias = alias
        self.members = flat(alias)
        self.tags = [*discriminators(alias, set()), *constants(self.members)]
        told = {member for _, table in self.tags for member in table.values()}
        inside = frozenset[Any]().union(*map(parts, (*self.members, *told)))
        self.nested = any(map(is_alias, inside))
        self.decimal = Decimal in inside
        self.words = {word: member for member in reversed(self.members) for word in words(member)}
        self.texts = _sorted(self.members, (*_TIMES, Decimal, "enum", str, bytes), str)
        self.undecimal = [member for member in self.texts if member is not Decimal]
        self.untimed = [member for member in self.undecimal if member not in _TIMES]
        self.numbers = _sorted(self.members, ("enum", int, float, Decimal), int)
        self.maps = any(dict in kinds(member) and not is_struct(member) for member in self.members)
        self.structs = [(shape(member), member) for member in self.members if is_struct(member)]
        self.converters = {member: _converter(member) for member in (*self.members, *told)}
        self.kept = self._kept()
        self.only = self._only()

    def _kept(self) -> frozenset[Any]:
        """The types of scalars that stay what they are."""
        documented: set[Any] = {type(word) for word in self.words}
        kept = {kind for kind, members in ((str, self.texts), (int, self.numbers)) if members[:1] == [kind]}
        others = {kind for kind in (float, bool, types.NoneType) if kind in self.members}
        return frozenset((kept | others) - documented)

    def _only(self) -> dict[Any, Any]:
        """The one member for every object, and for every array, where there is but one."""
        found = {kind: [member for member in self.members if kind in kinds(member)] for kind in (dict, list)}
        return {kind: members[0] for kind, members in found.items() if len(members) == 1}

    def read(self, value: Any, reading: Reading | None = None) -> Any:
        """A value of decoded JSON as the member that it is; `reading` is what has been found out around it.

        Raises:
            ValidationError: it is none, or numbers and times of unusual spelling in it keep it from being told.
        """
        if type(value) in self.kept:
            return value
        if self.decimal and reading is None and any(type(scalar) is float for scalar in _scalars(value)):
            raise ValidationError("the digits of a decimal number are known from the JSON text alone")
        member = self.told(value)
        if member is not None:
            return self.converters[member](value, reading)
        if reading is None:
            reading = Reading(value)
        if self.nested and (type(value) is dict or type(value) is list):
            return reading.once(self, value)
        return self.best(value, reading)

    def told(self, value: Any) -> Any:
        """The member that a discriminator or a constant names, or the only one there is, if any."""
        kind: Any = value.__class__  # asked as an `Any`, as type checkers know nothing of what is inside of a dict
        if kind is dict:
            for wire, table in self.tags:
                word = value.get(wire)
                if (type(word) is str or type(word) is int) and word in table:
                    return table[word]
        return self.only.get(kind)

    def best(self, value: Any, reading: Reading) -> Any:
        """The best of the members that the value can be decoded as.

        Raises:
            ValidationError: as `read` does.
        """
        kind: Any = value.__class__
        if self.structs and kind is dict:
            (lacking, _, undeclared, _), place = min(
                (shape.misfit(value), place) for place, (shape, _) in enumerate(self.structs)
            )
            declared, struct = self.structs[place]
            if not lacking and (not undeclared or declared.required or not self.maps):
                try:
                    return self.converters[struct](value, reading)
                except ValidationError:
                    pass  # a look at the kinds of its values tells whether it was meant
        failed = False
        for member in self.order(value)[0]:
            try:
                found = self.converters[member](value, reading)
            except ValidationError:
                failed = True
                continue
            if failed and reading.is_doubtful():
                break
            return found
        raise ValidationError("it is none of the members")

    def order(self, value: Any) -> tuple[list[Any], list[Any]]:
        """The members that a value might be, and those that it cannot be as it is; the best first, of both."""
        kind: Any = value.__class__
        if kind is dict or kind is list:
            return self._compounds(value)
        if kind is str or kind is int:
            others = self.texts if kind is str else self.numbers
            word = self.words.get(value)
            if word is not None:
                return [word, *others], []
            if kind is str and not _DECIMAL.fullmatch(value):
                return self.undecimal if _TIME.match(value) else self.untimed, []
            return others, []
        if kind is float:
            return [float] if float in self.members else self.numbers, []
        return [member for member in self.members if kind in kinds(member)], []

    def _compounds(self, value: Any) -> tuple[list[Any], list[Any]]:
        misfits = [(misfit(member, value, 2), member) for member in self.members if type(value) in kinds(member)]
        fitting = sorted((pair for pair in misfits if not pair[0].faults), key=itemgetter(0))
        others = [(found.faults + found.undeclared, member) for found, member in misfits if found.faults]
        structs = [pair for pair in fitting if is_struct(pair[1])]
        maps = [pair for pair in fitting if not is_struct(pair[1])]
        # A map declares every property, so that it would win whenever a Struct does not know a new one.
        known = structs and (not structs[0][0].undeclared or shape(structs[0][1]).required)
        ranked = [*structs, *maps] if known else [*maps, *structs]
        return [member for _, member in ranked], [member for _, member in sorted(others, key=itemgetter(0))]

    def __repr__(self) -> str:
        return f"Choice({self.alias.__name__})"


class Reading:
    """What is known while one value is decoded that an alias is the type of, whatever aliases are inside of it.

    Nested unions are tried for every member of the outer ones; as each finds its value decided, time stays linear.
    """

    __slots__ = ("decided", "doubtful", "root")

    def __init__(self, root: Any) -> None:
        self.root = root
        self.decided: dict[tuple[Choice, int], Any] = {}
        self.doubtful: bool | None = None

    def __call__(self, type_: Any, value: Any) -> Any:
        """msgspec's `dec_hook`."""
        return choice(type_).read(value, self) if is_alias(type_) else type_._from_json(value)

    def once(self, of: Choice, value: Any) -> Any:
        """What `of.best` gives or raises, found out once."""
        key = of, id(value)  # which stays the same, as `root` holds all values
        found = self.decided.get(key, self)
        if found is self:
            try:
                found = of.best(value, self)
            except ValidationError:
                found = _NOTHING
            self.decided[key] = found
        if found is _NOTHING:
            raise ValidationError("it is none of the members")
        return found

    def is_doubtful(self) -> bool:
        """Whether a member may have been refused for the spelling of a value alone: `1.0` for 1, or a leap second."""
        if self.doubtful is None:
            self.doubtful = any(
                scalar.is_integer() if type(scalar) is float else type(scalar) is str and _TIMESTAMP.match(scalar)
                for scalar in _scalars(self.root)
            )
        return self.doubtful


_NOTHING = object()


def _converter(member: Any) -> Callable[[Any, Reading | None], Any]:
    """The quickest way to make a value a member; it raises ValidationError where it is none.

    Preparing what is inside of a list or a map, and passing a hook, take msgspec longer than small values do.
    """
    kind = typing.get_origin(member) or member
    item: Any = (typing.get_args(member) or (Any,))[-1]
    if member is Any or (kind in (list, dict) and item is Any):
        return lambda value, _: value
    if kind in (list, dict) and _is_alias_or_null(item):
        return _list_converter(item) if kind is list else _map_converter(item)
    if any(map(_is_custom, parts(member))):
        return lambda value, reading: msgspec.convert(value, member, dec_hook=reading or _hook)
    return lambda value, _: msgspec.convert(value, member)


def _is_alias_or_null(type_: Any) -> bool:
    alternatives = members(type_)
    return len(alternatives) - (types.NoneType in alternatives) == 1 and any(map(is_alias, alternatives))


def _is_custom(type_: Any) -> bool:
    return hasattr(type_, "_from_json")


def _list_converter(item: Any) -> Callable[[Any, Reading | None], Any]:
    def convert(value: Any, reading: Reading | None) -> Any:
        read = _item_reader(item)
        return [read(part, reading) for part in value]

    return convert


def _map_converter(item: Any) -> Callable[[Any, Reading | None], Any]:
    def convert(value: Any, reading: Reading | None) -> Any:
        read = _item_reader(item)
        return {key: read(part, reading) for key, part in value.items()}

    return convert


@lru_cache(maxsize=4096)
def _item_reader(item: Any) -> Callable[[Any, Reading | None], Any]:
    alternatives = members(item)
    read = choice(next(filter(is_alias, alternatives))).read
    if types.NoneType not in alternatives:
        return read
    return lambda value, reading: None if value is None else read(value, reading)


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


def _sorted(types: Iterable[Any], precedence: tuple[Any, ...], kind: Any) -> list[Any]:
    """The types for a scalar of a kind, in an order of precedence; others come last."""

    def place(member: Any) -> int:
        key = "enum" if enum_base(member) else member
        return precedence.index(key) if key in precedence else len(precedence)

    of_kind = [member for member in types if kind in kinds(member) and typing.get_origin(member) is not typing.Literal]
    return sorted(of_kind, key=place)
