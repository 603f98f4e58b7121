"""Reading an answer: pure, the same for sync and async."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import Struct

from ._api import Content, Operation
from ._content import Mismatch, documented_success, read_body
from ._decoding import UNDECODABLE, Decoded
from ._errors import InvalidResponse, Issue, StatusError, status_error_class
from ._headers import documented_headers, retry_after
from ._raw import RawResponse
from ._request import Request
from ._secrets import without_secrets

T = TypeVar("T")

_LONGEST_DETAIL = 200
_DETAIL_FIELDS = ("title", "detail", "message", "error", "errorCode")


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
    except Mismatch as mismatch:
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
    except Mismatch as mismatch:
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


def _read(operation: Operation[Any], request: Request, answer: Answer, *, lenient: bool) -> Decoded[Any]:
    content = documented_success(operation, answer.status)
    return Decoded(None) if content is None else _decode(content, request, answer, lenient=lenient)


def _decode(content: Content, request: Request, answer: Answer, *, lenient: bool) -> Decoded[Any]:
    sent_type = answer.headers.get("content-type", "")
    return read_body(content, sent_type, answer.content, _conceal(request), lenient=lenient)


def _conceal(request: Request) -> Callable[[str], str]:
    return partial(without_secrets, credentials=request.credentials)


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
            except Mismatch:
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
