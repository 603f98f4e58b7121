"""The JSON types that a type allows, and types in words, in which names of classes do not occur."""

from __future__ import annotations

from collections.abc import Iterable

from ....ir.model import Alias, Enum
from ....ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, alternatives
from .context import Classes, class_of

ANY_VALUE = "any value"
"""In place of a JSON type where the document does not restrict it."""
_NAMES = {"str": "text", "int": "integer", "float": "number", "bool": "true or false", "null": "null"}
JSON_NAMES = {"text": "string", "true or false": "boolean", "list": "array"}
JSON_NAMES |= {name: name for name in ("integer", "number", "object")}
"""The names of types in schemas, by these words."""
_WRITTEN_AS_TEXT = {"text", "integer", "number", "true or false"}


def json_type(type_: Type, classes: Classes) -> str:
    """The JSON type of a type that is not a union, in words."""
    match type_:
        case Scalar(primitive):
            return _NAMES[primitive]
        case ListOf():
            return "list"
        case Ref(name) if isinstance(enum := classes[name], Enum):
            return "text" if isinstance(enum.values[0].value, str) else "integer"
        case Ref() | MapOf():
            return "object"
        case _:
            return ANY_VALUE


def members(type_: Type, classes: Classes) -> tuple[Type, ...]:
    """The members of a union, without null and with those of aliases in place of these; of another type, itself."""
    return tuple(m for m in _members_and_aliases(type_, classes) if _alias(m, classes) is None)


def members_by_json_type(type_: Type, classes: Classes) -> dict[str, tuple[Type, ...]]:
    """The members of a union by their JSON types."""
    by_type: dict[str, tuple[Type, ...]] = {}
    for member in members(type_, classes):
        name = json_type(member, classes)
        by_type[name] = (*by_type.get(name, ()), member)
    return by_type


def aliases(type_: Type, classes: Classes) -> tuple[Alias, ...]:
    """The aliases among the members of a union, and among the members of these aliases."""
    return tuple(alias for m in _members_and_aliases(type_, classes) if (alias := _alias(m, classes)))


def _members_and_aliases(type_: Type, classes: Classes) -> dict[Type, None]:
    """The members of a union, the aliases among them, and the members of these: a dict, as an ordered set."""
    known: dict[Type, None] = {}
    unions = [type_]
    for union in unions:  # the list grows meanwhile
        for member in alternatives(union):
            if member != NULL and member not in known:
                known[member] = None
                if alias := _alias(member, classes):
                    unions.append(alias.type)
    return known


def _alias(type_: Type, classes: Classes) -> Alias | None:
    class_ = class_of(type_, classes)
    return class_ if isinstance(class_, Alias) else None


def allows_null(type_: Type) -> bool:
    """Whether a type allows null."""
    return type_ == NULL or (isinstance(type_, UnionOf) and NULL in type_.members)


def covers(wide: Iterable[str], narrow: Iterable[str], *, as_text: bool = False) -> bool:
    """Whether every value of the JSON types `narrow` is of one in `wide`; `as_text`: as scalars are written as text."""
    covered = set(wide)
    if ANY_VALUE in covered:
        return True
    if "number" in covered:
        covered.add("integer")
    if as_text and "text" in covered:
        covered |= _WRITTEN_AS_TEXT
    return covered >= set(narrow)


def in_words(type_: Type, classes: Classes, inside: tuple[str, ...] = ()) -> str:
    """A type in words: "text (uuid)", "list of integer", "object or null".

    `inside` names the aliases that the type is part of; a recursive one is "the same" there.
    """
    match type_:
        case Scalar("str", "binary"):
            return "file"
        case Scalar(primitive, format_):
            return f"{_NAMES[primitive]} ({format_})" if format_ else _NAMES[primitive]
        case ListOf(item):
            return f"list of {in_words(item, classes, inside)}"
        case MapOf(value) if not isinstance(value, AnyType):
            return f"object of {in_words(value, classes, inside)}"
        case UnionOf(union_members):
            alternatives_ = sorted({in_words(member, classes, inside) for member in union_members if member != NULL})
            return " or ".join([*alternatives_, *(["null"] if NULL in union_members else [])])
        case Ref(name) if alias := _alias(type_, classes):
            return "the same" if name in inside else in_words(alias.type, classes, (*inside, name))
        case _:
            return json_type(type_, classes)
