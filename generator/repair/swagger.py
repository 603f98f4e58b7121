"""Swagger 2.0 -> OpenAPI 3.0.3, with the source of every value (https://swagger.io/specification/v2/).

Everything in Swagger 2.0 has an equal in OpenAPI 3.0: bodies move out of the parameters, types into schemas, media
types to where they are used, what is shared into `components`. What is not OpenAPI afterwards is reported as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..document.lookup import Lookup, Target, is_reference
from ..document.media_types import base_name
from ..document.operations import METHODS
from ..document.pointer import dereference, split
from ..document.problems import Source
from ..document.schemas import ORIGIN, origin_of, with_origin
from ..document.tree import Array, Object
from .bundle import with_origin_in_file
from .fields import SCHEMA, ListOf, MapOf, Shape
from .references import References

_SECTIONS = {
    "definitions": "schemas",
    "parameters": "parameters",
    "responses": "responses",
    "securityDefinitions": "securitySchemes",
}
"""Root fields, and the sections of `components` that they become."""
_MOVED = ("swagger", "host", "basePath", "schemes", "consumes", "produces", *_SECTIONS)
_NAME_MAPS = ("properties", "definitions", "parameters", "responses", "paths", "headers")
"""Fields whose keys are names, and not keywords."""
_DATA = ("example", "examples", "default", "enum", "x-example")
_IN_BODY = ("body", "formData")
_PARAMETER_FIELDS = ("name", "in", "description", "required", "allowEmptyValue")
_NOT_OF_SCHEMAS = ("name", "in", "description", "required", "allowEmptyValue", "collectionFormat")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_COLLECTION_STYLES: Mapping[str, Mapping[str, Any]] = {
    "csv": {"explode": False},
    "multi": {"explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "tsv": {"style": "tabDelimited"},  # OpenAPI 3 has none: reported like every unknown style
}
"""`collectionFormat` of a query parameter or form field in the keywords of OpenAPI 3."""
_FLOWS = {"implicit": "implicit", "password": "password", "application": "clientCredentials"}
_FLOWS |= {"accessCode": "authorizationCode"}
_FLOWS |= {name: name for name in _FLOWS.values()}
"""The names of flows in OpenAPI 3; those have no other meaning in Swagger 2.0."""
_SHAPES: Mapping[str, Mapping[str, Shape]] = {
    "document": {
        "paths": MapOf("pathItem"),
        "definitions": MapOf(SCHEMA),
        "parameters": MapOf("parameter"),
        "responses": MapOf("response"),
        "securityDefinitions": MapOf("securityScheme"),
    },
    "pathItem": {"parameters": ListOf("parameter"), **dict.fromkeys(METHODS, "operation")},
    "operation": {"parameters": ListOf("parameter"), "responses": MapOf("response")},
    "response": {"headers": MapOf("header")},
}
"""The fields of Swagger's objects in which references can be, other than those of schemas."""
_REFERABLE = ("pathItem", "parameter", "response", SCHEMA)


def convert(document: Object, references: References) -> Object:
    """The document as OpenAPI 3.0.3; what it refers to in other files is converted, too."""
    lookup = references.lookup
    document = document.without("$ref")  # as that of OpenAPI 3, the root is not a reference
    document = _rewrite_keywords(_write_out(document, "document", references), lookup)
    lookup.read_swagger(document, _SECTIONS, lambda root: _rewrite_keywords(root, lookup))
    converted = {"openapi": "3.0.3", **{key: value for key, value in document.items() if key not in _MOVED}}
    if servers := _servers(document):
        converted["servers"] = servers
    marks = {section: document.mark(key) for key, section in _SECTIONS.items() if key in document}
    converted["components"] = Object(_components(document), document.source, marks)
    paths = document.get("paths")
    if isinstance(paths, Object):
        items = _objects_in(paths)
        converted["paths"] = paths.derive(
            {**paths, **{path: _path_item(path, items[path], document) for path in items}}
        )
    lookup.use(document.derive(converted))
    return lookup.document


def _write_out(value: Any, shape: Shape | None, references: References) -> Any:
    """A value in which the contents of other files replace all references to them, except those to schemas."""
    if is_reference(value):
        if shape is None or shape == SCHEMA or (shape in _REFERABLE and not _leads_elsewhere(value, references.lookup)):
            return value
        with references.replacement(value, "", is_mistake=shape not in _REFERABLE) as target:
            shape = ListOf(shape) if isinstance(target, Array) and isinstance(shape, str) else shape
            written_out = None if target is None else _write_out(target, shape, references)
            return with_origin_in_file(written_out, str(shape))
    if isinstance(shape, ListOf) and isinstance(value, Array):
        items = [_write_out(item, shape.type, references) for item in value]
        lists = [item if isinstance(item, Array) else [item] for item in items]
        return Array((item for items in lists for item in items if item is not None), value.source)
    if not isinstance(value, Object):
        return value
    fields = dict.fromkeys(value, shape.type) if isinstance(shape, MapOf) else _SHAPES.get(str(shape), {})
    written_out = ((key, _write_out(child, fields.get(key), references)) for key, child in value.items())
    return value.derive((key, child) for key, child in written_out if child is not None)


def _leads_elsewhere(holder: Object, lookup: Lookup) -> bool:
    """Whether a reference leads to another file, or stands in one. One that leads nowhere is reported later on."""
    is_local = lookup.file_of(holder) is None and holder["$ref"].startswith("#")
    return not is_local and isinstance(lookup.locate(holder), Target)


def _rewrite_keywords(value: Any, lookup: Lookup, key: str = "") -> Any:
    """The value with references, `nullable` and discriminators as in OpenAPI 3."""
    if isinstance(value, Array):
        return value.derive([_rewrite_keywords(child, lookup) for child in value])
    if not isinstance(value, Object):
        return value
    if key in _NAME_MAPS:
        return value.derive((name, _rewrite_keywords(child, lookup)) for name, child in value.items())
    return value.derive(_rewrite_keyword(value, name, child, lookup) for name, child in value.items())


def _rewrite_keyword(holder: Object, name: str, value: Any, lookup: Lookup) -> tuple[str, Any]:
    if name == "$ref" and isinstance(value, str):
        return name, value if lookup.file_of(holder) else _rewrite_reference(value)
    if name == "x-nullable":
        return "nullable", value
    if name == "discriminator" and isinstance(value, str):
        return name, Object({"propertyName": value}, holder.where(name))
    return name, value if name in _DATA else _rewrite_keywords(value, lookup, name)


def _rewrite_reference(reference: str) -> str:
    file, _, pointer = reference.partition("#/")
    section, _, name = pointer.partition("/")
    return reference if file or section not in _SECTIONS else f"#/components/{_SECTIONS[section]}/{name}"


def _components(document: Object) -> Iterator[tuple[str, Any]]:
    produces = _texts(document.get("produces"))
    changes: dict[str, Callable[[Object], Any]] = {
        "definitions": lambda schema: schema,
        "parameters": lambda parameter: None if _location(parameter) in _IN_BODY else _parameter(parameter),
        "responses": lambda response: _response(response, produces),
        "securityDefinitions": security_scheme,
    }
    for key, change in changes.items():
        if isinstance(document.get(key), Object):
            yield _SECTIONS[key], _map_objects(document[key], change)


def _servers(document: Object) -> Array | None:
    host, path = document.get("host"), document.get("basePath")
    path = path.rstrip("/") if isinstance(path, str) else ""
    if not isinstance(host, str) or not host:
        urls = [path] if path else []
    else:
        schemes = [scheme for scheme in _texts(document.get("schemes")) if scheme in ("https", "http")]
        urls = [f"{scheme}://{host}{path}" for scheme in sorted(schemes or ["https"], reverse=True)]
    source = document.where("host" if "host" in document else "basePath")
    return Array([Object({"url": url}, source) for url in urls], source) if urls else None


# Operations


def _path_item(path: str, item: Object, document: Object) -> Object:
    parameters = item.get("parameters")
    in_body = [target for target in _targets(parameters, document) if _location(target) in _IN_BODY]
    in_body = [with_origin(parameter, "paths", path, "parameters", "") for parameter in in_body]
    operations = {key: _operation(item[key], in_body, document) for key in METHODS if isinstance(item.get(key), Object)}
    converted = {**item, **operations}
    if "parameters" in item:
        converted["parameters"] = _parameters(parameters, document)
    return item.derive(converted)


def _operation(operation: Object, common: list[Any], document: Object) -> Object:
    """An operation; `common` are the parameters of its path that belong into its body."""
    consumes = _texts(operation.get("consumes", document.get("consumes")))
    produces = _texts(operation.get("produces", document.get("produces")))
    converted = {**operation.without("consumes", "produces", "schemes")}
    if isinstance(operation.get("parameters"), Array):
        converted["parameters"] = _parameters(operation["parameters"], document)
    if isinstance(operation.get("responses"), Object):
        converted["responses"] = _map_objects(operation["responses"], lambda response: _response(response, produces))
    own = _targets(operation.get("parameters"), document)
    bodies = [target for target in (*own, *common) if _location(target) == "body"]
    fields = {t["name"]: t for t in (*common, *own) if _location(t) == "formData" and isinstance(t.get("name"), str)}
    if bodies:
        converted["requestBody"] = json_body(bodies[0], consumes)
    elif fields:
        converted["requestBody"] = form_body([*fields.values()], consumes, operation.source)
    return operation.derive(converted)


def _parameters(parameters: Any, document: Object) -> Array:
    """The parameters that do not belong into the body."""
    if not isinstance(parameters, Array):
        return Array()
    targets = zip(parameters, _targets(parameters, document), strict=True)
    others = [parameter for parameter, target in targets if _location(target) not in _IN_BODY]
    return Array((_parameter(p) if _is_written_out(p) else p for p in others), parameters.source)


def _parameter(parameter: Object) -> Object:
    fields = {key: value for key, value in parameter.items() if key in _PARAMETER_FIELDS or key.startswith("x-")}
    style = collection_style(parameter)
    if _location(parameter) != "query" and "style" not in style:  # lists in paths and headers have commas
        style = {}
    return parameter.derive({**fields, "schema": parameter_schema(parameter), **style})


def _response(response: Object, produces: list[str]) -> Object:
    converted = {**response.without("schema", "examples")}
    if isinstance(response.get("headers"), Object):
        converted["headers"] = _map_objects(response["headers"], _header)
    if "schema" in response:
        schema = response["schema"]
        is_file = isinstance(schema, Object) and schema.get("type") == "file"
        media = produces or ["application/octet-stream" if is_file else "application/json"]
        schema = file_as_binary(schema) if isinstance(schema, Object) else schema
        converted["content"] = content_of(media, schema, response.source)
    return response.derive(converted)


def _header(header: Object) -> Object:
    fields = {key: value for key, value in header.items() if key == "description" or key.startswith("x-")}
    return header.derive({**fields, "schema": parameter_schema(header)})


def security_scheme(scheme: Object) -> Object:
    """A security scheme of Swagger 2.0 as one of OpenAPI 3."""
    if scheme.get("type") == "basic":
        return scheme.derive({"type": "http", "scheme": "basic", **scheme.without("type")})
    if scheme.get("type") != "oauth2":
        return scheme
    flow = Object(((key, scheme[key]) for key in ("authorizationUrl", "tokenUrl") if key in scheme), scheme.source)
    scopes = scheme.get("scopes")
    flow["scopes"] = scopes if isinstance(scopes, Object) else Object(source=scheme.source)
    flows = Object({_FLOWS.get(str(scheme.get("flow")), "implicit"): flow}, scheme.source)
    return scheme.derive({**scheme.without("flow", "authorizationUrl", "tokenUrl", "scopes"), "flows": flows})


# Parameters and bodies; documents of OpenAPI 3 in which Swagger's are left over are repaired with the same functions


def collection_style(parameter: Object) -> Mapping[str, Any]:
    """The style of a list parameter or field; Swagger's default is csv."""
    if parameter.get("type") != "array":
        return {}
    return _COLLECTION_STYLES.get(str(parameter.get("collectionFormat", "csv")), {})


def parameter_schema(holder: Object) -> Object:
    """The schema whose keywords a parameter or a header of Swagger 2.0 has beside its own."""
    schema = holder.derive((k, v) for k, v in holder.items() if k not in _NOT_OF_SCHEMAS and not k.startswith("x-"))
    items = schema.get("items")
    if isinstance(items, Object):
        schema = schema.replacing("items", parameter_schema(items))
    return file_as_binary(schema)


def file_as_binary(schema: Object) -> Object:
    """A schema in which the type `file` is binary text."""
    if schema.get("type") != "file":
        return schema
    return schema.derive({"type": "string", "format": "binary", **schema.without("type", "format")})


def json_body(parameter: Object, consumes: Iterable[str]) -> Object:
    """The request body that a parameter `in: body` is; `consumes` are its media types, JSON when there are none."""
    schema: Any = parameter.get("schema", Object(source=parameter.source))
    body = {key: value for key, value in parameter.items() if key in ("description", "required")}
    match origin_of(parameter):
        case ("parameter", name):
            body[ORIGIN] = ("body", name)
        case (kind, path, *_):
            body[ORIGIN] = (kind, path, "body")
    return parameter.derive({**body, "content": content_of(consumes or ["application/json"], schema, parameter.source)})


def form_body(fields: Sequence[Object], consumes: Iterable[str], source: Source) -> Object:
    """The request body that parameters `in: formData` form together, of the media types that allow forms."""
    fields = [field for field in fields if isinstance(field.get("name"), str)]
    has_files = any(field.get("type") == "file" for field in fields)
    media = [type_ for type_ in consumes if base_name(type_) in _FORMS[has_files:]]
    required = [field["name"] for field in fields if field.get("required") is True]
    schema = Object({"type": "object", "properties": Object(_properties(fields), source)}, source)
    if required:
        schema["required"] = Array(required, source)
    styles = {field["name"]: collection_style(field) for field in fields}
    encoding = Object(((name, Object(style, source)) for name, style in styles.items() if style), source)
    beside = {"encoding": encoding} if encoding else {}
    body = content_of(media or [_FORMS[has_files]], schema, source, **beside)
    return Object({"content": body, "required": bool(required)}, source)


def _properties(fields: Iterable[Object]) -> dict[str, Any]:
    return {field["name"]: field["schema"] if "schema" in field else _property(field) for field in fields}


def _property(field: Object) -> Object:
    annotations = {key: value for key, value in field.items() if key in ("description", ORIGIN)}
    schema = parameter_schema(field)
    return schema.derive({**annotations, **schema})


def content_of(media_types: Iterable[str], schema: Any, source: Source, **beside: Any) -> Object:
    """`content` with the same schema for each media type, and the fields `beside` it."""
    return Object(((media, Object({"schema": schema, **beside}, source)) for media in media_types), source)


# Reading


def _targets(parameters: Any, document: Object) -> list[Any]:
    """The parameters, with references to shared ones resolved."""
    return [_target(parameter, document) for parameter in parameters] if isinstance(parameters, Array) else []


def _target(parameter: Any, document: Object) -> Any:
    target = dereference(parameter, {"components": {"parameters": document.get("parameters")}})
    is_shared = isinstance(target, Object) and target is not parameter
    return with_origin(target, *split(parameter["$ref"])) if is_shared else target


def _location(parameter: Any) -> str:
    return str(parameter.get("in")) if isinstance(parameter, Object) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, Array) else []


def _is_written_out(value: Any) -> bool:
    return isinstance(value, Object) and "$ref" not in value


def _map_objects(holder: Object, change: Callable[[Object], Object | None]) -> Object:
    """The mapping with every object in it changed, or left out by None; extensions and references stay."""
    changed = {**holder, **{key: change(child) for key, child in _objects_in(holder).items()}}
    return holder.derive((key, child) for key, child in changed.items() if child is not None)


def _objects_in(holder: Object) -> dict[str, Object]:
    """The objects in a mapping that are neither extensions nor references."""
    return {key: child for key, child in holder.items() if _is_written_out(child) and not key.startswith("x-")}
