"""The simplified document as the library is given it: under numbers, and without what it is known to misread.

Names and locations are judged elsewhere. Here each thing is called by its number, so that the library neither changes
names nor lets them clash: components `C0`, properties `f_0`, values of enums `value_0`, paths `/0`, and parameters
`path_0`: to it all are in the query, as elsewhere it refuses many types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from ..document.operations import METHODS, webhooks
from ..document.schemas import rewrite_document
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from ..simplify.graph import children, every_nth_in_chains, references, self_containing, strongly_connected
from ..simplify.names import PYTHON_NAME
from ..simplify.schemas import component_name, is_class, is_reference, reference_to

_MAX_CHAIN = 20
_MAX_SIZE = 1_000
"""Types that are written out in a component, down to classes."""


@dataclass(frozen=True, slots=True)
class LibraryNames:
    """How the library is told to call things."""

    classes: Mapping[str, str]
    """By component."""
    paths: Mapping[str, str]
    """By path, or by Python name of a webhook: to the library it is one more operation."""


def document_for_library(simplified: Object) -> tuple[Object, LibraryNames]:
    """The document for the library, and the names in it."""
    schemas: Object = simplified["components"]["schemas"]
    items = dict(simplified["paths"])
    for _, method, webhook in webhooks(simplified):  # of which only the body is compared
        items[webhook[PYTHON_NAME]] = Object({method: webhook.without("parameters")})
    names = LibraryNames(
        classes={name: f"C{i}" for i, name in enumerate(schemas)}, paths={name: f"/{i}" for i, name in enumerate(items)}
    )
    ordered = ((name, schemas[name]) for name in _targets_first(schemas))
    components = Object((names.classes[name], schema) for name, schema in ordered if "$ref" not in schema)
    document = Object(
        {
            "openapi": "3.1.1",
            "info": simplified["info"],
            "paths": Object((names.paths[name], _path_item(item)) for name, item in items.items()),
            "components": Object({"schemas": components}),
        }
    )
    replacements = _references(schemas, names)

    def rule(schema: Object) -> Object:
        return replacements[schema["$ref"]] if "$ref" in schema else _schema(schema)

    return rewrite_document(document, rule), names


def _references(schemas: Object, names: LibraryNames) -> dict[str, Object]:
    """The reference that the library gets for each of the document.

    The library makes a second class of a component that is a reference, so references lead to the last component. It
    has no class to close a loop of lists, maps or unions, writes them out wherever they are, and does not come to an
    end in a long chain of them: references into those are cut.
    """
    cut = self_containing(schemas) | every_nth_in_chains(schemas, _MAX_CHAIN)
    cut |= _large(schemas, cut)

    def last(name: str) -> str:
        seen: set[str] = set()
        while name not in seen and "$ref" in schemas[name]:
            seen.add(name)
            name = component_name(schemas[name]["$ref"])
        return name

    return {
        reference_to(name): Object() if last(name) in cut else Object({"$ref": reference_to(names.classes[last(name)])})
        for name in schemas
    }


def _targets_first(schemas: Object) -> Iterator[str]:
    """The components in an order in which each follows those to which it refers, so that the library, which tries again
    and again those that refer to what it has not read yet, reads each once."""
    edges = {name: references(schema, schemas) for name, schema in schemas.items()}
    for group in strongly_connected(edges):
        yield from sorted(group)


def _large(schemas: Object, cut: Set[str]) -> frozenset[str]:
    """Components in which too many types are written out: where each refers to others twice, sizes double."""
    sizes: dict[str, int] = dict.fromkeys(cut, 1)
    large = set[str]()
    for name in _targets_first(schemas):
        size, waiting = 0, [schemas[name]]
        while waiting and name not in cut:
            schema = waiting.pop()
            size += sizes.get(component_name(schema["$ref"]), 1) if is_reference(schema) else 1
            waiting += [] if is_reference(schema) else children(schema)
        if size > _MAX_SIZE:
            large.add(name)
        sizes[name] = 1 if name in large or is_class(schemas[name]) else max(size, 1)
    return frozenset(large)


def _schema(schema: Object) -> Object:
    """A schema without what the library is known to misread: each comment says what it would do."""
    # Titles would name classes; defaults that do not fit are errors to it; both readers ignore the rest.
    schema = schema.without("title", "default", "example", "examples", "discriminator")
    if "enum" in schema:  # It lets the names of values clash that differ in case or punctuation.
        schema = schema.replacing("x-enum-varnames", Array(f"value_{i}" for i in range(len(schema["enum"]))))
    if schema.get("properties"):  # It lets their names clash, too, and does not know `required` beside them.
        names = {wire: f"f_{i}" for i, wire in enumerate(schema["properties"])}
        required = Array(names[wire] for wire in schema.get("required") or () if wire in names)
        return schema.replacing("properties", schema["properties"].renaming(names)).replacing("required", required)
    # It makes a class of a map, whose values have no type of their own that could be compared.
    return schema.without("additionalProperties") if schema.get("type") == "object" else schema


def _path_item(item: Object) -> Object:
    return Object((method, _operation(operation)) for method, operation in item.items() if method in METHODS)


def _operation(operation: Object) -> Object:
    responses = operation["responses"].items()
    fields = {
        "parameters": Array(_parameter(i, parameter) for i, parameter in enumerate(operation.get("parameters") or ())),
        "responses": Object(
            (status if status == "default" else status.upper(), _as_json(r)) for status, r in responses
        ),
    }
    if "requestBody" in operation:
        fields["requestBody"] = _as_json(operation["requestBody"], always=True)
    return Object(fields)


def _parameter(number: int, parameter: Object) -> Object:
    name, required = f"{parameter['in']}_{number}", parameter.get("required", False)
    schema = parameter.get("schema") or Object()  # it does not know `content`
    return Object({"name": name, "in": "query", "required": required, "schema": schema})


def _as_json(holder: Object, *, always: bool = False) -> Object:
    """A response or body whose first schema is that of JSON: it drops media types that it does not know."""
    content = holder.get("content") or Object()
    schemas = (media["schema"] for media in content.values() if isinstance(media, Object) and "schema" in media)
    json = Object({"application/json": Object({"schema": next(schemas, Object())})}) if content or always else Object()
    return holder.without("content", "links").replacing("content", json)
