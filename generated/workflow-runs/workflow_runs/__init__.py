"""One `WorkflowRun` with one status vocabulary, whichever product the run is on.

    from workflow_runs import Runs

    with Runs() as runs:  # credentials from the environment
        run = runs.get("dify:5b1f").raise_for_status()

Importing this package imports neither the HTTP library nor any client.
"""

from __future__ import annotations

from ._errors import ClientNotInstalled, InvalidRef, UnknownEvent, UnknownProvider, WorkflowRunError
from ._form.fields import RunFields
from ._form.json_schema import json_schema
from ._form.models import (
    PendingInput,
    PendingResponse,
    RunError,
    RunIssue,
    RunResult,
    RunStatus,
    RunStep,
    RunTrigger,
    StatusBasis,
    TriggerKind,
    Usage,
)
from ._form.vocabulary import RESTING, SCHEMA, TERMINAL
from ._normalize.adapter import Adapter, Event
from ._normalize.normalize import normalize
from ._polling.change import Poll, RunChange
from ._polling.clock import Clock
from ._polling.errors import (
    DelayTooLong,
    StatusStaysUnknown,
    TooManyErrors,
    WaitCancelled,
    WaitError,
    WaitTimeout,
)
from ._polling.machine import PollTerms, poll_step
from ._polling.state import PollState
from ._provider_errors.errors import (
    NormalizationError,
    NoRun,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RunNotFound,
    Unauthorized,
    UnreadableAnswer,
    WrongRun,
)
from ._providers.lookup import capabilities, providers
from ._providers.poll_policy import PollPolicy
from ._providers.provider import Capabilities, Provider, RefForm
from ._reading.notes import Notes
from ._reading.statuses import Statuses
from ._refs.ref import RunRef
from ._run.arrow import arrow_schema
from ._run.response import ResponseHead
from ._run.rows import ROW_COLUMNS, RunRow
from ._run.run import RunCancelled, RunFailed, RunNeedsInput, WorkflowRun
from ._run.typed import UnexpectedValue
from ._stores.errors import StoreError
from ._stores.store import Store, StoredRun
from ._version import __version__ as __version__
from .runs import AsyncRuns, Runs

__all__ = [
    "RESTING",
    "ROW_COLUMNS",
    "SCHEMA",
    "TERMINAL",
    "Adapter",
    "AsyncRuns",
    "Capabilities",
    "ClientNotInstalled",
    "Clock",
    "DelayTooLong",
    "Event",
    "InvalidRef",
    "NoRun",
    "NormalizationError",
    "Notes",
    "PendingInput",
    "PendingResponse",
    "Poll",
    "PollPolicy",
    "PollState",
    "PollTerms",
    "Provider",
    "ProviderError",
    "ProviderUnavailable",
    "RateLimited",
    "RefForm",
    "ResponseHead",
    "RunCancelled",
    "RunChange",
    "RunError",
    "RunFailed",
    "RunFields",
    "RunIssue",
    "RunNeedsInput",
    "RunNotFound",
    "RunRef",
    "RunResult",
    "RunRow",
    "RunStatus",
    "RunStep",
    "RunTrigger",
    "Runs",
    "StatusBasis",
    "StatusStaysUnknown",
    "Statuses",
    "Store",
    "StoreError",
    "StoredRun",
    "TooManyErrors",
    "TriggerKind",
    "Unauthorized",
    "UnexpectedValue",
    "UnknownEvent",
    "UnknownProvider",
    "UnreadableAnswer",
    "Usage",
    "WaitCancelled",
    "WaitError",
    "WaitTimeout",
    "WorkflowRun",
    "WorkflowRunError",
    "WrongRun",
    "arrow_schema",
    "capabilities",
    "json_schema",
    "normalize",
    "poll_step",
    "providers",
]
