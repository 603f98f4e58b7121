"""References resolved: what is not a schema replaces references to it; schemas stay named, and those names exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..document.operations import METHODS
from ..document.pointer import dereference, find, split, unescape
from ..document.problems import Problems, Source
from ..document.schemas import ORIGIN, Position, Rule, is_annotation, origin_of, rewrite_document, with_origin
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from .fields import INSTEAD, LOCATIONS, SCHEMA, in_words, shape_at, substitute
from .references import MAX_VALUES, Limit
from .swagger import content_of
from .unquoted_text import unquoted_text_rule
from .webhooks import collect_webhooks, webhook_key

_WITH_CONTENT = ("response", "requestBody")
_SCHEMAS = "#/components/schemas/"


def resolve_references(document: Object, problems: Problems) -> Object:
    """The document with path items, parameters, bodies, responses, headers and security schemes in place of references.

    References to schemas that do not exist are reported; webhooks and callbacks are collected.
    """
    resolver = _Resolver(document, problems, Limit(MAX_VALUES), _first_positions(document))
    resolved = resolver.with_security_schemes().replacing("paths", resolver.paths())
    resolved = collect_webhooks(resolved, resolver.webhooks())
    resolved = rewrite_document(resolved, _schema_rule(resolved, problems), ("$ref",))
    return rewrite_document(resolved, unquoted_text_rule(resolved, problems), ("default", "enum", "const"))


@dataclass(frozen=True, slots=True)
class _Resolver:
    document: Object
    problems: Problems
    limit: Limit
    first_positions: Mapping[int, Position]
    """Where each operation is first, by its identity: paths can share what they refer to."""
    in_callback: bool = False

    def paths(self) -> Object:
        paths: Object = self.document["paths"]
        for path in paths:
            if not path.startswith(("/", "x-")):
                self.problems.error("bad-path", paths.where(path), f"the path {path!r} does not begin with '/'")
        return paths.changed(
            (path, self.path_item(item, paths.where(path), path))
            for path, item in paths.items()
            if path.startswith("/")
        )

    def with_security_schemes(self) -> Object:
        components = self.document.get("components")
        if not isinstance(components, Object) or not components.get("securitySchemes"):
            return self.document
        schemes = self.map(components, "securitySchemes", lambda value, at: self.target(value, at, "securityScheme"))
        return self.document.replacing("components", components.replacing("securitySchemes", schemes))

    def webhooks(self) -> Object:
        return self.map(self.document, "webhooks", self.path_item) if self.document.get("webhooks") else Object()

    def target(self, value: Any, source: Source, type_: str) -> Object | None:
        """The object of a type to which references lead, or `value` itself. If there is no such object, what
        stands for it, or None."""
        seen: set[str] = set()
        instead = INSTEAD.get(type_, "")
        while isinstance(value, Object) and isinstance(value.get("$ref"), str):
            reference, where = value["$ref"], value.where("$ref")
            if not reference:
                return substitute(type_, source)  # it leads nowhere, and was reported
            if reference in seen:
                self.problems.loss("circular-reference", where, f"{reference} refers to itself", instead)
                return substitute(type_, source)
            seen.add(reference)
            value = find(self.document, split(reference[1:]))
            if value is None:
                message = f"{reference} does not exist in this document"
                self.problems.loss("dangling-reference", where, message, instead)
                return substitute(type_, source)
        if not isinstance(value, Object):
            self.problems.loss("not-a-mapping", source, "this value must be a mapping", instead)
            return substitute(type_, source)
        if seen:
            self.limit.add(value, source)
            meant = self._of_type(value, type_, reference, where)
            return meant if meant is None else with_origin(meant, *split(reference[1:]))
        return value

    def _of_type(self, value: Object, type_: str, reference: str, where: Source) -> Object | None:
        """An object to which a reference leads, as one of a type: a mistake where it is one of another type."""
        meant = _object_of_type(value, type_, reference)
        if meant is value:
            return value
        message = f"{reference} is not {in_words(type_)}"
        if meant is None:
            self.problems.loss("dangling-reference", where, message, INSTEAD.get(type_, ""))
            return substitute(type_, where)
        self.problems.warning("mended", where, f"{message}; read as one with the schema or content there")
        return meant

    def map(self, holder: Object, key: str, resolve: Callable[[Any, Source], Object | None]) -> Object:
        """The mapping at `key` with every value resolved; those that lead nowhere are left out."""
        values = holder.get(key)
        if not isinstance(values, Object):
            self.problems.error("not-a-mapping", holder.where(key), f"`{key}` is not a mapping")
            return Object()
        resolved = ((name, resolve(value, values.where(name))) for name, value in values.items())
        return values.changed((name, value) for name, value in resolved if value is not None)

    def path_item(self, value: Any, source: Source, path: str = "") -> Object:
        """A path item, of `path` if it is not a webhook's, whose parameters are moved into its operations."""
        item = self.target(value, source, "pathItem")
        if item is None:
            return Object()
        if item is not value:  # keys beside the reference belong to the path as well
            item = Object({**item, **value.without("$ref")}, value.source, item.marks | value.marks)
        first_path = next((self._first(item[key], (key, path))[1] for key in METHODS if key in item), path)
        common = [with_origin(p, "paths", first_path, "parameters", p["name"]) for p in self.parameters(item)]

        def operation(method: str, child: Any) -> Object:
            resolved, at = self.operation(child, common, item.where(method)), (method, path)
            return resolved if self._first(child, at) == at else resolved.replacing(ORIGIN, self._first(child, at))

        return item.changed(
            (key, operation(key, child) if key in METHODS else child)
            for key, child in item.items()
            if key != "parameters"
        )

    def _first(self, operation: Any, at: Position) -> Position:
        """The first position of an operation that is at `at`, too."""
        return self.first_positions.get(id(operation), at)

    def operation(self, value: Any, common: list[Object], source: Source) -> Object:
        """An operation with its parameters and those `common` ones that it does not replace."""
        if not isinstance(value, Object):
            self.problems.error("not-a-mapping", source, "an operation must be a mapping")
            return Object()
        operation = _without_extensions(value)
        resolved = {**operation.without("parameters")}
        if "requestBody" in operation:
            resolved["requestBody"] = self.target(
                operation["requestBody"], operation.where("requestBody"), "requestBody"
            )
        if "responses" in operation:
            resolved["responses"] = self.map(operation, "responses", self.response)
        if operation.get("callbacks"):
            resolved["callbacks"] = self.callbacks(operation)
        own = self.parameters(operation)
        names = {(p["name"], p["in"]) for p in own}
        inherited = [p for p in common if (p["name"], p["in"]) not in names]
        items = {key: child for key, child in resolved.items() if child is not None}
        return operation.derive({**items, "parameters": Array([*inherited, *own], value.source)})

    def callbacks(self, operation: Object) -> Object | None:
        """The path items of callbacks, by name and expression; those of a callback's own are left out."""
        if self.in_callback:
            message = "callbacks inside a callback are not generated"
            self.problems.warning("not-generated", operation.where("callbacks"), message)
            return None
        return self.map(operation, "callbacks", replace(self, in_callback=True).callback)

    def callback(self, value: Any, source: Source) -> Object | None:
        callback = self.target(value, source, "callback")
        if callback is None:
            return None
        items = {key: item for key, item in callback.items() if key[:2] != "x-"}
        resolved = {key: self.path_item(item, callback.where(key)) for key, item in items.items()}
        if origin := origin_of(callback):
            resolved = {key: _with_origins(item, (*origin, key)) for key, item in resolved.items()}
        return callback.changed(resolved.items())

    def parameters(self, holder: Object) -> list[Object]:
        values = holder.get("parameters") or Array()
        if not isinstance(values, Array):  # the gate does not look into the path items of components
            message = "`parameters` is not a list"
            self.problems.loss("bad-parameter", holder.where("parameters"), message, INSTEAD["parameter"])
            return []
        resolved = [self.target(value, values.where(i), "parameter") for i, value in enumerate(values)]
        return [parameter for parameter in resolved if parameter is not None and self.is_complete(parameter)]

    def is_complete(self, parameter: Object) -> bool:
        if isinstance(parameter.get("name"), str) and parameter.get("in") in LOCATIONS:
            return True
        message = "a parameter needs a name, and `in`: path, query, header or cookie"
        is_needed = parameter.get("required") is True and parameter.get("in") != "path"  # those are in the path, too
        instead = "" if is_needed else INSTEAD["parameter"]
        self.problems.loss("bad-parameter", parameter.source, message, instead)
        return False

    def response(self, value: Any, source: Source) -> Object | None:
        response = self.target(value, source, "response")
        if response is not None and response.get("links"):
            message = "links are not generated, as a client does not follow them by itself"
            self.problems.warning("not-generated", response.where("links"), message)
        if response is None or "headers" not in response:
            return response
        return response.replacing("headers", self.map(response, "headers", self.header))

    def header(self, value: Any, source: Source) -> Object | None:
        return self.target(value, source, "header")


def _first_positions(document: Object) -> dict[int, Position]:
    """The alphabetically first position of each operation of a path or a webhook, by its identity."""
    first: dict[int, Position] = {}
    paths, webhooks = document["paths"], document.get("webhooks") or Object()
    for holder, key in ((paths, lambda _, path: path), (webhooks, webhook_key)):
        for name in sorted(holder):
            item = dereference(holder[name], document)
            methods = [method for method in METHODS if method in item] if isinstance(item, Object) else ()
            first |= {id(item[m]): (m, key(m, name)) for m in methods if id(item[m]) not in first}
    return first


def _with_origins(item: Object, at: Position) -> Object:
    """A path item of a callback that operations share, whose operations have their positions there."""
    return item.changed((k, v.replacing(ORIGIN, (*at, k)) if k in METHODS else v) for k, v in item.items())


def _object_of_type(value: Object, type_: str, reference: str) -> Object | None:
    """The object of a type that a reference to `value` means; None where this has nothing in common with the type."""
    keys = split(reference[1:])
    shape = shape_at(keys)
    if shape in (None, type_) or (shape, type_) == ("parameter", "header"):
        return value
    content = value.get("content") if shape in _WITH_CONTENT else None
    if shape == SCHEMA:
        schema = Object({"$ref": reference}, value.source) if len(keys) == len(("components", "schemas", "")) else value
        if type_ == "header":
            return Object({"schema": schema}, value.source)
        content = content_of(["application/json"], schema, value.source)
    if type_ not in _WITH_CONTENT or content is None:
        return None
    return Object({"description": "", "content": content}, value.source)


def _without_extensions(operation: Object) -> Object:
    """An operation without the extensions beside its responses, which can be anything (OpenAPI 3.1, section 4.8.16)."""
    responses = operation.get("responses")
    if not isinstance(responses, Object):
        return operation
    return operation.replacing("responses", responses.without(*(name for name in responses if name.startswith("x-"))))


def _schema_rule(document: Object, problems: Problems) -> Rule:
    """A rule that checks the reference of a schema, and says what the keywords beside it mean."""
    schemas = document.get("components", {}).get("schemas") or {}
    is_version_30 = document["openapi"].startswith("3.0")

    def rule(schema: Object) -> Object:
        if "$ref" not in schema:
            return schema
        reference = schema["$ref"]
        if not isinstance(reference, str):
            message = f"$ref: {reference!r} is not a reference"
            problems.loss("dangling-reference", schema.where("$ref"), message, INSTEAD[SCHEMA])
            return schema.without("$ref")
        if not reference:
            return schema.without("$ref")  # it leads nowhere, and was reported
        if not reference.startswith(_SCHEMAS) or unescape(reference.removeprefix(_SCHEMAS)) not in schemas:
            message = f"{reference} does not exist in this document"
            problems.loss("dangling-reference", schema.where("$ref"), message, INSTEAD[SCHEMA])
            return schema.without("$ref")
        if len(schema) == 1:
            return schema
        beside = schema.without("$ref")
        assertions = [key for key in beside if key != "nullable" and not is_annotation(key)]
        if not assertions:
            return schema
        if is_version_30:  # OpenAPI 3.0 ignores keywords beside a reference, but authors mean `nullable`
            return schema.without(*assertions)
        return schema.derive({"allOf": Array([schema.derive({"$ref": reference}), beside], schema.source)})

    return rule
