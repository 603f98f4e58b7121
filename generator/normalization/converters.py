"""The closed set of converters: what each one takes from a provider, and what it gives to the unified model."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir import AnyType, Enum, ListOf, MapOf, Ref, Scalar, Type


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
    "number_text": _converter("number_text", "integer number", "text", notes=False),
    "rfc3339": _converter("rfc3339", "text", "time"),
    "epoch_seconds": _converter("epoch_seconds", "integer number", "time"),
    "epoch_milliseconds": _converter("epoch_milliseconds", "integer number", "time"),
    "seconds": _converter("seconds", "integer number", "duration"),
    "milliseconds": _converter("milliseconds", "integer number", "duration"),
    "iso_duration": _converter("iso_duration", "text", "duration"),
    "json_object": _converter("json_object", "text object", "object"),
    "object": _converter("as_object", "any", "object"),
    "integer": _converter("integer", "integer number text", "integer"),
}
"""Those that a mapping names in `as`."""
_AS_IT_IS = {
    ("text", "text"): _converter("given", "text", "text", notes=False),
    ("word", "text"): _converter("plain", "word", "text", notes=False),
    ("time", "time"): _converter("utc", "time", "time"),
}


def as_it_is(source: str, target: str) -> Converter | None:
    """What carries a value over that needs no conversion; None when it does."""
    if found := _AS_IT_IS.get((source, target)):
        return found
    return Converter("given", frozenset({source}), target, notes=False) if target in (source, "any") else None


def kind(type_: Type, enums: dict[str, Enum], *, unified: bool = False) -> str:
    """The kind of a type: text, word, integer, number, boolean, time, duration, date, object, model, list, any."""
    match type_:
        case Scalar("str", "date-time"):
            return "time"
        case Scalar("str", "duration") if unified:
            return "duration"
        case Scalar("str", "date"):
            return "date"
        case Scalar("str"):
            return "text"
        case Scalar(name):
            return {"int": "integer", "float": "number", "bool": "boolean"}.get(name, name)
        case Ref(name) if name in enums:
            return "word" if isinstance(enums[name].members[0].value, str) else "integer"
        case Ref():
            return "model"
        case MapOf():
            return "object"
        case ListOf():
            return "list"
        case AnyType():
            return "any"
        case _:
            return "union"
