"""Where schemas are in a document, and how all of them are rewritten by a rule.

A property may be called `example`, `title` or `properties`: only its position says whether a mapping is a schema.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from ..interpreter.fast_dataclasses import dataclass
from .operations import METHODS
from .tree import Array, Object

_MAPS = ("properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = ("items", "additionalProperties", "not", "contentSchema")
_HOLDING_SCHEMAS = {*_MAPS, *_LISTS, *_SINGLES}
_SHAPING = {"$ref", "type", "format", "nullable", "enum", "const", "required", *_MAPS, *_LISTS, *_SINGLES}
_SHAPING |= {"minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"}
_SHAPING |= {"minProperties", "maxProperties"}
_SHAPING |= {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}

EVENTS = "x-python-events"
"""The extension by which a media type of a simplified document carries the schemas of an event's data: a list of
objects with the `names` of events, and their `schema`."""
Rule = Callable[[Object], Object]
"""Rewrites one schema, whose inner schemas are rewritten already."""
ORIGIN = "x-python-origin"
"""The extension by which a parameter, body, response, header or form field that operations share carries the `Position`
at which it is written. A document that is read has no tuples, so this is never one of a document's own extensions."""
Position = tuple[str, ...]
"""Where a schema is in a document, in the order of names: ("schema", name) for a component, else method, path, ...

"parameter" and its name (with its location, if others have the same name), "body" and its media type, or "response" and
its status follow; then its media type (and, of events, their first name), or "header" and its name. Of a webhook the
path is its key. What operations share is at ("parameter", name of the component, ...), also "body", "response" and
"header"; in a callback at ("callback", name, expression, method, ...), and in a path item at ("path", path, ...).
"""
SHARED = ("parameter", "body", "response", "header")
"""How the positions of what is shared begin, apart from schemas and path items."""
_SECTIONS = {"parameters": "parameter", "requestBodies": "body", "responses": "response", "headers": "header"}
_SECTIONS["callbacks"] = "callback"
_Change = Callable[[Any, Position], Any]
NULL, SEVERAL_TYPES, INCOMPLETE = "null", "types", "incomplete"
"""What a rule may look for, as if these were keywords: null or its type; a list of types; an object, a list or a file
that does not say its type, or a list that does not say of what."""
_FINDABLE = {*_SHAPING, "default", "discriminator", "contentEncoding", "contentMediaType", "$dynamicRef"}
_FINDABLE |= {"if", "then", "else", "contains", "propertyNames", "dependentSchemas", "dependentRequired"}
_FINDABLE |= {"unevaluatedProperties", "unevaluatedItems", "x-enum-varnames", "x-enumNames", "x-enum-member-names"}
_BITS = {keyword: 1 << i for i, keyword in enumerate(sorted(_FINDABLE | {NULL, SEVERAL_TYPES, INCOMPLETE}))}
_EVERYTHING = -1
_OF_TYPES = {"properties", "additionalProperties", "items", "format"}
"""Keywords that a schema of one type has: it is incomplete where it does not say which."""


def origin_of(holder: Any) -> Position:
    """The position at which a parameter or the like is written that operations share; () for what they do not."""
    origin = holder.get(ORIGIN) if isinstance(holder, Object) else None
    return origin if isinstance(origin, tuple) else ()


def with_origin(value: Object, *keys: str) -> Object:
    """A parameter or the like to which `keys` lead, with the position there, unless it has one."""
    if origin_of(value):
        return value
    position = _position_at(keys, value)
    return value.replacing(ORIGIN, position) if position else value


def _position_at(keys: tuple[str, ...], value: Object) -> Position:
    """The position of a parameter, body, response or header at `keys`; () for anything else."""
    match keys:
        case ("components", section, name) if section in _SECTIONS:
            return (_SECTIONS[section], name)
        case ("components", "responses", name, "headers", header):
            return ("response", name, "header", header)
        case ("paths", path, "parameters", _):
            return ("path", path, "parameter", str(value.get("name")), str(value.get("in")))
        case ("paths", path, method, *place) if method in METHODS:
            return _position_in_operation((method, path), place, value)
    return ()


def _position_in_operation(at: Position, keys: list[str], value: Object) -> Position:
    match keys:
        case ["parameters", _]:
            return (*at, "parameter", str(value.get("name")))
        case ["requestBody"]:
            return (*at, "body")
        case ["responses", status]:
            return (*at, "response", status)
        case ["responses", status, "headers", name]:
            return (*at, "response", status, "header", name)
    return ()


def contents_of(value: Object | Array) -> int:
    """A set of bits, one for each keyword in a mapping or list and in all that is inside, wherever it stands.

    It is remembered: from then on neither the value nor anything in it may change, and rules do not change anything.
    """
    if value.contents is None:
        contents = 0
        children: Iterable[Any] = value
        if isinstance(value, Object):
            contents, children = _own_contents(value), value.values()
        for child in children:
            if isinstance(child, (Object, Array)):
                contents |= contents_of(child)
            elif child is None or child == NULL:
                contents |= _BITS[NULL]
        value.contents = contents
    return value.contents


def bits_of(keywords: Iterable[str]) -> int:
    """The bits of `contents_of` for keywords."""
    return sum(_BITS[keyword] for keyword in {*keywords})


def _own_contents(schema: Object) -> int:
    contents = 0
    for key in schema.keys() & _BITS.keys():
        contents |= _BITS[key]
    type_ = schema.get("type")
    if isinstance(type_, Array):
        contents |= _BITS[SEVERAL_TYPES]
    if type_ is None and not _OF_TYPES.isdisjoint(schema):
        contents |= _BITS[INCOMPLETE]
    if (type_ == "array" or isinstance(type_, Array)) and not isinstance(schema.get("items"), Object):
        contents |= _BITS[INCOMPLETE]
    if "required" in schema and not isinstance(schema["required"], Array):
        contents &= ~_BITS["required"]  # that of a parameter
    return contents


def is_annotation(key: str) -> bool:
    """Whether a keyword annotates a schema: it does not shape it, and may be beside `$ref` or a union."""
    return key not in _SHAPING


def annotations_of(schema: Object) -> Object:
    """The annotations of a schema."""
    if schema.keys().isdisjoint(_SHAPING):
        return schema
    return schema.derive({key: value for key, value in schema.items() if key not in _SHAPING})


def without_annotations(schema: Object) -> Object:
    """A schema without its annotations."""
    if schema.keys() <= _SHAPING:
        return schema
    return schema.derive({key: value for key, value in schema.items() if key in _SHAPING})


def rewrite_schema(schema: Any, rule: Rule, wanted: int = _EVERYTHING) -> Any:
    """A schema with `rule` applied to every schema inside it, innermost first, and to itself.

    What a rule leaves as it is stays the same object: most rules concern a few schemas of a large document. `wanted`:
    the bits of `contents_of` that a schema must have, or something in it, if the rule is to concern it.
    """
    if not isinstance(schema, Object) or not _is_concerned(schema, wanted):
        return schema
    changed: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _HOLDING_SCHEMAS and _is_concerned(value, wanted):
            rewritten = _rewrite_keyword(key, value, rule, wanted)
            if rewritten is not value:
                changed[key] = rewritten
    return rule(schema.with_values(changed))


def _is_concerned(value: Any, wanted: int) -> bool:
    """Whether a value has something that is wanted."""
    return wanted == _EVERYTHING or (isinstance(value, (Object, Array)) and contents_of(value) & wanted != 0)


def _rewrite_keyword(key: str, value: Any, rule: Rule, wanted: int) -> Any:
    if key in _MAPS and isinstance(value, Object):
        concerned = [(name, child) for name, child in value.items() if _is_concerned(child, wanted)]
        rewritten = ((name, child, rewrite_schema(child, rule, wanted)) for name, child in concerned)
        return value.with_values({name: new for name, child, new in rewritten if new is not child})
    if key in _LISTS and isinstance(value, Array):
        return value.changed(rewrite_schema(child, rule, wanted) for child in value)
    return rewrite_schema(value, rule, wanted) if key in _SINGLES else value


def rewrite_document(document: Object, rule: Rule, keywords: Iterable[str] = ()) -> Object:
    """The document with `rule` applied to every schema.

    `keywords`: those without which the rule leaves a schema as it is; parts of the document that have none of them are
    passed over.
    """
    wanted = bits_of(keywords) or _EVERYTHING
    return _Mapper(lambda schema, _: rewrite_schema(schema, rule, wanted), wanted).document(document)


def map_schemas(document: Object, change: _Change) -> Object:
    """The document with every outermost schema changed; `change` gets the schema and its position."""
    return _Mapper(change).document(document)


@dataclass(frozen=True, slots=True)
class _Mapper:
    """Changes every outermost schema; parts of the document without anything that is `wanted` are passed over."""

    change: _Change
    wanted: int = _EVERYTHING

    def document(self, document: Object) -> Object:
        changes = {"components": self.components, "paths": self.paths, "webhooks": self.paths}
        changed: Object = self.map(document, lambda key, value: changes[key](value) if key in changes else value)
        return changed

    def components(self, sections: Object) -> Any:
        return self.map_at(sections, "schemas", lambda name, schema: self.change(schema, ("schema", name)))

    def paths(self, items: Object) -> Any:
        return self.map(items, self.path_item)

    def path_item(self, path: str, item: Object) -> Any:
        def operation(method: str, value: Any) -> Any:
            return self.operation(value, _origin_or(value, (method, path))) if method in METHODS else value

        return self.map(item, operation)

    def operation(self, operation: Object, at: Position) -> Any:
        changes: dict[str, Callable[[Any], Any]] = {
            "parameters": lambda parameters: self.parameters(parameters, at),
            "requestBody": lambda body: self.content(body, _origin_or(body, (*at, "body"))),
            "responses": lambda responses: self.map(responses, lambda s, r: self.response(r, (*at, "response", s))),
        }
        return self.map(operation, lambda key, value: changes[key](value) if key in changes else value)

    def parameters(self, parameters: Array, at: Position) -> Array:
        names = _unambiguous_names(parameters)
        return parameters.changed(
            self.schema_and_content(parameter, _origin_or(parameter, (*at, "parameter", name)))
            for parameter, name in zip(parameters, names, strict=True)
        )

    def response(self, response: Any, at: Position) -> Any:
        at = _origin_or(response, at)

        def header(name: str, value: Any) -> Any:
            return self.schema_and_content(value, _origin_or(value, (*at, "header", name)))

        return self.map_at(self.content(response, at), "headers", header)

    def schema_and_content(self, holder: Any, at: Position) -> Any:
        return self.content(self.schema(holder, at), at)

    def schema(self, holder: Any, at: Position) -> Any:
        if not isinstance(holder, Object) or "schema" not in holder:
            return holder
        return holder.replacing("schema", self.change(holder["schema"], at))

    def content(self, holder: Any, at: Position) -> Any:
        return self.map_at(holder, "content", lambda media, value: self.media(value, (*at, media)))

    def media(self, media: Any, at: Position) -> Any:
        media = self.schema(media, at)
        if not isinstance(media, Object) or EVENTS not in media:
            return media
        events: Array = media[EVENTS]
        return media.replacing(EVENTS, events.changed(self.schema(e, (*at, e["names"][0])) for e in events))

    def map_at(self, holder: Any, key: str, change: Callable[[str, Any], Any]) -> Any:
        """A mapping with every value in the mapping at `key` changed; everything else as it is."""
        if not isinstance(holder, Object) or key not in holder:
            return holder
        return holder.replacing(key, self.map(holder[key], change))

    def map(self, holder: Any, change: Callable[[str, Any], Any]) -> Any:
        """A mapping with every value changed that has something that is wanted; everything else as it is."""
        if not isinstance(holder, Object):
            return holder
        changed: dict[str, Any] = {}
        for key, value in holder.items():
            if _is_concerned(value, self.wanted):
                new = change(key, value)
                if new is not value:
                    changed[key] = new
        return holder.with_values(changed)


def _unambiguous_names(parameters: Iterable[Object]) -> list[str]:
    """The names of parameters; those of the same name in several locations with the location."""
    given = [(p["name"], p["in"]) for p in parameters]
    times = Counter(name for name, _ in given)
    return [f"{name} {location}" if times[name] > 1 else name for name, location in given]


def _origin_or(holder: Any, at: Position) -> Position:
    """Where what an operation uses is written: at its origin, else where it is used, `at`."""
    return origin_of(holder) or at
