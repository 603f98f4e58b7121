"""The response that a run came by, without its body."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class ResponseHead(Struct, frozen=True):
    """The status and the headers of a response, and what else is known of the call.

    - `status`: the HTTP status, such as 200.
    - `headers`: by name, whatever its capitals are.
    - `request_id`: the server's own name for the request, by which the people who run it find it; None where it gave
      none. It is the header `X-Request-Id` or one of that kind (see `workflow_client_core.RawResponse`).
    - `attempts`: how often the request was sent, repetitions by the client included.
    - `retry_after`: the seconds after which the server wants to be asked again (RFC 9110, 10.2.3); None where it does
      not say.
    """

    status: int
    headers: Mapping[str, str]
    request_id: str | None = None
    attempts: int = 1
    retry_after: float | None = None
