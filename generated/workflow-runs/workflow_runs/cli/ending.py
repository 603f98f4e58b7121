"""How a command ends: the exit status of the process."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from .._form.models import RunStatus
from .._polling.errors import WaitError, WaitTimeout
from .._provider_errors.errors import NormalizationError, ProviderError
from .._run.run import WorkflowRun


class Ending(IntEnum):
    """The exit status."""

    FINE = 0
    """The run has succeeded, or goes on where it was not waited for."""
    FAILED = 1
    """The run has failed, or was cancelled."""
    WRONG_CALL = 2
    """The command, a reference, a file or the set-up is wrong."""
    NEEDS_SOMEBODY = 3
    """The run waits for input, or is suspended."""
    TIMED_OUT = 4
    """The time has passed before the run ended."""
    PROVIDER_ERROR = 5
    """The provider did not say how the run is."""
    MISTAKE = 70
    """A mistake in this program (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    """Ctrl-C: 128 and the number of the signal, as shells have it."""
    PIPE_CLOSED = 141
    """Whoever read the output has closed it."""
    TERMINATED = 143
    """Somebody ended this process: SIGTERM or SIGHUP."""


_WORST_FIRST = (*(Ending.WRONG_CALL, Ending.PROVIDER_ERROR, Ending.TIMED_OUT, Ending.FAILED, Ending.NEEDS_SOMEBODY),)


def worst(endings: Iterable[Ending]) -> Ending:
    """The one that counts for several runs: what could not be found out goes before what is known."""
    present = set(endings)
    return next((ending for ending in _WORST_FIRST if ending in present), Ending.FINE)


def ending_of(answer: WorkflowRun | Exception, until: Collection[RunStatus] = ()) -> Ending:
    """How a command ends for one run, or for the error in its place.

    Args:
        until: the statuses that the call names; one of them is fine, unless the run has ended.
    """
    if isinstance(answer, WorkflowRun):
        return _ending_of_status(answer.status, until)
    if isinstance(answer, WaitTimeout):
        return Ending.TIMED_OUT
    if isinstance(answer, ProviderError | NormalizationError | WaitError):
        return Ending.WRONG_CALL if _is_of_environment(answer) else Ending.PROVIDER_ERROR
    return Ending.WRONG_CALL


def _is_of_environment(error: Exception) -> bool:
    """Whether credentials are missing, or they or the address of a server cannot be used, so that nothing was sent."""
    from workflow_client_core import CredentialsError

    cause = error.__cause__ if isinstance(error, ProviderError) and not error.transient else None
    return isinstance(cause, CredentialsError | ValueError)


def _ending_of_status(status: RunStatus, until: Collection[RunStatus]) -> Ending:
    if status in (RunStatus.FAILED, RunStatus.CANCELLED):
        return Ending.FAILED
    needs_somebody = status in (RunStatus.WAITING_FOR_INPUT, RunStatus.SUSPENDED)
    return Ending.NEEDS_SOMEBODY if needs_somebody and status not in until else Ending.FINE
