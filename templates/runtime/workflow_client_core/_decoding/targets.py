"""The types that values are read as, with all that repairing a document asks of them, worked out once."""

from __future__ import annotations

import typing
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Raw

from .._models.types import additional, documented_type, fields, is_alias, is_struct, json_types, members, type_name
from .raw_json import json_type_of
from .strict import reader

_WORDS: dict[Any, str] = {
    dict: "object",
    list: "array",
    str: "text",
    bool: "true or false",
    type(None): "null",
    int: "number",
    float: "number",
}


class Member(NamedTuple):
    """A member of a union, or a type that is not a union.

    - `origin`: of `list[int]` it is `list`; of most types it is the type itself.
    - `values`: what the values of a map are read as; None where it is not a map.
    - `items`: what the items of a list are read as; None where it is not a list.
    """

    type: Any
    origin: Any
    is_alias: bool
    is_struct: bool
    values: Target | None
    items: Target | None


class Alternatives(NamedTuple):
    """What a value of a type may be.

    - `members`: the members of a union; otherwise the type itself.
    - `accepted`: the JSON types of values that may be readable.
    - `whole`: those of them that can be read as a whole only.
    """

    members: tuple[Member, ...]
    accepted: frozenset[str]
    whole: frozenset[str]


class Target:
    """A type that values are read as; `decode` reads a value as msgspec does."""

    __slots__ = ("_alternatives", "_documented", "_name", "decode", "type")

    def __init__(self, type_: Any, documented: Any = None) -> None:
        """`documented`: the type as the API's description has it, if that is another one."""
        self.type = type_
        self.decode: Callable[[Raw], Any] = reader(type_)
        self._documented = documented or type_
        self._alternatives: Alternatives | None = None
        self._name = ""

    @property
    def name(self) -> str:
        """The type as messages call it."""
        self._name = self._name or type_name(self._documented)
        return self._name

    @property
    def alternatives(self) -> Alternatives:
        """What most types never need to know, as msgspec reads their values."""
        if self._alternatives is None:
            self._alternatives = _alternatives_of(self.type)
        return self._alternatives

    def divides(self, raw: Raw) -> bool:
        """Whether the parts of a value can be read where msgspec refuses the whole."""
        return json_type_of(raw) not in self.alternatives.whole


def target_of(type_: Any) -> Target:
    """The `Target` of a type."""
    # Unions of another order are equal, but have another name: only classes are remembered.
    return _of_class(type_) if isinstance(type_, type) else Target(type_)


@lru_cache(maxsize=4096)
def _of_class(class_: Any) -> Target:
    return Target(class_)


class Property(NamedTuple):
    """A declared property of a Struct: `name` in Python, `wire` in JSON."""

    name: str
    wire: str
    required: bool
    target: Target


@lru_cache(maxsize=4096)
def properties(class_: Any) -> tuple[Property, ...]:
    """The declared properties of a Struct, in the order in which it declares them."""
    return tuple(
        Property(field.name, field.wire, field.required, Target(field.type, documented_type(class_, field)))
        for field in fields(class_)
    )


@lru_cache(maxsize=4096)
def further_properties(class_: Any) -> Property | None:
    """The attribute of a Struct for properties beyond the declared ones; `target` is that of each of them."""
    own = additional(class_)
    return own and Property(own.name, own.wire, own.required, Target(own.type))


def _alternatives_of(type_: Any) -> Alternatives:
    alternatives = tuple(_member(member) for member in members.__wrapped__(type_))
    if any(member.is_alias for member in alternatives):  # whose own members are looked up when a value needs them
        every = frozenset(_WORDS.values())
        return Alternatives(alternatives, every, every)
    accepted = frozenset(_WORDS[json_type] for member in alternatives for json_type in json_types(member.type))
    has_objects = any(member.is_struct or member.values is not None for member in alternatives)
    has_arrays = any(member.items is not None for member in alternatives)
    return Alternatives(alternatives, accepted, accepted.difference(("object",) * has_objects, ("array",) * has_arrays))


def _member(type_: Any) -> Member:
    origin, arguments = typing.get_origin(type_) or type_, typing.get_args(type_)
    is_map = origin is Any or (origin is dict and arguments[:1] in ((), (str,)))
    is_list = origin in (list, Any)
    inner = target_of(arguments[-1] if arguments else Any) if is_map or is_list else None
    values, items = inner if is_map else None, inner if is_list else None
    return Member(type_, origin, is_alias(type_), is_struct(origin), values, items)
