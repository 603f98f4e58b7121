"""How long decoding may take: what a call has left of its time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

_REMAINING: ContextVar[Callable[[], float] | None] = ContextVar("workflow_client_core_remaining", default=None)
"""What returns the seconds that are left; None: there is no limit."""


class OutOfTime(Exception):
    """The time is up, and the document not read."""


@contextmanager
def time_limit(remaining: Callable[[], float] | None) -> Generator[None]:
    """Limit what is decoded inside of the block; `remaining` returns the seconds that are left."""
    token = _REMAINING.set(remaining)
    try:
        yield
    finally:
        _REMAINING.reset(token)


def check_time() -> None:
    """Go on if there is time left; called for each value that takes long.

    Raises:
        OutOfTime: there is none.
    """
    remaining = _REMAINING.get()
    if remaining is not None and remaining() <= 0:
        raise OutOfTime
