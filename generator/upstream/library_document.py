"""The simplified document as the library is given it: under numbers, and without what it is known to misread.

Names are judged elsewhere. Here each thing is called by its number, so that the library neither changes names nor lets
them clash: components `C0`, properties `f_0`, values of enums `value_0`, parameters `p_0`, operations `op_0`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from ..document.operations import METHODS, operations, webhooks
from ..document.schemas import rewrite_document
from ..document.tree import Array, Object
from ..ir.model import Api, Parameter
from ..ir.types import NULL, Ref, Scalar, UnionOf, types_in
from ..simplify.graph import every_nth_in_chains, self_containing
from ..simplify.schemas import component_name, is_reference, reference_to

_MAX_CHAIN = 20
_NOT_IN_HEADERS = ("date", "date-time", "binary")
_ParameterKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class LibraryDocument:
    """What the library reads, and how it calls what it finds there."""

    content: Object
    operation_ids: Mapping[tuple[str, str], str]
    """By path, or a webhook's key, and method."""
    classes: Mapping[str, str]
    """By component."""


@dataclass(frozen=True, slots=True)
class _Context:
    schemas: Object
    classes: Mapping[str, str]
    operation_ids: Mapping[tuple[str, str], str]
    cut: Set[str]
    """The components to which no reference leads any more."""
    untyped: Set[_ParameterKey]
    """Parameters of which the library gets no type."""


def library_document(simplified: Object, api: Api) -> LibraryDocument:
    """The document for the library; to it a webhook is one more operation."""
    schemas: Object = simplified["components"]["schemas"]
    enums = {enum.name for enum in api.enums}
    calls = [*operations(simplified), *webhooks(simplified)]
    context = _Context(
        schemas,
        classes={name: f"C{i}" for i, name in enumerate(schemas)},
        operation_ids={(path, method): f"op_{i}" for i, (path, method, _) in enumerate(calls)},
        cut=self_containing(schemas)[0] | every_nth_in_chains(schemas, _MAX_CHAIN),
        untyped={
            (operation.path, operation.method.lower(), parameter.location, parameter.wire)
            for operation in api.operations
            for parameter in operation.parameters
            if not can_hold(parameter, enums)
        },
    )
    path_items = [*simplified["paths"].items(), *simplified.get("webhooks", Object()).items()]
    paths = Object(
        (f"/{number}{_template(item)}", _path_item(path, item, context))
        for number, (path, item) in enumerate(path_items)
    )
    components = Object((context.classes[name], schema) for name, schema in schemas.items() if "$ref" not in schema)
    document = Object(
        [
            ("openapi", "3.1.1"),
            ("info", simplified["info"]),
            ("paths", paths),
            ("components", Object([("schemas", components)])),
        ]
    )

    def rule(schema: Object) -> Object:
        for allowance in _SCHEMA_ALLOWANCES:
            schema = allowance(schema, context)
        return schema

    return LibraryDocument(rewrite_document(document, rule), context.operation_ids, context.classes)


def can_hold(parameter: Parameter, enums: Set[str]) -> bool:
    """Whether the library has a type for a parameter at its location: any in queries, elsewhere scalars and enums.

    It ignores `content`, and refuses dates and files in headers.
    """
    if parameter.media_type:
        return False
    if parameter.location == "query":
        return True
    types = list(types_in(parameter.type))
    if parameter.location == "header" and any(isinstance(t, Scalar) and t.format in _NOT_IN_HEADERS for t in types):
        return False
    flat = (t.name in enums if isinstance(t, Ref) else isinstance(t, (Scalar, UnionOf)) for t in types)
    return all(flat) and NULL not in types


# What the library is known to misread in schemas, and how it is given that.


def _without_titles_and_values(schema: Object, _: _Context) -> Object:
    """Titles would name classes; defaults that do not fit are errors to it; both readers ignore the rest."""
    return schema.without("title", "default", "example", "examples", "discriminator")


def _short_references(schema: Object, context: _Context) -> Object:
    """It makes a second class of a component that is a reference, so references lead to the last component.

    It has no class to close a loop of lists, maps or unions, and does not come to an end in a long chain of them:
    references into those are cut.
    """
    if not is_reference(schema):
        return schema
    name = component_name(schema["$ref"])
    seen: set[str] = set()
    while name not in seen and "$ref" in context.schemas[name]:
        seen.add(name)
        name = component_name(context.schemas[name]["$ref"])
    return Object() if name in context.cut else Object([("$ref", reference_to(context.classes[name]))])


def _maps_of_anything(schema: Object, _: _Context) -> Object:
    """It makes a class of a map, whose values have no type of their own that could be compared."""
    is_map = schema.get("type") == "object" and not schema.get("properties")
    return schema.without("additionalProperties") if is_map else schema


def _numbered_values(schema: Object, _: _Context) -> Object:
    """It lets the names of values clash that differ in case or punctuation."""
    if "enum" not in schema:
        return schema
    return schema.replacing("x-enum-varnames", Array(f"value_{i}" for i in range(len(schema["enum"]))))


def _numbered_properties(schema: Object, _: _Context) -> Object:
    """It lets the names of properties clash, too; what is required beside declared properties it does not know."""
    if "properties" not in schema:
        return schema
    names = {wire: f"f_{i}" for i, wire in enumerate(schema["properties"])}
    properties = Object((names[wire], child) for wire, child in schema["properties"].items())
    required = Array(names[wire] for wire in schema.get("required") or () if wire in names)
    return schema.replacing("properties", properties).replacing("required", required)


_SCHEMA_ALLOWANCES: tuple[Callable[[Object, _Context], Object], ...] = (
    _without_titles_and_values,
    _short_references,
    _maps_of_anything,
    _numbered_values,
    _numbered_properties,
)


# What it is known to misread in operations.


def _path_item(path: str, item: Object, context: _Context) -> Object:
    methods = ((method, operation) for method, operation in item.items() if method in METHODS)
    return item.derive((method, _operation(path, method, operation, context)) for method, operation in methods)


def _operation(path: str, method: str, operation: Object, context: _Context) -> Object:
    declared = operation["parameters"] if path.startswith("/") else ()  # of webhooks only bodies are compared
    parameters = Array(
        _parameter(number, parameter, (path, method, parameter["in"], parameter["name"]) in context.untyped)
        for number, parameter in enumerate(declared)
    )
    responses = operation["responses"].derive(
        (status if status == "default" else status.upper(), _as_json(response))
        for status, response in operation["responses"].items()
    )
    fields = [
        ("operationId", context.operation_ids[path, method]),
        ("parameters", parameters),
        ("responses", responses),
    ]
    if isinstance(operation.get("requestBody"), Object):
        fields.append(("requestBody", _as_json(operation["requestBody"], always=True)))
    return operation.derive(fields)


def _parameter(number: int, parameter: Object, untyped: bool) -> Object:
    """A parameter with a type that it can hold; styles and `content` it does not know."""
    kept = parameter.without("name", "schema", "content", "example", "examples", "style", "explode")
    schema = Object([("type", "string")]) if untyped else parameter.get("schema") or Object()
    return kept.derive([*kept.items(), ("name", f"p_{number}"), ("schema", schema)])


def _as_json(holder: Object, *, always: bool = False) -> Object:
    """A response or body whose first schema is that of JSON: it drops media types that it does not know."""
    content = holder.get("content") or Object()
    schemas = (media["schema"] for media in content.values() if isinstance(media, Object) and "schema" in media)
    media_types: list[tuple[str, Any]] = []
    if content or always:
        media_types = [("application/json", Object([("schema", next(schemas, Object()))]))]
    return holder.without("content", "links").replacing("content", Object(media_types))


def _template(path_item: Object) -> str:
    """The path parameters that the operations of a path item have in common, as template expressions."""
    operation = next((value for method, value in path_item.items() if method in METHODS), Object())
    parameters = enumerate(operation.get("parameters") or ())
    return "".join(f"/{{p_{number}}}" for number, parameter in parameters if parameter["in"] == "path")
