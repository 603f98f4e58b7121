"""`wait` is cancelled at each point, by an event or with its task; the run goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from workflow_runs import (
    AsyncRuns,
    RunStatus,
    WaitCancelled,
)
from workflow_runs.testing import use_clock

from tests.runs.polling.worlds import REF, WAYS, Way, world
from tests.runs.watching import (
    RUNNING,
    SUCCEEDED,
    JumpingClock,
)


def cancels_at(point: str, cancel: threading.Event) -> dict[str, Any]:
    """Options that cancel a wait at a point, and the number of requests that there are then."""

    def set_it(_: object) -> None:
        cancel.set()

    return {"change": {"on_change": set_it}, "poll": {"on_poll": set_it}}.get(point, {})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("point", ["before", "request", "change", "poll", "pause"])
def test_a_wait_can_be_cancelled_at_each_point(point: str, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel = threading.Event()
    if point == "before":
        cancel.set()
    on_request = (lambda _: cancel.set()) if point == "request" else None
    with world("sync", way, [RUNNING], on_request) as there:
        if point == "pause":
            monkeypatch.setattr(there.clock, "sleep", sleep_and(cancel.set, there.clock))
        with pytest.raises(WaitCancelled) as caught:
            there.wait(cancel=cancel, **cancels_at(point, cancel))
    assert len(there.asked) == (0 if point == "before" else 1)
    assert str(caught.value) == "waiting for dify:a was cancelled; the run goes on"
    assert (caught.value.run is None) == (point == "before")


def sleep_and(function: Callable[[], object], clock: JumpingClock) -> Callable[[float, threading.Event | None], None]:
    """A sleep in the middle of which the function is called, unless it takes no time."""

    def sleep(seconds: float, cancel: threading.Event | None) -> None:
        if seconds:
            clock.seconds += seconds / 2
            function()

    return sleep


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_has_ended_is_returned_although_the_wait_was_cancelled_meanwhile(way: Way) -> None:
    cancel = threading.Event()
    with world("sync", way, [SUCCEEDED], lambda _: cancel.set()) as there:
        assert there.wait(cancel=cancel).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize("point", ["request", "pause"])
def test_a_task_can_be_cancelled_at_each_point(point: str) -> None:
    async def check() -> None:
        reached, asked = asyncio.Event(), list[str]()

        async def respond(request: httpx2.Request) -> httpx2.Response:
            asked.append(request.url.path)
            if point == "request" and len(asked) == 1:
                reached.set()
                await asyncio.Event().wait()
            return httpx2.Response(200, json={"id": "a", "status": "running" if len(asked) == 1 else "succeeded"})

        class Clock(JumpingClock):
            async def sleep_async(self, seconds: float) -> None:
                if point == "pause" and seconds and len(asked) == 1:
                    reached.set()
                    await asyncio.Event().wait()
                await super().sleep_async(seconds)

        with use_clock(Clock()):
            async with AsyncRuns(transport=httpx2.MockTransport(respond)) as runs:
                task = asyncio.create_task(runs.wait(REF, timeout="1h"))
                await reached.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert len(asked) == 1
                assert (await runs.wait(REF, timeout="1h")).status is RunStatus.SUCCEEDED  # others go on

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIFY_API_KEY", "k")
        asyncio.run(check())
