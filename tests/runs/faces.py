"""`Runs` and `AsyncRuns` as one: tests of what they have in common run once for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from workflow_client_core import Retry
from workflow_runs import AsyncRuns, RunRef, Runs, WorkflowRun

from tests.clients.providers import Kind, Provider


@dataclass(frozen=True)
class Face:
    """Makes clients and runs of one kind, and closes them after the test."""

    kind: Kind
    stack: ExitStack
    runner: asyncio.Runner

    def client(self, provider: Provider, **arguments: Any) -> Any:
        """A client, to be given."""
        made = provider.client_class(self.kind)(**{"retry": Retry(max_retries=0), **provider.arguments, **arguments})
        self.stack.callback(self.close, made)
        return made

    def runs(self, **arguments: Any) -> Any:
        """`Runs(**arguments)`, or `AsyncRuns(**arguments)`."""
        made = Runs(**arguments) if self.kind == "sync" else AsyncRuns(**arguments)
        self.stack.callback(self.close, made)
        return made

    def get(self, runs: Any, ref: RunRef | str) -> WorkflowRun:
        """`runs.get(ref)`."""
        run: WorkflowRun = runs.get(ref) if self.kind == "sync" else self.runner.run(runs.get(ref))
        return run

    def call(self, client: Any, provider: Provider) -> object:
        """One call of a client by itself."""
        result: object = getattr(client, provider.method)(*provider.ids)
        return result if self.kind == "sync" else self.runner.run(result)  # type: ignore[arg-type]

    def close(self, one: Any) -> None:
        """Close a client, or runs."""
        if self.kind == "sync":
            one.close()
        else:
            self.runner.run(one.aclose())


@contextmanager
def faces(kind: Kind) -> Iterator[Face]:
    """One kind."""
    with ExitStack() as stack:
        yield Face(kind, stack, stack.enter_context(asyncio.Runner()))
