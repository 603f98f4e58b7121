"""Which member of an alias a value is.

An object is what its discriminator says, or a property whose documented values tell the members apart, of its own or
inside of another property. Any other value is the first member as which it can be decoded, in this order:

- objects: the Struct whose documented values it has, that declares most of its properties, and fewest that it lacks,
  by its own properties and by what is inside of them; a map where no Struct requires any property, or declares all that
  are there;
- arrays: the list whose items fit best, by the same measure;
- texts: a documented value, a time or date in any format, a decimal number, an undocumented value of an open enum, any
  text;
- numbers: a documented value, an undocumented one of an open enum, an integer where it has no fraction, any number.
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

from .._models.types import (
    contained_types,
    documented_members,
    documented_values,
    enum_base,
    flat_members,
    is_alias,
    is_custom,
    is_struct,
    json_types,
    members,
    writes_digits,
)
from .._time_limit import check_time
from .ranking import SCALARS, Misfit, Path, Rivals, misfit, shape
from .tags import constants, discriminators, inner_constants, value_at

_DECIMAL = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_TIME = re.compile(r"\d|[+-]?[Pp]", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(60|59\.9{6})", re.ASCII)
_SEVERAL = "it has properties of several members"
_TIMES: tuple[Any, ...] = (datetime, date, time, timedelta)


@lru_cache(maxsize=4096)
def choice(alias: Any) -> Choice:
    """The `Choice` of an alias."""
    return Choice(alias)


class Choice:
    """The members of one alias, and what tells them apart."""

    def __init__(self, alias: Any) -> None:
        self.alias = alias
        self.members = flat_members(alias)
        self.tags = [*discriminators(alias, set()), *constants(self.members)]
        self.inner_tags = [*inner_constants(self.members)]
        tagged = {member for _, table in self.tags for member in table.values()}
        inside = frozenset[Any]().union(*map(contained_types, (*self.members, *tagged)))
        self.holds_alias = any(map(is_alias, inside))
        self.holds_decimal = Decimal in inside
        self.by_value: dict[Any, Any] = {
            value: type(value) if typing.get_origin(member) is typing.Literal else member
            for member in reversed(documented_members(alias))
            for value in documented_values(member)
        }
        self.words: dict[str, Any] = {
            value: member(value) for value, member in self.by_value.items() if type(value) is str
        }
        """What documented texts are read as."""
        self.for_texts = _by_precedence(self.members, (*_TIMES, Decimal, "enum", str, bytes), str)
        if writes_digits(alias):
            self.for_texts.remove(Decimal)
        self.for_texts_but_numbers = [member for member in self.for_texts if member is not Decimal]
        self.for_plain_texts = [member for member in self.for_texts_but_numbers if member not in _TIMES]
        self.for_numbers = _by_precedence(self.members, ("enum", int, float, Decimal), int)
        self.has_map = any(dict in json_types(member) and not is_struct(member) for member in self.members)
        self.structs = Rivals(member for member in self.members if is_struct(member))
        self.is_open = any(not self.structs.excluded_by(wire) for wire, _ in self.tags)
        self.converters = {member: _converter(member) for member in (*self.members, *tagged)}
        self.unchanged = self._unchanged()
        self.only_member = self._only_members()

    def _unchanged(self) -> frozenset[Any]:
        """The types of scalars whose values are members as they are."""
        documented: set[Any] = {type(value) for value in self.by_value}
        first = {type_ for type_, members in ((str, self.for_texts), (int, self.for_numbers)) if members[:1] == [type_]}
        single = {type_ for type_ in (float, bool, types.NoneType) if type_ in self.members}
        return frozenset((first | single) - documented)

    def _only_members(self) -> dict[Any, Any]:
        """The member that every object is, and the one that every array is, where there is only one."""
        candidates = {type_: [m for m in self.members if type_ in json_types(m)] for type_ in (dict, list)}
        return {type_: members[0] for type_, members in candidates.items() if len(members) == 1}

    def read(self, value: Any, reading: Reading | None = None) -> Any:
        """A value of decoded JSON as the member that it is; `reading` is what is known about the value around it.

        Raises:
            ValidationError: it is not any member, or numbers and times of unusual spelling in it leave that open.
        """
        if type(value) in self.unchanged:
            return value
        if type(value) is str and value in self.words:
            return self.words[value]
        check_time()
        if self.holds_decimal and reading is None and any(type(scalar) is float for scalar in _scalars(value)):
            raise ValidationError("the digits of a decimal number are known from the JSON text alone")
        member = self.certain_member(value)
        if member is not None:
            if self.is_open and self.dropped(member, value):
                raise ValidationError(_SEVERAL)
            return self.converters[member](value, reading)
        if reading is None:
            reading = Reading(value)
        if self.holds_alias and (type(value) is dict or type(value) is list):
            return reading.once(self, value)
        return self.best(value, reading)

    def certain_member(self, value: Any) -> Any:
        """The member that a discriminator or a constant names, or the only one for this JSON type; None: neither."""
        json_type: Any = value.__class__  # asked as an `Any`, as type checkers know nothing of what is inside a dict
        if json_type is dict:
            for wire, table in self.tags:
                tag = value.get(wire)
                if type(tag) in SCALARS and tag in table:
                    return self.structs.evident(table[tag], value) if self.is_open else table[tag]
            for path, table in self.inner_tags:
                tag = value_at(path, value)
                if type(tag) in SCALARS and tag in table:
                    return table[tag]
        return self.only_member.get(json_type)

    def best(self, value: Any, reading: Reading) -> Any:
        """The value as the best of the members as which it can be decoded.

        Raises:
            ValidationError: as `read` does.
        """
        if self.structs.shapes and value.__class__ is dict:
            struct = self._nearest_struct(value)
            if struct is not None:
                try:
                    return self.converters[struct](value, reading)
                except ValidationError:
                    pass  # the JSON types of its values tell whether it was meant
        failed = False
        for member in self.ranked_members(value)[0]:
            try:
                converted = self.converters[member](value, reading)
            except ValidationError:
                failed = True
                continue
            if failed and reading.is_doubtful():
                break
            return converted
        raise ValidationError("it is none of the members")

    def _nearest_struct(self, value: dict[str, Any]) -> Any:
        """The Struct that an object is nearest to, if the object has what it requires, and a map is not nearer.

        Raises:
            ValidationError: it does not declare a property of the object that another Struct declares.
        """
        struct = self.structs.nearest(value)
        if struct is not None and self.structs.dropped(struct, value):
            raise ValidationError(_SEVERAL)
        if struct is None or not self.has_map or shape(struct).required or value.keys() <= shape(struct).names:
            return struct
        return None

    def dropped(self, member: Any, value: Any) -> list[Path]:
        """The properties of an object that a member does not declare, but another one that the object may be, too."""
        if value.__class__ is not dict:  # `type(value)` would leave type checkers a dict of unknown types
            return []
        return self.structs.dropped(member, value) if member in self.structs.shapes or is_struct(member) else []

    def ranked_members(self, value: Any) -> tuple[list[Any], list[Any]]:
        """The members that a value might be, and those that it cannot be as it is; of both the best first."""
        json_type: Any = value.__class__
        if json_type is dict or json_type is list:
            return self._ranked_compounds(value)
        if json_type is str or json_type is int:
            candidates = self.for_texts if json_type is str else self.for_numbers
            documented = self.by_value.get(value)
            if documented is not None:
                return [documented, *candidates], []
            if json_type is str and not _DECIMAL.fullmatch(value):
                return self.for_texts_but_numbers if _TIME.match(value) else self.for_plain_texts, []
            return candidates, []
        if json_type is float:
            return [float] if float in self.members else self.for_numbers, []
        return [member for member in self.members if json_type in json_types(member)], []

    def _ranked_compounds(self, value: Any) -> tuple[list[Any], list[Any]]:
        misfits = [(self._misfit(m, value), m) for m in self.members if type(value) in json_types(m)]
        fitting = sorted((pair for pair in misfits if not pair[0].faults), key=itemgetter(0))
        unfit = [(measure.faults + measure.undeclared, member) for measure, member in misfits if measure.faults]
        structs = [pair for pair in fitting if is_struct(pair[1])]
        maps = [pair for pair in fitting if not is_struct(pair[1])]
        # A map declares every property, so that it would win whenever a Struct does not know a new one.
        structs_win = structs and (not structs[0][0].undeclared or shape(structs[0][1]).required)
        ranked = [*structs, *maps] if structs_win else [*maps, *structs]
        return [member for _, member in ranked], [member for _, member in sorted(unfit, key=itemgetter(0))]

    def _misfit(self, member: Any, value: Any) -> Misfit:
        return self.structs.misfit(member, value) if is_struct(member) else misfit(member, value)

    def __repr__(self) -> str:
        return f"Choice({self.alias.__name__})"


class Reading:
    """What is known while one value is decoded whose type is an alias, whatever aliases are inside it.

    Nested unions are tried for every member of the outer ones; as each remembers what it decided, time stays linear.
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
        """What `of.best` returns or raises for an object or an array, decided once."""
        key = of, id(value)  # which stays the same, as `root` holds all values
        decided = self.decided.get(key)
        if decided is None:
            try:
                decided = of.best(value, self)
            except ValidationError:
                decided = _NOTHING
            self.decided[key] = decided
        if decided is _NOTHING:
            raise ValidationError("it is none of the members")
        return decided

    def is_doubtful(self) -> bool:
        """Whether a member may have been refused for the spelling of a value alone: `1.0` for 1, or a leap second."""
        if self.doubtful is None:
            self.doubtful = any(
                scalar.is_integer() if type(scalar) is float else type(scalar) is str and _TIMESTAMP.match(scalar)
                for scalar in _scalars(self.root)
            )
        return self.doubtful


_NOTHING = object()


def read_custom(type_: Any, value: Any) -> Any:
    """msgspec's `dec_hook` where nothing is known about the value around: a value as one of our own types."""
    return custom_reader(type_)(value)


@lru_cache(maxsize=4096)
def custom_reader(type_: Any) -> Callable[[Any], Any]:
    """What reads values of decoded JSON as one of our own types: aliases, and those like `File`."""
    reader: Callable[[Any], Any] = choice(type_).read if is_alias(type_) else type_._from_json
    return reader


def _converter(member: Any) -> Callable[[Any, Reading | None], Any]:
    """The quickest way to make a value a member; it raises ValidationError where it is not one.

    Preparing what is inside a list or a map, and passing a hook, take msgspec longer than small values do.
    """
    origin = typing.get_origin(member) or member
    item: Any = (typing.get_args(member) or (Any,))[-1]
    if member is Any or (origin in (list, dict) and item is Any):
        return lambda value, _: value
    if origin in (list, dict) and _is_alias_or_null(item):
        return _list_converter(item) if origin is list else _map_converter(item)
    if any(map(is_custom, contained_types(member))):
        return lambda value, reading: msgspec.convert(value, member, dec_hook=reading or read_custom)
    return lambda value, _: msgspec.convert(value, member)


def _is_alias_or_null(type_: Any) -> bool:
    alternatives = members(type_)
    return len(alternatives) - (types.NoneType in alternatives) == 1 and any(map(is_alias, alternatives))


def _list_converter(item: Any) -> Callable[[Any, Reading | None], Any]:
    def convert(value: Any, reading: Reading | None) -> Any:
        read = _item_reader(item)
        return [read(inner, reading) for inner in value]

    return convert


def _map_converter(item: Any) -> Callable[[Any, Reading | None], Any]:
    def convert(value: Any, reading: Reading | None) -> Any:
        read = _item_reader(item)
        return {key: read(inner, reading) for key, inner in value.items()}

    return convert


@lru_cache(maxsize=4096)
def _item_reader(item: Any) -> Callable[[Any, Reading | None], Any]:
    alternatives = members(item)
    read = choice(next(filter(is_alias, alternatives))).read
    if types.NoneType not in alternatives:
        return read
    return lambda value, reading: None if value is None else read(value, reading)


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


def _by_precedence(types: Iterable[Any], precedence: tuple[Any, ...], json_type: Any) -> list[Any]:
    """The types for scalars of a JSON type, in an order of precedence; those that it does not name come last."""

    def rank(member: Any) -> int:
        key = "enum" if enum_base(member) else member
        return precedence.index(key) if key in precedence else len(precedence)

    suitable = (m for m in types if json_type in json_types(m) and typing.get_origin(m) is not typing.Literal)
    return sorted(suitable, key=rank)
