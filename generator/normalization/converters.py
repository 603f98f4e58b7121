"""The closed set of converters: what each one takes from a provider, and what it gives to the unified model."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Enum
from ..ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, alternatives, types_in

TEXTS = "list of text"
ANYTHING = "*"
"""What a converter takes that takes values of every type."""


@dataclass(frozen=True, slots=True)
class Converter:
    """`function` is its name in `_reading/values.py`; `takes` and `gives` are value types, as `value_type` says."""

    function: str
    takes: frozenset[str]
    gives: str
    notes: bool = True
    """Whether it takes `Notes`, because a value can have no unified form."""

    def accepts(self, types: Collection[str]) -> bool:
        """Whether it takes values of all these types."""
        return ANYTHING in self.takes or self.takes.issuperset(types)


def _converter(function: str, takes: str, gives: str, *, notes: bool = True) -> Converter:
    return Converter(function, frozenset(takes.split(", ")), gives, notes)


_NUMBER = "integer, number, decimal"

CONVERTERS = {
    "text": _converter("text", "boolean, integer, number, text, word", "text"),
    "rfc3339": _converter("rfc3339", "text", "time"),
    "utc_time": _converter("utc_time", "text, time", "time"),
    "epoch_seconds": _converter("epoch_seconds", _NUMBER, "time"),
    "epoch_milliseconds": _converter("epoch_milliseconds", _NUMBER, "time"),
    "epoch_microseconds": _converter("epoch_microseconds", _NUMBER, "time"),
    "epoch_nanoseconds": _converter("epoch_nanoseconds", _NUMBER, "time"),
    "epoch_seconds_or_rfc822": _converter("epoch_seconds_or_rfc822", "integer, number, text", "time"),
    "seconds": _converter("seconds", _NUMBER, "duration"),
    "milliseconds": _converter("milliseconds", _NUMBER, "duration"),
    "iso_duration": _converter("iso_duration", "text, duration", "duration"),
    "unit_duration": _converter("unit_duration", "text", "duration"),
    "clock_duration": _converter("clock_duration", "text", "duration"),
    "integer": _converter("integer", "integer, number, text", "integer"),
    "from_zero": _converter("from_zero", "integer, number", "integer"),
    "decimal": _converter("decimal", "integer, number, text", "decimal"),
    "json_text": _converter("json_text", "text, object, list, list of text, any", "any"),
    "json": _converter("as_json", ANYTHING, "any"),
    "object": _converter("as_object", "any", "object"),
    "keys": _converter("keys", "object", TEXTS),
    "pairs": _converter("pairs", "object", TEXTS),
}
"""The converters that a mapping names in `as`."""

_PRIMITIVES = {"str": "text", "int": "integer", "float": "number", "bool": "boolean"}
_FORMATS = {"date-time": "time", "duration": "duration", "date": "date", "decimal": "decimal"}
_CLIENT_FORMATS = {"time": "time of day", "byte": "bytes", "binary": "file"}
"""Formats that clients have a type for, and the unified model has not."""
_JSON = ("text", "word", "integer", "number", "boolean", "object", TEXTS, "list", "any")
"""Value types whose values are as JSON has them."""


def implied(sources: Collection[str], target: str) -> Converter | None:
    """The converter from value types to another that a mapping need not name; None when there is none."""
    if target == "any":
        if "word" in sources and len(sources) > 1:
            return CONVERTERS["json"]
        return _converter("plain" if "word" in sources else "given", ", ".join(_JSON), "any", notes=False)
    if len(sources) != 1:
        return None
    (source,) = sources
    match source, target:
        case "time", "time":
            return _converter("utc", "time", "time")
        case "duration", "duration":
            return CONVERTERS["iso_duration"]
        case "word", "text":
            return _converter("plain", "word", "text", notes=False)
        case "list of text", "list of text":
            return _converter("texts", TEXTS, TEXTS, notes=False)
        case "word", "word":
            return None
    return _converter("given", source, target, notes=False) if source == target else None


def fits(converters: Sequence[Converter], types: Collection[str], target: str) -> bool:
    """Whether converters, one after the other, make values of the type `target` of those of `types`."""
    for converter in converters:
        if not converter.accepts(types):
            return False
        types = (converter.gives,)
    return target in types or (target == "any" and {*_JSON}.issuperset(types))


def value_type(type_: Type, enums: dict[str, Enum], *, unified: bool = False) -> str:
    """What a value is to converters: text, word (of an enum), integer, number, boolean, time, duration, date, decimal,
    object, list, list of text, any; or what only `json` takes: an object with properties, a union, a list of
    more than JSON's values."""
    match type_:
        case ListOf() | MapOf():
            return _container(type_, enums)
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


def _container(type_: ListOf | MapOf, enums: dict[str, Enum]) -> str:
    if isinstance(type_, ListOf) and all(value_type(t, enums) in ("text", "word") for t in alternatives(type_.item)):
        return TEXTS
    name = "list" if isinstance(type_, ListOf) else "object"
    inner = [t for t in types_in(type_) if not isinstance(t, (ListOf, MapOf, UnionOf)) and t != NULL]
    return name if all(value_type(t, enums) in _JSON for t in inner) else f"{name} of typed values"
