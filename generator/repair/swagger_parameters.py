"""Parameters of Swagger 2.0 in the terms of OpenAPI 3: a parameter's own keywords are a schema, bodies are apart.

Documents of OpenAPI 3 in which such parameters are left over are repaired with the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..document.problems import Source
from ..document.tree import Array, Object

_NOT_OF_SCHEMAS = ("name", "in", "description", "required", "allowEmptyValue", "collectionFormat")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
COLLECTION_STYLES: Mapping[str, Mapping[str, Any]] = {
    "csv": {"explode": False},
    "multi": {"explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "tsv": {"style": "tabDelimited"},  # OpenAPI 3 has none: reported like every unknown style
}
"""`collectionFormat` of a query parameter or form field in the keywords of OpenAPI 3."""


def collection_style(parameter: Object) -> Mapping[str, Any]:
    """How the items of a list are written one after the other; Swagger's default is csv."""
    if parameter.get("type") != "array":
        return {}
    return COLLECTION_STYLES.get(str(parameter.get("collectionFormat", "csv")), {})


def parameter_schema(holder: Object) -> Object:
    """The schema that a parameter or a header of Swagger 2.0 is at once."""
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
    return parameter.derive({**body, "content": content(consumes or ["application/json"], schema, parameter.source)})


def form_body(fields: Sequence[Object], consumes: Iterable[str], source: Source) -> Object:
    """The request body that parameters `in: formData` are together, of those media types that can hold them."""
    fields = [field for field in fields if isinstance(field.get("name"), str)]
    has_files = any(field.get("type") == "file" for field in fields)
    media = [type_ for type_ in consumes if type_.partition(";")[0].strip().lower() in _FORMS[has_files:]]
    required = [field["name"] for field in fields if field.get("required") is True]
    schema = Object({"type": "object", "properties": Object(_properties(fields), source)}, source)
    if required:
        schema["required"] = Array(required, source)
    styles = {field["name"]: collection_style(field) for field in fields}
    encoding = Object(((name, Object(style, source)) for name, style in styles.items() if style), source)
    beside = {"encoding": encoding} if encoding else {}
    body = content(media or [_FORMS[has_files]], schema, source, **beside)
    return Object({"content": body, "required": bool(required)}, source)


def _properties(fields: Iterable[Object]) -> dict[str, Any]:
    return {field["name"]: field["schema"] if "schema" in field else _property(field) for field in fields}


def _property(field: Object) -> Object:
    description = {key: value for key, value in field.items() if key == "description"}
    schema = parameter_schema(field)
    return schema.derive({**description, **schema})


def content(media_types: Iterable[str], schema: Any, source: Source, **beside: Any) -> Object:
    """`content` with the same schema for each media type, and what stands beside it."""
    return Object(((media, Object({"schema": schema, **beside}, source)) for media in media_types), source)
