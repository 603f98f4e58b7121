"""The body of a response: how it is documented to be read, and reading it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Raw

from .._api import STREAMS, Content, Operation
from .._decoding.raw_json import json_type_of
from .._decoding.read import read, read_text
from .._decoding.results import Decoded, Unreadable
from .._decoding.strict import UNDECODABLE, decoder
from .._errors import Issue
from .._text import charset_of, codec_of

_REDIRECTS = (300, 301, 302, 303, 307, 308)


class Mismatch(Exception):
    """The response is not as documented; the text says how. `issue`: the value without which it cannot be used."""

    def __init__(self, reason: str, issue: Issue | None = None) -> None:
        super().__init__(reason)
        self.issue = issue


def is_success(status: int) -> bool:
    """Whether a status is 2xx."""
    return 200 <= status <= 299


def documented_key(operation: Operation[Any], status: int) -> str | None:
    """The key of `responses` for a status: itself, its range or `default`; None where none of them is documented."""
    keys = (str(status), f"{status // 100}XX", "default")
    return next((key for key in keys if key in operation.responses), None)


def is_documented_redirect(operation: Operation[Any], status: int) -> bool:
    """Whether a status is a redirect (RFC 9110, 15.4) that the API documents as the success of this operation."""
    key = documented_key(operation, status) if status in _REDIRECTS else None
    content = None if key is None else operation.responses[key]
    return content is not None and content.decode == "location"


def documented_success(operation: Operation[Any], status: int) -> Content | None:
    """The documented content of a success; None where it has none.

    Raises:
        Mismatch: the status is not documented, and those that are differ, or are redirects.
    """
    documented = operation.responses
    for key in (str(status), "2XX"):
        if key in documented:
            return documented[key]
    successes = [content for key, content in documented.items() if key.startswith("2")]
    successes = successes or [c for key, c in documented.items() if key == "default"]
    contents = [content for content in successes if content is not None] or successes
    is_redirected = any(content is not None and content.decode == "location" for content in documented.values())
    if contents and not is_redirected and all(content == contents[0] for content in contents):
        return contents[0]
    raise Mismatch(f"{operation.name} does not document this status")


def read_body(
    content: Content, sent_type: str, body: bytes, conceal: Callable[[str], str], *, lenient: bool
) -> Decoded[Any]:
    """What is read of a body that was sent as the media type `sent_type`; see `_decoding.read`.

    Raises:
        Mismatch: it is of another media type, or cannot be read.
    """
    decode = content.decode
    if decode == "any":
        decode = _sent_as(sent_type, content.type)
    if decode == "bytes":
        return Decoded(body)
    try:
        if decode == "text":
            text = _text(sent_type, body)
            return Decoded(text) if content.type in (str, Any) else read_text(text, content.type, conceal=conceal)
        # A charset beside JSON means nothing (RFC 8259, 11): it is UTF-8, or not JSON.
        if decode != "json" or not (_is_json(sent_type) or _holds_json(body)):
            raise Mismatch(f"the body is {sent_type!r}, not {content.media_type}")
        return read(body, content.type, lenient=lenient, conceal=conceal)
    except Unreadable as unreadable:
        reason, issue = str(unreadable), unreadable.issue
    raise Mismatch(f"the body cannot be read: {reason}", issue)


def streamed_content(operation: Operation[Any], status: int, headers: Mapping[str, str]) -> Content | None:
    """How the stream that this head announces is read; None where the response is not a documented stream."""
    if not is_success(status) or status in (204, 205):
        return None
    try:
        content = documented_success(operation, status)
    except Mismatch:
        return None
    if content is None or content.decode not in STREAMS:
        return None
    sent_type = _media_type(headers.get("content-type", ""))
    expected = "event-stream" if content.decode == "events" else "json"
    return content if not sent_type or expected in sent_type else None


def is_unasked_stream(operation: Operation[Any], status: int, headers: Mapping[str, str]) -> bool:
    """Whether this is the head of events, which may never end, where JSON is documented."""
    if _media_type(headers.get("content-type", "")) != "text/event-stream" or not is_success(status):
        return False
    try:
        content = documented_success(operation, status)
    except Mismatch:
        return True
    return content is not None and content.decode == "json"


def _text(sent_type: str, body: bytes) -> str:
    charset = charset_of(sent_type)
    codec = codec_of(charset)
    if codec is None:
        raise Mismatch(f"the body cannot be read: the charset {charset!r} is not known")
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        # As text, and not chained: such errors can carry the whole body.
        reason = f"not {error.encoding}: {error.reason}"
    raise Mismatch(f"the body cannot be read: {reason}")


def _media_type(sent_type: str) -> str:
    return sent_type.partition(";")[0].strip().lower()


def _is_json(sent_type: str) -> bool:
    """Whether a Content-Type says JSON (RFC 8259, or a suffix of RFC 6839), or nothing at all."""
    media_type = _media_type(sent_type)
    return not media_type or media_type.endswith(("/json", "+json"))


def _holds_json(content: bytes) -> bool:
    """Whether a body under another media type is a JSON object or list all the same; text can look like a scalar."""
    try:
        return json_type_of(decoder(Raw).decode(content)) in ("object", "array")
    except UNDECODABLE:
        return False


def _sent_as(sent_type: str, type_: Any) -> Literal["json", "text", "bytes"]:
    """How a body is read whose media type only the server knows; `type_` is a scalar, or anything."""
    media_type = _media_type(sent_type)
    if media_type and _is_json(media_type):
        return "json"
    return "text" if type_ is not Any or media_type.startswith("text/") else "bytes"
