"""The response that a run came by, without its body."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class ResponseHead(Struct, frozen=True):
    """The status and the headers of a response.

    - `status`: the HTTP status, such as 200.
    - `headers`: by name, whatever its capitals are.
    """

    status: int
    headers: Mapping[str, str]
