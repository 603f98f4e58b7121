"""Reading an answer: pure, the same for sync and async."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import Struct

from ._api import Content, Operation
from ._errors import InvalidResponse, StatusError, status_error_class
from ._request import Request
from ._secrets import without_secrets

T = TypeVar("T")

_LONGEST_DETAIL = 200
_DETAIL_FIELDS = ("title", "detail", "message", "error", "errorCode")
_CHARSET = re.compile(r"""charset\s*=\s*"?([^\s;"]+)""", re.IGNORECASE)
_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LookupError)


class Answer(Struct, frozen=True):
    """A response as it came over the wire; `headers` is case-insensitive."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.content)} bytes>"


def read_answer(operation: Operation[T], request: Request, answer: Answer) -> T:
    """What the operation returns for this answer.

    Raises:
        StatusError: the status is not 2xx.
        InvalidResponse: it is, but the body is not what the API documents.
    """
    if not 200 <= answer.status <= 299:
        raise _status_error(operation, request, answer)
    try:
        content = _documented_success(operation, answer.status)
        # A documented absence of content is what makes None the operation's T.
        return cast(T, None if content is None else _decode(content, answer))
    except _Mismatch as mismatch:
        reason = str(mismatch)
    raise invalid_response(reason, request, answer)


def invalid_response(reason: str, request: Request, answer: Answer) -> InvalidResponse:
    """The error for a success that cannot be used; `reason` may quote the server."""
    reason = _printable(without_secrets(reason, request.credentials))
    return InvalidResponse(
        f"{_status_text(answer.status)} from {request.place}, but {reason}",
        status=answer.status,
        headers=answer.headers,
        content=answer.content,
        operation=request.operation,
        method=request.method,
        url=request.shown_url,
    )


class _Mismatch(Exception):
    """The answer is not as documented; the text says how."""


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


def _decode(content: Content, answer: Answer) -> object:
    sent_type = answer.headers.get("content-type", "")
    try:
        if content.decode == "bytes":
            return answer.content
        if content.decode == "text":
            charset = _CHARSET.search(sent_type)
            return answer.content.decode(charset[1] if charset else "utf-8")
        if not _is_json(sent_type):
            raise _Mismatch(f"the body is {sent_type!r}, not {content.media_type}")
        if not answer.content:
            raise _Mismatch(f"the body is empty, not {content.media_type}")
        return cast(object, msgspec.json.decode(answer.content, type=content.type))
    except _UNDECODABLE as error:
        # Said in words and not chained: such errors can carry the whole body.
        if isinstance(error, UnicodeDecodeError):
            raise _Mismatch(f"the body is not {error.encoding}: {error.reason}") from None
        raise _Mismatch(f"the body does not fit: {error}") from None


def _is_json(sent_type: str) -> bool:
    """Whether a Content-Type says JSON (RFC 8259, or a suffix of RFC 6839), or nothing at all."""
    media_type = sent_type.partition(";")[0].strip().lower()
    return not media_type or media_type.endswith(("/json", "+json"))


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
        body=_error_body(operation, answer),
        retry_after=retry_after(answer.headers),
        operation=request.operation,
        method=request.method,
        url=request.shown_url,
    )


def _error_body(operation: Operation[Any], answer: Answer) -> object:
    documented = operation.responses
    for key in (str(answer.status), f"{answer.status // 100}XX", "default"):
        if key in documented:
            content = documented[key]
            try:
                return None if content is None else _decode(content, answer)
            except _Mismatch:
                return None
    return None


def _detail(answer: Answer) -> str:
    """The server's own words: the usual text fields of a JSON object (RFC 9457 among them)."""
    try:
        body = msgspec.json.decode(answer.content)
    except _UNDECODABLE:
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


def _status_text(status: int) -> str:
    """`404 Not Found`; the number alone where it has no standard name."""
    from http import HTTPStatus

    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _printable(text: str) -> str:
    """One line of limited length: what a server sends may end up in a terminal or a log."""
    text = "".join(c if c.isprintable() else " " for c in text[: _LONGEST_DETAIL + 1])
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}..."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait according to Retry-After (RFC 9110, 10.2.3): a number or a date.

    A date is compared with the server's own Date where it sends one, so that a wrong clock on
    either side does not matter. None where the header is absent or makes no sense.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
