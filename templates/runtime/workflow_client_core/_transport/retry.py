"""When a call is repeated: a policy without I/O and without a clock, the same for sync and async."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from .limits import is_duration

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
"""The methods that have the same effect when they are sent twice (RFC 9110, 9.2.2)."""


class Outcome(Struct, frozen=True):
    """How one attempt ended: with a status, or, where that is None, without a whole response.

    `retry_after`: seconds to wait, as the server says (see `StatusError.retry_after`); None where it does not.
    """

    status: int | None = None
    retry_after: float | None = None


class Retry(Struct, frozen=True, kw_only=True):
    """When and how often a call is repeated.

    A call is repeated if its method is idempotent (RFC 9110, 9.2.2: never POST or PATCH) and its response had
    one of `statuses`, or if no whole response arrived; at most `max_retries` times, and never beyond the total time
    limit of the call.

    Before the n-th repetition it waits for a random time between `minimum` and `initial * 2 ** (n - 1)`, of `maximum`
    at most. Where the server asks for a wait that is longer than `minimum`, it waits for that long, and for a random
    part of the same span on top: clients that failed together, or were told the same time, do not come back together.
    A server that asks for more than `max_retry_after` is not asked again: its response is the call's error.

    All times are in seconds. `Retry(max_retries=0)` never repeats a call.

    Raises:
        ValueError: a number is negative or not finite, or a status cannot be tried again.
    """

    max_retries: int = 2
    initial: float = 0.5
    maximum: float = 8.0
    minimum: float = 0.1
    statuses: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})
    max_retry_after: float = 60.0

    def __post_init__(self) -> None:
        if type(self.max_retries) is not int or self.max_retries < 0:
            raise ValueError(f"max_retries is {self.max_retries!r}, but must be a whole number, zero or above")
        for name in ("initial", "maximum", "minimum", "max_retry_after"):
            if not is_duration(getattr(self, name)):
                raise ValueError(f"{name} is {getattr(self, name)!r}, but must be a number of seconds, zero or above")
        wrong = [status for status in self.statuses if not 300 <= status <= 599]
        if wrong:
            raise ValueError(f"statuses holds {wrong[0]!r}, but only 300 to 599 can be tried again")

    def delay(
        self,
        *,
        attempt: int,
        method: str,
        outcome: Outcome,
        elapsed: float,
        total: float,
        random: Callable[[], float],
    ) -> float | None:
        """Seconds to wait before the next attempt; None: there is none, and `outcome` is the call's.

        Args:
            attempt: how many attempts were made, the first being 1.
            method: the HTTP method, in upper case.
            outcome: how the last attempt ended.
            elapsed: seconds since the call began.
            total: seconds that the call may take.
            random: a source of numbers from 0 up to 1, as `random.random`.
        """
        if attempt > self.max_retries or method not in IDEMPOTENT:
            return None
        if outcome.status is not None and outcome.status not in self.statuses:
            return None
        asked = outcome.retry_after or 0.0
        if asked > self.max_retry_after:
            return None
        spread = max(0.0, self.backoff(attempt) - self.minimum)
        wait = max(self.minimum, asked) + spread * random()
        # A wait that leaves no time for the attempt after it only delays the bad news.
        return wait if elapsed + wait < total else None

    def backoff(self, attempt: int) -> float:
        """The longest wait after this attempt, in seconds, unless `minimum` or what the server asks for is more."""
        if attempt > 64:  # 2 ** 1024 is not a float; long before that the maximum is reached
            return self.maximum if self.initial else 0.0
        return min(self.maximum, self.initial * 2.0 ** (attempt - 1))
