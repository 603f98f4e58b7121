"""Scripts of what servers answer about runs, a clock that jumps, and both ways to watch, for tests of `watch`.

with Script({"a": [RUNNING, SUCCEEDED]}).serve() as script: ...
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx2
from workflow_runs import AsyncRuns, RunChange, Runs

from tests.clients.providers import Mode

URL = "http://127.0.0.1:9"


class JumpingClock:
    """A clock that jumps instead of sleeping."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def utc(self) -> datetime:
        return datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float, cancel: threading.Event | None) -> None:
        if cancel is None or not cancel.is_set():
            self.seconds += max(0.0, seconds)

    async def sleep_async(self, seconds: float) -> None:
        self.seconds += max(0.0, seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Answer:
    """One response about a run; `status` is the HTTP status, or 0 where there is no connection."""

    word: str = "running"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def refusal(status: int, retry_after: int | None = None) -> Answer:
    """An error of this HTTP status."""
    return Answer("", status, {} if retry_after is None else {"Retry-After": str(retry_after)})


RUNNING, SUCCEEDED, FAILED, PAUSED = Answer(), Answer("succeeded"), Answer("failed"), Answer("paused")
NO_CONNECTION = Answer("", 0)

Answers: TypeAlias = Sequence[Answer]


class Script:
    """What Dify's server answers: for each run one answer after another, of which the last one stays.

    - `asked`: when each run was asked for, in seconds of the clock.
    - `most_at_once`: by host, how many requests there were at the same time.
    """

    def __init__(self, answers: Mapping[str, Answers], clock: JumpingClock | None = None) -> None:
        self.answers = answers
        self.clock = clock or JumpingClock()
        self.asked: defaultdict[str, list[float]] = defaultdict(list)
        self.on_request: Callable[[str], object] = lambda _: None
        self._lock = threading.Lock()

    @property
    def refs(self) -> list[str]:
        return [f"dify:{name}" for name in self.answers]

    def transport(self, mode: Mode) -> Any:
        """A transport that answers."""

        async def respond_async(request: httpx2.Request) -> httpx2.Response:
            await asyncio.sleep(0)
            return self.respond(request)

        return httpx2.MockTransport(self.respond if mode == "sync" else respond_async)

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        self.on_request(name)
        with self._lock:
            answers, asked = self.answers[name], self.asked[name]
            answer = answers[min(len(asked), len(answers) - 1)]
            asked.append(self.clock.seconds)
        if not answer.status:
            raise httpx2.ConnectError("nobody is there")
        body = {"id": name, "workflow_id": "w", "status": answer.word} if answer.word else {"code": "x", "message": "x"}
        return httpx2.Response(answer.status, json=body, headers=answer.headers)


def watched(mode: Mode, script: Script, refs: Iterable[Any] | None = None, **options: Any) -> list[RunChange]:
    """All changes that `watch` tells of the runs of a script, or of these references."""
    return taken(mode, script, None, refs, **options)


def taken(
    mode: Mode, script: Script, number: int | None, refs: Iterable[Any] | None = None, **options: Any
) -> list[RunChange]:
    """The first changes that `watch` tells, so many of them, before it is closed; None: all."""
    arguments: dict[str, Any] = {"timeout": "10m", **options}
    refs = script.refs if refs is None else refs
    changes = list[RunChange]()
    if mode == "sync":
        with Runs(transport=script.transport(mode)) as runs, closing(runs.watch(refs, **arguments)) as watch:
            for change in watch:
                changes.append(change)
                if len(changes) == number:
                    break
        return changes

    async def take() -> None:
        async with (
            AsyncRuns(transport=script.transport(mode)) as runs,
            aclosing(runs.watch(refs, **arguments)) as watch,
        ):
            async for change in watch:
                changes.append(change)
                if len(changes) == number:
                    break
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(take())
    return changes


def statuses_by_run(changes: Iterable[RunChange]) -> dict[str, list[str]]:
    """The changes of each run, in order: its statuses, and the names of errors; `!` marks the last one."""
    by_run = defaultdict[str, list[str]](list)
    for change in changes:
        what = type(change.error).__name__ if change.error else str(change.run and change.run.status)
        by_run[str(change.ref).removeprefix("dify:")].append(f"{what}{'!' * change.is_last}")
    return dict(by_run)
