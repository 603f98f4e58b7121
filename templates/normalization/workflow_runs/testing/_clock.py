"""A clock for tests: whoever sleeps by it lets the time pass at once, so that hours take milliseconds."""

from __future__ import annotations

import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from .._polling.arguments import seconds_of

_START = datetime(2026, 1, 1, 9, tzinfo=UTC)
_GRACE = 0.02
"""Seconds of real time for which a sleeper waits for threads and tasks that do not sleep."""
_TURN = 0.02
"""Seconds of real time between two looks of the next to wake at what others do."""
_PATIENCE = 5
"""How often a sleeper waits in vain for the same thread or task."""
_LOOK = 0.001
"""Seconds of real time between two looks at `cancel`."""


class _Sleeper:
    """A thread or a task that sleeps; `wake` may be called more than once."""

    def __init__(self, wake_at: float, who: object, wake: Callable[[], object]) -> None:
        self.wake_at = wake_at
        self.who = who
        self.wake = wake


class FakeClock:
    """A clock whose time passes only when all threads and tasks that go by it sleep, or by `advance`.

    The time then jumps to the next moment at which somebody wakes. It is a `Clock`; `use_clock(clock)` makes everything
    in the process go by it. Threads and tasks that looked at the clock are waited for while they do something else, for
    20 ms of real time at most. Safe to share between threads and event loops.

    Args:
        start: the time of day at which it begins, aware; None: 09:00 on the first day of 2026, in UTC.
        auto_advance: whether time passes while all sleep; else only by `advance`.

    Raises:
        ValueError: `start` has no time zone.
    """

    def __init__(self, start: datetime | None = None, *, auto_advance: bool = True) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("start must have a time zone, such as datetime(2026, 1, 1, tzinfo=UTC)")
        self._utc = (start or _START).astimezone(UTC)
        self._auto_advance = auto_advance
        self._passed = 0.0
        self._lock = threading.RLock()
        self._changed_at = time.monotonic()
        self._sleepers: set[_Sleeper] = set()
        self._known: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        """Who goes by the clock, and how often time has passed without them."""

    @property
    def elapsed(self) -> float:
        """The seconds that have passed since the clock was made."""
        return self._passed

    @property
    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._utc + timedelta(seconds=self._passed)

    @property
    def sleepers(self) -> int:
        """How many threads and tasks are asleep now."""
        return len(self._sleepers)

    def utc(self) -> datetime:
        """See `Clock.utc`."""
        self._meet(_who())
        return self.now

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        self._meet(_who())
        return self._passed

    def leave(self) -> None:
        """Say that this thread or task no longer goes by the clock, so that nobody waits for it."""
        self._known.pop(_who(), None)

    def advance(self, seconds: float | timedelta | str) -> None:
        """Let time pass, and wake who slept until then.

        Raises:
            ValueError, TypeError: this is not a duration above zero.
        """
        with self._lock:
            self._passed += seconds_of(seconds, "seconds")
            self._wake_up()

    def set_utc(self, time_of_day: datetime) -> None:
        """Set the time of day, as somebody may who sets a clock; `monotonic` stays as it is.

        Raises:
            ValueError: the time has no zone.
        """
        if time_of_day.tzinfo is None:
            raise ValueError("a time of day must have a time zone")
        self._utc = time_of_day.astimezone(UTC) - timedelta(seconds=self._passed)

    def sleep(self, seconds: float, cancel: threading.Event | None = None) -> None:
        """See `Clock.sleep`."""
        woken = threading.Event()
        sleeper = self._fall_asleep(seconds, woken.set)
        try:
            while not woken.is_set() and not (cancel and cancel.is_set()):
                if not woken.wait(self._turn(sleeper) if cancel is None else _LOOK):
                    self._pass_time()
        finally:
            self._get_up(sleeper)

    async def sleep_async(self, seconds: float) -> None:
        """See `Clock.sleep_async`; in an event loop of asyncio."""
        import asyncio

        woken, loop = asyncio.Event(), asyncio.get_running_loop()
        self._meet(_who())
        await asyncio.sleep(0)  # tasks that are about to do something go first
        sleeper = self._fall_asleep(seconds, lambda: loop.call_soon_threadsafe(woken.set))
        try:
            while not woken.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._turn(sleeper)):
                        await woken.wait()
                self._pass_time()
        finally:
            self._get_up(sleeper)

    def _fall_asleep(self, seconds: float, wake: Callable[[], object]) -> _Sleeper:
        with self._lock:
            sleeper = _Sleeper(self._passed + seconds, _who(), wake)
            self._meet(sleeper.who)
            self._sleepers.add(sleeper)
            self._changed_at = time.monotonic()
        self._pass_time()
        return sleeper

    def _meet(self, who: Any) -> None:
        """Count a thread or a task among those that go by this clock."""
        is_new = who not in self._known
        self._known[who] = 0
        if is_new and not isinstance(who, threading.Thread):  # which tells nobody when it ends
            who.add_done_callback(self._ended)

    def _ended(self, who: object) -> None:
        self._pass_time()

    def _get_up(self, sleeper: _Sleeper) -> None:
        with self._lock:
            self._sleepers.discard(sleeper)
            self._changed_at = time.monotonic()

    def _turn(self, sleeper: _Sleeper) -> float:
        """Seconds of real time until a sleeper looks what others do; the next to wake looks more often."""
        with self._lock:
            is_next = all(sleeper.wake_at <= another.wake_at for another in self._sleepers)
        return _TURN if is_next else 10 * _TURN

    def _pass_time(self) -> None:
        """Go on to the moment at which the next sleeper wakes, unless somebody who goes by the clock is up."""
        with self._lock:
            if not self._sleepers:
                return
            next_one = min(sleeper.wake_at for sleeper in self._sleepers)
            is_quiet = time.monotonic() - self._changed_at >= _GRACE
            up = self._who_is_up()
            if next_one > self._passed and self._auto_advance and (is_quiet or not up):
                self._passed = next_one
                self._changed_at = time.monotonic()
                self._pass_by(up)
            self._wake_up()

    def _pass_by(self, up: list[Any]) -> None:
        """Note who was waited for in vain; that they go by the clock is forgotten after a while."""
        for who in up:
            self._known[who] += 1
            if self._known[who] >= _PATIENCE:
                del self._known[who]

    def _wake_up(self) -> None:
        for sleeper in self._sleepers:
            if sleeper.wake_at <= self._passed:
                sleeper.wake()

    def _who_is_up(self) -> list[Any]:
        """The threads and tasks that go by this clock, and are neither asleep nor at their end."""
        asleep = {id(sleeper.who) for sleeper in self._sleepers}
        return [who for who in list(self._known) if id(who) not in asleep and _is_alive(who)]

    def __repr__(self) -> str:
        return f"<FakeClock {self.now:%Y-%m-%d %H:%M:%S}, {self._passed:g} s after it was made>"


def _who() -> object:
    """The task or the thread that runs."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None:
        try:
            task: object = asyncio.current_task()
        except RuntimeError:  # no event loop runs in this thread
            task = None
        if task is not None:
            return task
    return threading.current_thread()


def _is_alive(who: Any) -> bool:
    return bool(who.is_alive() if isinstance(who, threading.Thread) else not who.done())
