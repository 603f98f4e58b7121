"""What the templates and the run-time core can express; everything else is refused by name, before rendering."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.ir import Api, Enum, ListOf, Media, Operation, Ref, Scalar, Type, UnionOf, types_in
from generator.problems import Problems, Source

# What a Content-Type can hold. One whose type is made up is sent all the same: the server knows it.
_MEDIA_TYPE = re.compile(r"[\x21-\x7e]+( *; *[\x20-\x7e]*)?")
_OVERLAY = "simplify it by an overlay action"


def check(api: Api, problems: Problems) -> None:
    """Report what cannot be generated, each with its place."""
    enums = {enum.name: enum for enum in api.enums}
    for model in api.models:
        for field in model.fields:
            if re.search(r'["\\\x00-\x1f]', field.wire):
                message = f"{model.name}: a property's name holds a quote, a backslash or a control character"
                problems.error("unsupported-name", field.source, message, "remove the property by an overlay action")
            _check_unions(field.type, f"{model.name}.{field.wire}", field.source, enums, problems)
    for operation in api.operations:
        _check_media(operation, problems)
        for media in _bodies(operation):
            if media.type is not None:
                what = f"{operation.method} {operation.path}"
                _check_unions(media.type, what, media.source, enums, problems)


def decoding(media: Media) -> str:
    """How a media type is read: "json" (RFC 6839 suffixes included), "text", "bytes"; "" when it cannot be."""
    kind = media.media_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return "json"
    if kind == "text/event-stream":
        return ""
    if kind.startswith("text/") or kind in ("application/xml", "application/yaml", "application/x-yaml"):
        return "text"
    return "bytes"


def chosen(content: Iterable[Media]) -> Media | None:
    """The media type that a client asks for: JSON first, then the first one that it can read."""
    readable = [media for media in content if decoding(media)]
    json = [media for media in readable if decoding(media) == "json"]
    return next(iter([*json, *readable]), None)


def _bodies(operation: Operation) -> Iterator[Media]:
    yield from operation.body.content if operation.body else ()
    for response in operation.responses:
        yield from response.content


def _check_media(operation: Operation, problems: Problems) -> None:
    for media in operation.body.content if operation.body else ():
        if not _MEDIA_TYPE.fullmatch(media.media_type):
            message = f"{media.media_type!r} is no media type (RFC 9110, section 8.3.1)"
            problems.error("bad-media-type", media.source, message, "correct it by an overlay action")
    for response in operation.responses:
        if response.content and chosen(response.content) is None:
            message = f"an answer of {', '.join(m.media_type for m in response.content)} is not generated"
            problems.error("unsupported-media-type", response.content[0].source, message)


def _check_unions(type_: Type, what: str, source: Source, enums: dict[str, Enum], problems: Problems) -> None:
    """msgspec tells the members of a union apart by their JSON type alone (its documentation, "Union types")."""
    for union in types_in(type_):
        if not isinstance(union, UnionOf):
            continue
        kinds = [_json_type(member, enums) for member in union.members]
        for kind in sorted({k for k in kinds if kinds.count(k) > 1}):
            message = f"{what}: a union of several kinds of {kind} is not generated"
            problems.error("unsupported-union", source, message, _OVERLAY)


def _json_type(type_: Type, enums: dict[str, Enum]) -> str:
    match type_:
        case Scalar("str"):
            return "text"
        case Scalar(kind):
            return {"int": "integer", "float": "number"}.get(kind, kind)
        case Ref(name) if name in enums:
            return "text" if isinstance(enums[name].members[0].value, str) else "integer"
        case ListOf():
            return "array"
        case _:
            return "object"
