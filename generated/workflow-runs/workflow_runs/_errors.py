"""The root of all errors of this package, and those that are about names and references.

All of them can be pickled. Errors of providers are in `_provider_errors`, those of runs in `_run`.
"""

from __future__ import annotations

from typing import Any


class WorkflowRunError(Exception):
    """The root of all errors of this package."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call __init__ without its keywords, and lose the cause.
        return _restore, (type(self), self.args, self.__dict__, self.__cause__)


def _restore(
    cls: type[WorkflowRunError], args: tuple[Any, ...], state: dict[str, Any], cause: BaseException | None
) -> WorkflowRunError:
    error = cls.__new__(cls, *args)
    error.args = args  # which an OSError, such as a TimeoutError, does not have yet
    error.__dict__.update(state)
    error.__cause__ = cause
    return error


class InvalidRef(WorkflowRunError, ValueError):
    """A reference is malformed, lacks a part, or asks for what the client is not configured for. Nothing was sent."""


class UnknownProvider(WorkflowRunError, LookupError):
    """There is no provider of this name, or what another package offers as one cannot be used."""


class UnknownEvent(WorkflowRunError, LookupError):
    """The provider has no event of this name, or the body is of another event than the caller says."""


class ClientNotInstalled(WorkflowRunError, ImportError):
    """The client of a provider is not installed; the message says how to install it."""
