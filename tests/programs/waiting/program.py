"""What waiting for runs looks like to type checkers: `wait`, `poll`, `watch`, changes, policies and errors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

from workflow_runs import (
    AsyncRuns,
    DelayTooLong,
    Poll,
    PollPolicy,
    PollState,
    PollTerms,
    RunChange,
    RunRef,
    Runs,
    RunStatus,
    WaitError,
    WaitTimeout,
    WorkflowRun,
    poll_step,
)


def changed(change: RunChange) -> None:
    ref: RunRef | str = change.ref
    before: RunStatus | None = change.before
    if change.run is not None and "steps" in change.kinds:
        status: RunStatus = change.run.status
        print(ref, before, status, change.is_last, change.error)
    print(change.run.status)  # error
    change.is_last = True  # error


def polled(poll: Poll) -> datetime | None:
    run: WorkflowRun | None = poll.run
    print(run, [change.kinds for change in poll.changes])
    poll.next_poll.isoformat()  # error
    return poll.next_poll


def waits(runs: Runs, cancel: threading.Event) -> None:
    run: WorkflowRun = runs.wait("dify:1", timeout="10m")
    runs.wait(RunRef("dify", "1"), timeout=600, until={RunStatus.RUNNING}, cancel=cancel)
    runs.wait("dify:1", timeout=timedelta(minutes=10), on_change=changed, on_poll=polled)
    runs.wait("dify:1", timeout=1.5, policy=PollPolicy(initial=2, max_consecutive_errors=0))
    runs.wait("dify:1", timeout=1, on_change=[run].append)  # error
    runs.wait("dify:1")  # error
    runs.wait("dify:1", "10m")  # error
    runs.wait("dify:1", timeout=None)  # error
    runs.wait("dify:1", timeout=1, until=RunStatus.RUNNING)  # error
    runs.wait("dify:1", timeout=1, until={"done": 1})  # error
    runs.wait("dify:1", timeout=1, policy={"initial": 1})  # error
    runs.wait("dify:1", timeout=1, on_change=polled)  # error
    runs.wait("dify:1", timeout=1, cancel=asyncio.Event())  # error
    runs.wait(["dify:1"], timeout=1)  # error


async def waits_with_await(runs: AsyncRuns, cancel: threading.Event) -> None:
    run: WorkflowRun = await runs.wait("dify:1", timeout="10m", on_change=changed)
    both: tuple[WorkflowRun, WorkflowRun] = await asyncio.gather(
        runs.wait("dify:1", timeout="10m"), runs.wait("dify:2", timeout="10m")
    )
    print(run, both)
    print(runs.wait("dify:1", timeout="10m").status)  # error
    await runs.wait("dify:1", timeout="10m", cancel=cancel)  # error


def polls(runs: Runs) -> str:
    state = PollState()
    poll: Poll = runs.poll("dify:1", state, deadline=datetime.now(UTC))
    again = poll_step(poll.ref, poll.state, RuntimeError(), datetime.now(UTC), PollTerms(policy=PollPolicy()))
    text: str = again.state.to_json()
    runs.poll("dify:1", PollState.from_json(text), until=[RunStatus.FAILED])
    runs.poll("dify:1", text)  # error
    runs.poll("dify:1", deadline=600)  # error
    poll_step("dify:1", state, RuntimeError(), datetime.now(UTC))  # error
    state.polls += 1  # error
    PollPolicy(2.0)  # error
    PollPolicy(initial="2s")  # error
    PollPolicy(retries=3)  # error
    return text


def growing() -> Iterator[str]:
    yield "dify:1"


async def growing_later() -> AsyncIterator[RunRef | str]:
    yield "dify:1"


def watches(runs: Runs) -> None:
    for change in runs.watch(["dify:1", RunRef("dify", "2")], timeout="2h"):
        changed(change)
    with_more: Iterator[RunChange] = runs.watch(growing(), timeout="2h", per_provider=2, on_poll=polled)
    print(with_more)
    runs.watch(growing_later(), timeout="2h")  # error
    runs.watch(["dify:1"])  # error
    runs.watch([1], timeout="2h")  # error


async def watches_with_await(runs: AsyncRuns) -> None:
    async for change in runs.watch(growing_later(), timeout="2h"):
        changed(change)
    async for change in runs.watch(growing(), timeout="2h"):
        changed(change)
    list(runs.watch(growing(), timeout="2h"))  # error


def errors(runs: Runs) -> None:
    try:
        runs.wait("dify:1", timeout=1)
    except WaitTimeout as error:
        last: WorkflowRun | None = error.run
        print(last, error.ref.run_id, error.last_error)
    except DelayTooLong as error:
        seconds: float = error.retry_after
        print(seconds)
    except WaitError as error:
        print(error.retry_after)  # error
    except TimeoutError:
        print("a WaitTimeout is one, too")
