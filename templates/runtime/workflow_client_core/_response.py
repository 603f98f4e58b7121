"""Reading an answer: pure, the same for sync and async."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import Struct

from ._api import STREAMS, Content, Operation
from ._decoding import UNDECODABLE, Decoded, Unreadable, read
from ._errors import InvalidResponse, Issue, StatusError, status_error_class
from ._headers import documented_headers, retry_after
from ._raw import RawResponse
from ._request import Request
from ._secrets import without_secrets

T = TypeVar("T")

_LONGEST_DETAIL = 200
_DETAIL_FIELDS = ("title", "detail", "message", "error", "errorCode")
_CHARSET = re.compile(r"""charset\s*=\s*"?([^\s;"]+)""", re.IGNORECASE)


class Answer(Struct, frozen=True):
    """A response as it came over the wire; `headers` is case-insensitive.

    `elapsed`: seconds that the whole call took, `attempts`: how often it was sent.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    elapsed: float = 0.0
    attempts: int = 1

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.content)} bytes>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status", self.status), ("bytes", len(self.content))]


class OpenAnswer(Answer, frozen=True):
    """A success whose body is a stream: `response` is the open `httpx2.Response`, `exchange` the attempt it came by."""

    response: Any = None
    exchange: Any = None


def streamed_content(operation: Operation[Any], status: int, headers: Mapping[str, str]) -> Content | None:
    """How the stream that this head announces is read; None where the answer is no documented stream."""
    if not 200 <= status <= 299 or status in (204, 205):
        return None
    try:
        content = _documented_success(operation, status)
    except _Mismatch:
        return None
    if content is None or content.decode not in STREAMS:
        return None
    sent_type = _media_type(headers.get("content-type", ""))
    expected = "event-stream" if content.decode == "events" else "json"
    return content if not sent_type or expected in sent_type else None


def read_answer(operation: Operation[T], request: Request, answer: Answer) -> T:
    """What the operation returns for this answer; an optional value that is not as documented is absent from it.

    Raises:
        StatusError: the status is not 2xx.
        InvalidResponse: it is, but the body is not what the API documents, or lacks a required value.
    """
    if not 200 <= answer.status <= 299:
        raise _status_error(operation, request, answer)
    try:
        # A documented absence of content is what makes None the operation's T.
        return cast(T, _read(operation, request, answer, lenient=False).parsed)
    except _Mismatch as mismatch:
        reason, issue = without_secrets(str(mismatch), request.credentials), mismatch.issue
    raise invalid_response(reason, request, answer, issue)


def read_raw(operation: Operation[T], request: Request, answer: Answer) -> RawResponse[T]:
    """All of an answer, and as much as can be read of it.

    Raises:
        StatusError: the status is not 2xx.
        InvalidResponse: it is, but the body is of another content type, no JSON, or unreadable at its root.
    """
    if not 200 <= answer.status <= 299:
        raise _status_error(operation, request, answer)
    try:
        decoded = _read(operation, request, answer, lenient=True)
    except _Mismatch as mismatch:
        reason, issue = without_secrets(str(mismatch), request.credentials), mismatch.issue
    else:
        values, header_issues = documented_headers(operation, answer.status, answer.headers, _conceal(request))
        return RawResponse(
            status=answer.status,
            headers=answer.headers,
            content=answer.content,
            parsed=cast(T, decoded.parsed),
            issues=decoded.issues,
            elapsed=answer.elapsed,
            attempts=answer.attempts,
            operation=request.operation,
            method=request.method,
            url=request.shown_url,
            complete=decoded.complete,
            documented_headers=values,
            header_issues=header_issues,
        )
    raise invalid_response(reason, request, answer, issue)


def invalid_response(reason: str, request: Request, answer: Answer, issue: Issue | None = None) -> InvalidResponse:
    """The error for a success that cannot be used; `reason` may quote the server."""
    reason = _printable(without_secrets(reason, request.credentials))
    return InvalidResponse(
        f"{_status_text(answer.status)} from {request.place}, but {reason}",
        status=answer.status,
        headers=answer.headers,
        content=answer.content,
        issue=issue,
        operation=request.operation,
        method=request.method,
        url=request.shown_url,
    )


class _Mismatch(Exception):
    """The answer is not as documented; the text says how. `issue`: by the lack of which value."""

    def __init__(self, reason: str, issue: Issue | None = None) -> None:
        super().__init__(reason)
        self.issue = issue


def _read(operation: Operation[Any], request: Request, answer: Answer, *, lenient: bool) -> Decoded[Any]:
    content = _documented_success(operation, answer.status)
    return Decoded(None) if content is None else _decode(content, request, answer, lenient=lenient)


def _documented_success(operation: Operation[Any], status: int) -> Content | None:
    documented = operation.responses
    for key in (str(status), "2XX"):
        if key in documented:
            return documented[key]
    successes = [content for key, content in documented.items() if key.startswith("2")]
    successes = successes or [c for key, c in documented.items() if key == "default"]
    contents = [content for content in successes if content is not None] or successes
    if contents and all(content == contents[0] for content in contents):
        return contents[0]
    raise _Mismatch(f"{operation.name} does not document this status")


def _decode(content: Content, request: Request, answer: Answer, *, lenient: bool) -> Decoded[Any]:
    sent_type = answer.headers.get("content-type", "")
    how = content.decode
    if how == "any":
        how = _sent_as(sent_type, content.type)
    if how == "bytes":
        return Decoded(answer.content)
    if how == "text":
        return Decoded(_text(sent_type, answer))
    # A charset beside JSON means nothing (RFC 8259, 11): it is UTF-8, or no JSON.
    if how != "json" or not (_is_json(sent_type) or _holds_json(answer.content)):
        raise _Mismatch(f"the body is {sent_type!r}, not {content.media_type}")
    try:
        return read(
            answer.content,
            content.type,
            lenient=lenient,
            conceal=_conceal(request),
        )
    except Unreadable as unreadable:
        reason, issue = str(unreadable), unreadable.issue
    raise _Mismatch(f"the body cannot be read: {reason}", issue)


def _conceal(request: Request) -> Callable[[str], str]:
    return partial(without_secrets, credentials=request.credentials)


def _text(sent_type: str, answer: Answer) -> str:
    charset = _CHARSET.search(sent_type)
    try:
        return answer.content.decode(charset[1] if charset else "utf-8")
    except (UnicodeDecodeError, LookupError) as error:
        # Said in words and not chained: such errors can carry the whole body.
        reason = f"not {error.encoding}: {error.reason}" if isinstance(error, UnicodeDecodeError) else str(error)
    raise _Mismatch(f"the body cannot be read: {reason}")


def _media_type(sent_type: str) -> str:
    return sent_type.partition(";")[0].strip().lower()


def _is_json(sent_type: str) -> bool:
    """Whether a Content-Type says JSON (RFC 8259, or a suffix of RFC 6839), or nothing at all."""
    media_type = _media_type(sent_type)
    return not media_type or media_type.endswith(("/json", "+json"))


def _holds_json(content: bytes) -> bool:
    """Whether a body under another media type is a JSON object or list all the same; text can look like a scalar."""
    try:
        return isinstance(msgspec.json.decode(content), dict | list)
    except UNDECODABLE:
        return False


def _sent_as(sent_type: str, type_: Any) -> Literal["json", "text", "bytes"]:
    """How a body is read whose media type only the server knows; `type_` is str, or anything."""
    media_type = _media_type(sent_type)
    if media_type and _is_json(media_type):
        return "json"
    return "text" if type_ is str or media_type.startswith("text/") else "bytes"


def _status_error(operation: Operation[Any], request: Request, answer: Answer) -> StatusError:
    detail = _redirection(request, answer) if answer.status < 400 else _detail(answer)
    message = f"{_status_text(answer.status)} from {request.place}"
    if detail:
        detail = _printable(without_secrets(detail, request.credentials))
        message = f"{message}: {detail}"
    return status_error_class(answer.status)(
        message,
        status=answer.status,
        headers=answer.headers,
        content=answer.content,
        body=_error_body(operation, request, answer),
        retry_after=retry_after(answer.headers),
        documented_headers=documented_headers(operation, answer.status, answer.headers, _conceal(request))[0],
        operation=request.operation,
        method=request.method,
        url=request.shown_url,
    )


def _error_body(operation: Operation[Any], request: Request, answer: Answer) -> object:
    """As much as can be read of the documented error model; None where nothing can."""
    documented = operation.responses
    for key in (str(answer.status), f"{answer.status // 100}XX", "default"):
        if key in documented:
            content = documented[key]
            try:
                return None if content is None else _decode(content, request, answer, lenient=True).parsed
            except _Mismatch:
                return None
    return None


def _detail(answer: Answer) -> str:
    """The server's own words: the usual text fields of a JSON object (RFC 9457 among them)."""
    try:
        body = msgspec.json.decode(answer.content)
    except UNDECODABLE:
        return ""
    if not isinstance(body, dict):
        return ""
    fields = cast("dict[str, object]", body)
    texts = [fields.get(name) for name in _DETAIL_FIELDS]
    nested = fields.get("error")
    if isinstance(nested, dict):
        texts.append(cast("dict[str, object]", nested).get("message"))
    return ": ".join(dict.fromkeys(text for text in texts if isinstance(text, str) and text))


def _redirection(request: Request, answer: Answer) -> str:
    location = answer.headers.get("location")
    if not location:
        return ""
    try:
        target = urlsplit(urljoin(request.shown_url, location))
        host = target.netloc.rpartition("@")[2]
    except ValueError:
        return "redirects are not followed"
    return f"redirects are not followed, and this one leads to {target.scheme}://{host}{target.path}"


# The names of RFC 9110, section 15.5, which Python has from 3.13 on.
_RENAMED = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}


def _status_text(status: int) -> str:
    """`404 Not Found`; the number alone where it has no standard name."""
    from http import HTTPStatus

    try:
        return f"{status} {_RENAMED.get(status) or HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _printable(text: str) -> str:
    """One line of limited length: what a server sends may end up in a terminal or a log."""
    text = "".join(c if c.isprintable() else " " for c in text[: _LONGEST_DETAIL + 1])
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}..."
