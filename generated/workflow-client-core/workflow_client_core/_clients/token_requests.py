"""Requests for tokens (RFC 6749, 4.4), and what becomes of the responses; the steps are in `calls`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from .._api import Content, Operation
from .._credentials.tokens import TokenSource, error_code
from .._errors import CredentialsError
from .._request.request import Request
from .._request.server import absolute_url, is_exposed
from .._response.about import about_call
from .._response.content import is_success
from .._response.read import invalid_response, read_response, refusal
from .._response.response import Response
from .._transport.attempt import Attempt

TOKEN_OPERATION: Operation[Any] = Operation(
    name="", method="POST", path="", responses={"200": Content("application/json", Any)}
)


def token_url(source: TokenSource, attempt: Attempt) -> str:
    """Where the token for an attempt comes from.

    Raises:
        CredentialsError: it is not known, or the client's secret would travel there in clear text.
    """
    url, operation = absolute_url(source.url, attempt.terms.base_url), attempt.request.operation
    if not url:
        client = source.credential.client
        argument = client.url_argument if client else ""
        reason = f"{source.url!r} is relative to a base_url" if source.url else "the API does not say where tokens are"
        raise CredentialsError(f"{source.owner}.{operation} needs {argument}: {reason}", operation=operation)
    if is_exposed(url) and not attempt.terms.allow_insecure_http:
        raise CredentialsError(
            f"{source.owner} would send a credential in clear text to {url.partition('?')[0]}:"
            " use https, or pass allow_insecure_http=True",
            operation=operation,
        )
    return url


def token_request(source: TokenSource, url: str, attempt: Attempt, *, secret_in_body: bool) -> Request:
    """The request for a token that an attempt needs, without the secret of the client."""
    fields = {"grant_type": "client_credentials"}
    if source.scope:
        fields["scope"] = source.scope
    if secret_in_body:
        fields["client_id"] = source.client_id
    address, query, _ = url.partition("?")
    return Request(
        operation=attempt.request.operation,
        method="POST",
        url=url,
        shown_url=f"{address}?***" if query else url,
        headers=(
            *(header for header in attempt.request.headers if header[0] == "User-Agent"),
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ),
        content="&".join(f"{name}={quote_plus(text)}" for name, text in fields.items()).encode(),
    )


def may_want_secret_in_body(response: Response) -> bool:
    """Whether a server may have refused a client only because it does not look for the secret in a header.

    Servers need not take it from the body (RFC 6749, 2.3.1), but some take it from nowhere else.
    """
    if response.status == 401:
        return True
    return response.status == 400 and error_code(response.content) in ("invalid_client", "invalid_request")


def keep_token(
    source: TokenSource, url: str, request: Request, response: Response, sent_at: float, *, secret_in_body: bool
) -> None:
    """Keep the token of a response in its source.

    Raises:
        CredentialsError: the server refuses to give one, or its response has none that can be used.
        StatusError: the server fails, or asks to wait.
    """
    if not is_success(response.status) or error_code(response.content):
        if response.status in (408, 429) or response.status >= 500:
            read_response(TOKEN_OPERATION, request, response)  # raises
        message = refusal(request, response)
        if error_code(response.content) == "invalid_scope" and source.credential.client:
            message += f"; {source.credential.client.scopes_argument}= asks for others"
    else:
        problem = source.accept(url, response.content, sent_at, secret_in_body=secret_in_body)
        if not problem:
            return
        message = str(invalid_response(problem, request, response).args[0])
    raise no_token(source, request, response, message)


def no_token(source: TokenSource, request: Request, response: Response, reason: str) -> CredentialsError:
    """The error of a call for which there is no token. It does not have the response, which may hold one."""
    return CredentialsError(f"{source.owner} got no token: {reason}", **about_call(request, response))
