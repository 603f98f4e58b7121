"""One `WorkflowRun` with one status vocabulary, whichever product the run is on.

    from workflow_runs import Runs

    with Runs() as runs:  # credentials from the environment
        run = runs.get("dify:5b1f").raise_for_status()

Importing this package imports neither the HTTP library nor any client.
"""

from __future__ import annotations

from ._adapter import Adapter
from ._errors import ClientNotInstalled, InvalidRef, UnknownProvider, WorkflowRunError
from ._models import (
    PendingInput,
    PendingResponse,
    RunError,
    RunIssue,
    RunResult,
    RunStatus,
    RunStep,
    StatusBasis,
    Usage,
)
from ._normalize import normalize
from ._notes import Notes
from ._provider import Capabilities, Provider, RefForm
from ._provider_errors import NormalizationError, ProviderError, UnreadableAnswer
from ._providers import capabilities, providers
from ._ref import RunRef
from ._run import RunCancelled, RunFailed, RunNeedsInput, WorkflowRun
from ._schema import json_schema
from ._statuses import Statuses
from ._vocabulary import RESTING, TERMINAL
from .runs import AsyncRuns, Runs

__all__ = [
    "RESTING",
    "TERMINAL",
    "Adapter",
    "AsyncRuns",
    "Capabilities",
    "ClientNotInstalled",
    "InvalidRef",
    "NormalizationError",
    "Notes",
    "PendingInput",
    "PendingResponse",
    "Provider",
    "ProviderError",
    "RefForm",
    "RunCancelled",
    "RunError",
    "RunFailed",
    "RunIssue",
    "RunNeedsInput",
    "RunRef",
    "RunResult",
    "RunStatus",
    "RunStep",
    "Runs",
    "StatusBasis",
    "Statuses",
    "UnknownProvider",
    "UnreadableAnswer",
    "Usage",
    "WorkflowRun",
    "WorkflowRunError",
    "capabilities",
    "json_schema",
    "normalize",
    "providers",
]
