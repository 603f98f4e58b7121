"""What the fields of every run imply of each other, however it was made."""

from __future__ import annotations

from .._form.models import PendingInput, RunIssue, RunStatus, RunStep, StatusBasis, WorkflowRun
from .._form.vocabulary import TERMINAL
from .._text import quoted


def check_invariants(run: WorkflowRun) -> None:
    """Raise ValueError for a run whose fields contradict each other; its message begins with the name of a field.

    A status, a result or a basis of a later version implies nothing.
    """
    if not run.id:
        raise ValueError("id is empty")
    _check_refs(run)
    _check_end(run)
    _check_basis(run.status, run.status_basis)
    for index, step in enumerate(run.steps):
        _check_end(step, index)
    if run.pending is not None:
        _check_deadline(run.pending)
    for index, issue in enumerate(run.issues):
        _check_issue(issue, index)


def _check_refs(run: WorkflowRun) -> None:
    if run.provider != run.ref.provider:
        raise ValueError(f"provider is {quoted(run.provider)}, and ref is of {quoted(run.ref.provider)}")
    if run.parent is not None and run.parent.run_id != run.parent_id:
        own = quoted(run.parent_id) if run.parent_id else "missing"
        raise ValueError(f"parent_id is {own}, and parent is of run {quoted(run.parent.run_id)}")


def _check_end(state: WorkflowRun | RunStep, step: int | None = None) -> None:
    """A status is terminal exactly if there is a result, and only then can there be an end."""
    is_terminal = state.status in TERMINAL
    fits = state.result is not None if is_terminal else state.result is None and state.finished_at is None
    if fits or not state.status.documented:
        return
    place = "" if step is None else f"steps[{step}]."
    status = f"{place}status is {state.status}"
    if is_terminal:
        raise ValueError(f"{place}result is missing, and {status}: what has ended has a result")
    for name, value in (("result", state.result), ("finished_at", state.finished_at)):
        if value is not None:
            raise ValueError(f"{place}{name} is {value}, and {status}: only what has ended has a {name}")


def _check_basis(status: RunStatus, basis: StatusBasis) -> None:
    if status.documented and basis.documented and (status == RunStatus.UNKNOWN) != (basis == StatusBasis.UNKNOWN):
        raise ValueError(f"status_basis is {basis}, and status is {status}: both are unknown, or neither is")


def _check_deadline(pending: PendingInput) -> None:
    if pending.presented_at is None or pending.timeout is None or pending.deadline is None:
        return
    # A difference of times is always a duration, but the sum may be beyond the year 9999.
    if pending.deadline - pending.presented_at != pending.timeout:
        raise ValueError("pending.deadline is not pending.presented_at plus pending.timeout")


def _check_issue(issue: RunIssue, index: int) -> None:
    if issue.pointer and not issue.pointer.startswith("/"):
        raise ValueError(
            f"issues[{index}].pointer is {quoted(issue.pointer)}: a JSON Pointer is empty or begins with /"
        )
