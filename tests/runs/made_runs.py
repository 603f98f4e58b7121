"""Runs that a program makes, and strategies that draw them: whatever a `WorkflowRun` can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from workflow_runs import (
    TERMINAL,
    PendingInput,
    PendingResponse,
    RunError,
    RunIssue,
    RunRef,
    RunResult,
    RunStatus,
    RunStep,
    RunTrigger,
    StatusBasis,
    TriggerKind,
    Usage,
    WorkflowRun,
)
from workflow_runs._form.decimals import has_few_digits

LATER = "later_word"
"""A word that this version of the form does not have."""


def run_fields(status: RunStatus = RunStatus.RUNNING, **fields: Any) -> dict[str, Any]:
    """The fields of a run of Dify with this status, and with all that this status implies."""
    return {
        "provider": "dify",
        "id": "5b1f",
        "ref": RunRef("dify", "5b1f"),
        "status": status,
        "status_basis": StatusBasis.UNKNOWN if status == RunStatus.UNKNOWN else StatusBasis.DOCUMENTED,
        "result": RunResult.PARTIAL if status in TERMINAL else None,
        **fields,
    }


TEXTS = st.text(max_size=5)
TIMES = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max)]
)
DURATIONS = st.timedeltas(timedelta())
INTEGERS = st.integers() | st.integers(-(10**4299), 10**4299)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False).filter(has_few_digits) | st.sampled_from(
    [Decimal(text) for text in ("2.5", "1E+3", "-0", "0E-10", "1E-4300", "123456789012345678901234567890.5", "9E+4299")]
)
JSON: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=3)
STATUSES = st.sampled_from([*RunStatus, RunStatus(LATER)])
RESULTS = st.sampled_from([*RunResult, RunResult(LATER)])


def _ends(status: RunStatus) -> dict[str, SearchStrategy[Any]]:
    """A result and a time of the end, as the status allows them."""
    if status in TERMINAL:
        return {"result": RESULTS, "finished_at": st.none() | TIMES}
    if status == LATER:
        return {"result": st.none() | RESULTS, "finished_at": st.none() | TIMES}
    return {}


def _steps(status: RunStatus) -> SearchStrategy[RunStep]:
    optional = {"id": TEXTS, "name": TEXTS, "attempt": INTEGERS, "input": JSON, "output": JSON, "created_at": TIMES}
    fields = {name: st.none() | values for name, values in optional.items()}
    return st.builds(RunStep, status=st.just(status), **fields, **_ends(status))


@st.composite
def _pending(draw: st.DrawFn) -> PendingInput:
    presented_at, timeout = draw(st.none() | TIMES), draw(st.none() | DURATIONS)
    deadline = None
    if presented_at is not None and timeout is not None and timeout <= datetime.max.replace(tzinfo=UTC) - presented_at:
        deadline = draw(st.none() | st.just(presented_at + timeout))
    return PendingInput(
        id=draw(st.none() | TEXTS),
        config=draw(st.none() | OBJECTS),
        presented_at=presented_at,
        timeout=timeout,
        deadline=deadline,
        responses=tuple(draw(st.lists(st.builds(PendingResponse, type=TEXTS, label=TEXTS), max_size=2))),
    )


_BASES = [*StatusBasis, StatusBasis(LATER)]
_OPTIONAL: dict[str, SearchStrategy[Any]] = {
    **dict.fromkeys(("raw_status", "name", "url", "workflow_id", "message", "current_step", "created_by"), TEXTS),
    **dict.fromkeys(("observed_at", "created_at", "updated_at"), TIMES),
    "attempt": INTEGERS,
    "trigger": st.builds(RunTrigger, st.sampled_from([*TriggerKind, TriggerKind(LATER)]), TEXTS),
    "elapsed": DURATIONS,
    "inputs": JSON,
    "outputs": JSON,
    "metadata": OBJECTS,
    "error": st.builds(RunError, st.none() | TEXTS, st.none() | TEXTS),
    "pending": _pending(),
    "usage": st.builds(Usage, st.none() | INTEGERS, st.none() | INTEGERS, st.none() | DECIMALS),
}
_LISTS: dict[str, SearchStrategy[Any]] = {
    "tags": TEXTS,
    "steps": STATUSES.flatmap(_steps),
    "issues": st.builds(RunIssue, TEXTS.map(lambda text: f"/{text}"), TEXTS),
}


@st.composite
def runs(draw: st.DrawFn) -> WorkflowRun:
    """Any run that a program can make."""
    status = draw(STATUSES)
    bases = [basis for basis in _BASES if LATER in (status, basis) or (status == "unknown") == (basis == "unknown")]
    fields = run_fields(status, status_basis=draw(st.sampled_from(bases)))
    fields |= {name: draw(values) for name, values in _ends(status).items()}
    fields |= draw(st.fixed_dictionaries({}, optional=_OPTIONAL))
    fields |= {name: tuple(draw(st.lists(items, max_size=2))) for name, items in _LISTS.items()}
    return WorkflowRun(**fields)
