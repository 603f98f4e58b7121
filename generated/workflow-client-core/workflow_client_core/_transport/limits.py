"""How long a call may take, and how large a response may be."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from httpx2 import RequestError

MAX_RESPONSE_SIZE = 64 * 1024 * 1024
"""The largest body that is read unless a client says otherwise, in bytes, counted after unpacking."""


_PASSED = {
    "ConnectTimeout": ("connect", "no connection was made within"),
    "ReadTimeout": ("read", "nothing came within"),
    "WriteTimeout": ("write", "the server took nothing within"),
}
"""By the class of an httpx2 error: the limit that has passed, and what did not happen."""


class Timeout(Struct, frozen=True, kw_only=True):
    """How long a call may wait, in seconds.

    - `connect`: for a connection to each of a host's addresses, and for TLS.
    - `read`: for the next piece of the response, and for the server to take the next piece of the request.
    - `total`: for the whole call: all attempts, the waits between them and for a free connection, and credentials that
      a coroutine fetches. It also ends a call to which data keeps coming.

    Raises:
        ValueError: one of them is not a finite number above zero.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0

    def __post_init__(self) -> None:
        for name, seconds in (("connect", self.connect), ("read", self.read), ("total", self.total)):
            if not is_duration(seconds) or seconds == 0:
                raise ValueError(f"timeout.{name} is {seconds!r}, but must be a number of seconds above zero")


def as_timeout(timeout: object) -> Timeout:
    """`timeout` itself, or the limits of a call that may take so many seconds in total.

    Raises:
        ValueError: it is neither a `Timeout` nor a finite number above zero.
    """
    if isinstance(timeout, Timeout):
        return timeout
    if is_duration(timeout) and timeout != 0:
        return Timeout(total=float(timeout))  # type: ignore[arg-type]  # is_duration() checks that it is a number
    raise ValueError(f"timeout is {timeout!r}, but must be a number of seconds above zero, or a Timeout")


def as_size(size: object) -> int:
    """`size`, once it is certain that it is a number of bytes.

    Raises:
        ValueError: it is not an int above zero.
    """
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return size
    raise ValueError(f"max_response_size is {size!r}, but must be a number of bytes above zero")


def is_duration(seconds: object) -> bool:
    """Whether this is a finite number of seconds, not below zero."""
    return (
        isinstance(seconds, int | float) and not isinstance(seconds, bool) and math.isfinite(seconds) and seconds >= 0
    )


def least(limit: float, *others: float | None) -> float:
    """The smallest of the limits; None: there is none."""
    for other in others:
        if other is not None and other < limit:
            limit = other
    return limit


def passed_limit(error: RequestError | None) -> str:
    """What did not happen in time, and the limit, in words; "" where an error of httpx2 is about something else.

    So it is where the error says more than that, as one of a transport of the caller's may.
    """
    limit, what = _PASSED.get(type(error).__name__, ("", "")) if str(error) in ("", "timed out") else ("", "")
    try:
        seconds = error.request.extensions["timeout"][limit] if error and limit else None
    except (RuntimeError, KeyError):  # of a transport of the caller's
        return ""
    return f"{what} {round(seconds, 2):g} s" if seconds is not None else ""


def announced_size(announced: str) -> float:
    """The number of a Content-Length; 0 where it is none, infinite where it has more digits than Python reads."""
    if not (announced.isascii() and announced.isdecimal()):
        return 0
    return int(announced) if len(announced) < 20 else math.inf


class Deadline:
    """The end of one call, by the monotonic clock."""

    __slots__ = ("_started", "end", "total")

    def __init__(self, total: float) -> None:
        self.total = total
        self._started = time.monotonic()
        self.end = self._started + total

    def elapsed(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._started

    def remaining(self) -> float:
        """Seconds until the call must end; negative when it should have."""
        return self.end - time.monotonic()
