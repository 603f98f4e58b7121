"""`FakeClock`: time passes when all who go by it sleep."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs.testing import Clock, FakeClock, _clock


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleepers wait for others however long a busy machine takes."""
    monkeypatch.setattr(_clock, "_GRACE", 60.0)


def test_a_sleep_takes_no_time() -> None:
    clock: Clock = FakeClock()
    before, began = clock.utc(), clock.monotonic()
    clock.sleep(3600, None)
    assert (clock.monotonic() - began, clock.utc() - before) == (3600, timedelta(hours=1))


@given(st.lists(st.floats(0, 1e6), max_size=20))
def test_sleeps_add_up(durations: list[float]) -> None:
    clock = FakeClock()
    for seconds in durations:
        clock.sleep(seconds)
    assert clock.elapsed == pytest.approx(sum(durations))


@pytest.mark.usefixtures("patience")
def test_sleepers_wake_in_the_order_of_time() -> None:
    clock, woken = FakeClock(), list[tuple[str, float]]()

    async def sleep(name: str, *durations: float) -> None:
        for seconds in durations:
            await clock.sleep_async(seconds)
            woken.append((name, clock.monotonic()))

    async def main() -> None:
        await asyncio.gather(sleep("a", 5, 5, 5), sleep("b", 7, 7), sleep("c", 1))

    asyncio.run(main())
    assert woken == [("c", 1), ("a", 5), ("b", 7), ("a", 10), ("b", 14), ("a", 15)]
    assert clock.elapsed == 15


@pytest.mark.usefixtures("patience")
def test_threads_wake_in_the_order_of_time() -> None:
    clock, woken, together = FakeClock(), list[tuple[int, float]](), threading.Barrier(3)

    def sleep(seconds: int) -> None:
        clock.monotonic()
        together.wait()
        for _ in range(3):
            clock.sleep(seconds)
            woken.append((seconds, clock.monotonic()))

    threads = [threading.Thread(target=sleep, args=(seconds,)) for seconds in (3, 5, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [moment for _, moment in woken] == sorted(moment for _, moment in woken)
    assert {item for item in woken if item[0] == 100} == {(100, 100), (100, 200), (100, 300)}
    assert clock.elapsed == 300


def test_cancelling_wakes_a_sleeper_and_no_time_has_passed() -> None:
    clock, cancel = FakeClock(auto_advance=False), threading.Event()
    thread = threading.Thread(target=clock.sleep, args=(60, cancel))
    thread.start()
    while clock.sleepers == 0:
        time.sleep(0.001)
    cancel.set()
    thread.join()
    assert (clock.elapsed, clock.sleepers) == (0, 0)


def test_a_task_that_is_cancelled_sleeps_no_longer() -> None:
    clock = FakeClock(auto_advance=False)

    async def main() -> None:
        task = asyncio.create_task(clock.sleep_async(60))
        while clock.sleepers == 0:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert (clock.elapsed, clock.sleepers) == (0, 0)


def test_without_auto_advance_time_passes_by_hand() -> None:
    clock = FakeClock(datetime(2030, 5, 1, tzinfo=UTC), auto_advance=False)
    thread = threading.Thread(target=clock.sleep, args=(60,))
    thread.start()
    while clock.sleepers == 0:
        time.sleep(0.001)
    clock.advance("30s")
    assert clock.sleepers == 1
    clock.advance(timedelta(seconds=30))
    thread.join()
    assert clock.now == datetime(2030, 5, 1, 0, 1, tzinfo=UTC)
    assert repr(clock) == "<FakeClock 2030-05-01 00:01:00, 60 s after it was made>"


def test_who_does_something_else_is_not_waited_for_for_ever() -> None:
    clock, done = FakeClock(), threading.Event()

    def look() -> None:
        clock.monotonic()
        done.wait(60)

    thread = threading.Thread(target=look)
    thread.start()
    for _ in range(100):
        clock.sleep(60)
    done.set()
    thread.join()
    assert clock.elapsed == 6000


def test_setting_the_clock_changes_the_time_of_day_alone() -> None:
    clock = FakeClock()
    clock.sleep(5)
    clock.set_utc(datetime(1999, 1, 1, tzinfo=UTC))
    assert (clock.utc(), clock.monotonic()) == (datetime(1999, 1, 1, tzinfo=UTC), 5)
    clock.sleep(1)
    assert clock.utc() == datetime(1999, 1, 1, 0, 0, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("start must have a time zone")):
        FakeClock(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="a time of day must have a time zone"):
        FakeClock().set_utc(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="seconds must be above zero"):
        FakeClock().advance(-1)
