"""The steps of a call, from the first attempt to the last; the same for both kinds of clients. Loads httpx2."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from random import random
from typing import TYPE_CHECKING, Any, TypeVar, cast

from msgspec import UNSET
from msgspec.structs import replace

from .._api import Operation
from .._credentials.choose import Sources
from .._credentials.secrets import Secret, SentCredential
from .._credentials.sources import FetchedCredential
from .._credentials.tokens import TokenSource, error_code
from .._errors import InvalidResponse
from .._request.build import build_request
from .._request.prepared import prepared
from .._request.request import Request
from .._request.server import operation_url
from .._response.content import is_success, streamed_content
from .._response.headers import refused_for
from .._response.response import OpenResponse, Response
from .._transport.attempt import Attempt, Failure
from .._transport.limits import Deadline, Timeout
from .._transport.retry import Outcome, Retry
from .._transport.terms import Terms
from .settings import Settings
from .steps import Call, Fetch, Lock, Send, Steps, Wait
from .token_requests import TOKEN_OPERATION, keep_token, may_want_secret_in_body, no_token, token_request, token_url

if TYPE_CHECKING:
    from .._streams.reader import Reader

T = TypeVar("T")


def steps_of(
    call: Call[Any], settings: Settings, timeout: Timeout, deadline: Deadline
) -> Steps[tuple[Request, Response]]:
    """A call with these limits: the request that was sent last, and the response to it.

    Raises:
        CredentialsError: there are no credentials for it, or they would travel in clear text.
        ValueError, TypeError: it has an argument that cannot be sent, or no server.
        ApiError: in its steps, what the call raises.
    """
    operation, credentials = call.operation, settings.credentials
    sources = credentials.choose(operation.security, operation.name)
    is_left_to_auth = credentials.left_to_auth(operation.security)
    draft = _draft(call, settings, is_authenticated=bool(sources) or is_left_to_auth)
    terms = Terms(
        deadline=deadline,
        timeout=timeout,
        max_response_size=settings.max_response_size,
        auth=settings.auth if is_left_to_auth else None,
        allow_insecure_http=settings.allow_insecure_http,
        operation=operation,
        base_url=settings.base_url,
    )
    return call_steps(draft, sources, terms, settings.retry)


def _draft(call: Call[Any], settings: Settings, *, is_authenticated: bool) -> Request:
    """The request of a call, without credentials; `is_authenticated`: it will be sent with some."""
    operation, values = call.operation, call.values
    from_client = prepared(operation).from_client
    if from_client:
        values = {**values, **{name: settings.globals.get(name, UNSET) for name in from_client}}
    server = operation_url(settings.api, operation, settings.base_url, settings.server_urls)
    if is_authenticated:
        settings.check_protected(server, operation.name)
    request = build_request(
        *(operation, values, call.body),
        server=server,
        user_agent=settings.api.user_agent,
        extra_headers=call.extra_headers,
        extra_query=call.extra_query,
    )
    if call.url:
        request = replace(request, url=call.url, shown_url=call.url)
    return (
        _with_options(request, call, settings, is_authenticated=is_authenticated)
        if call.extra_headers or call.extra_query
        else request
    )


def _with_options(request: Request, call: Call[Any], settings: Settings, *, is_authenticated: bool) -> Request:
    """The request of a call with further headers or query parameters, in which secrets are masked."""
    from .._request.extras import check_no_credential, secrets_in, with_missing_query  # most calls have none

    headers, query, credentials = call.extra_headers or {}, call.extra_query or {}, settings.api.credentials
    check_no_credential(credentials, headers, query, is_authenticated=is_authenticated)
    url = with_missing_query(call.url, query) if call.url else request.url
    secrets = secrets_in(headers, credentials)
    if secrets:
        settings.check_protected(request.server, call.operation.name)
    return replace(request, url=url, shown_url=url, credentials=secrets)


def call_steps(
    draft: Request, sources: Sources, terms: Terms, retry: Retry, repeated_as: str = ""
) -> Steps[tuple[Request, Response]]:
    """Send `draft`, signed with the credentials, as often as needed: the request that was sent last, and its response.

    It is repeated as a request of the method `repeated_as` is, else of its own method.

    Raises:
        ApiError: what the call raises.
    """
    attempt = Attempt(draft, terms, 0)
    credentials = yield from _fetched(sources, attempt, retry)
    refreshed = False
    while True:
        attempt = Attempt(draft.signed(credentials), terms, attempt.number + 1)
        result = cast("Response | Failure", (yield Send(attempt)))
        delay = _delay(retry, attempt, result, repeated_as or draft.method)
        attempt.log(result, delay)
        if delay is not None:
            yield Wait(delay, attempt)
            credentials = yield from _fetched(sources, attempt, retry)
        elif refreshed or not _may_be_refreshed(result, sources):
            return attempt.conclude(result)
        else:
            # The credential may have expired meanwhile. The server did not act on the request, so that
            # it may be sent again whatever its method is (RFC 9110, 15.5.2).
            refreshed = True
            new_credentials = yield from _fetched(sources, attempt, retry, refused=credentials)
            if all(map(SentCredential.is_like, new_credentials, credentials)):
                return attempt.conclude(result)
            credentials = new_credentials


def _fetched(
    sources: Sources, attempt: Attempt, retry: Retry, refused: Sequence[SentCredential] = ()
) -> Steps[list[SentCredential]]:
    """The credentials of one attempt; `refused` are those of the attempt before it, where these were not accepted."""
    credentials: list[SentCredential] = []
    for position, source in enumerate(sources):
        if isinstance(source, FetchedCredential):
            credentials.append(source.checked(cast(Secret, (yield Fetch(source, attempt)))))
        elif isinstance(source, TokenSource):
            credentials.append((yield from _token(source, attempt, retry, refused[position] if refused else None)))
        else:
            credentials.append(source)
    return credentials


def _token(
    source: TokenSource, attempt: Attempt, retry: Retry, refused: SentCredential | None
) -> Steps[SentCredential]:
    """The token that the client has, or a new one; whoever needs it meanwhile waits for it."""
    url = token_url(source, attempt)
    token = source.usable(url, refused)
    if token is not None:
        return token
    # Without a response, which the last attempt may have had.
    waiting = Attempt(attempt.request, attempt.terms, attempt.number)
    lock = yield Lock(source, waiting)
    if lock is None:
        waiting.conclude(waiting.timed_out())
    try:
        return source.usable(url, refused) or (yield from _new_token(source, url, attempt, retry))
    finally:
        cast(threading.Lock, lock).release()


def _new_token(source: TokenSource, url: str, attempt: Attempt, retry: Retry) -> Steps[SentCredential]:
    """A token that a server gives for the client's id and secret."""
    last = source.token(url)
    in_body = last is not None and last.secret_in_body
    sent_at = time.monotonic()
    request, response = yield from _ask(source, url, attempt, retry, secret_in_body=in_body)
    if last is None and may_want_secret_in_body(response):
        sent_at = time.monotonic()
        second = yield from _ask(source, url, attempt, retry, secret_in_body=True)
        if is_success(second[1].status) or error_code(response.content) != "invalid_client":
            in_body, (request, response) = True, second
    keep_token(source, url, request, response, sent_at, secret_in_body=in_body)
    token = source.token(url)
    assert token is not None
    return token.sent


def _ask(
    source: TokenSource, url: str, attempt: Attempt, retry: Retry, *, secret_in_body: bool
) -> Steps[tuple[Request, Response]]:
    """Ask for a token: the request that was sent last, and its response.

    Raises:
        CredentialsError: the response is truncated or too large.
        ApiError: what the request raises.
    """
    draft = token_request(source, url, attempt, secret_in_body=secret_in_body)
    terms = replace(attempt.terms, operation=TOKEN_OPERATION)
    # It may be sent twice like a GET: a token that nobody uses does nothing.
    steps = call_steps(draft, (source.login(in_body=secret_in_body),), terms, retry, repeated_as="GET")
    try:
        return (yield from steps)
    except InvalidResponse as error:
        reason, response = str(error.args[0]), Response(error.status, error.headers, b"", attempts=error.attempts)
    raise no_token(source, draft, response, reason)


def _delay(retry: Retry, attempt: Attempt, result: Response | Failure, method: str) -> float | None:
    """Seconds to wait before the call is repeated; None: it is not."""
    if isinstance(result, Response):
        asked = None if is_success(result.status) else refused_for(result.status, result.headers)
        outcome = Outcome(result.status, asked)
    elif result.error.transient and not result.is_final:
        outcome = Outcome()
    else:
        return None
    deadline = attempt.terms.deadline
    return retry.delay(
        attempt=attempt.number,
        method=method,
        outcome=outcome,
        elapsed=deadline.elapsed(),
        total=deadline.total,
        random=random,
    )


def _may_be_refreshed(result: Response | Failure, sources: Sources) -> bool:
    """Whether another credential might help, and there is somebody to ask for one."""
    return (
        isinstance(result, Response)
        and result.status == 401
        and any(isinstance(source, FetchedCredential | TokenSource) for source in sources)
    )


def stream_reader(operation: Operation[T], request: Request, response: OpenResponse, settings: Settings) -> Reader[T]:
    """What reads the items of a stream whose head has arrived."""
    from .._streams.reader import Reader  # here, as most calls have no stream

    content = streamed_content(operation, response.status, response.headers)
    assert content is not None  # or the response would not be open
    return Reader(content, request, response, settings.max_response_size)
