"""A run in words, for people: on several lines, or on one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from ..._errors import WorkflowRunError
from ..._form.models import RunStatus
from ..._form.vocabulary import TERMINAL
from ..._polling.change import RunChange
from ..._refs.ref import RunRef
from ..._run.run import WorkflowRun
from .terminal import printable

_LONGEST = 300


def name_of(ref: RunRef | str) -> str:
    """A reference as text, printable."""
    try:
        return printable(str(ref))
    except WorkflowRunError:  # its provider is not known here
        return printable(f"{ref.provider}:{ref.run_id}" if isinstance(ref, RunRef) else ref)


def word_of(status: RunStatus) -> str:
    """A status as people read it: `waiting for input`."""
    return printable(str(status)).replace("_", " ")


def span(seconds: float) -> str:
    """A duration: `0.4s`, `12s`, `3m 05s`, `1h 02m`, `3d 04h`."""
    if seconds < 1:
        return f"{max(0.0, seconds):.1f}s"
    whole = int(seconds)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if not minutes:
        return f"{whole}s"
    if not hours:
        return f"{minutes}m {whole % 60:02}s"
    return f"{days}d {hours % 24:02}h" if days else f"{hours}h {minutes % 60:02}m"


def elapsed_of(run: WorkflowRun, now: datetime) -> timedelta | None:
    """How long a run has taken, or takes until now; None: its provider gives no times."""
    begin = run.started_at or run.created_at
    if run.elapsed is not None and (run.is_terminal or begin is None):
        return run.elapsed
    end = run.finished_at if run.is_terminal else now
    return max(end - begin, timedelta()) if begin and end else run.elapsed


def steps_of(run: WorkflowRun) -> str:
    """How far a run is: `3/5 Write`; "" where its provider does not say."""
    done = sum(step.status in TERMINAL for step in run.steps)
    count = f"{done}/{len(run.steps)}" if run.steps else ""
    if not count and run.usage and run.usage.steps is not None:
        count = str(run.usage.steps)
    current = run.current_step if not run.is_terminal else None
    return printable(" ".join(filter(None, [count, current])))


def line_of(run: WorkflowRun, now: datetime) -> str:
    """A run on one line, without its reference."""
    elapsed = elapsed_of(run, now)
    details = [
        word_of(run.status) + (f" ({run.raw_status})" if run.status is RunStatus.UNKNOWN and run.raw_status else ""),
        str(run.result) if run.result and run.result not in ("success", "failure", "cancellation") else "",
        span(elapsed.total_seconds()) if elapsed is not None else "",
        f"steps {steps}" if (steps := steps_of(run)) else "",
        reason_of(run),
    ]
    return ", ".join(printable(detail) for detail in details if detail)


def line_of_change(change: RunChange, now: datetime) -> str:
    """A change on one line: `dify:1: pending -> running, 12s`."""
    if change.run is None or change.error is not None:
        return f"{name_of(change.ref)}: {printable(str(change.error))}"
    moved = change.before is not None and change.before != change.run.status
    before = f"{word_of(change.before)} -> " if moved and change.before else ""
    return f"{name_of(change.ref)}: {before}{line_of(change.run, now)}"


def reason_of(run: WorkflowRun) -> str:
    """Why a run is as it is, if its provider says so."""
    if run.status is RunStatus.WAITING_FOR_INPUT and run.pending and run.pending.action:
        return _short(run.pending.action)
    error = run.error
    return _short((error.message or error.code if error else None) or run.message or run.outcome_code or "")


def card_of(run: WorkflowRun, now: datetime) -> Iterator[tuple[str, str]]:
    """What is to say of a run, as names and values, all printable."""
    elapsed = elapsed_of(run, now)
    pending = run.pending
    rows: list[tuple[str, object]] = [
        ("name", run.name),
        ("workflow", " ".join(filter(None, [run.workflow_id, run.workflow_version]))),
        ("created", run.created_at),
        ("started", run.started_at),
        ("finished", run.finished_at),
        ("elapsed", span(elapsed.total_seconds()) if elapsed is not None else None),
        ("steps", steps_of(run)),
        ("error", " ".join(filter(None, [run.error.code, run.error.message])) if run.error else None),
        ("message", run.message),
        ("waits for", pending.action if pending else None),
        ("until", pending.deadline if pending else None),
        ("page", run.url),
        ("outputs", msgspec.json.encode(run.outputs).decode() if run.outputs is not None else None),
    ]
    yield "status", status_text(run)
    for name, value in rows:
        if value is not None and value != "":
            yield name, _short(_time(value) if isinstance(value, datetime) else str(value))
    for issue in run.issues[:5]:
        yield "issue", _short(f"{issue.pointer} {issue.problem}".strip())
    if len(run.issues) > 5:
        yield "issue", f"and {len(run.issues) - 5} more; --json has all"


def status_text(run: WorkflowRun) -> str:
    """The status, with the result and the provider's own word where they say more."""
    result = f", {run.result}" if run.result and run.result not in ("success", "failure", "cancellation") else ""
    raw = run.raw_status
    same = raw is not None and raw.lower().replace("-", "_") == str(run.status)
    return printable(f"{word_of(run.status)}{result}{f' ({raw})' if raw and not same else ''}")


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}Z"


def _short(text: str) -> str:
    text = printable(text[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
