"""The clock that waiting goes by. Tests replace it, so that hours pass in milliseconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, and sleeps. One clock serves all threads and event loops of a process."""

    def utc(self) -> datetime:
        """The time of day, aware and in UTC; it may jump when somebody sets the clock."""
        ...

    def monotonic(self) -> float:
        """Seconds since any moment, which never go back."""
        ...

    def sleep(self, seconds: float, cancel: threading.Event | None) -> None:
        """Wait for so many seconds, or until `cancel` is set."""
        ...

    async def sleep_async(self, seconds: float) -> None:
        """Wait for so many seconds."""
        ...


class SystemClock:
    """The clock of the machine."""

    def utc(self) -> datetime:
        """See `Clock.utc`."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    def sleep(self, seconds: float, cancel: threading.Event | None) -> None:
        """See `Clock.sleep`."""
        end = self.monotonic() + seconds
        while (left := min(end - self.monotonic(), threading.TIMEOUT_MAX)) > 0:
            if cancel is None:
                time.sleep(left)
            elif cancel.wait(left):
                return

    async def sleep_async(self, seconds: float) -> None:
        """See `Clock.sleep_async`."""
        from anyio import sleep  # here, as it takes long to import; the clients need it anyway

        await sleep(seconds)


class SteadyTime:
    """The time in UTC since a moment, which does not jump when somebody sets the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._utc = clock.utc()
        self._monotonic = clock.monotonic()

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return self._utc + timedelta(seconds=self._clock.monotonic() - self._monotonic)


_clocks: list[Clock] = [SystemClock()]


def current_clock() -> Clock:
    """The clock that everything in this process goes by."""
    return _clocks[-1]


@contextmanager
def use_clock(clock: Clock) -> Generator[None]:
    """Let everything in this process, whatever its thread, go by this clock inside of the block."""
    _clocks.append(clock)
    try:
        yield
    finally:
        _clocks.remove(clock)
