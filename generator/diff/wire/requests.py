"""The parameters and the request body of an operation in two versions: what clients send, and what servers accept.

A body of several media types is compared in each that clients can send: the first by default, any other on request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from operator import attrgetter

from ...ir.model import Body, Encoding, Field, Media, Model, Operation, Parameter
from ...ir.types import ANY, Type
from ...python.bodies import RequestMedia, request_media
from ..finding import Finding
from ..pairing.items import by_key
from ..styles import field_style, parameter_style, structures
from .values.context import Classes, Context, class_of
from .values.json_types import in_words, members
from .values.pairs import Serialization, Value, ValuePair, compare_required
from .values.types import compare_types

_SERIALIZATIONS: dict[str, Serialization] = {
    "json": "json",
    "lines": "json",
    "form": "text",
    "multipart": "parts",
    "text": "text",
    "base64": "text",
}
"""How values are written, by the core's name for an encoding. Bytes are not compared."""


# Parameters


def compare_parameters(context: Context, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the parameters of an operation."""
    for name, old_parameter, new_parameter in by_key(_parameters(old), _parameters(new)):
        place = f"parameter {name}"
        if old_parameter and new_parameter:
            yield from _compare_parameter(context, place, old_parameter, new_parameter)
        elif old_parameter:
            words = in_words(old_parameter.type, context.old)
            yield Finding("request-parameter-removed", place, words, "", old_parameter.source, new.source)
        elif new_parameter:
            required = new_parameter.required
            rule = "new-required-request-parameter" if required else "new-optional-request-parameter"
            words = in_words(new_parameter.type, context.new)
            yield Finding(rule, place, "", words, old.source, new_parameter.source)


def _parameters(operation: Operation) -> dict[str, Parameter]:
    """The parameters by what identifies them in a request: location and name, or position for a path parameter."""
    expressions = re.findall(r"\{([^{}]+)\}", operation.path)
    parameters = {}
    for parameter in operation.parameters:
        match parameter.location:
            case "path":
                name = str(expressions.index(parameter.wire) + 1)
            case "header":
                name = parameter.wire.lower()
            case _:
                name = parameter.wire
        parameters[f"{parameter.location} {name}"] = parameter
    return parameters


def _compare_parameter(context: Context, place: str, old: Parameter, new: Parameter) -> Iterator[Finding]:
    before, after = Value.of_parameter(old, context.old), Value.of_parameter(new, context.new)
    pair = ValuePair("parameter", place, before, after, "text")
    rules = "request-parameter-became-required", "request-parameter-became-optional"
    yield from compare_required(*rules, place, old, new)
    yield from _compare_style(context, pair, old, new)
    if old.allow_reserved != new.allow_reserved:
        words = ("as they are", "escaped") if old.allow_reserved else ("escaped", "as they are")
        yield pair.finding("request-parameter-reserved-characters-changed", *words)
    if old.allow_empty != new.allow_empty:
        rule = "request-parameter-empty-value-allowed" if new.allow_empty else "request-parameter-empty-value-refused"
        yield pair.finding(rule, "", "")
    if "json" in old.media_type and "json" in new.media_type:
        pair = ValuePair("request", place, before, after)  # written as JSON, as a body is
    yield from compare_types(context, pair)


def _compare_style(context: Context, pair: ValuePair, old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The finding about how a parameter is written, where that does not follow from a change of its type."""
    before, after = parameter_style(old, context.old_enums), parameter_style(new, context.new_enums)
    type_changed = structures(old.type, context.old_enums) != structures(new.type, context.new_enums)
    if before != after and (not type_changed or old.media_type or new.media_type):
        yield pair.finding("request-parameter-style-changed", before or "as text", after or "as text")


# Bodies


def compare_bodies(context: Context, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the request body of an operation."""
    if old.body and new.body:
        rules = "request-body-became-required", "request-body-became-optional"
        yield from compare_required(*rules, "body", old.body, new.body)
        sendable = request_media(old, context.old_enums)
        yield from _compare_media_types(sendable, old.body, new.body)
        yield from _compare_content(context, sendable, new.body)
    elif old.body:
        yield Finding("request-body-removed", "body", _media_types(old.body), "", old.body.source, new.source)
    elif new.body:
        rule = "request-body-added-required" if new.body.required else "request-body-added-optional"
        yield Finding(rule, "body", "", _media_types(new.body), old.source, new.body.source)


def _compare_media_types(sendable: Iterable[RequestMedia], old: Body, new: Body) -> Iterator[Finding]:
    """The findings about the media types of a body: of those that clients can send, and of the others."""
    names_sent = {request.media: request.base_name for request in sendable}
    for media in sorted(old.content, key=attrgetter("base_name")):
        name = names_sent.get(media, media.base_name)
        if _accepting(new.content, name) is None:
            rule = "request-body-media-type-removed" if media in names_sent else "alternative-media-type-removed"
            yield Finding(rule, "body", name, _media_types(new), media.source, new.source)
    for media in sorted(new.content, key=attrgetter("base_name")):
        if _accepting(old.content, media.base_name) is None:
            yield Finding("request-body-media-type-added", "body", "", media.base_name, old.source, media.source)


def _compare_content(context: Context, sendable: list[RequestMedia], new: Body) -> Iterator[Finding]:
    """The findings about the values that clients send in each media type; the same types are compared once."""
    compared: set[tuple[Type | None, Type | None, Serialization]] = set()
    for request in sendable:
        old_media = request.media
        new_media = _accepting(new.content, request.base_name, old_media.media_type)
        serialization = _SERIALIZATIONS.get(request.encode)
        if new_media is None or serialization is None:
            continue
        root = "body" if request is sendable[0] else f"body {request.base_name}"
        types = old_media.type, new_media.type, serialization
        if types not in compared:
            compared.add(types)
            before = Value.of_type(old_media.type or ANY, old_media.source, context.old)
            after = Value.of_type(new_media.type or ANY, new_media.source, context.new)
            yield from compare_types(context, ValuePair("request", root, before, after, serialization))
        if request.encode in ("form", "multipart"):
            is_multipart = request.encode == "multipart"
            yield from _compare_encodings(context, root, old_media, new_media, multipart=is_multipart)


def _accepting(content: Iterable[Media], name: str, media_type: str = "") -> Media | None:
    """The media type of this name, or a range such as `application/*` that includes it; None where neither exists.

    Of several of one name it is the one that equals `media_type` with its parameters.
    """
    by_name = {media.base_name: media for media in sorted(content, key=lambda media: media.media_type == media_type)}
    return by_name.get(name) or by_name.get(f"{name.partition('/')[0]}/*") or by_name.get("*/*")


def _media_types(body: Body) -> str:
    return ", ".join(sorted(media.base_name for media in body.content))


# The fields of form and multipart bodies (OpenAPI 3.1, section 4.8.15)


def _compare_encodings(context: Context, root: str, old: Media, new: Media, *, multipart: bool) -> Iterator[Finding]:
    """The findings about how fields are written that both versions have, where either has an `encoding` for them."""
    old_encodings, new_encodings = _encodings(old), _encodings(new)
    for name, old_field, new_field in by_key(_fields(old, context.old), _fields(new, context.new)):
        if not (old_field and new_field) or name not in old_encodings.keys() | new_encodings.keys():
            continue
        old_encoding, new_encoding = old_encodings.get(name, Encoding(name)), new_encodings.get(name, Encoding(name))
        before = field_style(old_field.type, context.old_enums, old_encoding, multipart=multipart)
        after = field_style(new_field.type, context.new_enums, new_encoding, multipart=multipart)
        if before != after:
            rule = "request-part-encoding-changed"
            if (before, after) == (f"as {old_encoding.media_type}", f"as {new_encoding.media_type}"):
                is_accepted = _accepts(new_encoding, old_encoding)
                rule = "request-part-media-type-added" if is_accepted else "request-part-media-type-removed"
            yield Finding(rule, f"{root} /{name}", before, after, old.source, new.source)


def _encodings(media: Media) -> Mapping[str, Encoding]:
    return {encoding.wire: encoding for encoding in media.encodings}


def _fields(media: Media, classes: Classes) -> dict[str, Field]:
    """The fields that a body can have, by name."""
    types = members(media.type, classes) if media.type else ()
    models = [class_of(type_, classes) for type_ in types]
    return {field.wire: field for model in models if isinstance(model, Model) for field in model.fields}


def _accepts(new: Encoding, old: Encoding) -> bool:
    """Whether the new encoding names each media type of the old one, or a range that includes it."""
    return all(any(fnmatchcase(name, accepted) for accepted in _content_types(new)) for name in _content_types(old))


def _content_types(encoding: Encoding) -> list[str]:
    """The media types of a `contentType`."""
    return [name.strip().lower() for name in encoding.media_type.split(",") if name.strip()]
