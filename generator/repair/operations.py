"""Mistakes in parameters, request bodies, responses and security schemes: misplaced fields, those of Swagger 2.0, and
keys that are not a status or a media type.

Each rule takes an object, and the references of the document, and returns the repaired object.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..document.lookup import is_reference
from ..document.media_types import base_name
from ..document.operations import METHODS
from ..document.schemas import EVENTS
from ..document.tree import Array, Object
from .fields import INSTEAD, LOCATIONS, UNKNOWN_CONTENT, substitute
from .mistakes import Mistakes
from .references import References
from .schemas import required_flag
from .swagger import collection_style, content_of, form_body, json_body, parameter_schema, security_scheme

# A media type that nobody registered is sent all the same: the server knows it.
_MEDIA_TYPE = re.compile(
    r"""[^\s,;/]+/[^\s,;]+  \ *(;\ *([^\s,;="]+=("[^"]*"\ *|[^,;"]*))?)*""",  # RFC 9110, sections 8.3.1 and 5.6.6
    re.VERBOSE,
)
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_CORRECT = "correct it by an overlay action"
_SUBTYPES = {"json": "application/json", "xml": "application/xml", "text": "text/plain", "html": "text/html"}
_SUBTYPES |= {"*": UNKNOWN_CONTENT}
"""The media types that are meant by a name without a slash."""
_STATUS = re.compile(r"[1-5]([0-9][0-9]|[xX]{2})|default")
_OF_STREAMS = ("/event-stream", "jsonl", "jsonlines", "ndjson", "json-seq")
"""How media types of streams end."""
_SCHEMA_KEYWORDS = (
    *("type", "format", "items", "enum", "default", "pattern", "minimum", "maximum", "minLength", "maxLength"),
    *("minItems", "maxItems", "uniqueItems", "nullable", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
_SCHEMA_IN_CONTENT = ("type", "properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf", "enum")
"""Keywords that make a schema of what stands in place of a media type."""


def trim_name_and_location(parameter: Object, _: References, mistakes: Mistakes) -> Object:
    """A parameter whose name and location have no blanks around them, and the location no capitals."""
    name, location = parameter.get("name"), parameter.get("in")
    if isinstance(name, str) and name.strip() and name != name.strip() == name.strip(" "):
        mistakes.repaired(parameter.where("name"), f"the name {name!r} is read as {name.strip()!r}")
        parameter = parameter.replacing("name", name.strip())
    if isinstance(location, str) and location not in LOCATIONS and location.strip().lower() in LOCATIONS:
        mistakes.repaired(parameter.where("in"), f"`in: {location!r}` is read as {location.strip().lower()}")
        parameter = parameter.replacing("in", location.strip().lower())
    return parameter


def trim_url(server: Object, _: References, mistakes: Mistakes) -> Object:
    """A server whose URL has no blanks around it. The message does not repeat the URL: it may contain secrets."""
    url = server.get("url")
    if not isinstance(url, str) or url == url.strip():
        return server
    mistakes.repaired(server.where("url"), "the blanks around the server's URL are left out")
    return server.replacing("url", url.strip())


def move_flow(scheme: Object, _: References, mistakes: Mistakes) -> Object:
    """A security scheme in which `flow`, as in Swagger 2.0, is one of its `flows`."""
    if scheme.get("type") != "oauth2" or "flow" not in scheme or "flows" in scheme:
        return scheme
    mistakes.repaired(scheme.where("flow"), "`flow` is Swagger 2.0; read as the only one of `flows`")
    return security_scheme(scheme)


def name_scopes(flow: Object, _: References, mistakes: Mistakes) -> Object:
    """A flow of OAuth 2 whose scopes are a mapping from names to descriptions."""
    scopes, source = flow.get("scopes"), flow.where("scopes")
    if isinstance(scopes, Array) and scopes and all(isinstance(scope, str) for scope in scopes):
        mistakes.repaired(source, "`scopes` must be a mapping; the items of the list are read as its names")
        scopes = Object(dict.fromkeys(scopes, ""), source)
    mapping = None if scopes is None else mistakes.mapping("`scopes`", scopes, source, "left out")
    if mapping is None:
        return flow.without("scopes")
    texts = ((name, text if isinstance(text, str) else "") for name, text in mapping.items())
    return flow.derive({**flow, "scopes": mapping.derive(texts)})


def refer_to_operations(item: Object, references: References, mistakes: Mistakes) -> Object:
    """A path item whose references to operations lead to operations: those to another path item lead to its operation
    of the same method, with the parameters of both."""
    for method in METHODS:
        holder = item.get(method)
        target = references.lookup.locate(holder) if is_reference(holder) else ""
        if is_reference(holder) and not isinstance(target, str) and _is_path_item_with(method, target.value):
            item = item.replacing(method, _in_path_item(holder, method, target.value, references, mistakes))
    return item


def move_type_into_schema(parameter: Object, _: References, mistakes: Mistakes) -> Object:
    """A parameter with a schema of its own keywords where it has none, as Swagger 2.0's."""
    if "type" not in parameter or {"schema", "content", "$ref"} & {*parameter}:
        return parameter
    message = "the parameter's type is beside its name, as in Swagger 2.0; read as its schema"
    mistakes.repaired(parameter.where("type"), message)
    schema = parameter_schema(parameter.derive((k, v) for k, v in parameter.items() if k in _SCHEMA_KEYWORDS))
    is_styled = "collectionFormat" in parameter and parameter.get("in") == "query"
    style = collection_style(parameter) if is_styled else {}
    return parameter.derive({**parameter.without(*schema, "collectionFormat"), "schema": schema, **style})


def move_required(parameter: Object, _: References, mistakes: Mistakes) -> Object:
    """A parameter or header to which a boolean `required` in its schema was moved."""
    schema = parameter.get("schema")
    required = required_flag(schema)
    if required is None or not isinstance(schema, Object):
        return parameter
    message = f"`required: {str(required).lower()}` in the schema of a parameter is read as the parameter's"
    mistakes.repaired(schema.where("required"), message, "move it out of the schema")
    parameter = parameter.replacing("schema", schema.without("required"))
    return parameter if "required" in parameter else parameter.replacing("required", required)


def move_body_parameters(operation: Object, references: References, mistakes: Mistakes) -> Object:
    """An operation whose parameters `in: body` and `in: formData` became its request body, if it has none."""
    parameters = operation.get("parameters")
    if not isinstance(parameters, Array):
        return operation
    targets = [references.lookup.follow(parameter) for parameter in parameters]
    bodies = [target for target in targets if _location(target) == "body"]
    fields = [target for target in targets if _location(target) == "formdata"]
    if not bodies and not fields:
        return operation
    remaining = parameters.selecting(i for i, target in enumerate(targets) if target not in (*bodies, *fields))
    if operation.get("requestBody"):
        for target in (*bodies, *fields):
            message = f"`in: {target['in']}` is from Swagger 2.0, and the operation has a request body"
            mistakes.problems.loss("bad-parameter", target.where("in"), message, INSTEAD["parameter"])
        return operation.replacing("parameters", remaining)
    for target in (*bodies, *fields):
        message = f"`in: {target['in']}` is from Swagger 2.0; the parameter is read as a part of the request body"
        mistakes.repaired(target.where("in"), message, "write a `requestBody`")
    body = json_body(bodies[0], ()) if bodies else form_body(fields, (), operation.source)
    return operation.derive({**operation.without("parameters"), "parameters": remaining, "requestBody": body})


def name_statuses(operation: Object, _: References, mistakes: Mistakes) -> Object:
    """An operation whose responses all have a status as key; if none has, anything can be the response."""
    responses = operation.get("responses")
    if not isinstance(responses, Object) or isinstance(responses.get("$ref"), str):
        return operation
    for name in responses:
        proper = "default" if name.strip().lower() == "default" else name.strip()
        if name.startswith("x-") or _STATUS.fullmatch(name):
            continue
        if _STATUS.fullmatch(proper) and proper not in responses:
            mistakes.repaired(responses.where(name), f"{name!r} is read as {proper!r}")
            responses = responses.renaming({name: proper})
            continue
        hint = "a code such as 404, a range such as 4XX, or default"
        message, instead = f"{name!r} is not a status", "the response is left out"
        mistakes.problems.loss("bad-status", responses.where(name), message, instead, hint)
        responses = responses.without(name)
    if responses is not operation["responses"] and not responses:
        responses = responses.replacing("default", substitute("response", responses.source))
    return operation.replacing("responses", responses)


def move_media_types_into_content(holder: Object, _: References, mistakes: Mistakes) -> Object:
    """A body or response whose media types stand in `content`, not beside an empty one: one indentation was missing."""
    if holder.get("content") is not None:
        return holder
    media = [key for key, value in holder.items() if "/" in key and isinstance(value, Object) and "schema" in value]
    if not media:
        return holder
    for key in media:
        mistakes.repaired(
            holder.where(key),
            f"{key} is beside `content`; read as if it were in `content`",
            "indent it, so that it is in `content`",
        )
    content = holder.derive((key, holder[key]) for key in media)
    return holder.derive({**holder.without("content", *media), "content": content})


def list_items(content: Object, mistakes: Mistakes) -> Object:
    """Content in which the schema of each item of a stream (OpenAPI 3.2, `itemSchema`) is that of a list's items.

    It has none of the extensions in which later stages describe events.
    """

    def media(name: str, value: Any) -> Any:
        if not isinstance(value, Object) or "itemSchema" not in value:
            return value.without(EVENTS) if isinstance(value, Object) else value
        source = value.where("itemSchema")
        value, item = value.without("itemSchema", EVENTS), value["itemSchema"]
        if base_name(name).endswith(_OF_STREAMS):
            return value.replacing("schema", Object({"type": "array", "items": item}, source))
        message = f"`itemSchema` does not count in {name}, which is not a stream"
        mistakes.problems.warning("ignored-keyword", source, message)
        return value

    return content.changed((name, media(name, value)) for name, value in content.items())


def move_schema_into_content(response: Object, _: References, mistakes: Mistakes) -> Object:
    """A response with a description, whose schema is that of JSON where it stood directly in the response."""
    if "$ref" in response:
        return response
    if "schema" in response and "content" not in response:
        source = response.where("schema")
        mistakes.repaired(source, "the response's `schema` has no media type; read as JSON")
        content = content_of(["application/json"], response["schema"], source)
        response = response.derive({**response.without("schema"), "content": content})
    if isinstance(response.get("description"), str):
        return response
    return response.derive({**response.without("description"), "description": ""})


def move_keywords_into_schema(media: Any, references: References, mistakes: Mistakes) -> Any:
    """A media type with a schema where a schema, or a reference to one, stood in its place."""
    target = references.lookup.follow(media)
    if not isinstance(target, Object) or "schema" in target or not {*_SCHEMA_IN_CONTENT} & {*target}:
        return media
    mistakes.repaired(media.source, "a schema stands in place of the media type; read as its `schema`")
    return Object({"schema": media}, media.source)


def name_received_media_types(holder: Object, _: References, mistakes: Mistakes) -> Object:
    """A response or header whose content has media types as keys. What is only received is a warning in any case."""
    content = holder.get("content")
    if not isinstance(content, Object) or "$ref" in content:
        return holder
    return holder.replacing("content", name_media_types(content, mistakes, is_sent=False))


def name_media_types(content: Object, mistakes: Mistakes, *, is_sent: bool = True) -> Object:
    """Content whose keys are media types. Another key is left out if there are media types beside it; else it is read
    as the first media type that it contains, or as any."""
    content = _with_repaired_names(content, mistakes)
    unreadable = [name for name in content if not is_media_type(name)]
    readable = len(content) - len(unreadable)
    for name in unreadable:
        if readable:
            instead, corrected = "left out, as there are others", content.without(name)
        else:
            parts = [part.strip() for part in name.split(",")]
            words = re.split(r"[\s,;:|]+", name)
            media_type = next(filter(is_media_type, [*parts, *words]), UNKNOWN_CONTENT)
            instead, corrected = f"read as {media_type!r}", content.renaming({name: media_type})
            readable = 1
        message = f"{name!r} is not a media type (RFC 9110, section 8.3.1)"
        mistakes.problems.loss("bad-media-type", content.where(name), message, instead, _CORRECT, is_slight=not is_sent)
        content = corrected
    return content


def check_part(encoding: Object, _: References, mistakes: Mistakes) -> Object:
    """The encoding of a part of a form, without a `contentType` that cannot be written in a header."""
    media_types = encoding.get("contentType")
    if not isinstance(media_types, str) or _PRINTABLE.fullmatch(media_types):
        return encoding
    message = f"{media_types!r} is not a media type (RFC 9110, section 8.3.1)"
    mistakes.problems.loss("bad-media-type", encoding.where("contentType"), message, "left out", _CORRECT)
    return encoding.without("contentType")


@lru_cache(maxsize=1_000)
def is_media_type(name: str) -> bool:
    """Whether a header can hold this as a media type, with its parameters if it has any."""
    return bool(_MEDIA_TYPE.fullmatch(name) and _PRINTABLE.fullmatch(name))


def _with_repaired_names(content: Object, mistakes: Mistakes) -> Object:
    """Content whose media types have no blanks around them, and are complete where only a subtype is given. An empty
    key means any media type, or is left out if there are others."""
    for name in [*content]:
        trimmed = name.strip().rstrip("; ")
        proper = _SUBTYPES.get(trimmed.lower(), trimmed)
        if not proper and len(content) > 1:
            mistakes.repaired(content.where(name), f"the media type {name!r} is left out, as there are others")
            content = content.without(name)
        elif not proper or (proper != name and proper not in content):
            proper = proper or UNKNOWN_CONTENT
            mistakes.repaired(content.where(name), f"the media type {name!r} is read as {proper!r}")
            content = content.renaming({name: proper})
    return content


def _is_path_item_with(method: str, value: Any) -> bool:
    return isinstance(value, Object) and "responses" not in value and isinstance(value.get(method), Object)


def _in_path_item(holder: Object, method: str, item: Object, references: References, mistakes: Mistakes) -> Object:
    """A reference to the operation of a path item, for one to the item itself."""
    file, _, fragment = holder["$ref"].strip().partition("#")
    if fragment and not fragment.startswith("/"):
        return holder
    message = f"a path item stands in place of an operation; its `{method}` is read"
    mistakes.repaired(holder.where("$ref"), message)
    holder = holder.replacing("$ref", f"{file}#{fragment}/{method}")
    common, own = item.get("parameters"), references.lookup.follow(item[method]).get("parameters")
    if not isinstance(common, Array) or "parameters" in holder:
        return holder
    return holder.replacing("parameters", Array([*common, *(own if isinstance(own, Array) else ())], common.source))


def _location(parameter: Any) -> str:
    return str(parameter.get("in")).strip().lower() if isinstance(parameter, Object) else ""
