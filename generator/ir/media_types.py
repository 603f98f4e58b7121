"""What the templates and the run-time core can express; everything else is refused by name, before rendering."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..document.problems import Problems
from .model import Api, Media, Operation

# What a Content-Type can hold. One whose type is made up is sent all the same: the server knows it.
_MEDIA_TYPE = re.compile(r"[\x21-\x7e]+( *; *[\x20-\x7e]*)?")


def check(api: Api, problems: Problems) -> None:
    """Report what cannot be generated, each with its place."""
    for model in api.models:
        for field in model.fields:
            if re.search(r'["\\\x00-\x1f]', field.wire):
                message = f"{model.name}: a property's name holds a quote, a backslash or a control character"
                problems.error("unsupported-name", field.source, message, "remove the property by an overlay action")
    for operation in api.operations:
        _check_media(operation, problems)
    for webhook in api.webhooks:
        content = webhook.body.content if webhook.body else ()
        if content and not any(decoding(media) == "json" for media in content):
            types = ", ".join(media.media_type for media in content)
            message = f"the body of {webhook.wire!r} is not read, which is {types}; only JSON is"
            problems.warning("not-generated", content[0].source, message)


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
    kind = media.base_name
    subtype = kind.rpartition("/")[2]
    if subtype == "json" or subtype.endswith("+json"):  # RFC 8259, RFC 6839
        return "json"
    if kind in _STREAMED:
        return _STREAMED[kind]
    if kind.startswith("text/") or subtype in _TEXTS or subtype.endswith(("+xml", "+yaml")):
        return "text"
    return "any" if kind in ("*/*", "application/*") else "bytes"


def preferred(content: Iterable[Media]) -> Media | None:
    """The media type that a client asks for, of those that are no streams: JSON first, else the first one."""
    readable = [media for media in content if decoding(media) not in STREAMS]
    json = [media for media in readable if decoding(media) == "json"]
    return next(iter([*json, *readable]), None)


def preferred_stream(content: Iterable[Media]) -> Media | None:
    """The media type that a client reads item by item: events first; None where there is none."""
    streams = [media for media in content if decoding(media) in STREAMS]
    return min(streams, key=lambda media: STREAMS.index(decoding(media)), default=None)


def _check_media(operation: Operation, problems: Problems) -> None:
    for media in operation.body.content if operation.body else ():
        if not _MEDIA_TYPE.fullmatch(media.media_type):
            message = f"{media.media_type!r} is no media type (RFC 9110, section 8.3.1)"
            problems.error("bad-media-type", media.source, message, "correct it by an overlay action")
        for encoding in media.encodings:
            if re.search(r"[^\x20-\x7e]", encoding.media_type):
                message = f"{encoding.media_type!r} is no media type (RFC 9110, section 8.3.1)"
                problems.error("bad-media-type", media.source, message, "correct it by an overlay action")
