"""Sample values: what could stand at a place of a response, by its type, its examples and what the mapping reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ...document.pointer import escape, unescape
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Alias, Enum, Field, Model
from ...ir.types import NULL, AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf, alternatives
from ..mapping import ChosenItem, Constant
from .types import Types

MISSING: Any = object()
"""In place of a value: there is none."""
CREATED = 1_767_258_000
"""The second at which sample runs are created: 2026-01-01T09:00:00Z."""
_UUID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
_BY_FORMAT = {
    **{"uuid": _UUID, "uri": "https://example.com/", "url": "https://example.com/", "email": "somebody@example.com"},
    **{"date": "2026-01-01", "time": "09:00:00Z", "duration": "PT1M30S", "byte": "c2FtcGxl", "decimal": "1.5"},
    **{"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "hostname": "example.com"},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the mapping can read at a pointer: values, of which not all are of the type there, and what means none."""

    values: tuple[Any, ...] = ()
    nothing: tuple[Constant, ...] = ()


@dataclass(frozen=True)
class Sampler:
    """Makes sample values; pointers are without the positions of items."""

    types: Types
    readings: Mapping[str, Reading]
    chosen: Mapping[str, tuple[ChosenItem, ...]]
    """The items that the mapping chooses of the list at a pointer."""
    needed: frozenset[str]
    """The pointers of all that the mapping reads, and of what contains it."""
    with_examples: bool = False
    """Whether properties are there because the document has examples of them."""

    def value(self, type_: Type, pointer: str, name: str, example: Any = MISSING, within: tuple[str, ...] = ()) -> Any:
        """A value of a type; `name` is the property's, `within` the models around it. MISSING: none ends."""
        for candidate in self._candidates(type_, pointer, name, example, within):
            if candidate is not MISSING and self._is_readable(candidate, pointer):
                return candidate
        return MISSING

    def _is_readable(self, value: Any, pointer: str) -> bool:
        reading = self.readings.get(pointer)
        return reading is None or value is None or value not in reading.nothing

    def _candidates(self, type_: Type, pointer: str, name: str, example: Any, within: tuple[str, ...]) -> Iterator[Any]:
        has_properties = self._has_properties(type_)
        # Of an object that leaves out what is required, the rest is good all the same.
        is_given = isinstance(example, dict) if has_properties else self._is_example(example, type_)
        if is_given and not has_properties:
            yield example
        if reading := self.readings.get(pointer):
            yield from (value for value in reading.values if self.types.fits(value, type_))
        for member in alternatives(type_) or (NULL,):
            yield self._of_type(member, pointer, name, example if is_given else MISSING, within)
        if self.types.fits(None, type_):
            yield None

    def _is_example(self, value: Any, type_: Type) -> bool:
        is_placeholder = isinstance(value, str) and re.fullmatch(r"<[^<>]*>", value)
        return value is not MISSING and value is not None and not is_placeholder and self.types.fits(value, type_)

    def _has_properties(self, type_: Type) -> bool:
        """Whether values have properties, so that what an example leaves out can be added."""
        return any(isinstance(self.types.named(member), Model) for member in alternatives(type_))

    def _of_type(self, type_: Type, pointer: str, name: str, example: Any, within: tuple[str, ...]) -> Any:
        match type_:
            case Scalar():
                return _scalar(type_, name)
            case Ref():
                return self._of_reference(type_, pointer, name, example, within)
            case ListOf(item):
                return self._list(item, pointer, name, within)
            case MapOf(item):
                value = self.value(item, pointer, "text", MISSING, within)
                return {} if value is MISSING else {"text": value}
            case UnionOf(members):
                return self.value(members[0], pointer, name, example, within)
            case AnyType():
                return words_of(name)

    def _of_reference(self, type_: Ref, pointer: str, name: str, example: Any, within: tuple[str, ...]) -> Any:
        if type_.constant is not None:
            return type_.constant
        match self.types.named(type_):
            case Enum(values=values):
                nothing = self.readings[pointer].nothing if pointer in self.readings else ()
                return next((item.value for item in values if item.value not in nothing), MISSING)
            case Alias(type=inner):
                return (
                    MISSING
                    if type_.name in within
                    else self.value(inner, pointer, name, example, (*within, type_.name))
                )
            case Model() as model:
                return MISSING if model.name in within else self.object(model, pointer, example, within)
            case None:
                return MISSING

    def object(self, model: Model, pointer: str, example: Any = MISSING, within: tuple[str, ...] = ()) -> Any:
        """An object with the properties that are required, read by the mapping, or in an example."""
        given = example if isinstance(example, dict) else {}
        value: dict[str, Any] = {}
        for field in model.fields:
            at = f"{pointer}/{escape(field.wire)}"
            is_shown = self.with_examples and bool(field.examples)
            if field.write_only or not (field.required or at in self.needed or field.wire in given or is_shown):
                continue
            sample = self._property(field, at, given.get(field.wire, MISSING), (*within, model.name))
            if sample is not MISSING:
                value[field.wire] = sample
            elif field.required:
                return MISSING
        return value

    def _property(self, field: Field, pointer: str, example: Any, within: tuple[str, ...]) -> Any:
        examples = [value for value in (example, *field.examples) if value is not MISSING]
        fitting = [value for value in examples if self.types.fits(value, field.type)]
        return self.value(field.type, pointer, field.wire, next(iter(fitting or examples), MISSING), within)

    def _list(self, item: Type, pointer: str, name: str, within: tuple[str, ...]) -> Any:
        """A list with an item for each that the mapping chooses of it; else with one."""
        sample = self.value(item, pointer, name, MISSING, within)
        if sample is MISSING:
            return []
        conditions = dict.fromkeys(choice.conditions for choice in self.chosen.get(pointer, ()) if choice.conditions)
        if not conditions:
            return [sample]
        values = [json.loads(json.dumps(sample)) for _ in conditions]
        for value, wanted in zip(values, conditions, strict=True):
            for condition in wanted:
                _put(value, condition.path.pointer, typed_word(condition.words[0], condition.path.type, self.types))
        return values


def _put(value: Any, pointer: str, wanted: Any) -> None:
    """Write a value into an object, and the objects that lead to it."""
    *parents, last = pointer.split("/")[1:]
    for key in parents:
        value = value.setdefault(unescape(key), {})
    value[unescape(last)] = wanted


def typed_word(word: str, type_: Type, types: Types) -> Any:
    """A status word as the JSON value that is read as this word."""
    for member in alternatives(type_):
        named = types.named(member)
        if isinstance(named, Enum):
            values = [item.value for item in named.values]
            listed = next((value for value in values if str(value) == word), None)
            if listed is not None:
                return listed
            if isinstance(values[0], int) and re.fullmatch(r"-?[0-9]+", word):
                return int(word)
        elif isinstance(member, Scalar) and member.primitive == "bool" and word in ("true", "false"):
            return word == "true"
        elif isinstance(member, Scalar) and member.primitive == "int" and re.fullmatch(r"-?[0-9]+", word):
            return int(word)
    return word


def _scalar(type_: Scalar, name: str) -> Any:
    limits = dict(type_.constraints)
    if type_.constant is not None:
        return type_.constant
    match type_.primitive:
        case "str":
            return _text(type_, name, limits)
        case "int" | "float" if type_.format == "decimal":
            return 1.5
        case "int" | "float":
            least, most = (limits.get(key) for key in ("minimum", "maximum"))
            value = max(3, int(least)) if isinstance(least, (int, float)) else 3
            return min(value, int(most)) if isinstance(most, (int, float)) else value
        case "bool":
            return True
        case "null":
            return None


def _text(type_: Scalar, name: str, limits: Mapping[str, Any]) -> str:
    text = _BY_FORMAT.get(type_.format) or (time_of(CREATED) if type_.format == "date-time" else words_of(name))
    if type_.format:
        return text
    least, most = limits.get("minLength", 0), limits.get("maxLength", 1_000)
    return text.ljust(int(least), "x")[: int(most)]


def words_of(name: str) -> str:
    """A text that says of which property it is: `sample display name` for `displayName`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", name).lower().split()
    is_identifier = words[-1:] and words[-1] in ("id", "key", "code", "type", "email")
    return ("-" if is_identifier else " ").join(["sample", *words])


def time_of(seconds: int) -> str:
    """The time so many seconds after 1970, as date-times are written."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
