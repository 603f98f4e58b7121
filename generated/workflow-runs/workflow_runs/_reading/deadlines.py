"""Until when a run waits for an answer."""

from __future__ import annotations

from msgspec.structs import replace

from .._form.models import PendingInput
from .notes import Notes


def with_deadline(pending: PendingInput | None, timeout_at: str, notes: Notes) -> PendingInput | None:
    """The pending input with its deadline, where it has a time and a timeout; the latter is read from `timeout_at`."""
    if pending is None or pending.presented_at is None or pending.timeout is None:
        return pending
    try:
        return replace(pending, deadline=pending.presented_at + pending.timeout)
    except OverflowError:
        notes.add(timeout_at, "out of range", "the deadline would be outside of the years 1 to 9999")
        return replace(pending, deadline=None)
