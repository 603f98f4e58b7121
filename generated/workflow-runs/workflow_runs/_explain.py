"""The client's errors as `ProviderError`: what went wrong, with which run, and what to do about it."""

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

from ._errors import ProviderError, UnreadableAnswer
from ._provider import Provider
from ._ref import RunRef
from ._text import brief


def explained(
    error: ApiError, provider: Provider, ref: RunRef, reason: Callable[[object], str | None] | None = None
) -> ProviderError:
    """The error to raise from a client's error; `reason` reads the provider's own word from the body of one."""
    kind = UnreadableAnswer if isinstance(error, InvalidResponse) else ProviderError
    hint = _hint(error, provider)
    code = reason(error.body) if reason and isinstance(error, StatusError) else None
    return kind(f"{brief(str(ref))}: {error}{hint and '; '}{hint}", provider=provider.name, ref=ref, code=code)


def _hint(error: ApiError, provider: Provider) -> str:
    """What to do."""
    variables = [variable for _, variable in provider.credentials if variable]
    match error:
        case CredentialsError():
            return f"correct the environment, or pass a client: {provider.name}=..."  # its message has the names
        case Unauthorized():
            return f"check {', '.join([*variables, ''])}or the credential of the client that was passed"
        case Forbidden():
            return "check that these credentials may see the run"
        case NotFound():
            return "check that the reference names a run that these credentials may see, and that the server is right"
        case BadRequest() | UnprocessableEntity():
            return "check the identifiers in the reference"
        case RateLimited(retry_after=float(seconds)):
            return f"try again in {ceil(seconds)} seconds"
        case RateLimited() | ServerError():
            return "try again later"
        case RequestTimeout():
            return "try again, or give the client a longer timeout"
        case ConnectionFailed():
            return "try again, and check the server's address and the network"
        case InvalidResponse():
            return "check that it is the right server that answers, and not a proxy or a login page"
        case _:
            return ""
