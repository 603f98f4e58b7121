"""The closed set of converters: what each one takes from a provider, and what it gives to the unified model."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.model import Enum
from ..ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, types_in


@dataclass(frozen=True, slots=True)
class Converter:
    """`function` is its name in `workflow_runs._values`, `takes` and `gives` are kinds as `kind` tells them."""

    function: str
    takes: frozenset[str]
    gives: str
    notes: bool = True
    """Whether it can find a value that has no unified form."""


def _converter(function: str, takes: str, gives: str, *, notes: bool = True) -> Converter:
    return Converter(function, frozenset(takes.split()), gives, notes)


CONVERTERS = {
    "number_text": _converter("number_text", "integer number text word", "text"),
    "filled_text": _converter("filled_text", "text word", "text", notes=False),
    "rfc3339": _converter("rfc3339", "text", "time"),
    "epoch_seconds": _converter("epoch_seconds", "integer number", "time"),
    "epoch_milliseconds": _converter("epoch_milliseconds", "integer number", "time"),
    "seconds": _converter("seconds", "integer number", "duration"),
    "milliseconds": _converter("milliseconds", "integer number", "duration"),
    "iso_duration": _converter("iso_duration", "text duration", "duration"),
    "json_object": _converter("json_object", "text object", "object"),
    "object": _converter("as_object", "any", "object"),
    "integer": _converter("integer", "integer number text", "integer"),
}
"""Those that a mapping names in `as`."""
_TYPED = {"time": "time of day", "byte": "bytes", "decimal": "decimal number", "binary": "file"}
"""Formats of text that clients have a type for, and converters have not."""
_JSON = ("text", "integer", "number", "boolean", "object", "list", "any")
"""Kinds whose values are as JSON has them."""


def as_it_is(source: str, target: str) -> Converter | None:
    """What carries a value over that needs no conversion; None when it does."""
    if (source, target) == ("time", "time"):
        return _converter("utc", "time", "time")
    if (source, target) == ("duration", "duration"):
        return CONVERTERS["iso_duration"]
    if source == "word" and target in ("text", "any"):
        return _converter("plain", "word", target, notes=False)
    if source == target or (target == "any" and source in _JSON):
        return _converter("given", source, target, notes=False)
    return None


def kind(type_: Type, enums: dict[str, Enum], *, unified: bool = False) -> str:
    """What a value is to converters: text, word, integer, number, boolean, time, duration, date, object, list, any; or
    what none of them takes: an object with properties, a union, a list or an object of more than JSON's values."""
    if isinstance(type_, (ListOf, MapOf)):
        name = "list" if isinstance(type_, ListOf) else "object"
        inner = [t for t in types_in(type_) if not isinstance(t, (ListOf, MapOf, UnionOf)) and t != NULL]
        plain = all(kind(t, enums) in (*_JSON, "word") for t in inner)
        return name if plain else f"{name} of typed values"
    match type_:
        case Scalar("str", "date-time"):
            return "time"
        case Scalar("str", "duration"):
            return "duration"
        case Scalar("str", format_) if format_ in _TYPED and not unified:
            return _TYPED[format_]
        case Scalar("str", "date"):
            return "date"
        case Scalar("str"):
            return "text"
        case Scalar(name):
            return {"int": "integer", "float": "number", "bool": "boolean"}.get(name, name)
        case Ref(name) if name in enums:
            return "word" if isinstance(enums[name].values[0].value, str) else "integer"
        case Ref():
            return "object with properties"
        case AnyType():
            return "any"
        case _:
            return "union"
