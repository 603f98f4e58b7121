"""Answers in Python's terms: what a method returns, what it raises, and how an answer is read."""

from __future__ import annotations

from collections.abc import Iterable

from ..ir.media_types import STREAMS, decoding, preferred, preferred_stream
from ..ir.model import Header, Media, Operation, Response
from ..ir.types import ANY, AnyType, ListOf, Scalar
from .classes import alternatives, annotation
from .quoting import Code, literal

_EMPTY = ("204", "205", "304")
"""Statuses whose answers have no body, whatever a document says (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5)."""
_STATUS_ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "UnprocessableEntity",
    "429": "RateLimited",
}


def successes(operation: Operation) -> list[Response]:
    """The answers of a call that worked; `default` is one when nothing else is documented for it."""
    documented = [r for r in operation.responses if r.success]
    return documented or [r for r in operation.responses if r.status == "default"]


def streams(operation: Operation) -> bool:
    """Whether a success is documented that is read item by item."""
    return any(_stream(operation, response) for response in successes(operation))


def only_streams(operation: Operation) -> bool:
    """Whether no success can be read otherwise."""
    return streams(operation) and not any(_read_whole(operation, response) for response in successes(operation))


def returned(operation: Operation, *, streamed: bool = False) -> Code:
    """The annotation of what a synchronous method returns."""
    return Code(f"_core.EventStream[{items(operation)}]") if streamed else whole(operation)


def whole(operation: Operation) -> Code:
    """The annotation of a success that is read as a whole."""
    return _united(
        word for r in successes(operation) if not _is_stream(operation, r) for word in contents(operation, r)
    )


def items(operation: Operation) -> Code:
    """The annotation of one item of a success that is read item by item."""
    found = [media for response in successes(operation) if (media := _stream(operation, response))]
    return _united(word for media in found for word in _item(media, "_models."))


def _united(words: Iterable[str]) -> Code:
    found = list(dict.fromkeys(words)) or ["None"]
    return Code("Any" if "Any" in found else " | ".join(sorted(found, key=lambda w: w == "None")))


def contents(operation: Operation, response: Response) -> list[str]:
    """The annotations of what the body of an answer is read as."""
    return _content(operation, response, "_models.")[0]


def others(operation: Operation) -> dict[str, list[str]]:
    """The media types that a method reads of its successes, and those that the API could send instead of each."""
    found: dict[str, list[str]] = {}
    for response in successes(operation):
        media = None if _has_no_body(operation, response) else preferred(response.content)
        if media is not None:
            unread = [one.media_type for one in response.content if one is not media and decoding(one) not in STREAMS]
            found[media.media_type] = found.get(media.media_type, []) + unread
    return {read: list(dict.fromkeys(unread)) for read, unread in found.items() if unread}


def _has_no_body(operation: Operation, response: Response) -> bool:
    return operation.method == "HEAD" or response.status in _EMPTY


def _stream(operation: Operation, response: Response) -> Media | None:
    return None if _has_no_body(operation, response) else preferred_stream(response.content)


def _read_whole(operation: Operation, response: Response) -> bool:
    return not _has_no_body(operation, response) and preferred(response.content) is not None


def _is_stream(operation: Operation, response: Response) -> bool:
    return _stream(operation, response) is not None and not _read_whole(operation, response)


def _content(operation: Operation, response: Response, models: str) -> tuple[list[str], str]:
    """The types of an answer's body, and the code that declares how it is read as a whole."""
    if _has_no_body(operation, response) or not response.content:
        return ["None"], "None"
    media = preferred(response.content)
    if media is None:  # an error that is documented as a stream
        return _declared(response.content[0], "text", ["str"])
    how = decoding(media)
    if how == "any":
        how = _of_range(media)
    if how == "json":
        return _declared(media, how, ["Any"] if media.type is None else alternatives(media.type, models))
    return _declared(media, how, ["bytes"] if how == "bytes" else ["str"] if how == "text" else _sent(media))


def _declared(media: Media, how: str, types: list[str]) -> tuple[list[str], str]:
    given = [literal(media.media_type), " | ".join(types), *([] if how == "json" else [f"decode={literal(how)}"])]
    return types, f"_core.Content({', '.join(given)})"


def _of_range(media: Media) -> str:
    """How an answer of an unknown media type is read: by its schema where that is no text, which could be anything."""
    match media.type:
        case None | AnyType():
            return "any"
        case Scalar("str", format_):
            return "bytes" if format_ == "binary" else "any"
        case _:
            return "json"


def _sent(media: Media) -> list[str]:
    return ["str"] if isinstance(media.type, Scalar) else ["Any"]


def _item(media: Media, models: str) -> list[str]:
    """The annotation of one item: a documented list is the stream itself, as OpenAPI 3.2 says (section 4.14.2)."""
    type_ = media.type.item if isinstance(media.type, ListOf) else media.type
    if type_ is None:
        return ["str"] if decoding(media) == "events" else ["Any"]
    return alternatives(type_, models)


def responses(operation: Operation, *, streamed: bool = False) -> tuple[tuple[Code, Code], ...]:
    """The answers of an operation, by status, as the run-time core is told of them; `streamed`: item by item."""
    found: list[tuple[Code, Code]] = []
    ok = successes(operation)
    for response in operation.responses:
        media = _stream(operation, response) if response in ok else None
        if streamed and media:
            declared = _declared(media, decoding(media), _item(media, "_models."))[1]
        elif (
            response in ok and _read_whole(operation, response)
            if streamed
            else media and _is_stream(operation, response)
        ):
            continue  # the other method's
        else:
            declared = _content(operation, response, "_models.")[1]
        found.append((literal(response.status), Code(declared)))
    if not ok:
        found.insert(0, (literal("2XX"), Code("None")))  # nothing documented: the call worked, and that is all
    return tuple(found)


def headers(operation: Operation) -> tuple[tuple[Code, tuple[Code, ...]], ...]:
    """The documented headers of the answers, by status, as the run-time core is told of them."""
    found = ((literal(r.status), tuple(_header(one) for one in documented_headers(r))) for r in operation.responses)
    return tuple((status, declared) for status, declared in found if declared)


def header_notes(operation: Operation) -> list[tuple[str, Header]]:
    """The documented headers, each once; with the status, unless it is that of a success."""
    found: dict[str, tuple[str, Header]] = {}
    ok = successes(operation)
    for response in sorted(operation.responses, key=lambda r: r not in ok):
        for header in documented_headers(response):
            found.setdefault(header.name.lower(), ("" if response in ok else response.status, header))
    return list(found.values())


def documented_headers(response: Response) -> list[Header]:
    """Those of an answer that are read; Content-Type is ignored (OpenAPI 3.1, section 4.8.17)."""
    return [header for header in response.headers if header.name.lower() != "content-type"]


def _header(header: Header) -> Code:
    type_ = Code("str") if header.type == ANY else annotation(header.type, "_models.")
    required = ", required=True" if header.required else ""
    return Code(f"_core.Header({literal(header.name)}, {type_}{required})")


def failures(operation: Operation) -> list[Response]:
    """The answers that a method raises an error for."""
    return [r for r in operation.responses if r not in successes(operation)]


def error_class(status: str) -> str:
    """The core's exception for a documented status."""
    return _STATUS_ERRORS.get(status, "ServerError" if status.startswith("5") else "StatusError")
