"""One way to call `Runs` and `AsyncRuns`, so that a test of what they have in common runs once for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from workflow_client_core import Retry
from workflow_runs import AsyncRuns, RunRef, Runs, WorkflowRun

from tests.clients.providers import Mode, Provider

ANY_RUN = {
    "status": "running",
    "Status": "RUNNING",
    "state": "running",
    "state_type": "RUNNING",
    "data": {"status": "NEW"},
    "phase": "active",
}
"""A response of any provider, for tests that look at what was sent."""


@dataclass(frozen=True)
class Face:
    """Makes synchronous or asynchronous clients and runs, and closes them after the test."""

    mode: Mode
    stack: ExitStack
    runner: asyncio.Runner

    def client(self, provider: Provider, **arguments: Any) -> Any:
        """A client of the provider, to be passed to `runs`."""
        made = provider.client_class(self.mode)(**{"retry": Retry(max_retries=0), **provider.arguments, **arguments})
        self.stack.callback(self.close, made)
        return made

    def runs(self, **arguments: Any) -> Any:
        """`Runs(**arguments)`, or `AsyncRuns(**arguments)`."""
        made = Runs(**arguments) if self.mode == "sync" else AsyncRuns(**arguments)
        self.stack.callback(self.close, made)
        return made

    def get(self, runs: Any, ref: RunRef | str) -> WorkflowRun:
        """`runs.get(ref)`."""
        run: WorkflowRun = self.result(runs.get(ref))
        return run

    def result(self, returned: Any) -> Any:
        """What a method has returned, or its coroutine returns."""
        return returned if self.mode == "sync" else self.runner.run(returned)

    def call(self, client: Any, provider: Provider) -> object:
        """The result of one call of a client, without `Runs`."""
        result: object = self.result(getattr(client, provider.method)(*provider.ids))
        return result

    def close(self, closable: Any) -> None:
        """Close a client, or a `Runs` or `AsyncRuns`."""
        if self.mode == "sync":
            closable.close()
        else:
            self.runner.run(closable.aclose())


@contextmanager
def faces(mode: Mode) -> Iterator[Face]:
    """A `Face` of synchronous or asynchronous objects."""
    with ExitStack() as stack:
        yield Face(mode, stack, stack.enter_context(asyncio.Runner()))
