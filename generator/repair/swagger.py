"""Swagger 2.0 -> OpenAPI 3.0.3, with the place of every value kept (https://swagger.io/specification/v2/).

Everything in Swagger 2.0 has an equal in OpenAPI 3.0: bodies move out of the parameters, types into schemas, media
types to where they are used, what is shared into `components`. What is not OpenAPI afterwards is reported as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..document.operations import METHODS
from ..document.pointer import follow
from ..document.problems import Source
from ..document.tree import Array, Object

_SECTIONS = {"definitions": "schemas", "parameters": "parameters", "responses": "responses"}
_DATA = ("example", "examples", "default", "enum", "x-example")
_MOVED = ("swagger", "host", "basePath", "schemes", "consumes", "produces", "securityDefinitions", *_SECTIONS)
_OF_PARAMETERS = ("name", "in", "description", "required", "allowEmptyValue")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_STYLES: dict[str, list[tuple[str, Any]]] = {
    "csv": [("explode", False)],
    "multi": [("explode", True)],
    "ssv": [("style", "spaceDelimited"), ("explode", False)],
    "pipes": [("style", "pipeDelimited"), ("explode", False)],
    "tsv": [("style", "tabDelimited")],  # OpenAPI 3 has none: reported like every unknown style
}
"""`collectionFormat` of a query parameter."""
_FLOWS = {"implicit": "implicit", "password": "password", "application": "clientCredentials"}
_FLOWS |= {"accessCode": "authorizationCode"}


def convert(document: Object) -> Object:
    """The document as OpenAPI 3.0.3."""
    document = _references(document)
    items = [("openapi", "3.0.3"), *((key, value) for key, value in document.items() if key not in _MOVED)]
    if servers := _servers(document):
        items.append(("servers", servers))
    parts: list[tuple[str, Any]] = []
    for key, section in _SECTIONS.items():
        value = document.get(key)
        if isinstance(value, Object):
            if key == "parameters":
                value = _map(value, lambda one: _parameter(one) if _in(one) not in ("body", "formData") else None)
            elif key == "responses":
                value = _map(value, lambda one: _response(one, _texts(document.get("produces"))))
            parts.append((section, value))
    if isinstance(document.get("securityDefinitions"), Object):
        parts.append(("securitySchemes", _map(document["securityDefinitions"], _scheme)))
    items.append(("components", Object(parts, document.source, _marks(document))))
    paths = document.get("paths")
    if isinstance(paths, Object):
        items = [
            (key, _map(paths, lambda item: _path_item(item, document)) if key == "paths" else v) for key, v in items
        ]
    return document.derive(items)


def _references(value: Any, key: str = "") -> Any:
    """References to shared parts, where those stand in OpenAPI 3; nullable and discriminators in its words."""
    if isinstance(value, Array):
        return value.derive([_references(child) for child in value])
    if not isinstance(value, Object):
        return value
    items: list[tuple[str, Any]] = []
    named = key in ("properties", "definitions", "parameters", "responses", "paths", "headers")
    for name, child in value.items():
        if named:
            child = _references(child)
        elif name == "$ref" and isinstance(child, str):
            file, mark, pointer = child.partition("#/")
            section, _, rest = pointer.partition("/")
            if section in _SECTIONS and not file:
                child = f"{mark}components/{_SECTIONS[section]}/{rest}"
        elif name == "x-nullable":
            name = "nullable"
        elif name == "discriminator" and isinstance(child, str):
            child = Object([("propertyName", child)], value.where(name))
        elif name not in _DATA:
            child = _references(child, name)
        items.append((name, child))
    return value.derive(items)


def _servers(document: Object) -> Array | None:
    host, path = document.get("host"), document.get("basePath")
    path = path.rstrip("/") if isinstance(path, str) else ""
    if not isinstance(host, str) or not host:
        urls = [path] if path else []
    else:
        schemes = [scheme for scheme in _texts(document.get("schemes")) if scheme in ("https", "http")]
        urls = [f"{scheme}://{host}{path}" for scheme in sorted(schemes or ["https"], reverse=True)]
    place = document.where("host" if "host" in document else "basePath")
    return Array([Object([("url", url)], place) for url in urls], place) if urls else None


def _path_item(item: Any, document: Object) -> Any:
    if not isinstance(item, Object) or "$ref" in item:
        return item
    common = _targets(item.get("parameters"), document)
    rest = [parameter for parameter, target in common if _in(target) not in ("body", "formData")]
    own = [target for _, target in common if _in(target) in ("body", "formData")]
    items: list[tuple[str, Any]] = []
    for key, value in item.items():
        if key in METHODS:
            value = _operation(value, own, document)
        elif key == "parameters":
            value = _parameters(rest, value)
        items.append((key, value))
    return item.derive(items)


def _operation(operation: Any, common: list[Any], document: Object) -> Any:
    if not isinstance(operation, Object):
        return operation
    parameters = _targets(operation.get("parameters"), document)
    targets = [target for _, target in parameters]
    bodies = [target for target in targets if _in(target) == "body"] or [t for t in common if _in(t) == "body"]
    fields = {t["name"]: t for t in (*common, *targets) if _in(t) == "formData" and isinstance(t.get("name"), str)}
    consumes = _texts(operation.get("consumes", document.get("consumes")))
    produces = _texts(operation.get("produces", document.get("produces")))
    items: list[tuple[str, Any]] = []
    for key, value in operation.items():
        if key == "parameters" and isinstance(value, Array):
            rest = [parameter for parameter, target in parameters if _in(target) not in ("body", "formData")]
            value = _parameters(rest, value)
        elif key == "responses" and isinstance(value, Object):
            value = _map(value, lambda one: _response(one, produces))
        if key not in ("consumes", "produces", "schemes"):
            items.append((key, value))
    if bodies:
        items.append(("requestBody", _body(bodies[0], consumes)))
    elif fields:
        items.append(("requestBody", _form(list(fields.values()), consumes, operation.source)))
    return operation.derive(items)


def _parameters(parameters: Iterable[Any], place: Any) -> Array:
    return Array((_parameter(one) for one in parameters), place.source if isinstance(place, Array) else None)


def _parameter(parameter: Any) -> Any:
    if not isinstance(parameter, Object) or "$ref" in parameter:
        return parameter
    kept = [(key, value) for key, value in parameter.items() if key in _OF_PARAMETERS or key.startswith("x-")]
    format_ = parameter.get("collectionFormat", "csv")
    style = _STYLES.get(str(format_), []) if _in(parameter) == "query" and parameter.get("type") == "array" else []
    return parameter.derive([*kept, ("schema", _schema(parameter)), *style])


def _schema(holder: Object) -> Object:
    """The schema that a parameter or a header of Swagger 2.0 is at once."""
    left = (*_OF_PARAMETERS, "collectionFormat")
    schema = holder.derive((k, v) for k, v in holder.items() if k not in left and not k.startswith("x-"))
    items = schema.get("items")
    if isinstance(items, Object):
        schema = schema.derive((k, _schema(items) if k == "items" else v) for k, v in schema.items())
    return _without_file(schema)


def _without_file(schema: Object) -> Object:
    if schema.get("type") != "file":
        return schema
    return schema.derive([("type", "string"), ("format", "binary"), *schema.without("type", "format").items()])


def _body(parameter: Object, consumes: list[str]) -> Object:
    schema: Any = parameter.get("schema", Object(source=parameter.source))
    place = parameter.source
    content = Object(((media, _media(schema, place)) for media in consumes or ["application/json"]), place)
    kept = [(key, value) for key, value in parameter.items() if key in ("description", "required")]
    return parameter.derive([*kept, ("content", content)])


def _form(fields: list[Object], consumes: list[str], place: Source) -> Object:
    files = any(field.get("type") == "file" for field in fields)
    media = [one for one in consumes if one.partition(";")[0].strip().lower() in _FORMS[files:]] or [_FORMS[files]]
    schema = Object(source=place)
    schema["type"] = "object"
    schema["properties"] = Object(((field["name"], _property(field)) for field in fields), place)
    if required := [field["name"] for field in fields if field.get("required") is True]:
        schema["required"] = Array(required, place)
    styles = [(field["name"], _STYLES.get(str(field.get("collectionFormat", "csv")), [])) for field in fields
              if field.get("type") == "array"]  # fmt: skip
    encoding = Object(((name, Object(style, place)) for name, style in styles if style), place)
    rest = [("encoding", encoding)] if encoding else []
    content = Object(((one, Object([("schema", schema), *rest], place)) for one in media), place)
    return Object([("content", content), ("required", bool(required))], place)


def _property(field: Object) -> Object:
    schema = _schema(field)
    description = [("description", field["description"])] if "description" in field else []
    return schema.derive([*description, *schema.items()])


def _response(response: Any, produces: list[str]) -> Any:
    if not isinstance(response, Object) or "$ref" in response:
        return response
    items = [(key, value) for key, value in response.items() if key not in ("schema", "examples")]
    if isinstance(response.get("headers"), Object):
        headers = _map(response["headers"], _header)
        items = [(key, headers if key == "headers" else value) for key, value in items]
    if "schema" in response:
        schema = response["schema"]
        file = isinstance(schema, Object) and schema.get("type") == "file"
        media = produces or ["application/octet-stream" if file else "application/json"]
        if isinstance(schema, Object):
            schema = _without_file(schema)
        content = Object(((one, _media(schema, response.source)) for one in media), response.source)
        items.append(("content", content))
    return response.derive(items)


def _header(header: Any) -> Any:
    if not isinstance(header, Object):
        return header
    kept = [(key, value) for key, value in header.items() if key == "description" or key.startswith("x-")]
    return header.derive([*kept, ("schema", _schema(header))])


def _media(schema: Any, place: Source) -> Object:
    return Object([("schema", schema)], place)


def _scheme(scheme: Any) -> Any:
    if not isinstance(scheme, Object):
        return scheme
    if scheme.get("type") == "basic":
        return scheme.derive([("type", "http"), ("scheme", "basic"), *scheme.without("type").items()])
    if scheme.get("type") != "oauth2":
        return scheme
    urls = [(key, scheme[key]) for key in ("authorizationUrl", "tokenUrl") if key in scheme]
    scopes = scheme["scopes"] if isinstance(scheme.get("scopes"), Object) else Object(source=scheme.source)
    flow = Object([*urls, ("scopes", scopes)], scheme.source)
    flows = Object([(_FLOWS.get(str(scheme.get("flow")), "implicit"), flow)], scheme.source)
    rest: Object = scheme.without("flow", "authorizationUrl", "tokenUrl", "scopes")
    return rest.derive([*rest.items(), ("flows", flows)])


def _targets(parameters: Any, document: Object) -> list[tuple[Any, Any]]:
    """Parameters, and what each is or refers to."""
    return [(one, _target(one, document)) for one in (parameters if isinstance(parameters, Array) else ())]


def _target(parameter: Any, document: Object) -> Any:
    ref = parameter.get("$ref") if isinstance(parameter, Object) else None
    if not isinstance(ref, str) or not ref.startswith("#/components/parameters/"):
        return parameter
    try:
        return follow(document, "/" + ref.removeprefix("#/components/"))
    except LookupError:
        return parameter


def _in(parameter: Any) -> str:
    return str(parameter.get("in")) if isinstance(parameter, Object) else ""


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, Array) else []


def _map(value: Object, change: Callable[[Any], Any]) -> Object:
    """The mapping with every value changed; extensions stay, None is left out."""
    changed = ((key, child if key.startswith("x-") else change(child)) for key, child in value.items())
    return value.derive((key, child) for key, child in changed if child is not None)


def _marks(document: Object) -> dict[str, Any]:
    names = {**_SECTIONS, "securityDefinitions": "securitySchemes"}
    return {section: document.marks[key] for key, section in names.items() if key in document.marks}
