"""The raw response: all that was sent, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from .._decoding.results import Unreadable
from .._decoding.strict import UNDECODABLE, decode_strictly
from .._errors import InvalidResponse, Issue

T = TypeVar("T")


class RawResponse(Struct, Generic[T], frozen=True, eq=False, dict=True):
    """A success, as it came and as far as it could be read. Its repr shows neither body nor headers.

    - `status`: int; `headers`: case-insensitive; `content`: the body's bytes, unpacked.
    - `parsed`: what the plain method returns, but read leniently: a required value that is missing or unreadable is
      `UNSET`, contrary to its annotation.
    - `issues`: one for each value that is absent from `parsed` because it is unreadable.
    - `complete`: whether every required value could be read, so that `parsed` keeps to its annotations.
    - `elapsed`: seconds that the whole call took; `attempts`: how often it was sent.
    - `request_id`: the name that the server gave to the request, by which the people who run it find it. It is the
      header `X-Request-Id` or `Request-Id`, else the first whose name ends so (`X-GitHub-Request-Id`,
      `x-amzn-RequestId`), else `X-Correlation-Id`; None where there is none.
    - `documented_headers`: those of `headers` that the API documents for this status, read by their schemas (an integer
      is an int); by name, whatever its capitals are. One that was not sent, or cannot be read, is absent.
    - `header_issues`: one for each header that could not be read, or is required and missing; its pointer is "/" and
      the header's name.
    - `error_text`: what the body says in the text fields that errors usually have (`message`, `detail` and the like),
      in one line and without credentials, as some servers report errors with a success; "" where it says nothing
      there, or is larger than 1 KiB.
    - `operation`: the method that was called, `method` the HTTP method, `url` the address with the values of
      credentials replaced by `***`.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    parsed: T
    issues: tuple[Issue, ...] = ()
    elapsed: float = 0.0
    attempts: int = 1
    operation: str = ""
    method: str = ""
    url: str = ""
    complete: bool = True
    documented_headers: Mapping[str, Any] = {}
    header_issues: tuple[Issue, ...] = ()
    request_id: str | None = None
    error_text: str = ""

    @property
    def document(self) -> Any:
        """The body as plain Python values, undeclared properties included; decoded once, when first read.

        Raises:
            InvalidResponse: the body is not JSON, as that of a text or a file may be.
        """
        # Not a cached_property, whose lock (up to Python 3.11) stays held in a process that is forked meanwhile.
        values = vars(self)
        if "document" not in values:
            values["document"] = self._decoded()
        return values["document"]

    @property
    def retry_after(self) -> float | None:
        """The seconds after which the server wants to be asked again, as in `StatusError`; None if it does not say."""
        from .headers import retry_after  # here, as it loads what reads headers

        return retry_after(self.headers)

    def without_credentials(self, text: str) -> str:
        """`text`, such as a value of the body, with every trace of the credentials that were sent masked.

        Copies and pickles know no credentials: theirs returns the text as it is.
        """
        # Not a field, which a pickle would have, and with it the credentials.
        conceal: Callable[[str], str] = vars(self).get("conceal", str)
        return conceal(text)

    def _decoded(self) -> Any:
        try:
            return decode_strictly(self.content, Any)
        except UNDECODABLE:
            pass
        from .._decoding.repair import untyped

        try:
            return untyped(self.content)
        except RecursionError:
            reason = "it is nested too deeply"
        except Unreadable as unreadable:
            reason = str(unreadable)
        raise InvalidResponse(
            f"the body of {self.operation or 'the response'} cannot be read: {reason}",
            status=self.status,
            headers=self.headers,
            content=self.content,
            operation=self.operation,
            method=self.method,
            url=self.url,
            attempts=self.attempts,
            request_id=self.request_id,
        )

    def __repr__(self) -> str:
        issues = f", {len(self.issues)} issues" if self.issues else ""
        return f"<RawResponse {self.status} from {self.method} {self.url}, {len(self.content)} bytes{issues}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status", self.status), ("url", self.url), ("bytes", len(self.content)), ("issues", len(self.issues))]
