"""The JSON kinds that a type allows, and types in a reader's words. Names of classes do not matter here."""

from __future__ import annotations

from collections.abc import Iterable

from generator.compare.pairs import Classes
from generator.ir import NULL, AnyType, Enum, ListOf, MapOf, Ref, Scalar, Type, UnionOf, alternatives

ANYTHING = "any value"
_WORDS = {"str": "text", "int": "integer", "float": "number", "bool": "true or false", "null": "null"}
_SCALARS = {"text", "integer", "number", "true or false"}


def kinds(type_: Type, classes: Classes) -> dict[str, tuple[Type, ...]]:
    """The alternatives of a type by the kind of JSON that they are, null apart."""
    found: dict[str, tuple[Type, ...]] = {}
    for member in alternatives(type_):
        if member != NULL:
            kind = _kind(member, classes)
            found[kind] = (*found.get(kind, ()), member)
    return found


def allows_null(type_: Type) -> bool:
    """Whether null is among the alternatives."""
    return type_ == NULL or (isinstance(type_, UnionOf) and NULL in type_.members)


def covers(wide: Iterable[str], narrow: Iterable[str], *, as_text: bool = False) -> bool:
    """Whether every value of the kinds `narrow` is one of `wide`; `as_text`: outside of JSON, where all is text."""
    known = set(wide)
    if ANYTHING in known:
        return True
    known |= {"integer"} if "number" in known else set()
    known |= _SCALARS if as_text and "text" in known else set()
    return known >= set(narrow)


def described(type_: Type, classes: Classes) -> str:
    """A type in words: "text (uuid)", "list of integer", "object or null"."""
    match type_:
        case Scalar(kind, format_):
            return f"{_WORDS[kind]} ({format_})" if format_ else _WORDS[kind]
        case ListOf(item):
            return f"list of {described(item, classes)}"
        case MapOf(value) if not isinstance(value, AnyType):
            return f"object of {described(value, classes)}"
        case UnionOf(members):
            words = sorted({described(member, classes) for member in members if member != NULL})
            return " or ".join([*words, *(["null"] if NULL in members else [])])
        case _:
            return _kind(type_, classes)


def _kind(type_: Type, classes: Classes) -> str:
    match type_:
        case Scalar(kind):
            return _WORDS[kind]
        case Ref(name):
            item = classes[name]
            if isinstance(item, Enum):
                return "text" if isinstance(item.members[0].value, str) else "integer"
            return "object"
        case ListOf():
            return "list"
        case MapOf():
            return "object"
        case _:
            return ANYTHING
