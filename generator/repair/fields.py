"""What stands where in an OpenAPI 3 document: the objects, and the kind of value in each field that shapes a client.

A shape is a kind of object, "list" or "map" before a kind, or one of the words below. Fields that only annotate are not
listed: what is wrong with those changes nothing (`upstream.py` leaves them out). OpenAPI 3.1, section 4.8.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..document.operations import METHODS

TEXT, FLAG, SCHEMA = "text", "flag", "schema"
"""Shapes that are no objects of OpenAPI: text, true or false, a JSON Schema."""

_PARAMETER = {
    "required": FLAG,
    "deprecated": FLAG,
    "allowEmptyValue": FLAG,
    "allowReserved": FLAG,
    "style": TEXT,
    "explode": FLAG,
    "schema": SCHEMA,
    "content": "map media",
}

KINDS: Mapping[str, Mapping[str, str]] = {
    "document": {
        "servers": "list server",
        "paths": "map pathItem",
        "webhooks": "map pathItem",
        "components": "components",
        "security": "list requirement",
        "tags": "list tag",
    },
    "components": {
        "schemas": "map schema",
        "responses": "map response",
        "parameters": "map parameter",
        "requestBodies": "map requestBody",
        "headers": "map header",
        "securitySchemes": "map securityScheme",
        "callbacks": "map callback",
        "pathItems": "map pathItem",
    },
    "pathItem": {"servers": "list server", "parameters": "list parameter", **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "tags": "list text",
        "operationId": TEXT,
        "parameters": "list parameter",
        "requestBody": "requestBody",
        "responses": "map response",
        "callbacks": "map callback",
        "deprecated": FLAG,
        "security": "list requirement",
        "servers": "list server",
    },
    "parameter": {"name": TEXT, "in": TEXT, **_PARAMETER},
    "header": _PARAMETER,
    "requestBody": {"content": "map media", "required": FLAG},
    "media": {"schema": SCHEMA, "encoding": "map encoding"},
    "encoding": {"contentType": TEXT, "headers": "map header", "style": TEXT, "explode": FLAG, "allowReserved": FLAG},
    "response": {"headers": "map header", "content": "map media"},
    "callback": {},
    "securityScheme": {"type": TEXT, "name": TEXT, "in": TEXT, "scheme": TEXT},
    "server": {"url": TEXT, "variables": "map variable"},
    "variable": {},
    "requirement": {},
    "tag": {"name": TEXT},
}
"""The fields of each kind of object that have a shape."""

SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "requestBody": "requestBodies",
    "header": "headers",
    "securityScheme": "securitySchemes",
    "callback": "callbacks",
    "pathItem": "pathItems",
}
"""Where in `components` an object of each kind that can be referred to stands."""

EXTENSIBLE = ("paths", "responses", "callbacks")
"""Fields whose maps may hold extensions (`x-...`) beside their entries."""
