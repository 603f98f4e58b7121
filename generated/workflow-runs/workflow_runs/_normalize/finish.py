"""From what an adapter returns to a `WorkflowRun`: what holds for the runs of every provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from workflow_client_core import InvalidResponse, Issue, decode

from .._form.fields import RunFields
from .._form.models import RunResult, RunStatus, RunStep
from .._form.vocabulary import TERMINAL
from .._provider_errors.errors import ProviderError
from .._providers.lookup import find
from .._providers.provider import RUN_ID
from .._reading.deadlines import with_deadline
from .._reading.identifiers import are_same, other_run
from .._reading.notes import Notes
from .._refs.parts import reference_to
from .._refs.ref import RunRef
from .._run.response import ResponseHead
from .._run.run import WorkflowRun, with_response
from .._text import quoted
from .adapter import Adapter
from .utc import in_utc

_NOBODY = "?"
_USUAL_RESULTS = {
    RunStatus.SUCCEEDED: RunResult.SUCCESS,
    RunStatus.FAILED: RunResult.FAILURE,
    RunStatus.CANCELLED: RunResult.CANCELLATION,
}


class Decoded(Struct, frozen=True):
    """A response of a provider that was read.

    - `native`: the client's model of it; `issues` are those of reading it.
    - `complete`: whether all required values are there.
    - `raw`: its bytes.
    - `head`: its status and headers; None if it did not come by a call.
    - `observed_at`: when it arrived; None if nobody knows.
    - `error_text`, `conceal`: see `Notes`.
    """

    native: Any
    issues: Iterable[Issue]
    complete: bool
    raw: bytes
    head: ResponseHead | None = None
    observed_at: datetime | None = None
    error_text: str = ""
    conceal: Callable[[str], str] = str


def finish(adapter: Adapter[Any, Any, Any], response: Decoded, ref: RunRef, asked: RunRef | None = None) -> WorkflowRun:
    """The run of a response; `ref` is its own reference, `asked` the one that it was asked by, if that is another.

    Raises:
        ProviderError: the response holds no run.
    """
    notes = Notes(
        response.issues,
        error_text=response.error_text,
        conceal=response.conceal,
        observed_at=response.observed_at,
    )
    _unwrap(adapter, response, asked or ref, notes)
    fields = adapter.normalize(response.native, ref, notes)
    if not isinstance(fields, WorkflowRun):
        fields = in_utc(fields, notes)
    if fields.id and fields.id != ref.run_id and not are_same(fields.id, ref.run_id) and not notes.has("another run"):
        notes.add("", "another run", f"its identifier is {quoted(notes.conceal(fields.id))}")
    if fields.raw_status is None and _is_empty(adapter, response.native, ref):
        nothing = "neither a status nor an identifier, nor anything else that only a run has"
        notes.add("", "no run here", f"{nothing}{_event_hint(adapter, response)}")
    run = fields if isinstance(fields, WorkflowRun) else _complete(fields, adapter, ref, notes)
    if run.issues != notes.issues or run.observed_at != notes.observed_at:
        run = replace(run, issues=notes.issues, observed_at=notes.observed_at)
    return with_response(run, response.native if response.complete else None, response.raw, response.head)


def _complete(fields: RunFields, adapter: Adapter[Any, Any, Any], ref: RunRef, notes: Notes) -> WorkflowRun:
    """The run of fields that an adapter of another package has read, with what holds for the runs of all providers."""
    is_terminal = fields.status in TERMINAL
    own_id = fields.id or ref.run_id
    parent_id = other_run(fields.parent_id, own_id)
    values: dict[str, Any] = {
        **asdict(fields),
        "provider": ref.provider,
        "id": own_id,
        "ref": ref,
        "observed_at": notes.observed_at,
        "parent_id": parent_id,
        "parent": _parent(parent_id, ref),
        "result": _result(fields.status, fields.result),
        "finished_at": fields.finished_at if is_terminal else None,
        "steps": tuple(map(_step, fields.steps)),
        "pending": with_deadline(fields.pending, adapter.timeout_at, notes),
        "issues": notes.issues,
    }
    return WorkflowRun(**values)


def _event_hint(adapter: Adapter[Any, Any, Any], response: Decoded) -> str:
    """What to pass, if a response that the caller had is the body of an event; else ""."""
    if response.head is not None or any(event.model is adapter.model for event in adapter.events.values()):
        return ""
    for name, event in adapter.events.items():
        with suppress(InvalidResponse):
            if event.name and event.name(decode(response.raw, event.model).parsed) == name:
                return f"; it is the body of an event: pass event={name!r}"
    return ""


def _unwrap(adapter: Adapter[Any, Any, Any], response: Decoded, ref: RunRef, notes: Notes) -> None:
    """Refuse a response that holds no run, if the adapter can tell."""
    if adapter.unwrap is None:
        return
    try:
        adapter.unwrap(response.native, response.raw, ref, notes)
    except ProviderError as error:
        if response.head is not None:
            error.came_with(response.head)
        raise


def _is_empty(adapter: Adapter[Any, Any, Any], native: Any, ref: RunRef) -> bool:
    """Whether a response says no more of a run than an empty one.

    What went wrong does not count: a response that says nothing else is an error, not a run.
    """
    # For a reference of which it has nothing, so that identifiers are those of the response.
    nameless = replace(ref, run_id=_NOBODY, parts=dict.fromkeys(ref.parts, _NOBODY))
    both = (native, decode(b"{}", adapter.model).parsed)
    fields, empty = (_telling(adapter, response, nameless) for response in both)
    return fields == empty


def _telling(adapter: Adapter[Any, Any, Any], native: Any, ref: RunRef) -> tuple[RunFields, bool]:
    """What tells that a response is about a run: its fields, and whether it has the time of an end that was none."""
    notes = Notes()
    fields = adapter.normalize(native, ref, notes)
    return replace(fields, error=None, message=None, outcome_code=None, issues=()), notes.early_end


def _result(status: RunStatus, result: RunResult | None) -> RunResult | None:
    return result or _USUAL_RESULTS.get(status) if status in TERMINAL else None


def _step(step: RunStep) -> RunStep:
    """A step in which only what has ended has a result and an end."""
    result = _result(step.status, step.result)
    finished_at = step.finished_at if step.status in TERMINAL else None
    if (result, finished_at) == (step.result, step.finished_at):
        return step
    return replace(step, result=result, finished_at=finished_at)


def _parent(parent_id: str | None, ref: RunRef) -> RunRef | None:
    """The reference of the run that started this one, where its identifier is all that a reference needs."""
    return reference_to(parent_id, ref) if parent_id and find(ref.provider).ref.path == (RUN_ID,) else None
