"""Parameters, bodies and answers that stand in the wrong place, or as Swagger 2.0 wrote them."""

from __future__ import annotations

from typing import Any

from ..document.pointer import follow
from ..document.problems import Source
from ..document.tree import Array, Mark, Object
from .mistakes import Slips

_OF_SCHEMAS = (
    *("type", "format", "items", "enum", "default", "pattern", "minimum", "maximum", "minLength", "maxLength"),
    *("minItems", "maxItems", "uniqueItems", "nullable", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
_LOCATIONS = ("path", "query", "header", "cookie")
_COLLECTIONS: dict[str, list[tuple[str, Any]]] = {
    "csv": [("style", "form"), ("explode", False)],
    "ssv": [("style", "spaceDelimited"), ("explode", False)],
    "pipes": [("style", "pipeDelimited"), ("explode", False)],
    "multi": [("style", "form"), ("explode", True)],
}
"""Swagger's `collectionFormat` in the words of OpenAPI 3."""


def mend_parameter(parameter: Object, slips: Slips) -> Object:
    """The name and the place without blanks, and a schema of the parameter's own keywords where it has none."""
    items = dict(parameter)
    name, location = items.get("name"), items.get("in")
    if isinstance(name, str) and name.strip() and name != name.strip() == name.strip(" "):
        slips.mended(parameter.where("name"), f"the name {name!r} is read as {name.strip()!r}")
        items["name"] = name.strip()
    if isinstance(location, str) and location not in _LOCATIONS and location.strip().lower() in _LOCATIONS:
        slips.mended(parameter.where("in"), f"`in: {location!r}` is read as {location.strip().lower()}")
        items["in"] = location.strip().lower()
    if "schema" in items or "content" in items or "$ref" in items or "type" not in items:
        return parameter.derive(items.items())
    message = "the parameter's type stands beside its name, as in Swagger 2.0; read as its schema"
    slips.mended(parameter.where("type"), message)
    schema = parameter.derive((key, items.pop(key)) for key in _OF_SCHEMAS if key in items)
    format_ = items.pop("collectionFormat", None)
    style = _COLLECTIONS.get(format_, []) if isinstance(format_, str) and items.get("in") == "query" else []
    return parameter.derive([*items.items(), ("schema", schema), *style])


def misplaced_content(holder: Object, slips: Slips) -> Object:
    """Media types that stand beside an empty `content`, and not in it: one indentation is missing."""
    if holder.get("content") is not None:
        return holder
    media = [key for key, value in holder.items() if "/" in key and isinstance(value, Object) and "schema" in value]
    if not media:
        return holder
    for key in media:
        slips.mended(holder.where(key), f"{key} stands beside `content`; read as if it stood in it", "indent it")
    content = holder.derive((key, holder[key]) for key in media)
    return holder.derive([*holder.without("content", *media).items(), ("content", content)])


def named_content(content: Object, slips: Slips) -> Object:
    """Content whose media types have names: a nameless one is any type, or nothing where there are others."""
    blank = [name for name in content if not name.strip()]
    for name in blank:
        if len(content) > 1:
            slips.mended(content.where(name), f"the media type {name!r} is left out, as there are others")
            content = content.without(name)
        else:
            slips.mended(content.where(name), f"the media type {name!r} is read as '*/*'")
            content.marks["*/*"] = content.marks.get(name) or Mark(content.source.file, content.source.line)
            content = content.derive([("*/*", content[name])])
    return content


def schema_as_content(response: Object, slips: Slips) -> Object:
    """`schema` directly in an answer is JSON; and a `description` that is missing is empty."""
    if "$ref" in response:
        return response
    if "schema" in response and "content" not in response:
        slips.mended(response.where("schema"), "the answer's `schema` stands without a media type; read as JSON")
        content = _content("application/json", response["schema"], response.where("schema"))
        response = response.derive([*response.without("schema").items(), ("content", content)])
    if isinstance(response.get("description"), str):
        return response
    return response.derive([*response.without("description").items(), ("description", "")])


def mend_body_parameters(operation: Object, document: Object, slips: Slips) -> Object:
    """Parameters `in: body` and `in: formData` as the operation's request body."""
    parameters = operation.get("parameters")
    if not isinstance(parameters, Array) or operation.get("requestBody"):
        return operation
    seen = [(parameter, _target(parameter, document)) for parameter in parameters]
    bodies = [target for _, target in seen if _placed(target) == "body"]
    fields = [target for _, target in seen if _placed(target) == "formdata"]
    if not bodies and not fields:
        return operation
    where = [i for i, (_, target) in enumerate(seen) if _placed(target) not in ("body", "formdata")]
    rest = Array(
        [parameters[i] for i in where],
        parameters.source,
        [parameters.marks[i] for i in where if i < len(parameters.marks)],
    )
    for target in (*bodies, *fields):
        message = f"`in: {target['in']}` is Swagger 2.0's; the parameter is read as a part of the request body"
        slips.mended(target.where("in"), message, "write a `requestBody`")
    body = _json_body(bodies[0]) if bodies else _form_body(fields, operation.source)
    return operation.derive([*operation.without("parameters").items(), ("parameters", rest), ("requestBody", body)])


def _json_body(parameter: Object) -> Object:
    schema = parameter.get("schema", Object(source=parameter.source))
    items: list[tuple[str, Any]] = [("content", _content("application/json", schema, parameter.source))]
    items += [(key, parameter[key]) for key in ("description", "required") if key in parameter]
    return parameter.derive(items)


def _form_body(fields: list[Object], place: Source) -> Object:
    files = any(field.get("type") == "file" for field in fields)
    properties = Object(source=place)
    for field in (field for field in fields if isinstance(field.get("name"), str)):
        keywords = [(k, v) for k, v in field.items() if k in (*_OF_SCHEMAS, "description")]
        properties[field["name"]] = field["schema"] if "schema" in field else field.derive(keywords)
    required = Array((field["name"] for field in fields if field.get("required") is True and "name" in field), place)
    schema = Object([("type", "object"), ("properties", properties), ("required", required)], place)
    media = "multipart/form-data" if files else "application/x-www-form-urlencoded"
    return Object([("content", _content(media, schema, place)), ("required", bool(required))], place)


def _content(media: str, schema: Any, place: Source) -> Object:
    return Object([(media, Object([("schema", schema)], place))], place)


def _target(parameter: Any, document: Object) -> Any:
    ref = parameter.get("$ref") if isinstance(parameter, Object) else None
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return parameter
    try:
        return follow(document, ref[1:])
    except LookupError:
        return parameter


def _placed(parameter: Any) -> str:
    return str(parameter.get("in")).strip().lower() if isinstance(parameter, Object) else ""
