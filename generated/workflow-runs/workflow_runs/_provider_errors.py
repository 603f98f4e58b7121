"""Errors of providers: what went wrong, with which run, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from workflow_client_core import (
    ApiError,
    BadRequest,
    ConnectionFailed,
    CredentialsError,
    Forbidden,
    InvalidResponse,
    NotFound,
    RateLimited,
    RequestTimeout,
    ServerError,
    StatusError,
    Unauthorized,
    UnprocessableEntity,
)

from ._errors import WorkflowRunError
from ._providers.provider import Provider
from ._refs.ref import RunRef
from ._text import brief


class _AboutRef(WorkflowRunError):
    """An error about the run of a reference. `provider` is the provider's name, `ref` the reference."""

    def __init__(self, message: str, *, provider: str, ref: RunRef, code: str | None = None) -> None:
        super().__init__(message)
        self.provider = provider
        self.ref = ref
        self.code = code
        """The provider's own word for what went wrong, where it has one."""


class ProviderError(_AboutRef):
    """The provider does not return the run; the message says what to do.

    Its `__cause__` is the client's error (`workflow_client_core.ApiError`: status, headers, body), or None where the
    provider wrapped an error in a success.
    """


class NormalizationError(_AboutRef):
    """The response is not a JSON object, so there is nothing to normalize."""


class UnreadableAnswer(ProviderError, NormalizationError):
    """The provider reported success, but its response is not a JSON object."""


def explained(
    error: ApiError, provider: Provider, ref: RunRef, reason: Callable[[object], str | None] | None = None
) -> ProviderError:
    """The error to raise for a client's error; `reason` reads the provider's own word from its body."""
    error_class = UnreadableAnswer if isinstance(error, InvalidResponse) else ProviderError
    hint = _hint(error, provider)
    code = reason(error.body) if reason and isinstance(error, StatusError) else None
    return error_class(f"{brief(str(ref))}: {error}{hint and '; '}{hint}", provider=provider.name, ref=ref, code=code)


def _hint(error: ApiError, provider: Provider) -> str:
    """What the caller can do about an error; empty where there is no advice."""
    match error:
        case CredentialsError():
            return f"correct the environment, or pass a client: {provider.name}=..."  # its message has the names
        case Unauthorized():
            variables = [variable for _, variable in provider.credentials if variable]
            return f"check {', '.join([*variables, ''])}or the credential of the client that was passed"
        case RateLimited(retry_after=float(seconds)):
            return f"try again in {ceil(seconds)} seconds"
        case _:
            return next((hint for classes, hint in _HINTS if isinstance(error, classes)), "")


_CHECK_REFERENCE = "check that the reference names a run that these credentials may see"
_HINTS: tuple[tuple[type[ApiError] | tuple[type[ApiError], ...], str], ...] = (
    (Forbidden, "check that these credentials may see the run"),
    (NotFound, f"{_CHECK_REFERENCE}, and that the server is right"),
    ((BadRequest, UnprocessableEntity), "check the identifiers in the reference"),
    ((RateLimited, ServerError), "try again later"),
    (RequestTimeout, "try again, or give the client a longer timeout"),
    (ConnectionFailed, "try again, and check the server's address and the network"),
    (InvalidResponse, "check that it is the right server that answers, and not a proxy or a login page"),
)


def no_run(ref: RunRef, what: str, code: str | None) -> ProviderError:
    """The error for a success in which the provider says that there is no run; `code` is its reason."""
    reason = f": {brief(code)}" if code else ""
    message = f"{ref.provider} {what}{reason} for {brief(str(ref))}; {_CHECK_REFERENCE}"
    return ProviderError(message, provider=ref.provider, ref=ref, code=code)
