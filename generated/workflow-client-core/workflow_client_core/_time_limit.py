"""How long decoding may take: what a call has left of its time, or, without a call, MAX_SECONDS."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar, Token

MAX_SECONDS = 60.0
"""As long as a call may take by default."""

_REMAINING: ContextVar[Callable[[], float] | None] = ContextVar("workflow_client_core_remaining", default=None)
"""What returns the seconds that are left; None: there is no limit."""


class OutOfTime(Exception):
    """The time is up, and the document not read."""


class TimeLimit:
    """Limit what is decoded inside of the block; `remaining` returns the seconds that are left."""

    __slots__ = ("_remaining", "_token")

    def __init__(self, remaining: Callable[[], float] | None) -> None:
        self._remaining = remaining

    def __enter__(self) -> None:
        self._token = _REMAINING.set(self._remaining)

    def __exit__(self, *_: object) -> None:
        _REMAINING.reset(self._token)


def start_time_limit() -> Token[Callable[[], float] | None]:
    """Limit what is decoded from now on to MAX_SECONDS, until `stop_time_limit` is called with what this returns.

    These are two functions, as a context manager would take as long as decoding a small document.
    """
    end = time.monotonic() + MAX_SECONDS
    return _REMAINING.set(lambda: end - time.monotonic())


stop_time_limit = _REMAINING.reset


def check_time() -> None:
    """Go on if there is time left; called for each value that takes long.

    Raises:
        OutOfTime: there is none.
    """
    remaining = _REMAINING.get()
    if remaining is not None and remaining() <= 0:
        raise OutOfTime
