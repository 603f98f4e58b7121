"""Schema -> instances that are valid for it: what a caller could send, or a server answer.

Each choice that schemas leave (the members of unions, null, enum values, with or without what is optional) is made in
another way from instance to instance, until each way was taken once in the document. `jsonschema` judges the result.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from tests.corpus.document import Document
from tests.corpus.schemas import HIDDEN, Schemas

_INSTANCES = 24
"""How many instances of a schema are made at most."""
_DEPTH = 6
"""Below this, optional values are left out."""
_DEEPEST = 30
_VALUES = 20_000
"""How many values may be tried for one instance."""
_FORMATS = {
    "date-time": "2026-04-07T09:00:00Z",
    "date": "2026-04-07",
    "time": "09:00:00Z",
    "duration": "PT5400S",
    "uuid": "0b7e8a52-5d0c-4c6e-9a0f-3f1f5c3f9d11",
    "byte": "dGVh",
    "base64": "dGVh",
    "decimal": "12.5",
    "uri": "https://example.com/tea",
    "url": "https://example.com/tea",
    "email": "tea@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
}


_NOT_TEXT = ("date-time", "date", "time", "duration", "byte", "base64", "decimal")
"""Formats whose values are not text for callers: jsonschema takes any text, a client does not."""


class NoInstance(Exception):  # noqa: N818 - it says something of the schema
    """Nothing is valid for the schema, or nothing that this module finds."""


class Instances:
    """Makes the instances of one direction; see `Schemas` for `hidden`."""

    def __init__(self, document: Document, hidden: str) -> None:
        self.schemas = Schemas(document, hidden)
        self._known: dict[int, tuple[Any, Any, list[Any]]] = {}
        self._known_references: dict[str, list[Any]] = {}
        self._made: Counter[tuple[Any, int]] = Counter()
        self._full: Counter[int] = Counter()
        self._values = 0

    def of(self, schema: Any) -> list[Any]:
        """Valid instances of a schema of the document, at least one; of a schema met before, the first one alone.

        Raises:
            NoInstance: none is found.
        """
        key = id(schema)
        if key not in self._known:
            converted = self.schemas.of(schema)
            ref = converted.get("$ref") if isinstance(converted, dict) else None
            if ref not in self._known_references:
                instances = self._valid(converted)
                if ref:
                    self._known_references[ref] = instances[:1]
            else:
                instances = self._known_references[ref]
            self._known[key] = schema, converted, instances[:1]
            return instances
        return self._known[key][2]

    def _valid(self, schema: Any) -> list[Any]:
        instances: list[Any] = []
        reason = ""
        fruitless = 0
        for _ in range(_INSTANCES):
            before = len(self._made)
            try:
                self._values = 0
                value = self._value([schema], 0)
            except NoInstance as error:
                reason = reason or str(error)
                break
            error_ = self.schemas.errors(schema, value)
            if not error_ and value not in instances:
                instances.append(value)
            reason = reason or error_
            fruitless = fruitless + 1 if len(self._made) == before else 0
            if fruitless > 1:
                break
        if not instances:
            raise NoInstance(f"no valid instance: {reason}")
        return instances

    def _value(self, parts: Sequence[Any], depth: int) -> Any:
        self._values += 1
        if depth > _DEEPEST or self._values > _VALUES:
            raise NoInstance("it does not end")
        flat = self._flat(parts)
        if flat.unions:
            union, *unions = flat.unions
            others = [flat.keywords, *({"anyOf": other} for other in unions)]
            return self._first(id(union), union, depth, lambda member: self._value([*others, member], depth))
        if "enum" in flat.keywords:
            return self._enum_value(flat.keywords)
        return self._of_type(flat, depth)

    def _first(self, key: Any, ways: Sequence[Any], depth: int, make: Any) -> Any:
        """What `make` returns for one of `ways`: the one that was taken least often, if it leads anywhere."""
        order = sorted(range(len(ways)), key=lambda i: (self._made[key, i], i))
        if depth >= _DEPTH:  # out of it, where the first way would go round in a circle
            order = sorted(order, key=lambda i: _weight(ways[i]))
        reason = "no member"
        for i in order:
            self._made[key, i] += 1
            try:
                return make(ways[i])
            except NoInstance as error:
                reason = str(error)
        raise NoInstance(reason)

    def _enum_value(self, keywords: Mapping[str, Any]) -> Any:
        values = [v for v in keywords["enum"] if _is_of_type(v, keywords.get("type"))]
        if not values:
            raise NoInstance("no value of the enum is of the type")
        chosen = values[:3] + values[3:][-1:]
        return self._first(repr(chosen), chosen, 0, lambda value: value)

    def _of_type(self, flat: _Flat, depth: int) -> Any:
        keywords = flat.keywords
        type_ = keywords.get("type") or _implied_type(keywords)
        if type_ == "object":
            return self._object(flat, depth)
        if type_ == "array":
            return self._array(keywords, depth)
        if type_ in ("integer", "number"):
            return _number(keywords, whole=type_ == "integer")
        if type_ in ("boolean", "null"):
            return True if type_ == "boolean" else None
        if keywords.get("not") in ({}, True):
            raise NoInstance("`not: {}`")
        return _text(keywords)

    def _object(self, flat: _Flat, depth: int) -> dict[str, Any]:
        keywords = flat.keywords
        properties: Mapping[str, Any] = keywords.get("properties", {})
        required: Sequence[str] = keywords.get("required", ())
        is_full = depth < _DEPTH and self._is_full(flat, depth)
        value: dict[str, Any] = {}
        for name, part in properties.items():
            if name in required or is_full:
                try:
                    value[name] = self._value([part], depth + 1)
                except NoInstance:
                    if name in required:
                        raise
        for name in required:
            if name not in properties and name not in keywords.get(HIDDEN, ()):
                value[name] = self._value([keywords.get("additionalProperties", True)], depth + 1)
        least = keywords.get("minProperties", 0)
        for name, part in self._additional(keywords, depth):
            if is_full or len(value) < least:
                try:
                    value.setdefault(name, self._value([part], depth + 1))
                except NoInstance:
                    continue
        return value

    def _is_full(self, flat: _Flat, depth: int) -> bool:
        """Whether an object gets what is optional, too: at the root, and in each place at first, by turns later."""
        if not flat.objects:
            return True
        self._full[flat.objects] += 1
        if depth or self._full[flat.objects] > 2:
            return self._full[flat.objects] <= 2 or not depth
        return bool(self._first(("full", flat.objects), (True, False), 0, lambda is_full: is_full))

    def _additional(self, keywords: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
        """Names and schemas of properties that are not declared by their names."""
        for pattern, part in keywords.get("patternProperties", {}).items():
            yield _matching(pattern), part
        further = keywords.get("additionalProperties", "properties" not in keywords)
        if further is not False and "patternProperties" not in keywords:
            names = keywords.get("propertyNames")
            yield "tea" if names is None else str(self._value([names, {"type": "string"}], depth)), further

    def _array(self, keywords: Mapping[str, Any], depth: int) -> list[Any]:
        least = keywords.get("minItems", 0)
        if "prefixItems" in keywords:
            return [self._value([position], depth + 1) for position in keywords["prefixItems"]]
        if (depth >= _DEPTH and not least) or keywords.get("maxItems") == 0:
            return []
        try:
            items = [self._value([keywords.get("items", True)], depth + 1) for _ in range(max(1, least))]
        except NoInstance:
            if least:
                raise
            return []
        if keywords.get("uniqueItems") and least > 1 and all(isinstance(item, (str, int)) for item in items):
            items = [_another(item, i) for i, item in enumerate(items)]
        return items

    def _flat(self, parts: Sequence[Any]) -> _Flat:
        """References and `allOf` of all parts, merged into the keywords of one schema, and the unions apart."""
        pending, seen = list(parts), set[str]()
        keywords: dict[str, Any] = {}
        unions: list[Sequence[Any]] = []
        objects = 0
        while pending:
            part = pending.pop(0)
            if part is False:
                raise NoInstance("`false`")
            if part is True:
                continue
            if "$ref" in part:
                if part["$ref"] in seen:
                    continue
                seen.add(part["$ref"])
                pending.insert(0, self.schemas.definition(part["$ref"]))
                continue
            if "properties" in part:
                objects = objects or id(part["properties"])
            _merge(keywords, {key: value for key, value in part.items() if key not in ("allOf", "anyOf")})
            pending[:0] = part.get("allOf", ())
            if "anyOf" in part:
                unions.append(part["anyOf"])
        return _Flat(keywords, unions, objects)


class _Flat(NamedTuple):
    keywords: dict[str, Any]
    unions: list[Sequence[Any]]
    objects: int
    """What identifies the object that the properties are of; 0: nothing."""


def _merge(keywords: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add keywords to those of another part, so that both hold."""
    for key, value in more.items():
        own = keywords.get(key, value)
        if own is value or own == value:
            keywords[key] = value
        elif key == "type":
            if {own, value} != {"integer", "number"}:
                raise NoInstance(f"{own} and {value}")
            keywords[key] = "integer"
        elif key in ("properties", "patternProperties"):
            both = {name: {"allOf": [own[name], value[name]]} for name in own.keys() & value.keys()}
            keywords[key] = {**own, **value, **both}
        elif key in ("required", "examples", HIDDEN):
            keywords[key] = [*own, *(item for item in value if item not in own)]
        elif key == "enum":
            keywords[key] = [item for item in own if item in value]
        elif key in ("items", "additionalProperties", "propertyNames"):
            keywords[key] = {"allOf": [own, value]}
        elif key.startswith(("max", "exclusiveMax")):
            keywords[key] = min(own, value)
        elif key.startswith(("min", "exclusiveMin")):
            keywords[key] = max(own, value)


def _implied_type(keywords: Mapping[str, Any]) -> str:
    if any(key in keywords for key in ("properties", "additionalProperties", "required", "patternProperties")):
        return "object"
    if any(key in keywords for key in ("items", "prefixItems", "minItems")):
        return "array"
    return "number" if any(key in keywords for key in ("minimum", "maximum", "multipleOf")) else ""


def _is_of_type(value: Any, type_: Any) -> bool:
    if type_ is None:
        return True
    names = {str: ("string",), bool: ("boolean",), int: ("integer", "number"), float: ("number",), list: ("array",)}
    return type_ in names.get(type(value), ("null",) if value is None else ("object",))


def _weight(member: Any) -> int:
    return sum(key in member for key in ("$ref", "properties", "allOf", "items")) if isinstance(member, dict) else 0


def _number(keywords: Mapping[str, Any], *, whole: bool) -> int | float:
    step = keywords.get("multipleOf")
    value: int | float = step or (1 if whole else 1.5)
    least = keywords.get("minimum", -math.inf)
    most = keywords.get("maximum", math.inf)
    above, below = keywords.get("exclusiveMinimum", -math.inf), keywords.get("exclusiveMaximum", math.inf)
    if not (least <= value <= most and above < value < below):
        low = max(least, above + 1 if math.isfinite(above) else above)
        high = min(most, below - 1 if math.isfinite(below) else below)
        value = low if math.isfinite(low) else high
        if low > high:
            value = (max(least, above) + min(most, below)) / 2
        if step:
            value = math.ceil(value / step) * step
        elif whole and value != int(value):
            value = math.ceil(value) if math.isfinite(low) else math.floor(value)
    return int(value) if whole and value == int(value) else value


def _text(keywords: Mapping[str, Any]) -> str:
    format_ = str(keywords.get("format", ""))
    usual = _FORMATS.get(format_, "")
    if format_ in _NOT_TEXT and not _fits(keywords, usual):
        raise NoInstance(f"{usual} is a {format_}, but has another pattern or length")
    for example in (usual, *keywords.get("examples", ()), *_FORMATS.values()) if "pattern" in keywords else ():
        if _fits(keywords, example):
            return str(example)
    if "pattern" in keywords:
        return _matching(keywords["pattern"], keywords.get("minLength", 0), keywords.get("maxLength"))
    text = usual or "tea"
    if keywords.get("contentEncoding") in ("base64", "base64url"):
        text = "dGVh"
    if not _fits(keywords, text):
        text = ("tea" * max(1, keywords.get("minLength", 0)))[: keywords.get("maxLength", keywords.get("minLength", 3))]
    return text


def _another(item: str | int, i: int) -> str | int:
    """An item like `item`, and another one for each `i`."""
    if isinstance(item, int):
        return item + i
    return str(int(item) + i) if item.isdecimal() else f"{item}{i or ''}"


def _fits(keywords: Mapping[str, Any], text: str) -> bool:
    is_long = keywords.get("minLength", 0) <= len(text) <= keywords.get("maxLength", math.inf)
    return is_long and ("pattern" not in keywords or bool(re.search(keywords["pattern"], text)))


@lru_cache(maxsize=4096)
def _matching(pattern: str, least: int = 0, most: int | None = None) -> str:
    """The simplest text that matches."""
    from hypothesis import HealthCheck, Phase, find, settings, strategies
    from hypothesis.errors import HypothesisException

    rules = settings(
        database=None,
        derandomize=True,
        deadline=None,
        max_examples=200,
        phases=(Phase.generate,),
        suppress_health_check=tuple(HealthCheck),
    )
    texts = strategies.from_regex(pattern, alphabet=strategies.characters(max_codepoint=126, min_codepoint=32))
    try:
        return find(texts, lambda text: least <= len(text) <= (math.inf if most is None else most), settings=rules)
    except HypothesisException as error:
        raise NoInstance(f"no text matches {pattern!r}") from error
