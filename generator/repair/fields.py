"""The objects of OpenAPI 3 (section 4.8 of OpenAPI 3.1): for each, the shape of the fields that shape a client.

Fields that only annotate are not listed: what is wrong with those changes nothing (the gate leaves them out).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..document.operations import METHODS
from ..document.problems import Source
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass

TEXT, BOOLEAN, SCHEMA = "text", "boolean", "schema"
"""What a field can hold beside the objects of OpenAPI."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items are objects of one type, or text."""

    type: str


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping of names to objects of one type."""

    type: str


Shape = str | ListOf | MapOf
"""What a field holds: an object of a type, one of the three above, or a list or mapping of them."""

_PARAMETER: Mapping[str, Shape] = {
    **dict.fromkeys(("required", "deprecated", "allowEmptyValue", "allowReserved", "explode"), BOOLEAN),
    "style": TEXT,
    "schema": SCHEMA,
    "content": MapOf("media"),
}

FIELDS: Mapping[str, Mapping[str, Shape]] = {
    "document": {
        "servers": ListOf("server"),
        "paths": MapOf("pathItem"),
        "webhooks": MapOf("pathItem"),
        "components": "components",
        "security": ListOf("requirement"),
        "tags": ListOf("tag"),
    },
    "components": {
        "schemas": MapOf(SCHEMA),
        "responses": MapOf("response"),
        "parameters": MapOf("parameter"),
        "requestBodies": MapOf("requestBody"),
        "headers": MapOf("header"),
        "securitySchemes": MapOf("securityScheme"),
        "callbacks": MapOf("callback"),
        "pathItems": MapOf("pathItem"),
    },
    "pathItem": {
        "servers": ListOf("server"),
        "parameters": ListOf("parameter"),
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "tags": ListOf(TEXT),
        "operationId": TEXT,
        "parameters": ListOf("parameter"),
        "requestBody": "requestBody",
        "responses": MapOf("response"),
        "callbacks": MapOf("callback"),
        "deprecated": BOOLEAN,
        "security": ListOf("requirement"),
        "servers": ListOf("server"),
    },
    "parameter": {"name": TEXT, "in": TEXT, **_PARAMETER},
    "header": _PARAMETER,
    "requestBody": {"content": MapOf("media"), "required": BOOLEAN},
    "media": {"schema": SCHEMA, "encoding": MapOf("encoding")},
    "encoding": {
        **dict.fromkeys(("contentType", "style"), TEXT),
        **dict.fromkeys(("explode", "allowReserved"), BOOLEAN),
        "headers": MapOf("header"),
    },
    "response": {"headers": MapOf("header"), "content": MapOf("media")},
    "callback": {},
    "securityScheme": {"type": TEXT, "name": TEXT, "in": TEXT, "scheme": TEXT, "flows": MapOf("oauthFlow")},
    "oauthFlow": dict.fromkeys(("authorizationUrl", "tokenUrl", "refreshUrl"), TEXT),
    "server": {"url": TEXT, "variables": MapOf("variable")},
    "variable": {"default": TEXT, "enum": ListOf(TEXT)},
    "requirement": {},
    "tag": {"name": TEXT},
}
"""The fields of each type of object that have a shape."""

LOCATIONS = ("path", "query", "header", "cookie")
"""Where a parameter can be."""
UNKNOWN_CONTENT = "*/*"
"""The media type of a body or response about which the document says nothing that can be read."""
INSTEAD = {
    SCHEMA: "read as a schema that allows everything",
    TEXT: "read as if it were not there",
    BOOLEAN: "read as if it were not there",
    "response": "read as a response with any content",
    "parameter": "left out, so that calls do not send it",
    "requestBody": "read as a body of any media type, which is sent as bytes",
    "media": "read as any content",
    "securityScheme": "left out, so that calls that need it need the client's `auth=`",
    **dict.fromkeys(
        ("oauthFlow", "header", "encoding", "callback", "server", "variable", "tag", "components"), "left out"
    ),
}
"""What is read instead of a value of a type that cannot be read, in words: only what is certain without the value.

Without a path item, an operation or a security requirement nothing is certain: it is an error.
"""


def substitute(type_: str, source: Source) -> Object | None:
    """The object that `INSTEAD` describes for a value of a type that cannot be read; None where it is left out."""
    any_content = Object({UNKNOWN_CONTENT: Object(source=source)}, source)
    match type_:
        case "response":
            return Object({"description": "", "content": any_content}, source)
        case "requestBody":
            return Object({"content": any_content}, source)
        case "media":
            return Object(source=source)
    return None


SECTIONS = {
    SCHEMA: "schemas",
    "response": "responses",
    "parameter": "parameters",
    "requestBody": "requestBodies",
    "header": "headers",
    "securityScheme": "securitySchemes",
    "callback": "callbacks",
    "pathItem": "pathItems",
}
"""The section of `components` for each type of object that can be referred to."""

EXTENSIBLE = ("paths", "responses", "callbacks", "flows")
"""Fields whose mappings may hold extensions (`x-...`) beside their entries."""

SCHEMA_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SCHEMA_OR_BOOLEAN = ("additionalProperties", "unevaluatedItems", "unevaluatedProperties")
SCHEMA_SINGLES = ("items", "not", "if", "then", "else", "contains", "propertyNames", "contentSchema")
"""The keywords of JSON Schema that hold schemas."""


def shape_at(keys: tuple[str, ...], type_: str = "document") -> Shape | None:
    """The shape of the value at `keys` of an object of a type; None where OpenAPI has no field with a shape."""
    shape: Shape | None = type_
    field = ""
    for key in keys:
        if field in EXTENSIBLE and key.startswith("x-"):
            return None
        shape = _shape_inside(shape, key)
        field = key
    return shape


def _shape_inside(shape: Shape | None, key: str) -> Shape | None:
    if isinstance(shape, (ListOf, MapOf)):
        return shape.type
    if shape == "callback":
        return "pathItem"
    if shape != SCHEMA:
        return FIELDS.get(str(shape), {}).get(key)
    if key in SCHEMA_MAPS:
        return MapOf(SCHEMA)
    if key in SCHEMA_LISTS:
        return ListOf(SCHEMA)
    return SCHEMA if key in (*SCHEMA_SINGLES, *SCHEMA_OR_BOOLEAN) else None


def in_words(type_: str) -> str:
    """The name of a type with its article: "a path item"."""
    words = "media type" if type_ == "media" else re.sub("[A-Z]", lambda capital: f" {capital[0].lower()}", type_)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
