"""The steps of a call, from the first attempt to the last; the same for both kinds of clients. Loads httpx2."""

from __future__ import annotations

from random import random
from typing import cast

from .._credentials.choose import Sources
from .._credentials.secrets import Secret, SentCredential
from .._credentials.sources import FetchedCredential
from .._request.request import Request
from .._response.headers import retry_after
from .._response.response import Response
from .._transport.attempt import Attempt, Failure, Terms
from .._transport.retry import Outcome, Retry
from .steps import Fetch, Send, Steps, Wait


def call_steps(draft: Request, sources: Sources, terms: Terms, retry: Retry) -> Steps[tuple[Request, Response]]:
    """Send `draft`, signed with the credentials, as often as needed: the request that was sent last, and its response.

    Raises:
        ApiError: what the call raises.
    """
    attempt = Attempt(draft, terms, 0)
    credentials = yield from _fetched(sources, attempt)
    refreshed = False
    while True:
        attempt = Attempt(draft.signed(credentials), terms, attempt.number + 1)
        result = cast("Response | Failure", (yield Send(attempt)))
        delay = _delay(retry, attempt, result)
        attempt.log(result, delay)
        if delay is not None:
            yield Wait(delay, attempt)
            credentials = yield from _fetched(sources, attempt)
        elif refreshed or not _may_be_refreshed(result, sources):
            return attempt.conclude(result)
        else:
            # The credential may have expired meanwhile. The server did not act on the request, so that
            # it may be sent again whatever its method is (RFC 9110, 15.5.2).
            refreshed = True
            new_credentials = yield from _fetched(sources, attempt)
            if all(map(SentCredential.is_like, new_credentials, credentials)):
                return attempt.conclude(result)
            credentials = new_credentials


def _fetched(sources: Sources, attempt: Attempt) -> Steps[list[SentCredential]]:
    """The credentials of one attempt."""
    credentials: list[SentCredential] = []
    for source in sources:
        if isinstance(source, FetchedCredential):
            credentials.append(source.checked(cast(Secret, (yield Fetch(source, attempt)))))
        else:
            credentials.append(source)
    return credentials


def _delay(retry: Retry, attempt: Attempt, result: Response | Failure) -> float | None:
    """Seconds to wait before the call is repeated; None: it is not."""
    if isinstance(result, Response):
        outcome = Outcome(result.status, retry_after(result.headers))
    elif result.repeatable:
        outcome = Outcome()
    else:
        return None
    deadline = attempt.terms.deadline
    return retry.delay(
        attempt=attempt.number,
        method=attempt.request.method,
        outcome=outcome,
        elapsed=deadline.elapsed(),
        total=deadline.total,
        random=random,
    )


def _may_be_refreshed(result: Response | Failure, sources: Sources) -> bool:
    """Whether another credential might help, and there is a function to ask for one."""
    return (
        isinstance(result, Response)
        and result.status == 401
        and any(isinstance(source, FetchedCredential) for source in sources)
    )
