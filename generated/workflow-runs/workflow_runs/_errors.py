"""What the normalization layer raises, in one tree below `WorkflowRunError`. All of it survives pickling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._ref import RunRef
    from ._run import WorkflowRun


class WorkflowRunError(Exception):
    """The root of all errors of this package."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call __init__ without its keywords, and lose the cause.
        return _restore, (type(self), self.args, self.__dict__, self.__cause__)


def _restore(
    cls: type[WorkflowRunError], args: tuple[Any, ...], state: dict[str, Any], cause: BaseException | None
) -> WorkflowRunError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    error.__cause__ = cause
    return error


class InvalidRef(WorkflowRunError, ValueError):
    """A reference is malformed, lacks a part, or asks for what the client is not configured for. Nothing was sent."""


class UnknownProvider(WorkflowRunError, LookupError):
    """There is no provider of this name, or what another package offers as one cannot be used."""


class ClientNotInstalled(WorkflowRunError, ImportError):
    """The client of a provider is not installed; the message says how to install it."""


class _AboutRun(WorkflowRunError):
    """An error with the run of a reference. `provider` is the provider's name, `ref` the reference."""

    def __init__(self, message: str, *, provider: str, ref: RunRef, code: str | None = None) -> None:
        super().__init__(message)
        self.provider = provider
        self.ref = ref
        self.code = code
        """The provider's own word for what went wrong, where it has one."""


class ProviderError(_AboutRun):
    """There is no run to be had from the provider; the message says what to do.

    Its `__cause__` is the client's error (`workflow_client_core.ApiError`: status, headers, body), or None where the
    provider wrapped an error in a success.
    """


class NormalizationError(_AboutRun):
    """The document is no JSON object, so that there is nothing to normalize."""


class UnreadableAnswer(ProviderError, NormalizationError):
    """The provider answered with success, and with something that is no JSON object."""


class _AboutEnd(WorkflowRunError):
    """An error that is how a run stands: `run`."""

    def __init__(self, message: str, *, run: WorkflowRun) -> None:
        super().__init__(message)
        self.run = run


class RunFailed(_AboutEnd):
    """The run has failed."""


class RunCancelled(_AboutEnd):
    """The run was called off."""


class RunNeedsInput(_AboutEnd):
    """The run does not go on by itself: somebody has to answer (`run.pending`), or to resume it."""
