"""What the templates and the run-time core can express; everything else is refused by name, before rendering."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.ir import Api, Enum, ListOf, MapOf, Media, Operation, Parameter, Ref, Scalar, Type, UnionOf, types_in
from generator.problems import Problems, Source

_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
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
    models = {model.name for model in api.models}
    for operation in api.operations:
        for parameter in operation.parameters:
            _check_parameter(parameter, models, problems)
        _check_media(operation, problems)
        for media in _bodies(operation):
            if media.type is not None:
                what = f"{operation.method} {operation.path}"
                _check_unions(media.type, what, media.source, enums, problems)


STREAMS = ("events", "lines", "records")
"""Ways of reading an answer item by item."""
_STREAMED = {
    "text/event-stream": "events",
    "application/x-ndjson": "lines",
    "application/ndjson": "lines",
    "application/jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/jsonlines": "lines",
    "application/json-seq": "records",
}
_TEXTS = ("xml", "yaml", "x-yaml", "toml", "javascript", "graphql", "sql", "x-www-form-urlencoded")


def decoding(media: Media) -> str:
    """How a media type is read: "json", "text", "bytes"; "any": as what is sent; one of `STREAMS`: item by item."""
    kind = media.media_type.partition(";")[0].strip().lower()
    subtype = kind.rpartition("/")[2]
    if subtype == "json" or subtype.endswith("+json"):  # RFC 8259, RFC 6839
        return "json"
    if kind in _STREAMED:
        return _STREAMED[kind]
    if kind.startswith("text/") or subtype in _TEXTS or subtype.endswith(("+xml", "+yaml")):
        return "text"
    return "any" if kind in ("*/*", "application/*") else "bytes"


def chosen(content: Iterable[Media]) -> Media | None:
    """The media type that a client asks for, of those that are no streams: JSON first, else the first one."""
    readable = [media for media in content if decoding(media) not in STREAMS]
    json = [media for media in readable if decoding(media) == "json"]
    return next(iter([*json, *readable]), None)


def chosen_stream(content: Iterable[Media]) -> Media | None:
    """The media type that a client reads item by item: events first; None where there is none."""
    streams = [media for media in content if decoding(media) in STREAMS]
    return min(streams, key=lambda media: STREAMS.index(decoding(media)), default=None)


def _bodies(operation: Operation) -> Iterator[Media]:
    yield from operation.body.content if operation.body else ()
    for response in operation.responses:
        yield from response.content


def _check_media(operation: Operation, problems: Problems) -> None:
    body = operation.body
    if body and body.content and not any(decoding(media) == "json" for media in body.content):
        message = f"a request body of {', '.join(m.media_type for m in body.content)} is not generated; only JSON is"
        problems.error("unsupported-body", body.content[0].source, message)


def _check_parameter(parameter: Parameter, models: set[str], problems: Problems) -> None:
    if parameter.style != _STYLES[parameter.location] or (parameter.explode and parameter.location == "cookie"):
        if parameter.style == _STYLES[parameter.location] and not _has(parameter.type, ListOf):
            return  # exploding changes nothing for a single value
        message = f"style {parameter.style!r} of the {parameter.location} parameter {parameter.wire!r} is not generated"
        problems.error("unsupported-style", parameter.source, message)
    elif _is_structured(parameter.type, models):
        message = f"the {parameter.location} parameter {parameter.wire!r} is an object or a list of lists"
        problems.error("unsupported-parameter", parameter.source, message)


def _has(type_: Type, kind: type) -> bool:
    return any(isinstance(t, kind) for t in types_in(type_))


def _is_structured(type_: Type, models: set[str]) -> bool:
    inside = [t.item for t in types_in(type_) if isinstance(t, ListOf)]
    objects = any(isinstance(t, MapOf) or (isinstance(t, Ref) and t.name in models) for t in types_in(type_))
    return objects or any(_has(item, ListOf) for item in inside)


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
