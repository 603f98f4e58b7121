"""A response as it came over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Response(Struct, frozen=True):
    """A response as it came over the wire; `headers` is case-insensitive.

    `elapsed`: seconds that the whole call took, `attempts`: how often it was sent; `deadline`: the `Deadline` of the
    call, by which the body has to be read, too, unless it is a stream.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    elapsed: float = 0.0
    attempts: int = 1
    deadline: Any = None

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.content)} bytes>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status", self.status), ("bytes", len(self.content))]


class OpenResponse(Response, frozen=True):
    """A success whose body is still to come.

    `http` is the open `httpx2.Response`, `attempt` its `Attempt`, and `connections` are those among which its own is.
    """

    http: Any = None
    attempt: Any = None
    connections: Any = None
