"""What waiting tells: a change of a run, and what came of one request."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from .._form.models import RunStatus
from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .state import ChangeKind, PollState


class RunChange(Struct, frozen=True, kw_only=True):
    """A change of a run, or the end of watching it.

    - `ref`: which run; a text where it is not a reference at all.
    - `run`: the run as it is now; None where there is only an `error`.
    - `before`: its status until now; None for the first change of a run.
    - `kinds`: what has changed; empty where only watching ends. Of an unknown status, the provider's word counts.
    - `error`: why watching this run ends although it does not rest; None in all other cases.
    - `is_last`: whether this is the last change of the run.
    """

    ref: RunRef | str
    run: WorkflowRun | None = None
    before: RunStatus | None = None
    kinds: tuple[ChangeKind, ...] = ()
    error: Exception | None = None
    is_last: bool = False


class Poll(Struct, frozen=True, kw_only=True):
    """What came of one request for a run.

    - `run`: the answer; None where it was an error.
    - `error`: that of this request, also where it does not end the wait; or why waiting ends. None where all is well.
    - `state`: pass it to the next poll.
    - `changes`: none where nothing has changed; two where the run changed, and waiting ends for another reason.
    - `next_poll`: when to ask again, aware and in UTC; None: never, the last of `changes` says why.
    """

    ref: RunRef
    state: PollState
    run: WorkflowRun | None = None
    error: Exception | None = None
    changes: tuple[RunChange, ...] = ()
    next_poll: datetime | None = None
