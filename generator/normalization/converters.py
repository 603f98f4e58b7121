"""The closed set of converters: what each one takes from a provider, and what it gives to the unified model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..ir.model import Enum
from ..ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, types_in


@dataclass(frozen=True, slots=True)
class Converter:
    """`function` is its name in `_reading/values.py`; `takes` and `gives` are value types, as `value_type` says."""

    function: str
    takes: frozenset[str]
    gives: str
    notes: bool = True
    """Whether it takes `Notes`, because a value can have no unified form."""


def _converter(function: str, takes: str, gives: str, *, notes: bool = True) -> Converter:
    return Converter(function, frozenset(takes.split()), gives, notes)


CONVERTERS = {
    "number_text": _converter("number_text", "integer number text word", "text"),
    "filled_text": _converter("filled_text", "text word", "text", notes=False),
    "rfc3339": _converter("rfc3339", "text", "time"),
    "epoch_seconds": _converter("epoch_seconds", "integer number", "time"),
    "epoch_milliseconds": _converter("epoch_milliseconds", "integer number", "time"),
    "epoch_seconds_or_rfc822": _converter("epoch_seconds_or_rfc822", "integer number text", "time"),
    "seconds": _converter("seconds", "integer number", "duration"),
    "milliseconds": _converter("milliseconds", "integer number", "duration"),
    "iso_duration": _converter("iso_duration", "text duration", "duration"),
    "json_object": _converter("json_object", "text object", "object"),
    "object": _converter("as_object", "any", "object"),
    "integer": _converter("integer", "integer number text", "integer"),
    "decimal": _converter("decimal", "integer number text", "decimal number"),
}
"""The converters that a mapping names in `as`."""

_PRIMITIVES = {"str": "text", "int": "integer", "float": "number", "bool": "boolean"}
_FORMATS = {"date-time": "time", "duration": "duration", "date": "date", "decimal": "decimal number"}
_CLIENT_FORMATS = {"time": "time of day", "byte": "bytes", "binary": "file"}
"""Formats that clients have a type for, and the unified model has not."""
_JSON = ("text", "integer", "number", "boolean", "object", "list", "any")
"""Value types whose values are as JSON has them."""


def fits(converter: Converter, sources: Iterable[str], target: str) -> bool:
    """Whether a converter leads from all of these value types to another one."""
    gives_target = converter.gives == target or (target == "any" and converter.gives in _JSON)
    return gives_target and converter.takes.issuperset(sources)


def implied(source: str, target: str) -> Converter | None:
    """The converter from one value type to another that a mapping need not name; None when there is none."""
    if (source, target) == ("time", "time"):
        return _converter("utc", "time", "time")
    if (source, target) == ("duration", "duration"):
        return CONVERTERS["iso_duration"]
    if source == "word" and target in ("text", "any"):
        return _converter("plain", "word", target, notes=False)
    if source == target or (target == "any" and source in _JSON):
        return _converter("given", source, target, notes=False)
    return None


def value_type(type_: Type, enums: dict[str, Enum], *, unified: bool = False) -> str:
    """What a value is to converters: text, word (of an enum), integer, number, boolean, time, duration, date, object,
    list, any; or what no converter takes: an object with properties, a union, a list of more than JSON's values."""
    match type_:
        case ListOf():
            return _container("list", type_, enums)
        case MapOf():
            return _container("object", type_, enums)
        case Scalar("str", format_):
            return (_FORMATS if unified else _FORMATS | _CLIENT_FORMATS).get(format_, "text")
        case Scalar("float", "decimal"):
            return _FORMATS["decimal"]
        case Scalar(primitive):
            return _PRIMITIVES.get(primitive, primitive)
        case Ref(name) if name in enums:
            return "word" if isinstance(enums[name].values[0].value, str) else "integer"
        case Ref():
            return "object with properties"
        case AnyType():
            return "any"
        case UnionOf():
            return "union"


def _container(name: str, type_: Type, enums: dict[str, Enum]) -> str:
    inner = [t for t in types_in(type_) if not isinstance(t, (ListOf, MapOf, UnionOf)) and t != NULL]
    is_json = all(value_type(t, enums) in (*_JSON, "word") for t in inner)
    return name if is_json else f"{name} of typed values"
