"""Where schemas are in a document, and how all of them are rewritten by a rule.

A property may be called `example`, `title` or `properties`: only its position says whether a mapping is a schema.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from .operations import METHODS
from .tree import Array, Object

_MAPS = ("properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = ("items", "additionalProperties", "not", "contentSchema")
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


def is_annotation(key: str) -> bool:
    """Whether a keyword annotates a schema: it does not shape it, and may be beside `$ref` or a union."""
    return key not in _SHAPING


def annotations_of(schema: Object) -> Object:
    """The annotations of a schema."""
    return schema.changed((k, v) for k, v in schema.items() if is_annotation(k))


def without_annotations(schema: Object) -> Object:
    """A schema without its annotations."""
    return schema.changed((k, v) for k, v in schema.items() if not is_annotation(k))


def rewrite_schema(schema: Any, rule: Rule) -> Any:
    """A schema with `rule` applied to every schema inside it, innermost first, and to itself.

    What a rule leaves as it is stays the same object: most rules concern a few schemas of a large document.
    """
    if not isinstance(schema, Object):
        return schema
    changed: dict[str, Any] = {}
    for key, value in schema.items():
        rewritten = _rewrite_keyword(key, value, rule)
        if rewritten is not value:
            changed[key] = rewritten
    return rule(schema.derive({**schema, **changed}) if changed else schema)


def _rewrite_keyword(key: str, value: Any, rule: Rule) -> Any:
    if key in _MAPS and isinstance(value, Object):
        return value.changed((name, rewrite_schema(child, rule)) for name, child in value.items())
    if key in _LISTS and isinstance(value, Array):
        return value.changed(rewrite_schema(child, rule) for child in value)
    return rewrite_schema(value, rule) if key in _SINGLES else value


def rewrite_document(document: Object, rule: Rule) -> Object:
    """The document with `rule` applied to every schema."""
    return map_schemas(document, lambda schema, _: rewrite_schema(schema, rule))


def map_schemas(document: Object, change: _Change) -> Object:
    """The document with every outermost schema changed; `change` gets the schema and its position."""

    def components(sections: Object) -> Any:
        return _map_at(sections, "schemas", lambda name, schema: change(schema, ("schema", name)))

    def paths(items: Object) -> Any:
        return _map(items, lambda path, item: _path_item(path, item, change))

    changes = {"components": components, "paths": paths, "webhooks": paths}
    changed: Object = _map(document, lambda key, value: changes[key](value) if key in changes else value)
    return changed


def _path_item(path: str, item: Object, change: _Change) -> Any:
    def operation(method: str, value: Any) -> Any:
        return _operation(value, _origin_or(value, (method, path)), change)

    return _map(item, lambda key, value: operation(key, value) if key in METHODS else value)


def _operation(operation: Object, at: Position, change: _Change) -> Any:
    changes: dict[str, Callable[[Any], Any]] = {
        "parameters": lambda parameters: _parameters(parameters, at, change),
        "requestBody": lambda body: _content(body, _origin_or(body, (*at, "body")), change),
        "responses": lambda responses: _map(responses, lambda s, r: _response(r, (*at, "response", s), change)),
    }
    return _map(operation, lambda key, value: changes[key](value) if key in changes else value)


def _parameters(parameters: Array, at: Position, change: _Change) -> Array:
    names = _unambiguous_names(parameters)
    return parameters.changed(
        _schema_and_content(parameter, _origin_or(parameter, (*at, "parameter", name)), change)
        for parameter, name in zip(parameters, names, strict=True)
    )


def _unambiguous_names(parameters: Iterable[Object]) -> list[str]:
    """The names of parameters; those of the same name in several locations with the location."""
    given = [(p["name"], p["in"]) for p in parameters]
    times = Counter(name for name, _ in given)
    return [f"{name} {location}" if times[name] > 1 else name for name, location in given]


def _response(response: Any, at: Position, change: _Change) -> Any:
    at = _origin_or(response, at)

    def header(name: str, value: Any) -> Any:
        return _schema_and_content(value, _origin_or(value, (*at, "header", name)), change)

    return _map_at(_content(response, at, change), "headers", header)


def _origin_or(holder: Any, at: Position) -> Position:
    """Where what an operation uses is written: at its origin, else where it is used, `at`."""
    return origin_of(holder) or at


def _schema_and_content(holder: Any, at: Position, change: _Change) -> Any:
    return _content(_schema(holder, at, change), at, change)


def _schema(holder: Any, at: Position, change: _Change) -> Any:
    if not isinstance(holder, Object) or "schema" not in holder:
        return holder
    return holder.replacing("schema", change(holder["schema"], at))


def _content(holder: Any, at: Position, change: _Change) -> Any:
    return _map_at(holder, "content", lambda media, value: _media(value, (*at, media), change))


def _media(media: Any, at: Position, change: _Change) -> Any:
    media = _schema(media, at, change)
    if not isinstance(media, Object) or EVENTS not in media:
        return media
    events: Array = media[EVENTS]
    return media.replacing(EVENTS, events.changed(_schema(e, (*at, e["names"][0]), change) for e in events))


def _map_at(holder: Any, key: str, change: Callable[[str, Any], Any]) -> Any:
    """A mapping with every value in the mapping at `key` changed; everything else as it is."""
    return holder.replacing(key, _map(holder[key], change)) if isinstance(holder, Object) and key in holder else holder


def _map(holder: Any, change: Callable[[str, Any], Any]) -> Any:
    """A mapping with every value changed; everything else as it is."""
    return holder.changed((k, change(k, v)) for k, v in holder.items()) if isinstance(holder, Object) else holder
