"""Where schemas stand in a document: rules rewrite schema positions, never "every mapping".

A property may be called `example`, `title` or `properties`; only its position says what a mapping is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from .operations import METHODS
from .tree import Array, Object

_MAPS = ("properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = ("items", "additionalProperties", "not")
_SHAPING = {"$ref", "type", "format", "nullable", "enum", "const", "required", *_MAPS, *_LISTS, *_SINGLES}
_SHAPING |= {"minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"}
_SHAPING |= {"minProperties", "maxProperties"}
_SHAPING |= {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}

Rule = Callable[[Object], Object]


def is_annotation(key: str) -> bool:
    """Whether a keyword only annotates a schema, and so may stand beside `$ref` or around a union."""
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
        new = value
        if key in _MAPS and isinstance(value, Object):
            inner = {name: rewrite_schema(child, rule) for name, child in value.items()}
            if any(inner[name] is not child for name, child in value.items()):
                new = value.derive(inner.items())
        elif key in _LISTS and isinstance(value, Array):
            members = [rewrite_schema(child, rule) for child in value]
            if any(member is not child for member, child in zip(members, value, strict=True)):
                new = value.derive(members)
        elif key in _SINGLES:
            new = rewrite_schema(value, rule)
        if new is not value:
            changed[key] = new
    return rule(schema.derive({**schema, **changed}.items()) if changed else schema)


def rewrite_document(document: Object, rule: Rule) -> Object:
    """The document with `rule` applied to every schema."""
    return map_schemas(document, lambda schema, _: rewrite_schema(schema, rule))


def map_schemas(document: Object, change: Callable[[Any, tuple[str, ...]], Any]) -> Object:
    """The document with every outermost schema changed; `change` also gets the place, as words that name it.

    The words are ("schema", name) for a component, else (method, path, ...): "parameter" and its name (with its place,
    if others have the same name), "body" and its media type, "response" and its status and media type, "header" and
    its status and name. Of a webhook the path is its key.
    """
    items = []
    for key, value in document.items():
        if key == "components":
            value = value.changed((k, _components(v, change) if k == "schemas" else v) for k, v in value.items())
        elif key in ("paths", "webhooks"):
            value = value.changed((path, _path_item(path, item, change)) for path, item in value.items())
        items.append((key, value))
    return document.changed(items)


def _components(schemas: Object, change: Callable[[Any, tuple[str, ...]], Any]) -> Object:
    return schemas.changed((name, change(schema, ("schema", name))) for name, schema in schemas.items())


def _path_item(path: str, item: Object, change: Callable[[Any, tuple[str, ...]], Any]) -> Object:
    return item.changed(
        (key, _operation(value, (key, path), change) if key in METHODS else value) for key, value in item.items()
    )


def _operation(operation: Object, at: tuple[str, ...], change: Callable[[Any, tuple[str, ...]], Any]) -> Object:
    def schemas(holder: Any, *words: str) -> Any:
        if not isinstance(holder, Object):
            return holder
        return holder.changed((k, change(v, (*at, *words)) if k == "schema" else v) for k, v in holder.items())

    def content(holder: Object, *words: str) -> Object:
        found = holder.get("content")
        if not isinstance(found, Object):
            return holder
        found = found.changed((media, schemas(value, *words, media)) for media, value in found.items())
        return holder.changed((k, found if k == "content" else v) for k, v in holder.items())

    def header_of(status: str, name: str, value: Any) -> Any:
        value = schemas(value, "header", status, name)
        return content(value, "header", status, name) if isinstance(value, Object) else value

    def response(status: str, value: Object) -> Object:
        value = content(value, "response", status)
        if "headers" not in value:
            return value
        headers = value["headers"]
        found = headers.changed((name, header_of(status, name, header)) for name, header in headers.items())
        return value.changed((k, found if k == "headers" else v) for k, v in value.items())

    items = []
    for key, value in operation.items():
        if key == "parameters":
            named = zip(value, _told_apart(value), strict=True)
            value = value.changed([schemas(content(p, "parameter", name), "parameter", name) for p, name in named])
        elif key == "requestBody":
            value = content(value, "body")
        elif key == "responses":
            value = value.changed((status, response(status, r)) for status, r in value.items())
        items.append((key, value))
    return operation.changed(items)


def _told_apart(parameters: Iterable[Object]) -> list[str]:
    """The names of parameters; those of the same name in several places with the place that each one has."""
    given = [(p["name"], p["in"]) for p in parameters]
    times = Counter(name for name, _ in given)
    return [f"{name} {location}" if times[name] > 1 else name for name, location in given]
