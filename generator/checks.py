"""What the templates and the run-time core can express; everything else is refused by name, before rendering."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.ir import Api, Media, Operation
from generator.problems import Problems

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


def _check_media(operation: Operation, problems: Problems) -> None:
    for media in operation.body.content if operation.body else ():
        if not _MEDIA_TYPE.fullmatch(media.media_type):
            message = f"{media.media_type!r} is no media type (RFC 9110, section 8.3.1)"
            problems.error("bad-media-type", media.source, message, "correct it by an overlay action")
    for response in operation.responses:
        if response.content and chosen(response.content) is None:
            message = f"an answer of {', '.join(m.media_type for m in response.content)} is not generated"
            problems.error("unsupported-media-type", response.content[0].source, message)
