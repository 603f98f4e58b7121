"""What `watch` takes and tells."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing
from datetime import timedelta
from typing import assert_type

from workflow_runs import AsyncRuns, PollPolicy, RunChange, RunRef, Runs, RunStatus, Store, WorkflowRun


def for_users(runs: Runs, refs: list[str], growing: Iterator[RunRef], store: Store) -> None:
    for change in runs.watch(refs, timeout="2h"):
        assert_type(change, RunChange)
        assert_type(change.run, WorkflowRun | None)
        assert_type(change.ref, RunRef | str)
        assert_type(change.before, RunStatus | None)
        assert_type(change.error, Exception | None)
        print(change.run.status)  # error
    with closing(runs.watch(growing, timeout=timedelta(hours=2), store=store)) as changes:
        next(changes)
    runs.watch({*refs}, timeout=60, until={RunStatus.SUCCEEDED}, policy=PollPolicy(initial=2), per_provider=2)
    runs.watch(refs, timeout=1.5, on_poll=lambda poll: poll.next_poll, cancel=threading.Event())
    runs.watch(refs)  # error
    runs.watch(refs, timeout=None)  # error
    runs.watch([1], timeout=1)  # error
    runs.watch(refs, timeout=1, store="runs.db")  # error
    runs.watch(refs, timeout=1, until=RunStatus.SUCCEEDED)  # error


async def for_users_of_async(runs: AsyncRuns, refs: tuple[RunRef, ...], growing: AsyncIterator[str]) -> None:
    async for change in runs.watch(refs, timeout="2h"):
        assert_type(change, RunChange)
    async with aclosing(runs.watch(growing, timeout=60)) as changes:
        await anext(changes)
    for _ in runs.watch(refs, timeout=60):  # error
        pass
    runs.watch(refs, timeout=60, cancel=threading.Event())  # error
