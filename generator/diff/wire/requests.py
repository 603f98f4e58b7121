"""What clients of the old version send, and what servers of the new one take: parameters and bodies.

Of a body, clients send the first media type unless they are told otherwise, and every other one when they are.
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
from ..forms import field_form, has_lists, has_objects, parameter_form
from ..pairing import by_key
from .context import Classes, Context, class_of
from .json_types import in_words, members
from .types import compare_types
from .values import Serialization, Value, ValuePair, compare_required

_SERIALIZATIONS: dict[str, Serialization] = {
    "json": "json",
    "lines": "json",
    "form": "text",
    "multipart": "parts",
    "text": "text",
}
"""How values are written, by the name that the run-time core has for an encoding. Nothing is known of bytes."""


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
    """The parameters by what identifies them in a request: for one in the path its position, as no name is sent."""
    expressions = re.findall(r"\{([^{}]+)\}", operation.path)
    parameters = {}
    for parameter in operation.parameters:
        name = parameter.wire
        if parameter.location == "header":
            name = name.lower()
        elif parameter.location == "path":
            name = str(expressions.index(name) + 1)
        parameters[f"{parameter.location} {name}"] = parameter
    return parameters


def _compare_parameter(context: Context, place: str, old: Parameter, new: Parameter) -> Iterator[Finding]:
    before, after = (
        Value(p.type, p.source, classes, p.description, p.deprecated, p.default)
        for p, classes in ((old, context.old), (new, context.new))
    )
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
        pair = ValuePair("request", place, before, after)  # it is JSON, as a body is
    yield from compare_types(context, pair)


def _compare_style(context: Context, pair: ValuePair, old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The finding about how a parameter is written, where that does not follow from a change of its type."""
    before, after = parameter_form(old, context.old_enums), parameter_form(new, context.new_enums)
    old_shape = has_lists(old.type), has_objects(old.type, context.old_enums)
    new_shape = has_lists(new.type), has_objects(new.type, context.new_enums)
    if before != after and (old_shape == new_shape or old.media_type or new.media_type):
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
    """The findings about media types: those that clients can send, and others."""
    sent_as = {request.media: request.base_name for request in sendable}
    for media in sorted(old.content, key=attrgetter("base_name")):
        name = sent_as.get(media, media.base_name)
        if _accepting(new.content, name) is None:
            rule = "request-body-media-type-removed" if media in sent_as else "alternative-media-type-removed"
            yield Finding(rule, "body", name, _media_types(new), media.source, new.source)
    for media in sorted(new.content, key=attrgetter("base_name")):
        if _accepting(old.content, media.base_name) is None:
            yield Finding("request-body-media-type-added", "body", "", media.base_name, old.source, media.source)


def _compare_content(context: Context, sendable: list[RequestMedia], new: Body) -> Iterator[Finding]:
    """The findings about the values that clients send in each media type; equal types are compared once."""
    compared: set[tuple[Type | None, Type | None, Serialization]] = set()
    for request in sendable:
        old_media, new_media = request.media, _accepting(new.content, request.base_name)
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
            yield from _compare_encodings(context, root, request.encode, old_media, new_media)


def _accepting(content: Iterable[Media], name: str) -> Media | None:
    """The media type of this name, or a range such as `application/*` that includes it."""
    by_name = {media.base_name: media for media in content}
    return by_name.get(name) or by_name.get(f"{name.partition('/')[0]}/*") or by_name.get("*/*")


def _media_types(body: Body) -> str:
    return ", ".join(sorted(media.base_name for media in body.content))


# The fields of form and multipart bodies (OpenAPI 3.1, section 4.8.15)


def _compare_encodings(context: Context, root: str, encode: str, old: Media, new: Media) -> Iterator[Finding]:
    """The findings about how fields are written that both versions have; `encode` is "form" or "multipart"."""
    old_encodings, new_encodings = _encodings(old), _encodings(new)
    encoded = old_encodings.keys() | new_encodings.keys()
    for name, old_field, new_field in by_key(_fields(old, context.old), _fields(new, context.new)):
        if not (old_field and new_field and name in encoded):
            continue
        old_encoding, new_encoding = (known.get(name, Encoding(name)) for known in (old_encodings, new_encodings))
        before = field_form(old_field.type, context.old_enums, old_encoding, encode)
        after = field_form(new_field.type, context.new_enums, new_encoding, encode)
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
    """Whether each media type of the old encoding is one of the new, or in one of its ranges."""
    return all(any(fnmatchcase(name, accepted) for accepted in _listed(new)) for name in _listed(old))


def _listed(encoding: Encoding) -> list[str]:
    return [name.strip().lower() for name in encoding.media_type.split(",") if name.strip()]
