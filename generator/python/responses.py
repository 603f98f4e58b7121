"""Responses in Python's terms: what a method returns, which errors it raises, and how a response is read."""

from __future__ import annotations

from ..document.problems import Source
from ..ir.media_types import (
    STREAMS,
    decoding,
    event_types,
    has_undocumented_events,
    is_redirect,
    preferred,
    preferred_stream,
    successes,
    type_read,
)
from ..ir.model import Header, Media, Operation, Response
from ..ir.types import AnyType, Scalar
from .annotations import annotation
from .expressions import BYTES, CORE, NONE, STR, Annotation, Call, Name, Value, annotated, call, either
from .quoting import Code, literal

_WITHOUT_BODY = ("204", "205", "304")
"""Statuses whose responses have no body, whatever a document says (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5)."""
_STATUS_ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "UnprocessableEntity",
    "429": "RateLimited",
}


def failures(operation: Operation) -> list[Response]:
    """The responses that a method raises an error for."""
    successful = successes(operation)
    return [response for response in operation.responses if response not in successful]


def error_class(status: str) -> str:
    """The core's exception for a documented status."""
    return _STATUS_ERRORS.get(status, "ServerError" if status.startswith("5") else "StatusError")


def has_stream(operation: Operation) -> bool:
    """Whether some successful response is read item by item."""
    return any(_stream(operation, response) for response in successes(operation))


def returns_location(operation: Operation) -> bool:
    """Whether a successful call returns the URL of a redirect."""
    return any(map(is_redirect, successes(operation)))


def only_streams(operation: Operation) -> bool:
    """Whether every successful response that has a body is read item by item."""
    return has_stream(operation) and not any(_is_read_whole(operation, response) for response in successes(operation))


def returned(operation: Operation, *, streams: bool) -> Annotation:
    """The annotation of what a method returns; for a method that `streams`, of each item of its stream."""
    successful = successes(operation)
    if streams:
        return either(_item(media) for response in successful if (media := _stream(operation, response)))
    whole = (r for r in successful if _is_read_whole(operation, r) or not _stream(operation, r))
    return either(body_annotation(operation, response) for response in whole)


def returns_source(operation: Operation) -> Source:
    """Where the document describes the body that a method returns; the operation where it describes none."""
    media = (preferred(r.content) or preferred_stream(r.content) for r in successes(operation))
    return next((description.source for description in media if description), operation.source)


def body_source(response: Response) -> Source:
    """Where the document describes the body of a response; the response where it describes none."""
    media = preferred(response.content) or preferred_stream(response.content)
    return media.source if media else response.source


def stream_of(item: Annotation) -> Annotation:
    """The annotation of what a synchronous method returns that reads item by item."""
    return annotated(Name("EventStream", CORE), item)


def body_annotation(operation: Operation, response: Response) -> Annotation:
    """The annotation of a response's body."""
    return _content(operation, response)[0]


def unread_media_types(operation: Operation) -> dict[str, list[str]]:
    """The media types that a method asks for, each with those that the API could send instead."""
    unread: dict[str, dict[str, None]] = {}
    for response in successes(operation):
        media = None if _has_no_body(operation, response) else preferred(response.content)
        if media is not None:
            alternatives = (m.media_type for m in response.content if m is not media and decoding(m) not in STREAMS)
            unread.setdefault(media.media_type, {}).update(dict.fromkeys(alternatives))
    return {read: list(alternatives) for read, alternatives in unread.items() if alternatives}


def response_declarations(operation: Operation, *, streams: bool) -> tuple[tuple[Code, Value], ...]:
    """The responses by status, as declared to the run-time core; for a method that `streams`, as streams."""
    successful = successes(operation)
    declarations: list[tuple[Code, Value]] = []
    for response in operation.responses:
        stream = _stream(operation, response) if response in successful else None
        whole = response in successful and _is_read_whole(operation, response)
        if streams and stream:
            declaration: Value = _declaration(stream, decoding(stream), _item(stream))
        elif whole if streams else stream and not whole:
            continue  # the operation's other method reads it
        else:
            declaration = _content(operation, response)[1]
        declarations.append((literal(response.status), declaration))
    if not successful:  # the body of a success is not documented, and not read
        declarations.insert(0, (literal("2XX"), Code("None")))
    return tuple(declarations)


def header_declarations(operation: Operation) -> tuple[tuple[Code, tuple[Call, ...]], ...]:
    """The documented headers of the responses by status, as declared to the run-time core."""
    by_status = ((r.status, tuple(map(_header, documented_headers(r)))) for r in operation.responses)
    return tuple((literal(status), headers) for status, headers in by_status if headers)


def distinct_headers(operation: Operation) -> list[tuple[str, Header]]:
    """The documented headers, each once, with the response's status, which is "" for a success."""
    headers: dict[str, tuple[str, Header]] = {}
    for response in (*successes(operation), *failures(operation)):
        for header in documented_headers(response):
            status = response.status if response in failures(operation) else ""
            headers.setdefault(header.name.lower(), (status, header))
    return list(headers.values())


def documented_headers(response: Response) -> list[Header]:
    """The headers of a response that are read; Content-Type is ignored (OpenAPI 3.1, section 4.8.17)."""
    return [header for header in response.headers if header.name.lower() != "content-type"]


def header_annotation(header: Header) -> Annotation:
    """The annotation of a header's value."""
    return STR if isinstance(header.type, AnyType) else annotation(header.type)


def _header(header: Header) -> Call:
    required: dict[str, Value] = {"required": Code("True")} if header.required else {}
    return call(Name("Header", CORE), literal(header.name), header_annotation(header), **required)


def _has_no_body(operation: Operation, response: Response) -> bool:
    is_location = is_redirect(response) and returns_location(operation)
    return operation.method == "HEAD" or response.status in _WITHOUT_BODY or is_location


def _stream(operation: Operation, response: Response) -> Media | None:
    return None if _has_no_body(operation, response) else preferred_stream(response.content)


def _is_read_whole(operation: Operation, response: Response) -> bool:
    return not _has_no_body(operation, response) and preferred(response.content) is not None


def _content(operation: Operation, response: Response) -> tuple[Annotation, Value]:
    """The annotation of a response's body, or of a redirect's URL, and its declaration."""
    if is_redirect(response) and returns_location(operation):
        media_type = next((media.media_type for media in response.content), "*/*")
        return STR, call(Name("Content", CORE), literal(media_type), STR, decode=literal("location"))
    if _has_no_body(operation, response) or not response.content:
        return NONE, Code("None")
    media = preferred(response.content)
    if media is None:  # an error that is documented as a stream
        return STR, _declaration(response.content[0], "text", STR)
    how = decoding(media)
    how = _decoding_by_schema(media) if how == "any" else how
    type_ = _whole(media, how)
    return type_, _declaration(media, how, type_)


def _declaration(media: Media, how: str, type_: Annotation) -> Call:
    keywords: dict[str, Value] = {} if how == "json" else {"decode": literal(how)}
    if how == "events" and media.events:
        named = ((literal(name), annotation(type_)) for name, type_ in event_types(media))
        keywords["events"] = tuple(call(Name("EventData", CORE), *arguments) for arguments in named)
    return call(Name("Content", CORE), literal(media.media_type), type_, **keywords)


def _decoding_by_schema(media: Media) -> str:
    """How a response of any media type is read: as JSON where its schema says that it is not a single value."""
    return "any" if isinstance(media.type, None | AnyType | Scalar) else "json"


def _whole(media: Media, how: str) -> Annotation:
    return BYTES if how == "bytes" else annotation(type_read(media))


def _item(media: Media) -> Annotation:
    """The annotation of an item of a stream; an event whose name is not documented is an `Event` of text."""
    item = annotation(type_read(media))
    event = annotated(Name("Event", CORE), STR)
    return either((item, event)) if has_undocumented_events(media) else item
