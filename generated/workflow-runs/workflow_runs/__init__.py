"""One `WorkflowRun` with one status vocabulary, whichever product the run is on.

    from workflow_runs import Runs

    with Runs() as runs:  # credentials from the environment
        run = runs.get("dify:5b1f").raise_for_status()

Importing this package imports nothing of it: each name is imported from its module when it is first used. Nor does that
import the HTTP library or any client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._version import __version__ as __version__

if TYPE_CHECKING:
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

if not TYPE_CHECKING:
    _NAMES_OF_MODULES = {
        "._errors": ("ClientNotInstalled", "InvalidRef", "UnknownEvent", "UnknownProvider", "WorkflowRunError"),
        "._form.fields": ("RunFields",),
        "._form.json_schema": ("json_schema",),
        "._form.models": (
            "PendingInput",
            "PendingResponse",
            "RunError",
            "RunIssue",
            "RunResult",
            "RunStatus",
            "RunStep",
            "RunTrigger",
            "StatusBasis",
            "TriggerKind",
            "Usage",
        ),
        "._form.vocabulary": ("RESTING", "SCHEMA", "TERMINAL"),
        "._normalize.adapter": ("Adapter", "Event"),
        "._normalize.normalize": ("normalize",),
        "._polling.change": ("Poll", "RunChange"),
        "._polling.clock": ("Clock",),
        "._polling.errors": (
            "DelayTooLong",
            "StatusStaysUnknown",
            "TooManyErrors",
            "WaitCancelled",
            "WaitError",
            "WaitTimeout",
        ),
        "._polling.machine": ("PollTerms", "poll_step"),
        "._polling.state": ("PollState",),
        "._provider_errors.errors": (
            "NormalizationError",
            "NoRun",
            "ProviderError",
            "ProviderUnavailable",
            "RateLimited",
            "RunNotFound",
            "Unauthorized",
            "UnreadableAnswer",
            "WrongRun",
        ),
        "._providers.lookup": ("capabilities", "providers"),
        "._providers.poll_policy": ("PollPolicy",),
        "._providers.provider": ("Capabilities", "Provider", "RefForm"),
        "._reading.notes": ("Notes",),
        "._reading.statuses": ("Statuses",),
        "._refs.ref": ("RunRef",),
        "._run.arrow": ("arrow_schema",),
        "._run.response": ("ResponseHead",),
        "._run.rows": ("ROW_COLUMNS", "RunRow"),
        "._run.run": ("RunCancelled", "RunFailed", "RunNeedsInput", "WorkflowRun"),
        "._run.typed": ("UnexpectedValue",),
        "._stores.errors": ("StoreError",),
        "._stores.store": ("Store", "StoredRun"),
        ".runs": ("AsyncRuns", "Runs"),
    }
    _MODULE_OF = {name: module for module, names in _NAMES_OF_MODULES.items() for name in names}

    def __getattr__(name):
        """A public name, imported from its module; from then on it is an attribute like any other."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        from importlib import import_module

        value = globals()[name] = getattr(import_module(_MODULE_OF[name], __name__), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
