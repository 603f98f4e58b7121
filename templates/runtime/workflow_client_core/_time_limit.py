"""How long decoding may take: what a call has left of its time, or, without a call, MAX_SECONDS."""

from __future__ import annotations

import math
import time
from contextvars import ContextVar, Token

MAX_SECONDS = 60.0
"""As long as a call may take by default."""

_END: ContextVar[float] = ContextVar("workflow_client_core_end", default=math.inf)
"""When the time is up, by the monotonic clock."""


class OutOfTime(Exception):
    """The time is up, and the document not read."""


class TimeLimit:
    """Limit what is decoded inside of the block to the time before `end`, by the monotonic clock."""

    __slots__ = ("_end", "_token")

    def __init__(self, end: float) -> None:
        self._end = end

    def __enter__(self) -> None:
        self._token = _END.set(self._end)

    def __exit__(self, *_: object) -> None:
        _END.reset(self._token)


def start_time_limit() -> Token[float]:
    """Limit what is decoded from now on to MAX_SECONDS, until `stop_time_limit` is called with what this returns.

    These are two functions, as a context manager would take as long as decoding a small document.
    """
    return _END.set(time.monotonic() + MAX_SECONDS)


stop_time_limit = _END.reset


def check_time() -> None:
    """Go on if there is time left; called for each value that takes long.

    Raises:
        OutOfTime: there is none.
    """
    if time.monotonic() >= _END.get():
        raise OutOfTime
