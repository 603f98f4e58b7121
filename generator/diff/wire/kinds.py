"""The JSON kinds that a type allows, and types in a reader's words. Names of classes do not matter here."""

from __future__ import annotations

from collections.abc import Iterable

from ...ir.model import Alias, Enum
from ...ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, alternatives
from .pairs import Classes

ANYTHING = "any value"
_WORDS = {"str": "text", "int": "integer", "float": "number", "bool": "true or false", "null": "null"}
_SCALARS = {"text", "integer", "number", "true or false"}


def kinds(type_: Type, classes: Classes) -> dict[str, tuple[Type, ...]]:
    """The alternatives of a type by the kind of JSON that they are, null apart."""
    found: dict[str, tuple[Type, ...]] = {}
    for member in members(type_, classes):
        kind = _kind(member, classes)
        found[kind] = (*found.get(kind, ()), member)
    return found


def members(type_: Type, classes: Classes) -> tuple[Type, ...]:
    """The alternatives of a type, each once and null apart; in the place of an alias what it stands for."""
    return tuple(type_ for type_ in _spelled_out(type_, classes) if not _is_alias(type_, classes))


def aliases(type_: Type, classes: Classes) -> tuple[Alias, ...]:
    """The aliases that alternatives of a type are, those that are alternatives of these included."""
    named = (classes[type_.name] for type_ in _spelled_out(type_, classes) if isinstance(type_, Ref))
    return tuple(item for item in named if isinstance(item, Alias))


def _spelled_out(type_: Type, classes: Classes) -> dict[Type, None]:
    """The alternatives with the aliases among them, and with what these stand for."""
    found: dict[Type, None] = {}
    waiting = [type_]
    while waiting:
        for member in alternatives(waiting.pop(0)):
            if member != NULL and member not in found:
                found[member] = None
                if isinstance(member, Ref) and isinstance(item := classes[member.name], Alias):
                    waiting.append(item.type)
    return found


def _is_alias(type_: Type, classes: Classes) -> bool:
    return isinstance(type_, Ref) and isinstance(classes[type_.name], Alias)


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
    return _described(type_, classes, ())


def _described(type_: Type, classes: Classes, above: tuple[str, ...]) -> str:
    """`above`: the aliases that the type is in, as one may hold itself."""
    match type_:
        case Scalar(kind, format_):
            return f"{_WORDS[kind]} ({format_})" if format_ else _WORDS[kind]
        case ListOf(item):
            return f"list of {_described(item, classes, above)}"
        case MapOf(value) if not isinstance(value, AnyType):
            return f"object of {_described(value, classes, above)}"
        case UnionOf(among):
            words = sorted({_described(member, classes, above) for member in among if member != NULL})
            return " or ".join([*words, *(["null"] if NULL in among else [])])
        case Ref(name) if isinstance(alias := classes[name], Alias):
            return "the same" if name in above else _described(alias.type, classes, (*above, name))
        case _:
            return _kind(type_, classes)


def _kind(type_: Type, classes: Classes) -> str:
    match type_:
        case Scalar(kind):
            return _WORDS[kind]
        case Ref(name):
            item = classes[name]
            if isinstance(item, Enum):
                return "text" if isinstance(item.values[0].value, str) else "integer"
            return "object"
        case ListOf():
            return "list"
        case MapOf():
            return "object"
        case _:
            return ANYTHING
