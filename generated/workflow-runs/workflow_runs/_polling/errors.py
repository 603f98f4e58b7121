"""Why waiting ends although the run has not."""

from __future__ import annotations

from .._errors import WorkflowRunError
from .._refs.ref import RunRef
from .._run.run import WorkflowRun


class WaitError(WorkflowRunError):
    """Waiting has ended before the run; the run itself was not stopped, and can be waited for again.

    - `ref`: the reference of the run.
    - `run`: the run when it was last seen; None where it was not seen, or, from `watch` without a store, is not
      known any longer.
    - `last_error`: the error of the last request, also as `__cause__`; None where it was answered, or,
      from `watch`, only what it says is known, and is in the message.
    """

    def __init__(
        self, message: str, *, ref: RunRef, run: WorkflowRun | None = None, last_error: Exception | None = None
    ) -> None:
        super().__init__(message)
        self.ref = ref
        self.run = run
        self.last_error = last_error
        self.__cause__ = last_error


class WaitTimeout(WaitError, TimeoutError):
    """The time has passed, and the run does not rest."""


class WaitCancelled(WaitError):
    """`cancel` was set."""


class TooManyErrors(WaitError):
    """More transient errors in a row than `PollPolicy.max_consecutive_errors`; `last_error` is the last of them."""


class DelayTooLong(WaitError):
    """The server asks for a longer pause than `PollPolicy.max_server_delay`: `retry_after`, in seconds."""

    def __init__(
        self,
        message: str,
        *,
        ref: RunRef,
        retry_after: float,
        run: WorkflowRun | None = None,
        last_error: Exception | None = None,
    ) -> None:
        super().__init__(message, ref=ref, run=run, last_error=last_error)
        self.retry_after = retry_after


class StatusStaysUnknown(WaitError):
    """More answers in a row than `PollPolicy.unknown_polls` had the same status, which this package does not know."""
