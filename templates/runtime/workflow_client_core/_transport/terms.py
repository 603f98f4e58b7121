"""What an attempt has to keep to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .._api import Operation
from .limits import Deadline, Timeout

if TYPE_CHECKING:
    import httpx2


class Terms(Struct, frozen=True):
    """The limits and rules of an attempt, the operation that is called, and the client's base URL."""

    deadline: Deadline
    timeout: Timeout
    max_response_size: int
    auth: httpx2.Auth | None
    allow_insecure_http: bool
    operation: Operation[Any]
    base_url: str = ""
