"""What several rules ask of a schema, and how they get at the schemas of `components`."""

from __future__ import annotations

import json
from typing import TypeGuard

from ..document.pointer import escape, unescape
from ..document.problems import Problem, ProblemsFound
from ..document.schemas import rewrite_document
from ..document.tree import Array, Object

SCHEMAS = "#/components/schemas/"
TYPED_FORMATS = frozenset({"date-time", "date", "time", "duration", "byte", "decimal"})
"""Formats of strings for which the clients' models have a type of their own."""
DECIMAL = "decimal"
FILE = "binary"
"""The format of strings that are files: these are not values of a JSON document."""
_ALWAYS = 100_000
_FOR_EACH = 40


as_text = json.JSONEncoder(sort_keys=True).encode
"""JSON that is the same for equal values, whatever the order of their keys."""


def component_name(ref: str) -> str:
    """The key of the component to which a reference leads."""
    return unescape(ref.removeprefix(SCHEMAS))


def reference_to(name: str) -> str:
    """The reference to a component: `#/components/schemas/a~1b` for `a/b`."""
    return SCHEMAS + escape(name)


def schemas_of(document: Object) -> Object:
    """The schemas of `components`; empty where there are none."""
    components = _components_of(document)
    return components.get("schemas") or Object(source=components.source)


def with_schemas(document: Object, schemas: Object) -> Object:
    """The document with other schemas in its `components`."""
    return document.replacing("components", _components_of(document).replacing("schemas", schemas))


def _components_of(document: Object) -> Object:
    return document.get("components") or Object(source=document.source)


def is_reference(schema: object) -> TypeGuard[Object]:
    """Whether a schema has a `$ref`."""
    return isinstance(schema, Object) and isinstance(schema.get("$ref"), str)


def is_null(schema: object) -> bool:
    """Whether a schema admits null and nothing else."""
    if not isinstance(schema, Object):
        return False
    constant = "const" in schema and schema["const"] is None
    return constant or schema.get("type") == "null" or schema.get("enum") == [None]


def is_any(schema: object) -> bool:
    """Whether a schema restricts no value's type, or admits no value at all (`not: {}`)."""
    if not isinstance(schema, Object):
        return True
    if "not" in schema and schema["not"] == {}:
        return not is_class(schema)
    return "type" not in schema and not {"$ref", "anyOf", "enum"} & schema.keys()


def is_class(schema: object) -> TypeGuard[Object]:
    """Whether a schema becomes a class: an object with declared properties, or an enum."""
    if not isinstance(schema, Object):
        return False
    declared = bool(schema.get("properties")) and schema.get("type", "object") == "object"
    return declared or isinstance(schema.get("enum"), Array)


def is_constant(schema: Object) -> bool:
    """Whether a schema is an enum of one value, of which no class is made."""
    return "enum" in schema and len(schema["enum"]) == 1


def enum_of_constant(schema: Object) -> Object:
    """A schema with an enum of one value in place of its constant."""
    if "const" not in schema or "enum" in schema:
        return schema
    marks = [schema.marks["const"]] if "const" in schema.marks else []
    return schema.without("const").replacing("enum", Array([schema["const"]], schema.source, marks))


class Growth:
    """Counts the schemas that merging reads, compares and makes: a few lines can mean billions.

    For each schema of the document 40 are allowed, and some more; most real documents need fewer than 10.
    """

    def __init__(self, document: Object) -> None:
        self._left = _ALWAYS
        self._document: Object | None = document
        """The document, until its schemas are counted: most are merged before that is necessary."""

    def _allow(self, schema: Object) -> Object:
        self._left += _FOR_EACH
        return schema

    def add(self, schema: Object) -> None:
        """Count a schema. Raises ProblemsFound at the first one too many."""
        self._left -= 1
        if self._left < 0 and self._document is not None:
            document, self._document = self._document, None
            rewrite_document(document, self._allow)
        if self._left < 0:
            message = "`allOf` and unions have too many combinations, with those of this schema"
            hint = "write out the schemas that are meant, in an overlay"
            raise ProblemsFound([Problem("too-large", schema.source, message, hint)])
