"""One way to wait for a run of Dify, sync and async, in this process and over loopback HTTP, by a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
import pytest
from workflow_client_core import Retry
from workflow_runs import AsyncRuns, Poll, PollPolicy, RunChange, Runs, WorkflowRun
from workflow_runs.testing import use_clock

from tests.clients.providers import MODES, Mode
from tests.loopback import Loopback, Received, Reply
from tests.runs.watching import Answer, JumpingClock, Script

Way = Literal["in this process", "over HTTP"]
WAYS: list[Way] = ["in this process", "over HTTP"]
EVERYWHERE = [(mode, way) for mode in MODES for way in WAYS]
everywhere = pytest.mark.parametrize(("mode", "way"), EVERYWHERE)
REF = "dify:a"
POLICY = PollPolicy(initial=1.0, factor=2.0, maximum=8.0, jitter=0.0, max_consecutive_errors=2, unknown_polls=3)


@dataclass
class World:
    """A script for one run, and what a wait for it shows.

    - `asked`: the seconds at which requests came.
    - `changes`, `polls`: what callers were told.
    """

    mode: Mode
    way: Way
    script: Script
    options: dict[str, Any]
    changes: list[RunChange] = field(default_factory=list[RunChange])
    polls: list[Poll] = field(default_factory=list[Poll])

    @property
    def clock(self) -> JumpingClock:
        return self.script.clock

    @property
    def asked(self) -> list[float]:
        return self.script.asked["a"]

    def runs(self) -> Any:
        """New `Runs`, or `AsyncRuns`, whose clients try three times, as by default."""
        return (Runs if self.mode == "sync" else AsyncRuns)(retry=Retry(max_retries=2), **self.options)

    def wait(self, **options: Any) -> WorkflowRun:
        """The run at rest."""
        arguments: dict[str, Any] = {
            **{"timeout": "10m", "policy": POLICY, "on_change": self.changes.append, "on_poll": self.polls.append},
            **options,
        }
        if self.mode == "sync":
            with self.runs() as runs:
                run: WorkflowRun = runs.wait(REF, **arguments)
            return run

        async def wait() -> WorkflowRun:
            async with self.runs() as runs:
                run: WorkflowRun = await runs.wait(REF, **arguments)
            return run

        return asyncio.run(wait())

    def outcome(self, **options: Any) -> str:
        """The status of the run at rest, or the error that ends the wait."""
        try:
            return str(self.wait(**options).status)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def reported(self) -> list[tuple[object, ...]]:
        """All that callers got, but for the words of errors, which name servers."""
        changes = [(c.before, c.run and c.run.status, c.kinds, type(c.error), c.is_last) for c in self.changes]
        return [*changes, *((poll.state, poll.next_poll, type(poll.error)) for poll in self.polls)]


@contextmanager
def world(
    mode: Mode, way: Way, answers: Sequence[Answer], on_request: Callable[[str], object] | None = None
) -> Iterator[World]:
    """A world in which the run's server gives these answers, of which the last one stays."""
    script = Script({"a": answers})
    script.on_request = on_request or script.on_request
    with use_clock(script.clock), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIFY_API_KEY", "k")
        if way == "in this process":
            yield World(mode, way, script, {"transport": script.transport(mode)})
            return
        with Loopback() as server:
            server.respond = lambda received: _reply(script, received)
            yield World(mode, way, script, {"base_urls": {"dify": server.url}})


def _reply(script: Script, received: Received) -> Reply:
    try:
        response = script.respond(httpx2.Request(received.method, f"http://127.0.0.1{received.target}"))
    except httpx2.ConnectError:
        return Reply(raw=b"", reset=True)
    return Reply(response.status_code, response.content, {"Content-Type": "application/json", **_retry_after(response)})


def _retry_after(response: httpx2.Response) -> dict[str, str]:
    return {"Retry-After": response.headers["retry-after"]} if "retry-after" in response.headers else {}
