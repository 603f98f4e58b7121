"""What a client reads of responses: which are successes, how each media type is read and which a client asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from ..document.media_types import LINES, base_name, is_json
from ..document.problems import Problems
from ..simplify.schemas import FILE, TYPED_FORMATS
from .model import Api, Media, Operation, Response
from .types import ANY, AnyType, ListOf, MapOf, Scalar, Type, UnionOf, alternatives

FORM = "application/x-www-form-urlencoded"
_REDIRECTS = ("301", "302", "303", "307", "308", "3XX")
"""Statuses of a response that leads to another URL (RFC 9110, section 15.4)."""
STREAMS = ("events", "lines", "records")
"""Ways of reading a response item by item, the preferred one first."""
_STREAMED = {
    "text/event-stream": "events",
    **dict.fromkeys(LINES, "lines"),
    "application/json-seq": "records",
}
_TEXT = Scalar("str")
_TEXTS = ("xml", "yaml", "x-yaml", "toml", "javascript", "graphql", "sql", "x-www-form-urlencoded")


def successes(operation: Operation) -> list[Response]:
    """The responses to a successful call; where no 2xx is documented redirects, else `default`."""
    documented = [response for response in operation.responses if response.success]
    redirects = [response for response in operation.responses if is_redirect(response)]
    return documented or redirects or [response for response in operation.responses if response.status == "default"]


def is_redirect(response: Response) -> bool:
    """Whether a response leads to another URL, in its header `Location`."""
    return response.status in _REDIRECTS


def decoding(media: Media) -> str:
    """How a media type is read: "json", "text", "bytes", "any" (by the media type that is sent), or one of `STREAMS`.

    A file is bytes, whatever its media type is.
    """
    return "bytes" if is_file(media.type) else _decoding_by_name(media.media_type)


@lru_cache(maxsize=1_000)
def _decoding_by_name(media_type: str) -> str:
    name = base_name(media_type)
    subtype = name.rpartition("/")[2]
    if is_json(name):
        return "json"
    if name in _STREAMED:
        return _STREAMED[name]
    if subtype.endswith("+json-seq"):  # RFC 8091
        return "records"
    if name.startswith("text/") or _is_markup(subtype):
        return "text"
    return "any" if name in ("*/*", "application/*") else "bytes"


def is_file(type_: Type | None) -> bool:
    """Whether a value is the bytes of a file, or null."""
    members = () if type_ is None else alternatives(type_)
    return bool(members) and all(isinstance(member, Scalar) and member.format == FILE for member in members)


def holds_files(type_: Type) -> bool:
    """Whether a value is a file or a list of files."""
    items = (member.item if isinstance(member, ListOf) else member for member in alternatives(type_))
    return any(map(is_file, items))


def is_plain_text(media: Media) -> bool:
    """Whether a media type is text without a syntax in which an object could be written, such as XML."""
    top, _, subtype = media.base_name.partition("/")
    return top == "text" and decoding(media) == "text" and not _is_markup(subtype)


def is_form_text(media: Media) -> bool:
    """Whether a form is described as the text that is sent."""
    members = () if media.type is None else alternatives(media.type)
    return media.base_name == FORM and bool(members) and all(map(_is_any_text, members))


def type_read(media: Media) -> Type:
    """The type of what a client reads at once: of a stream an item, of plain text its value, of all other text `str`.

    A documented list is the stream itself, as OpenAPI 3.2 says (section 4.14.2). An item is never a file: what stands
    in an event or a line is text.
    """
    how, type_ = decoding(media), media.type or ANY
    if how == "text":
        return type_ if is_plain_text(media) and _is_value(type_) else _TEXT
    if how in STREAMS:
        type_ = type_.item if isinstance(type_, ListOf) and not media.events else type_
        return _TEXT if media.type is None and how == "events" else _without_files(type_)
    return type_


def event_types(media: Media) -> tuple[tuple[str, Type], ...]:
    """The types of the data of events by their names, "" for any other; () where the document does not name them.

    Where events may have any text as data, those with undocumented names are read like that, too.
    """
    types = tuple((name, _without_files(type_)) for name, type_ in media.events)
    anything = next((type_ for _, type_ in types for m in alternatives(type_) if m == ANY or _is_any_text(m)), None)
    has_default = anything is None or any(not name for name, _ in types)
    return types if has_default else (*types, ("", ANY if anything == ANY else _TEXT))


def has_undocumented_events(media: Media) -> bool:
    """Whether an event of a stream can have a name for which no type is known."""
    types = event_types(media)
    return bool(types) and all(name for name, _ in types)


def _is_value(type_: Type) -> bool:
    """Whether a value that is written as text is not just text: a number, a time, an enum value."""
    members = alternatives(type_)
    return not any(isinstance(m, (AnyType, ListOf, MapOf)) or _is_any_text(m) for m in members)


def _is_any_text(type_: Type) -> bool:
    return isinstance(type_, Scalar) and type_.primitive == "str" and type_.format not in TYPED_FORMATS


def _without_files(type_: Type) -> Type:
    if isinstance(type_, UnionOf):
        return UnionOf(tuple(dict.fromkeys(map(_without_files, type_.members))))
    return _TEXT if isinstance(type_, Scalar) and type_.format == FILE else type_


def _is_markup(subtype: str) -> bool:
    return subtype in _TEXTS or subtype.endswith(("+xml", "+yaml"))


def preferred(content: Iterable[Media]) -> Media | None:
    """The media type that a client asks for, of those that are not streams: JSON, else the document's first.

    Of several for a file, those come last that are not meant for files: Swagger 2.0 lists them for all operations.
    """
    readable = [media for media in content if decoding(media) not in STREAMS]
    json = [media for media in readable if decoding(media) == "json"]
    if not json and all(is_file(media.type) for media in readable):
        readable.sort(key=lambda media: decoding(replace(media, type=None)) != "bytes")
    return next(iter([*json, *readable]), None)


def preferred_stream(content: Iterable[Media]) -> Media | None:
    """The media type that a client reads item by item: events first; None where there is none."""
    streams = [media for media in content if decoding(media) in STREAMS]
    return min(streams, key=lambda media: STREAMS.index(decoding(media)), default=None)


def check(api: Api, problems: Problems) -> None:
    """Report the bodies of webhooks that are not read."""
    for webhook in api.webhooks:
        content = webhook.body.content if webhook.body else ()
        if content and not any(decoding(media) == "json" for media in content):
            types = ", ".join(media.media_type for media in content)
            message = f"the body of {webhook.wire!r} is {types}; it is not read, as only JSON is"
            problems.warning("not-generated", content[0].source, message)
