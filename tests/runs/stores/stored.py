"""Runs and changes to be stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workflow_runs import PollState, RunChange, RunRef, RunStatus, WorkflowRun
from workflow_runs._polling.state import Progress

from tests.runs.made_runs import run_fields

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
REF = "dify:5b1f"


def run_of(number: int = 0, status: RunStatus = RunStatus.RUNNING, **fields: Any) -> WorkflowRun:
    """A run of `REF`, which differs from those with other numbers."""
    return WorkflowRun(**run_fields(status, revision=str(number), **fields))


def state_of(run: WorkflowRun, polls: int = 1) -> PollState:
    """The state after a poll that had this answer."""
    return PollState(polls=polls, progress=Progress.of(run))


def change_of(run: WorkflowRun, **fields: Any) -> RunChange:
    """The change to this run."""
    return RunChange(ref=RunRef.parse(REF), run=run, kinds=("revision",), **fields)


def after(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)
