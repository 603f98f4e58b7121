"""How each media type is read and which a client asks for; errors for what the core cannot express."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..document.problems import Problems, Source
from .model import Api, Body, Media

STREAMS = ("events", "lines", "records")
"""Ways of reading a response item by item, the preferred one first."""
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
# What a Content-Type can hold. One whose type is made up is sent all the same: the server knows it.
_MEDIA_TYPE = re.compile(r"[\x21-\x7e]+( *; *[\x20-\x7e]*)?")


def decoding(media: Media) -> str:
    """How a media type is read: "json", "text", "bytes", "any" (as what the server sends), or one of `STREAMS`."""
    name = media.base_name
    subtype = name.rpartition("/")[2]
    if subtype == "json" or subtype.endswith("+json"):  # RFC 8259, RFC 6839
        return "json"
    if name in _STREAMED:
        return _STREAMED[name]
    if name.startswith("text/") or subtype in _TEXTS or subtype.endswith(("+xml", "+yaml")):
        return "text"
    return "any" if name in ("*/*", "application/*") else "bytes"


def preferred(content: Iterable[Media]) -> Media | None:
    """The media type that a client asks for, of those that are not streams: JSON, else the document's first."""
    readable = [media for media in content if decoding(media) not in STREAMS]
    json = [media for media in readable if decoding(media) == "json"]
    return next(iter([*json, *readable]), None)


def preferred_stream(content: Iterable[Media]) -> Media | None:
    """The media type that a client reads item by item: events first; None where there is none."""
    streams = [media for media in content if decoding(media) in STREAMS]
    return min(streams, key=lambda media: STREAMS.index(decoding(media)), default=None)


def check(api: Api, problems: Problems) -> None:
    """Report names and media types that cannot be generated, and bodies of webhooks that are not read."""
    for model in api.models:
        for field in model.fields:
            if re.search(r'["\\\x00-\x1f]', field.wire):
                message = f"{model.name}: a property's name contains a quote, a backslash or a control character"
                problems.error("unsupported-name", field.source, message, "remove the property by an overlay action")
    for operation in api.operations:
        for name, source in _unsendable(operation.body):
            message = f"{name!r} is not a media type (RFC 9110, section 8.3.1)"
            problems.error("bad-media-type", source, message, "correct it by an overlay action")
    for webhook in api.webhooks:
        content = webhook.body.content if webhook.body else ()
        if content and not any(decoding(media) == "json" for media in content):
            types = ", ".join(media.media_type for media in content)
            message = f"the body of {webhook.wire!r} is {types}; it is not read, as only JSON is"
            problems.warning("not-generated", content[0].source, message)


def _unsendable(body: Body | None) -> Iterator[tuple[str, Source]]:
    """The media types of a body, or of its parts, that no header can hold."""
    for media in body.content if body else ():
        if not _MEDIA_TYPE.fullmatch(media.media_type):
            yield media.media_type, media.source
        for encoding in media.encodings:
            if re.search(r"[^\x20-\x7e]", encoding.media_type):
                yield encoding.media_type, media.source
