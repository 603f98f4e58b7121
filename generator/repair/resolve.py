"""References: whatever is not a schema is put in place; schemas stay named, and what they name exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..document.operations import METHODS
from ..document.pointer import follow
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..document.schemas import Rule, is_annotation, rewrite_document
from ..document.tree import Array, Object
from .webhooks import collect_webhooks

_SCHEMAS = "#/components/schemas/"
MAX_VALUES = 3_000_000
"""Values that stand in place of references, all together; the biggest published documents have some 100,000."""
_LOCATIONS = ("path", "query", "header", "cookie")


def resolve_references(document: Object, problems: Problems) -> Object:
    """Path items, parameters, bodies, answers and headers in place of references to them; schema references checked."""
    resolver = _Resolver(document, problems)
    paths = document["paths"]
    resolved = paths.changed(
        (path, resolver.path_item(item, paths.where(path))) for path, item in paths.items() if path.startswith("/")
    )
    for path in paths:
        if not path.startswith(("/", "x-")):
            problems.error("bad-path", paths.where(path), f"the path {path!r} does not begin with '/'")
    document = document.changed((k, resolved if k == "paths" else v) for k, v in document.items())
    document = collect_webhooks(document, resolver.webhooks())
    return rewrite_document(document, _schema_rule(document, problems))


class _Resolver:
    def __init__(self, document: Object, problems: Problems) -> None:
        self.document, self.problems = document, problems
        self.in_callback = False
        self.values = 0
        self.sizes: dict[int, int] = {}

    def target(self, value: Any, place: Source) -> Object | None:
        """What `value` is or refers to, with a chain of references followed to its end."""
        seen: set[str] = set()
        while isinstance(value, Object) and isinstance(value.get("$ref"), str):
            ref, where = value["$ref"], value.where("$ref")
            if not ref:
                return None  # it leads nowhere, and was reported
            if ref in seen:
                self.problems.error("circular-reference", where, f"{ref} refers to itself")
                return None
            seen.add(ref)
            try:
                value = follow(self.document, ref[1:])
            except LookupError:
                self.problems.error("dangling-reference", where, f"{ref} does not exist in this document")
                return None
        if not isinstance(value, Object):
            self.problems.error("not-a-mapping", place, "a mapping is expected here")
            return None
        found: Object = value
        if seen:
            self.count(found, place)
        return found

    def count(self, value: Object, place: Source) -> None:
        """Keep account of what is put in place of references: a short document can mean billions of values.

        Raises ProblemsFound when it is too much.
        """
        if id(value) not in self.sizes:
            waiting: list[Any] = [value]
            size = 0
            while waiting:
                one = waiting.pop()
                size += 1
                if isinstance(one, (Object, Array)):
                    waiting += one.values() if isinstance(one, Object) else one
            self.sizes[id(value)] = size
        self.values += self.sizes[id(value)]
        if self.values > MAX_VALUES:
            message = f"references to parameters, answers and the like mean more than {MAX_VALUES:,} values"
            hint = "name the schemas in them under components.schemas, and refer to those"
            place = Source(place.file, "", place.line)  # of no one operation
            raise ProblemsFound([Problem("too-large", place, message, hint)])

    def mapping(self, holder: Object, key: str, read: Callable[[Any, Source], Object | None]) -> Object:
        """A mapping of name to part, each part in place of its reference."""
        value = holder.get(key)
        if not isinstance(value, Object):
            self.problems.error("not-a-mapping", holder.where(key), f"`{key}` is not a mapping")
            return Object()
        parts = ((name, read(part, value.where(name))) for name, part in value.items())
        return value.changed((name, part) for name, part in parts if part is not None)

    def path_item(self, value: Any, place: Source) -> Object:
        item = self.target(value, place)
        if item is None:
            return Object()
        if item is not value:  # keys beside the reference belong to the path as well
            item = Object([*item.items(), *value.without("$ref").items()], value.source, item.marks | value.marks)
        common, path = self.parameters(item), item
        return path.changed(
            (key, self.operation(child, common, item.where(key)) if key in METHODS else child)
            for key, child in item.items()
            if key != "parameters"
        )

    def operation(self, value: Any, common: list[Object], place: Source) -> Object:
        if not isinstance(value, Object):
            self.problems.error("not-a-mapping", place, "an operation is a mapping")
            return Object()
        operation = _without_extensions(value)
        own = self.parameters(operation)
        names = {(p.get("name"), p.get("in")) for p in own}
        merged = [*(p for p in common if (p.get("name"), p.get("in")) not in names), *own]
        items: list[tuple[str, Any]] = []
        for key, child in operation.items():
            if key == "requestBody":
                child = self.target(child, operation.where(key))
            elif key == "responses":
                child = self.mapping(operation, key, self.response)
            elif key == "callbacks" and child:
                child = self.callbacks(operation)
            if key != "parameters" and child is not None:
                items.append((key, child))
        return operation.derive([*items, ("parameters", Array(merged, value.source))])

    def webhooks(self) -> Object:
        """The path items of webhooks, by name."""
        return self.mapping(self.document, "webhooks", self.path_item) if self.document.get("webhooks") else Object()

    def callbacks(self, operation: Object) -> Object | None:
        """The path items of callbacks, by name and expression; those of a callback's own are left out."""
        if self.in_callback:
            message = "what a callback's receiver is called back by in turn is not generated"
            self.problems.warning("not-generated", operation.where("callbacks"), message)
            return None

        def callback(value: Any, place: Source) -> Object | None:
            found = self.target(value, place)
            if found is None:
                return None
            items = ((key, self.path_item(item, found.where(key))) for key, item in found.items() if key[:2] != "x-")
            return found.changed(items)

        self.in_callback = True
        try:
            return self.mapping(operation, "callbacks", callback)
        finally:
            self.in_callback = False

    def parameters(self, holder: Object) -> list[Object]:
        values = holder.get("parameters") or Array()
        if not isinstance(values, Array):  # the gate does not look into the path items of components
            self.problems.error("bad-parameter", holder.where("parameters"), "`parameters` is not a list")
            return []
        found = [self.target(p, values.where(i)) for i, p in enumerate(values)]
        return [parameter for parameter in found if parameter is not None and self.placed(parameter)]

    def placed(self, parameter: Object) -> bool:
        if isinstance(parameter.get("name"), str) and parameter.get("in") in _LOCATIONS:
            return True
        message = "a parameter needs a name, and `in`: path, query, header or cookie"
        self.problems.error("bad-parameter", parameter.source, message)
        return False

    def response(self, value: Any, place: Source) -> Object | None:
        response = self.target(value, place)
        if response is not None and response.get("links"):
            message = "links say what to call next, which a client cannot do by itself; left out"
            self.problems.warning("not-generated", response.where("links"), message)
        if response is None or "headers" not in response:
            return response
        headers = self.mapping(response, "headers", self.target)
        return response.changed((k, headers if k == "headers" else v) for k, v in response.items())


def _schema_rule(document: Object, problems: Problems) -> Rule:
    schemas = document.get("components", {}).get("schemas") or {}
    version_30 = document["openapi"].startswith("3.0")

    def rule(schema: Object) -> Object:
        ref = schema.get("$ref")
        if not isinstance(ref, str):
            if "$ref" in schema:
                problems.error("dangling-reference", schema.where("$ref"), f"$ref: {ref!r} is no reference")
            return schema
        if not ref:
            return schema.without("$ref")  # it leads nowhere, and was reported
        name = ref.removeprefix(_SCHEMAS).replace("~1", "/").replace("~0", "~")
        if not ref.startswith(_SCHEMAS) or name not in schemas:
            problems.error("dangling-reference", schema.where("$ref"), f"{ref} does not exist in this document")
        rest = schema.without("$ref")
        if version_30:  # OpenAPI 3.0 ignores what stands beside a reference; `nullable` there is meant, though
            return schema.derive((k, v) for k, v in schema.items() if k in ("$ref", "nullable") or is_annotation(k))
        if all(is_annotation(key) or key == "nullable" for key in rest):
            return schema
        return schema.derive([("allOf", Array([schema.derive([("$ref", ref)]), rest], schema.source))])

    return rule


def _without_extensions(operation: Object) -> Object:
    """An operation without the extensions beside its answers, which can be anything (OpenAPI 3.1, section 4.8.16)."""
    answers = operation.get("responses")
    extensions = [name for name in answers if name.startswith("x-")] if isinstance(answers, Object) else []
    if not extensions:
        return operation
    return operation.derive((k, v.without(*extensions) if k == "responses" else v) for k, v in operation.items())
