"""Errors of providers, by what callers do about them."""

from __future__ import annotations

from typing import cast

from .._errors import WorkflowRunError
from .._refs.ref import RunRef
from .._run.response import ResponseHead
from .._run.run import WorkflowRun


class _AboutRef(WorkflowRunError):
    """An error about the run of a reference. `provider` is the provider's name."""

    def __init__(self, message: str, *, provider: str, ref: RunRef | None, code: str | None = None) -> None:
        super().__init__(message)
        self.provider = provider
        self._ref = ref
        self.code = code
        """The provider's own word for what went wrong, where it has one."""


class ProviderError(_AboutRef):
    """The provider does not return the run; the message says what to do.

    - `status`: the HTTP status of the response; None where there was none.
    - `retry_after`: the seconds after which the server wants to be asked again (RFC 9110, 10.2.3); None where it does
      not say.
    - `transient`: whether the same call may succeed later although nobody changes anything.
    - `request_id`: the server's own name for the request, by which the people who run it find it; None where it gave
      none.
    - `attempts`: how often the request was sent, repetitions by the client included.

    Its `__cause__` is the client's error (`workflow_client_core.ApiError`: headers, body), or None where the response
    was a success, but not the run.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str,
        ref: RunRef,
        code: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
        transient: bool = False,
        request_id: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(message, provider=provider, ref=ref, code=code)
        self.status = status
        self.retry_after = retry_after
        self.transient = transient
        self.request_id = request_id
        self.attempts = attempts

    @property
    def ref(self) -> RunRef:
        """The reference of the run."""
        return cast(RunRef, self._ref)

    def came_with(self, head: ResponseHead) -> None:
        """Take over what is known of the response that this error is about."""
        self.status, self.request_id, self.attempts = head.status, head.request_id, head.attempts


class NormalizationError(_AboutRef):
    """The response is not a JSON object, so there is nothing to normalize."""

    @property
    def ref(self) -> RunRef | None:
        """The reference of the run; None where it should stand in the body of an event, which cannot be read."""
        return self._ref


class RunNotFound(ProviderError):
    """There is no such run, or none that these credentials may see: 404, 410, or an answer that says so."""


class Unauthorized(ProviderError):
    """The credentials are missing, or the server does not accept them for this run: 401, 403."""


class RateLimited(ProviderError):
    """Too many requests: 429, or a 403 that says when to ask again: after `retry_after` seconds."""


class ProviderUnavailable(ProviderError):
    """No whole response arrived, or the server failed: no connection, a time limit, a truncated body, 408, 425, 5xx.

    It is mostly `transient`; not so where the certificate of the server is not trusted, or the client was closed.
    """


class UnreadableAnswer(ProviderError, NormalizationError):
    """The provider reported success, but its response is not a JSON object, or larger than the client reads."""


class _AboutAnswer(ProviderError):
    """An error about `run`, which was made from what the provider returned."""

    def __init__(self, message: str, *, run: WorkflowRun, ref: RunRef) -> None:
        super().__init__(message, provider=run.provider, ref=ref)
        self.run = run
        if run.response is not None:
            self.came_with(run.response)


class WrongRun(_AboutAnswer):
    """The provider returned another run than was asked for: its identifiers are not those of the reference.

    `run` is that run; its issue `another run` says where.
    """


class NoRun(_AboutAnswer):
    """The provider reported success, but its response has nothing of a run: neither a status nor an identifier.

    Some servers report errors so. `run` has the response as `raw`.
    """
