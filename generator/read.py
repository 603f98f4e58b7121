"""The prepared document -> the intermediate representation."""

from __future__ import annotations

import json
import re
from typing import Any

from generator.document import Array, Object, source_of
from generator.ir import (
    ANY,
    NULL,
    Api,
    Body,
    Enum,
    Field,
    Global,
    Header,
    ListOf,
    MapOf,
    Media,
    Member,
    Model,
    Operation,
    Parameter,
    Ref,
    Response,
    Scalar,
    Type,
    UnionOf,
)
from generator.prepare.hoist import needs_class
from generator.prepare.names import NAME, Naming, unique
from generator.prepare.walk import METHODS, is_note, operations
from generator.problems import Problems, Source
from generator.provider import CLIENT_ARGUMENTS, Provider
from generator.read_security import check_token, read_requirement, read_schemes, read_servers

_SCHEMAS = "#/components/schemas/"
_CONSTRAINTS = ("pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LIST_CONSTRAINTS = ("minItems", "maxItems", "uniqueItems")
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def read(document: Object, provider: Provider, naming: Naming, problems: Problems) -> Api:
    """Read a prepared document; what cannot be represented goes to `problems`."""
    reader = _Reader(document, provider, naming, problems)
    return reader.api()


class _Reader:
    def __init__(self, document: Object, provider: Provider, naming: Naming, problems: Problems) -> None:
        self.document, self.provider, self.naming, self.problems = document, provider, naming, problems
        self.schemas: Object = document["components"]["schemas"]
        self.open: list[str] = []
        found = [operation["servers"] for _, _, operation in operations(document)]
        common = found[0] if found and all(servers == found[0] for servers in found) else None
        self.servers = document.get("servers") or common

    def api(self) -> Api:
        info = self.document["info"]
        schemes, scheme_names = read_schemes(self.document, self.provider, self.naming, self.problems)
        for name, schema in self.schemas.items():
            if not isinstance(schema, Object) or not needs_class(schema):  # no class, but it may stand for no type
                self.reference(Object([("$ref", _SCHEMAS + name)], source_of(schema, self.document.source)))
        found = sorted(operations(self.document), key=lambda o: (o[0], METHODS.index(o[1])))
        read = tuple(self.operation(path, method, value, scheme_names) for path, method, value in found)
        arguments = {scheme.argument for scheme in schemes}
        globals_ = self.globals(read, {*CLIENT_ARGUMENTS, *arguments})
        arguments |= {one.argument for one in globals_}
        return Api(
            title=_text(info.get("title")),
            version=_text(info.get("version")),
            source=self.document.source,
            description=_text(info.get("description")),
            servers=read_servers(self.servers, arguments, self.naming, self.problems),
            schemes=schemes,
            globals=globals_,
            operations=read,
            models=tuple(self.model(name, s) for name, s in self.schemas.items() if needs_class(s) and "enum" not in s),
            enums=tuple(self.enum(name, s) for name, s in self.schemas.items() if needs_class(s) and "enum" in s),
        )

    # Operations

    def operation(self, path: str, method: str, value: Object, schemes: frozenset[str]) -> Operation:
        parameters = self.parameters(value["parameters"])
        servers = value["servers"]
        return Operation(
            name=value[NAME],
            method=method.upper(),
            path=path,
            source=value.source,
            parameters=parameters,
            body=self.body(value.get("requestBody"), value),
            responses=tuple(self.response(status, r, value["responses"]) for status, r in value["responses"].items()),
            security=read_requirement(value["security"], schemes, self.problems),
            servers=read_servers(servers, (), self.naming, self.problems),
            own_servers=bool(servers) and servers != self.servers,
            operation_id=_text(value.get("operationId")),
            summary=_text(value.get("summary")),
            description=_text(value.get("description")),
            tags=tuple(t for t in value.get("tags") or () if isinstance(t, str)),
            deprecated=value.get("deprecated") is True,
        )

    def parameters(self, values: Array) -> tuple[Parameter, ...]:
        plain = [self.naming.identifier(_override(p) or p["name"]) for p in values]
        # The same name in two places: say where each one goes.
        wanted = {
            f"{p['name']} {p['in']}": f"{name}_{p['in']}" if plain.count(name) > 1 else name
            for name, p in zip(plain, values, strict=True)
        }
        names = unique(wanted, ("body",))
        return tuple(self.parameter(names[f"{p['name']} {p['in']}"], p) for p in values)

    def parameter(self, name: str, value: Object) -> Parameter:
        location = value["in"]
        style = value.get("style") or _STYLES[location]
        check_token(value["name"], location, value.where("name"), self.problems)
        if value.get("allowReserved") is True:
            message = "`allowReserved` is ignored: reserved characters are sent percent-encoded"
            self.problems.warning("ignored-keyword", value.where("allowReserved"), message)
        if "content" in value:
            message = f"the parameter {value['name']!r} has `content`, which is not generated"
            hint = "give it a `schema` by an overlay action, or leave it out"
            self.problems.error("unsupported-parameter", value.where("content"), message, hint)
        return Parameter(
            name=name,
            wire=value["name"],
            location=location,
            type=self.type(value.get("schema")),
            required=value.get("required") is True,
            style=style,
            explode=value.get("explode", style == "form") is True,
            source=value.source,
            description=_text(value.get("description")),
            deprecated=value.get("deprecated") is True,
            default=_default(value.get("schema")),
            from_client=value.get("x-speakeasy-globals-hidden") is True,
        )

    def globals(self, read: tuple[Operation, ...], taken: set[str]) -> tuple[Global, ...]:
        found: dict[str, Global] = {}
        for parameter in (p for operation in read for p in operation.parameters if p.from_client):
            if parameter.name in taken:
                message = f"the client already has an argument {parameter.name!r}"
                hint = "name it by x-speakeasy-name-override in an overlay action"
                self.problems.error("name-clash", parameter.source, message, hint)
            environment = self.provider.environment.get(parameter.name) or f"{self.provider.prefix}_{parameter.name}"
            before = found.get(parameter.name)
            found[parameter.name] = Global(
                argument=parameter.name,
                environment=environment.upper(),
                source=parameter.source,
                description=(before.description if before else "") or parameter.description,
                required=parameter.required or (before.required if before else False),
            )
        return tuple(found.values())

    def body(self, value: Any, operation: Object) -> Body | None:
        if not isinstance(value, Object):
            return None
        content = self.content(value)
        if not content:
            self.problems.error("no-content", operation.where("requestBody"), "a request body needs `content`")
        return Body(content, value.get("required") is True, value.source, _text(value.get("description")))

    def response(self, status: str, value: Object, responses: Object) -> Response:
        if not re.fullmatch(r"[1-5](\d\d|[xX]{2})|default", status):
            hint = "a code such as 404, a range such as 4XX, or default"
            self.problems.error("bad-status", responses.where(status), f"{status!r} is no status", hint)
        headers = value.get("headers") or Object()
        return Response(
            status=status.upper() if status != "default" else status,
            content=self.content(value),
            source=responses.where(status),
            description=_text(value.get("description")),
            headers=tuple(self.header(name, header) for name, header in headers.items()),
        )

    def header(self, name: str, value: Object) -> Header:
        required, description = value.get("required") is True, _text(value.get("description"))
        return Header(name, self.type(value.get("schema")), required, value.source, description)

    def content(self, holder: Object) -> tuple[Media, ...]:
        content = holder.get("content")
        if not isinstance(content, Object):
            return ()
        return tuple(self.media(name, media, content.where(name)) for name, media in content.items())

    def media(self, name: str, value: Any, source: Source) -> Media:
        has_schema = isinstance(value, Object) and "schema" in value
        return Media(name, self.type(value["schema"]) if has_schema else None, source)

    # Schemas

    def model(self, name: str, schema: Object) -> Model:
        properties = schema["properties"]
        names = unique({wire: self.naming.identifier(wire) for wire in properties})
        required = set(schema.get("required") or ())
        additional = schema.get("additionalProperties", True)
        if isinstance(additional, Object) and set(additional) - {"description"}:
            message = "properties beyond the declared ones are typed here; they stay in the raw answer only"
            self.problems.warning("additional-properties", schema.where("additionalProperties"), message)
        for wire in required - properties.keys():
            message = f"{wire!r} is required but not declared; it stays in the raw answer only"
            self.problems.warning("undeclared-property", schema.where("required"), message)
        return Model(
            name=name,
            fields=tuple(
                self.field(names[wire], wire, child, wire in required, properties.where(wire))
                for wire, child in properties.items()
            ),
            source=schema.source,
            description=_text(schema.get("description")),
            deprecated=schema.get("deprecated") is True,
            additional=None if additional is False else self.type(additional),
        )

    def field(self, name: str, wire: str, schema: Any, required: bool, source: Source) -> Field:
        notes = schema if isinstance(schema, Object) else Object()
        return Field(
            name=name,
            wire=wire,
            type=self.type(schema),
            required=required,
            source=source,
            description=_text(notes.get("description")),
            deprecated=notes.get("deprecated") is True,
            read_only=notes.get("readOnly") is True,
            write_only=notes.get("writeOnly") is True,
            default=_default(notes),
        )

    def enum(self, name: str, schema: Object) -> Enum:
        words = schema["enum"]
        described = schema.get("x-enum-descriptions")
        described = described if isinstance(described, Object) else Object()
        names = unique({str(word): _member_name(word, self.naming) for word in words})
        members = (
            Member(names[str(word)], word, words.where(i), _text(described.get(str(word))))
            for i, word in enumerate(words)
        )
        description, deprecated = _text(schema.get("description")), schema.get("deprecated") is True
        return Enum(name, tuple(members), schema.source, description, deprecated)

    def type(self, schema: Any) -> Type:
        if schema is False or (isinstance(schema, Object) and "not" in schema and schema["not"] == {}):
            return ANY
        if not isinstance(schema, Object) or all(is_note(key) for key in schema):
            return ANY
        if "$ref" in schema:
            return self.reference(schema)
        if "anyOf" in schema:
            return self.union([self.type(member) for member in schema["anyOf"]])
        kind = schema.get("type")
        if kind == "null":
            return NULL
        if kind == "array":
            return ListOf(self.type(schema["items"]), _constraints(schema, _LIST_CONSTRAINTS))
        if kind == "object":
            additional = schema.get("additionalProperties", True)
            return MapOf(self.type(additional) if isinstance(additional, Object) else ANY)
        if kind in _SCALARS:
            format_ = schema.get("format")
            found = _constraints(schema, _CONSTRAINTS)
            return Scalar(_SCALARS[kind], format_ if isinstance(format_, str) else "", found)  # type: ignore[arg-type]
        return ANY

    def reference(self, schema: Object) -> Type:
        name = schema["$ref"].removeprefix(_SCHEMAS)
        target = self.schemas[name]
        if isinstance(target, Object) and needs_class(target):
            return Ref(name)
        if name in self.open:
            message = f"{name} contains itself and is no object: no Python type can say so"
            hint = "cut the loop by an overlay action"
            self.problems.error("recursive-alias", schema.where("$ref"), message, hint)
            return ANY
        self.open.append(name)
        found = self.type(target)
        self.open.pop()
        return found

    def union(self, members: list[Type]) -> Type:
        flat: list[Type] = []
        for member in members:
            flat += [m for m in (member.members if isinstance(member, UnionOf) else (member,)) if m not in flat]
        if ANY in flat:
            return ANY
        if any(isinstance(m, Ref) and self.is_text_enum(m.name) for m in flat):
            # Enum beside text is the documents' way to say "open enum", and all of ours are open.
            flat = [m for m in flat if not (isinstance(m, Scalar) and m.kind == "str")]
        flat = [*(m for m in flat if m != NULL), *(m for m in flat if m == NULL)]
        return flat[0] if len(flat) == 1 else UnionOf(tuple(flat))

    def is_text_enum(self, name: str) -> bool:
        target = self.schemas[name]
        return target.get("type") == "string" and "enum" in target


def _default(schema: Any) -> str:
    return json.dumps(schema["default"]) if isinstance(schema, Object) and "default" in schema else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _override(value: Object) -> str:
    return _text(value.get("x-speakeasy-name-override"))


def _constraints(schema: Object, keys: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    return tuple((k, schema[k]) for k in keys if isinstance(schema.get(k), (str, int, float)))


def _member_name(word: str | int, naming: Naming) -> str:
    if isinstance(word, int):
        return f"VALUE_{word}" if word >= 0 else f"VALUE_NEGATIVE_{-word}"
    if not word.strip():
        return "EMPTY"
    name = naming.identifier(f"value {word}").upper().removeprefix("VALUE_").strip("_")
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_")
