"""Hosts: the servers that runs are asked of, and how many requests each of them gets at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from datetime import datetime
from enum import Enum, auto

from .._polling.state import PollState


class Outcome(Enum):
    """What a request says of its host."""

    SUCCESS = auto()
    """It answers."""
    OVERLOAD = auto()
    """It wants fewer requests (429, or 503 with a Retry-After), or gives no response at all."""
    NEITHER = auto()


class WatchedRun:
    """A run that is watched. There may be 100,000 of them, so there is no more in it than is needed.

    - `text`: the text form of its reference.
    - `state`: what the state machine knows of it.
    - `host`: where it is asked for, as far as is known.
    - `problem`: what the error of its last request says; None where it was answered.
    - `is_new`: whether no answer has come since it is watched.
    - `host_successes`: how often its host had answered when it last was overloaded.
    """

    __slots__ = ("host", "host_successes", "is_new", "problem", "state", "text")

    def __init__(self, text: str, host: Host, state: PollState) -> None:
        self.text = text
        self.host = host
        self.state = state
        self.problem: str | None = None
        self.is_new = True
        self.host_successes = -1


class Host:
    """A server of a provider: its requests in flight, and the runs whose turn it is to be asked for.

    The limit of requests in flight is halved when the host is overloaded, once for all requests that were in flight
    then. It grows again by one with as many successes as it has.

    Args:
        key: that of the references from which it was inferred, until a request has shown which server it is.
        limit: the most requests in flight.
    """

    def __init__(self, key: Hashable, limit: int) -> None:
        self.key = key
        self.is_certain = False
        self.limit = limit
        self.in_flight = 0
        self.successes = 0
        self.overloads = 0
        self.due: deque[WatchedRun] = deque()
        self.is_queued = False
        """Whether the scheduler has it among the hosts that have runs due."""
        self.cool_until: datetime | None = None
        self._most = limit
        self._successes_at_limit = 0

    def is_cooling(self, now: datetime) -> bool:
        """Whether the host wants no requests yet."""
        if self.cool_until is not None and self.cool_until <= now:
            self.cool_until = None
        return self.cool_until is not None

    def cool(self, until: datetime) -> None:
        """Send no requests until then."""
        if self.cool_until is None or until > self.cool_until:
            self.cool_until = until

    def answered(self, outcome: Outcome, overloads: int) -> None:
        """Adjust the limit to the outcome of a request.

        Args:
            overloads: what `overloads` was when the request began.
        """
        if outcome is Outcome.SUCCESS:
            self.successes += 1
            self._successes_at_limit += 1
            if self._successes_at_limit >= self.limit < self._most:
                self.limit, self._successes_at_limit = self.limit + 1, 0
        elif outcome is Outcome.OVERLOAD and overloads == self.overloads:
            self.overloads += 1
            self.limit, self._successes_at_limit = max(1, self.limit // 2), 0
