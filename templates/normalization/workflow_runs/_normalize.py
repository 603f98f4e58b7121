"""From a provider's response to a `WorkflowRun`, and what holds for the runs of every provider."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import asdict, replace
from workflow_client_core import InvalidResponse, Issue, decode

from ._adapter import Adapter, load_adapter
from ._errors import InvalidRef
from ._models import PendingInput, RunResult, RunStatus
from ._notes import Notes
from ._provider_errors import NormalizationError
from ._providers import find
from ._ref import RunRef, checked
from ._run import WorkflowRun, restored
from ._text import brief, quoted
from ._times import utc

T = TypeVar("T")

_USUAL_RESULTS = {
    RunStatus.SUCCEEDED: RunResult.SUCCESS,
    RunStatus.FAILED: RunResult.FAILURE,
    RunStatus.CANCELLED: RunResult.CANCELLATION,
}


def normalize(provider: str, data: bytes, *, ref: RunRef | str) -> WorkflowRun:
    """Make a run from a response that you have already: from a webhook, a queue or a test. Nothing is sent.

    A value that cannot be read is None, and listed in `issues`.

    Args:
        provider: its name, such as `dify`.
        data: the response, a JSON object in UTF-8.
        ref: the reference of the run; it gives the identifiers that the response lacks.

    Raises:
        NormalizationError: `data` is not a JSON object, or more than 10,000 values in it are not as documented.
        ProviderError: the provider says in it that there is no run.
        InvalidRef: `ref` is malformed, or of another provider.
        UnknownProvider: there is no such provider.
        ClientNotInstalled: its client, whose models are needed, is missing.
    """
    ref = checked(ref)
    if ref.provider != provider:
        raise InvalidRef(f"{brief(str(ref))} is not a reference of {quoted(provider)}")
    if not isinstance(cast(object, data), bytes):
        raise TypeError(f"data must be bytes, not {type(data).__name__}")
    adapter = load_adapter(find(provider))
    try:
        response = decode(data, adapter.model)
    except InvalidResponse as error:
        reason = f"{brief(str(ref))} cannot be normalized: {error}"
        raise NormalizationError(reason, provider=provider, ref=ref) from error
    return finish(adapter, response.parsed, response.issues, response.complete, data, ref)


def finish(
    adapter: Adapter[Any, Any, Any], parsed: Any, issues: Iterable[Issue], complete: bool, data: bytes, ref: RunRef
) -> WorkflowRun:
    """The run of a decoded response.

    Args:
        adapter: the provider's.
        parsed: the response as the client's model, with the `issues` of reading it.
        complete: whether all required values are there.
        data: its bytes.
        ref: the reference of the run.

    Raises:
        ProviderError: the response holds no run.
    """
    notes = Notes(issues)
    if adapter.unwrap is not None:
        adapter.unwrap(parsed, data, ref, notes)
    run = _in_utc(adapter.normalize(parsed, ref, notes), notes)
    fields = {
        **asdict(run),
        "provider": ref.provider,
        "id": run.id or ref.run_id,
        "result": run.result or _USUAL_RESULTS.get(run.status) if run.is_terminal else None,
        "finished_at": run.finished_at if run.is_terminal else None,
        "pending": run.pending and _with_deadline(run.pending, adapter.timeout_at, notes),
        "issues": notes.issues,
    }
    return restored(WorkflowRun, fields, {"native": parsed if complete else None, "raw": data})


def _with_deadline(pending: PendingInput, timeout_at: str, notes: Notes) -> PendingInput:
    if pending.deadline is not None or pending.presented_at is None or pending.timeout is None:
        return pending
    try:
        return replace(pending, deadline=pending.presented_at + pending.timeout)
    except OverflowError:
        notes.add(timeout_at, "out of range", "the deadline would be outside of the years 1 to 9999")
        return pending


def _in_utc(value: T, notes: Notes) -> T:
    """An object of the unified model with all its times in UTC."""
    return cast(T, _with_times_in_utc(value, notes))


def _with_times_in_utc(value: object, notes: Notes) -> object:
    if isinstance(value, datetime):
        return value if value.tzinfo is UTC else utc(value, "", notes)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        in_utc = tuple(_with_times_in_utc(item, notes) for item in items)
        return in_utc if any(new is not old for new, old in zip(in_utc, items, strict=True)) else items
    if isinstance(value, Struct):
        changed: dict[str, object] = {}
        for name in value.__struct_fields__:
            before: object = getattr(value, name)
            after = _with_times_in_utc(before, notes)
            if after is not before:
                changed[name] = after
        return replace(value, **changed) if changed else value
    return value
