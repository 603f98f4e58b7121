"""From a client's error, or from an answer that is not the run, to the error that says what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import workflow_client_core as core
from workflow_client_core import ApiError, InvalidResponse, RawResponse, StatusError

from .._providers.environment import credential_variables
from .._providers.provider import Provider
from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .._text import brief, quoted
from .errors import (
    NoRun,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RunNotFound,
    Unauthorized,
    UnreadableAnswer,
    WrongRun,
)

_BY_STATUS: dict[int, type[ProviderError]] = {
    401: Unauthorized,
    403: Unauthorized,
    404: RunNotFound,
    408: ProviderUnavailable,
    410: RunNotFound,
    425: ProviderUnavailable,
    429: RateLimited,
}
CHECK_REFERENCE = "check that the reference names a run that these credentials may see"
_CHECK_SERVER = "check that it is the right server that answers"
_CHECK_IDENTIFIERS = "check the identifiers in the reference"
_HINTS_BY_STATUS = {
    400: _CHECK_IDENTIFIERS,
    403: "check that these credentials may see the run",
    404: f"{CHECK_REFERENCE}, and that the server is right",
    407: "check the user name and the password of the proxy",
    410: CHECK_REFERENCE,
    422: _CHECK_IDENTIFIERS,
    511: "log in to the network",
}


def explained(
    error: ApiError, provider: Provider, ref: RunRef, reason: Callable[[object], str | None] | None = None
) -> ProviderError:
    """The error to raise for a client's error; `reason` reads the provider's own word from its body."""
    hint = _hint(error, provider, ref.account)
    return _class_of(error)(
        f"{brief(str(ref))}: {error}{hint and '; '}{hint}",
        provider=provider.name,
        ref=ref,
        code=reason(error.body) if reason and isinstance(error, StatusError) else None,
        status=error.status if isinstance(error, StatusError | InvalidResponse) else None,
        retry_after=error.retry_after if isinstance(error, StatusError) else None,
        transient=error.transient,
        request_id=error.request_id,
        attempts=error.attempts,
    )


def _class_of(error: ApiError) -> type[ProviderError]:
    match error:
        case core.CredentialsError():
            return Unauthorized
        case core.ConnectionFailed() | core.RequestTimeout() | core.ServerError() | InvalidResponse(transient=True):
            return ProviderUnavailable
        case InvalidResponse():
            return UnreadableAnswer
        case core.RateLimited():
            return RateLimited
        case StatusError(status=status):
            return _BY_STATUS.get(status, ProviderError)
        case _:
            return ProviderError


def _hint(error: ApiError, provider: Provider, account: str | None) -> str:
    """What the caller can do about an error; empty where its message says it, or there is no advice."""
    match error:
        case core.CredentialsError():
            return correct_environment(provider, account)  # its message has the names
        case core.Unauthorized():
            variables = credential_variables(provider, account)
            return f"check {', '.join([*variables, ''])}or the credential of the client that was passed"
        case StatusError():
            return _hint_on_status(error)
        case core.RequestTimeout():
            return "try again, or give the client a longer timeout"
        case core.ConnectionFailed():
            return _hint_on_connection(error)
        case core.ResponseTooLarge():
            return "give the client a larger max_response_size"
        case InvalidResponse(transient=True):
            return "try again"
        case InvalidResponse():
            return f"{_CHECK_SERVER}, and not a proxy or a login page" if _is_page(error) else _CHECK_SERVER
        case _:
            return ""


def correct_environment(provider: Provider, account: str | None) -> str:
    """What the caller can do where the environment is wrong."""
    client = f"{{{account!r}: ...}}" if account else "..."
    return f"correct the environment, or pass a client: {provider.passed(client)}"


def _hint_on_status(error: StatusError) -> str:
    if error.status in _HINTS_BY_STATUS and not error.transient:
        return _HINTS_BY_STATUS[error.status]
    if error.transient:
        seconds = ceil(error.retry_after or 0)
        return f"try again in {seconds} second{'s' * (seconds > 1)}" if seconds else "try again later"
    return "check the server's address, and that it asks nobody to log in" if 300 <= error.status < 400 else ""


def _hint_on_connection(error: core.ConnectionFailed) -> str:
    from ssl import SSLCertVerificationError

    links: list[BaseException] = []
    link = error.__cause__
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    if any(isinstance(link, SSLCertVerificationError) for link in links):
        return "check the server's address, and which certificates are trusted: SSL_CERT_FILE"
    if any(type(link).__name__ == "ProxyError" for link in links):  # of httpx2, which this package does not import
        return "check the proxy, and the variable that names it: HTTPS_PROXY"
    return "try again, and check the server's address and the network" if error.transient else ""


def _is_page(error: InvalidResponse) -> bool:
    """Whether a response is a page for people."""
    return "html" in error.headers.get("content-type", "").lower() or error.content.lstrip()[:1] == b"<"


def not_the_run(run: WorkflowRun, ref: RunRef, response: RawResponse[Any]) -> ProviderError | None:
    """The error for a response that is not the run, as the issues of the run made from it say."""
    for issue in run.issues:
        kind, _, detail = issue.problem.partition(": ")
        if kind not in ("another run", "no run here"):
            continue
        returned = f"{brief(str(ref))}: {run.provider} returned"
        if kind == "another run":
            run_id = quoted(response.without_credentials(run.id))
            message = f"{returned} another run, {run_id}: at {issue.pointer}, {detail}"
            hint = "check the reference, and that no cache answers for the server"
            return WrongRun(f"{message}; {hint}", run=run, ref=ref)
        reason = f": {brief(response.error_text)}" if response.error_text else ""
        hint = f"{_CHECK_SERVER}, and {CHECK_REFERENCE.removeprefix('check ')}"
        return NoRun(f"{returned} nothing of a run{reason}; {hint}", run=run, ref=ref)
    return None
