"""What a call returns or raises for a response; the same for both kinds of clients."""

from __future__ import annotations

import math
from typing import Any, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import msgspec

from .._api import Content, Operation
from .._decoding.results import Decoded
from .._decoding.strict import UNDECODABLE
from .._errors import InvalidResponse, Issue, RequestTimeout, StatusError, status_error_class
from .._request.request import Request
from .._time_limit import OutOfTime, TimeLimit
from .about import about_call
from .content import Mismatch, documented_key, documented_success, is_documented_redirect, is_success, read_body
from .headers import documented_headers, refused_for
from .raw import RawResponse
from .response import Response

T = TypeVar("T")

_LONGEST_DETAIL = 200
_LONGEST_EXPLANATION = 1024 * 1024
"""Bytes of a body in which a text for the message is looked for."""
_LONGEST_ERROR = 1024
"""Bytes of a success in which the text of an error is looked for."""
_DETAIL_FIELDS = ("title", "detail", "message", "error", "error_description", "errorCode", "exception_message")
_NESTED_DETAILS = {"error": "message", "status": "user_message"}
"""Objects that hold a text for the message, and its field there."""


def read_response(operation: Operation[T], request: Request, response: Response) -> T:
    """What the operation returns for this response; an optional value that is not as documented is absent from it.

    Raises:
        StatusError: the status is not 2xx, and not a redirect that the API documents as the success.
        InvalidResponse: it is, but the body is not what the API documents, or lacks a required value.
        RequestTimeout: reading it takes longer than the call may.
    """
    # A documented absence of content is what makes None the operation's T.
    return cast(T, _read(operation, request, response, lenient=False).parsed)


def read_raw(operation: Operation[T], request: Request, response: Response) -> RawResponse[T]:
    """All of a response, and as much as can be read of it.

    Raises:
        StatusError: the status is not 2xx.
        InvalidResponse: it is, but the body is of another content type, not JSON, or unreadable at its root.
        RequestTimeout: reading it takes longer than the call may.
    """
    decoded = _read(operation, request, response, lenient=True)
    values, header_issues = documented_headers(operation, response.status, response.headers, request.conceal)
    raw = RawResponse(
        status=response.status,
        headers=response.headers,
        content=response.content,
        parsed=cast(T, decoded.parsed),
        issues=decoded.issues,
        elapsed=response.elapsed,
        complete=decoded.complete,
        documented_headers=values,
        header_issues=header_issues,
        error_text=_error_text(request, response),
        **about_call(request, response),
    )
    vars(raw)["conceal"] = request.conceal
    return raw


def _error_text(request: Request, response: Response) -> str:
    """What a small success says in the text fields of errors, in one line, without secrets."""
    return _printable(request.conceal(_detail(response))) if len(response.content) <= _LONGEST_ERROR else ""


def invalid_response(
    reason: str,
    request: Request,
    response: Response,
    issue: Issue | None = None,
    *,
    transient: bool = False,
    class_: type[InvalidResponse] = InvalidResponse,
) -> InvalidResponse:
    """The error for a success that cannot be used; `reason` may quote the server."""
    reason = _printable(request.conceal(reason))
    return class_(
        f"{_status_text(response.status)} from {request.summary}, but {reason}",
        status=response.status,
        headers=response.headers,
        content=response.content,
        issue=issue,
        transient=transient,
        **about_call(request, response),
    )


def refusal(request: Request, response: Response) -> str:
    """What a server says that refuses a request, in one line for a message, without secrets."""
    detail = _redirection(request, response) if 300 <= response.status < 400 else _detail(response)
    message = f"{_status_text(response.status)} from {request.summary}"
    return f"{message}: {_printable(request.conceal(detail))}" if detail else message


def _read(operation: Operation[Any], request: Request, response: Response, *, lenient: bool) -> Decoded[Any]:
    """The body of a success, decoded.

    Raises:
        StatusError, InvalidResponse, RequestTimeout: see `read_response` and `read_raw`.
    """
    is_redirect = is_documented_redirect(operation, response.status)
    if not is_redirect and not is_success(response.status):
        raise _status_error(operation, request, response)
    try:
        if is_redirect:
            return Decoded(_location(request, response))
        content = documented_success(operation, response.status)
        return Decoded(None) if content is None else _decode(content, request, response, lenient=lenient)
    except Mismatch as mismatch:
        reason, issue = request.conceal(str(mismatch)), mismatch.issue  # concealed, as tracebacks can show locals
    except OutOfTime:
        reason, issue = "", None
    if reason:
        raise invalid_response(reason, request, response, issue, transient=_may_be_cut(reason, response))
    raise RequestTimeout(
        f"{request.summary} timed out: the response was not read within {response.deadline.total:g} s",
        transient=True,
        **about_call(request, response),
    )


def _may_be_cut(reason: str, response: Response) -> bool:
    """Whether JSON ends too early in a body that ends with the connection: it may be truncated (RFC 9112, 8)."""
    has_known_end = "content-length" in response.headers or "transfer-encoding" in response.headers
    return reason.endswith("Input data was truncated") and not has_known_end


def _decode(content: Content, request: Request, response: Response, *, lenient: bool) -> Decoded[Any]:
    sent_type, deadline = response.headers.get("content-type", ""), response.deadline
    with TimeLimit(math.inf if deadline is None else deadline.end):
        return read_body(content, sent_type, response.content, request.conceal, lenient=lenient)


def _status_error(operation: Operation[Any], request: Request, response: Response) -> StatusError:
    seconds = refused_for(response.status, response.headers)
    return status_error_class(response.status, may_pass=seconds is not None)(
        refusal(request, response),
        status=response.status,
        headers=response.headers,
        content=response.content,
        body=_error_body(operation, request, response),
        retry_after=seconds,
        documented_headers=documented_headers(operation, response.status, response.headers, request.conceal)[0],
        **about_call(request, response),
    )


def _error_body(operation: Operation[Any], request: Request, response: Response) -> object:
    """As much as can be read of the documented error model; None where nothing can."""
    key = documented_key(operation, response.status)
    content = None if key is None else operation.responses[key]
    try:
        return None if content is None else _decode(content, request, response, lenient=True).parsed
    except (Mismatch, OutOfTime):
        return None


def _detail(response: Response) -> str:
    """What the server says: the usual text fields of a JSON object (RFC 9457 among them)."""
    if len(response.content) > _LONGEST_EXPLANATION:
        return ""
    try:
        body = msgspec.json.decode(response.content)
    except UNDECODABLE:
        return ""
    if not isinstance(body, dict):
        return ""
    fields = cast("dict[str, object]", body)
    texts = [fields.get(name) for name in _DETAIL_FIELDS]
    for name, text_field in _NESTED_DETAILS.items():
        nested = fields.get(name)
        if isinstance(nested, dict):
            texts.append(cast("dict[str, object]", nested).get(text_field))
    texts += _validation_details(fields.get("detail"))
    present = dict.fromkeys(text for text in texts if isinstance(text, str) and text)
    code = fields.get("code")
    return ": ".join(present) or (code if isinstance(code, str) else "")


def _validation_details(detail: object) -> list[str]:
    """What is wrong with which part of a request, where a server lists it as FastAPI does."""
    details: list[str] = []
    for item in cast("list[object]", detail) if isinstance(detail, list) else ():
        fields = cast("dict[str, object]", item) if isinstance(item, dict) else {}
        text, location = fields.get("msg"), fields.get("loc")
        if isinstance(text, str) and isinstance(location, list):
            details.append(f"{'/'.join(map(str, cast('list[object]', location)))} {text}")
    return details


def _redirection(request: Request, response: Response) -> str:
    try:
        # Concealed first: what is left out below may be a part of a secret.
        target = urlsplit(request.conceal(_location(request, response)))
    except (Mismatch, ValueError):  # the mask can break an address in brackets
        return "redirects are not followed" if response.headers.get("location") else ""
    host = target.netloc.rpartition("@")[2]
    return f"redirects are not followed, and this one leads to {target.scheme}://{host}{target.path}"


def _location(request: Request, response: Response) -> str:
    """The URL to which a redirect leads; a relative one counts from the URL of the request (RFC 9110, 10.2.2).

    Raises:
        Mismatch: there is none.
    """
    location = response.headers.get("location", "").strip()
    if not location:
        raise Mismatch("there is no Location to which it leads")
    try:
        url = urljoin(request.shown_url, location)  # never the URL that was sent, whose query can hold credentials
        urlsplit(url)
    except ValueError:
        raise Mismatch("its Location is not a URL") from None
    return url


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
