"""Everything that a call can raise: `ApiError` and its subclasses.

Messages and reprs never hold a credential. `StatusError.content` and `.body`, like
`InvalidResponse.content`, are what the server sent, unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Issue(Struct, frozen=True):
    """A value that could not be read as documented, and is absent therefore.

    - `pointer`: where it is, or should be, from the document's root (RFC 6901); "" is the root.
    - `expected`: what is documented there, such as "integer", "date-time" or "text or null".
    - `found`: what is there, such as "null", "object" or "text '9001'"; "nothing" for a required value that is missing.
      At most a few characters of the value, and none where a name in the pointer looks like that of a credential.
    """

    pointer: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the root'}: expected {self.expected}, found {self.found}"


class ApiError(Exception):
    """The root of all errors of a client.

    - `operation` is the method that was called (`get_workflow_run`), `method` the HTTP method, `url`
      the address with the values of credentials replaced by `***`; all empty outside of a call.
    - `attempts`: how often the call was tried, also where nothing could be sent; 0 outside of a call, and before its
      first attempt. If there were several, the message says so.
    - `request_id`: the name that the server gave to the last request, by which the people who run it find it (see
      `RawResponse`); None where it gave none, or did not answer.
    - `transient`: whether the same call may succeed later although nobody changes anything. So it is without a
      connection, or if it broke off, after a time limit, and with some statuses (see `StatusError`); not with a
      certificate that is not trusted, or an address that cannot be used.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        method: str = "",
        url: str = "",
        attempts: int = 0,
        request_id: str | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.method = method
        self.url = url
        self.attempts = attempts
        self.request_id = request_id
        self.transient = transient

    def __str__(self) -> str:
        message = super().__str__()
        return message if self.attempts < 2 else f"{message} (after {self.attempts} attempts)"

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions cross process borders; the default would call __init__ without its keywords.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[ApiError], args: tuple[Any, ...], state: dict[str, Any]) -> ApiError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class CredentialsError(ApiError):
    """Credentials are missing or malformed, would travel in clear text, or get no token.

    Raised before the call itself is sent: by the constructor when they can work for no operation, else
    by the call. Where a server refused a token, the message has its reason (RFC 6749, 5.2).
    """


class ConnectionFailed(ApiError):
    """No whole response arrived: name lookup, connecting, TLS, or a connection that broke.

    The server may or may not have carried out the request.
    """


class RequestTimeout(ApiError):
    """The client's own time limit passed first. (The status 408 is a `StatusError`.)"""


class PaginationError(ApiError):
    """The pages of a list cannot be followed to their end: a link leads to another server, or there are too many."""


class InvalidResponse(ApiError):
    """A success whose body is not what the API documents.

    - `status` (int), `headers` (case-insensitive) and `content` (bytes) are the response's own; 0 and empty for a
      document that did not come by HTTP.
    - `issue`: the required value that is missing or cannot be read, with its pointer; None where the body as a whole
      cannot be used: not JSON, another content type, truncated (then the error is `transient`).
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        issue: Issue | None = None,
        operation: str = "",
        method: str = "",
        url: str = "",
        attempts: int = 0,
        request_id: str | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            method=method,
            url=url,
            attempts=attempts,
            request_id=request_id,
            transient=transient,
        )
        self.status = status
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.content = content
        self.issue = issue


class ResponseTooLarge(InvalidResponse):
    """A success whose body, or one event of it, is larger than the client's `max_response_size`."""


class StatusError(ApiError):
    """The server answered with a status that is not 2xx.

    - `status`: int; `headers`: case-insensitive; `content`: the body's bytes.
    - `body`: the body decoded into the model that the API documents for this status; None where it documents none, or
      the body is not such a model. Values that are missing or cannot be read are `UNSET`, required ones as well.
    - `documented_headers`: the headers that the API documents for this status, read by their schemas; by name, whatever
      its capitals are. One that was not sent, or cannot be read, is absent.
    - `retry_after`: seconds to wait (a float, never negative), as the server asks by the header `retry-after-ms`, which
      has milliseconds, else by Retry-After (RFC 9110, 10.2.3: seconds or a date), else by X-RateLimit-Reset, where
      X-RateLimit-Remaining is 0; None where it does not.
    - `transient`: for 408, 425, 429, a 403 with a time to wait, and 5xx without 501 and 505, which say what the server
      never does, and 511, which waits for somebody to log in to the network.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        headers: Mapping[str, str],
        content: bytes = b"",
        body: Any = None,
        retry_after: float | None = None,
        documented_headers: Mapping[str, Any] | None = None,
        operation: str = "",
        method: str = "",
        url: str = "",
        attempts: int = 0,
        request_id: str | None = None,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            method=method,
            url=url,
            attempts=attempts,
            request_id=request_id,
            transient=_may_pass(status) or isinstance(self, RateLimited),
        )
        self.status = status
        self.headers = headers
        self.content = content
        self.body = body
        self.retry_after = retry_after
        self.documented_headers: Mapping[str, Any] = {} if documented_headers is None else documented_headers


class BadRequest(StatusError):
    """400: the server cannot make sense of the request."""


class Unauthorized(StatusError):
    """401: the credential is missing, wrong or expired."""


class Forbidden(StatusError):
    """403: the credential is good, but does not allow this."""


class NotFound(StatusError):
    """404: there is no such thing, or none that this credential may see."""


class Conflict(StatusError):
    """409: the request contradicts the present state."""


class UnprocessableEntity(StatusError):
    """422: the request is well-formed, but its content is refused."""


class RateLimited(StatusError):
    """429, or a 403 that says when to ask again: too many requests; see `retry_after` (RFC 6585, 4)."""


class ServerError(StatusError):
    """5xx: the server failed. Statuses without a standard name, such as 520, are here too."""


_BY_STATUS: Mapping[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: UnprocessableEntity,
    429: RateLimited,
}


def status_error_class(status: int, *, may_pass: bool = False) -> type[StatusError]:
    """The class that stands for an HTTP status outside 2xx; `may_pass`: whether the server says when to ask again."""
    if status == 403 and may_pass:
        return RateLimited
    if 500 <= status <= 599:
        return ServerError
    return _BY_STATUS.get(status, StatusError)


def _may_pass(status: int) -> bool:
    """Whether the same request may later get another status than this one."""
    return status in (408, 425, 429) or (500 <= status <= 599 and status not in (501, 505, 511))
