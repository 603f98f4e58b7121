"""Tokens that a client gets by itself, by the client credentials of OAuth 2 (RFC 6749, 4.4), and keeps."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote_plus

import msgspec

from .._api import ClientCredentials, Credential
from .._decoding.strict import UNDECODABLE
from .._errors import CredentialsError
from .._forks import renew_after_fork
from .secrets import Secret, SentCredential, traces_of
from .sources import given_secret, in_sent_form, problem_of, way_to_pass

MARGIN = 30.0
"""Seconds before its end in which a token is not used any more: it must not end on the way, or by another clock."""


class Token:
    """A token that a client has got.

    `until` is the end of its use, by the monotonic clock; None: it is used until it is refused. `secret_in_body` is
    the way of sending the client's secret by which the token was got.
    """

    __slots__ = ("secret_in_body", "sent", "until")

    def __init__(self, sent: SentCredential, until: float | None, *, secret_in_body: bool) -> None:
        self.sent = sent
        self.until = until
        self.secret_in_body = secret_in_body


class TokenSource:
    """A credential that a client gets by itself, once for all threads, tasks and copies of it.

    `problem` is why the client's id or secret cannot be used; empty where they can. `url` is as it is documented or
    passed: perhaps relative, or empty.
    """

    __slots__ = (
        "__weakref__",
        "_client_id",
        "_secret",
        "_tokens",
        "credential",
        "lock",
        "owner",
        "problem",
        "scope",
        "url",
    )

    def __init__(
        self,
        credential: Credential,
        client_id: Secret,
        secret: Secret,
        *,
        scope: str,
        url: str,
        problem: str,
        owner: str,
    ) -> None:
        self.credential = credential
        self._client_id = client_id
        self.scope = scope
        self.url = url
        self.problem = problem
        self.owner = owner
        self.lock = threading.Lock()
        """What a thread holds while it gets a token; the others wait for it. Tasks have one in each event loop."""
        self._secret = secret
        self._tokens: dict[str, Token] = {}
        renew_after_fork(self)

    def after_fork(self) -> None:
        """Keep the tokens; a thread that is not here may hold the lock."""
        self.lock = threading.Lock()

    def __repr__(self) -> str:
        return f"TokenSource({self.credential.argument})"

    def token(self, url: str) -> Token | None:
        """The last token that came from this URL, whether or not it has ended."""
        return self._tokens.get(url)

    def usable(self, url: str, refused: SentCredential | None) -> SentCredential | None:
        """The token to send; None where a new one is needed. `refused`: a token that the API did not accept."""
        token = self._tokens.get(url)
        if token is None or (token.until is not None and time.monotonic() >= token.until):
            return None
        return None if refused is not None and token.sent.is_like(refused) else token.sent

    @property
    def client_id(self) -> str:
        """The client's id."""
        return str(self._client_id.reveal())

    def login(self, *, in_body: bool) -> SentCredential:
        """The client's secret as it is sent (RFC 6749, 2.3.1)."""
        secret = str(self._secret.reveal())
        if in_body:
            return SentCredential("body", "client_secret", secret, traces_of([secret, quote_plus(secret)]))
        from base64 import b64encode

        encoded = quote_plus(secret)
        pair = b64encode(f"{quote_plus(self.client_id)}:{encoded}".encode()).decode()
        return SentCredential("header", "Authorization", f"Basic {pair}", traces_of([secret, encoded, pair]))

    def accept(self, url: str, answer: bytes, sent_at: float, *, secret_in_body: bool) -> str:
        """Keep the token in a server's answer (RFC 6749, 5.1); returns why there is none that can be used, else "".

        Nothing here raises, so that no traceback shows these locals.
        """
        values = _members(answer)
        if values is None:
            return "the body is not a JSON object"
        if not isinstance(values.get("access_token"), str):
            return "the body has no access_token that is a text"
        kind = values.get("token_type")
        if kind is not None and str(kind).lower() != "bearer":
            return "the token_type is not Bearer"
        token = Secret(values["access_token"])
        problem = problem_of(self.credential, token)
        if problem:
            return f"the access_token {problem}"
        seconds = _seconds(values.get("expires_in"))
        until = None if seconds is None else sent_at + seconds - min(MARGIN, seconds / 10)
        self._tokens[url] = Token(in_sent_form(self.credential, token), until, secret_in_body=secret_in_body)
        return ""


def error_code(answer: bytes) -> str:
    """The `error` in a server's answer (RFC 6749, 5.2); "" where there is none."""
    code = (_members(answer) or {}).get("error")
    return code if isinstance(code, str) else ""


def _members(answer: bytes) -> dict[str, Any] | None:
    """The members of a JSON object; None where it is something else."""
    try:
        values = msgspec.json.decode(answer)
    except UNDECODABLE:
        return None
    return cast("dict[str, Any]", values) if isinstance(values, dict) else None


def _seconds(value: object) -> float | None:
    """A number of seconds, which some servers send as a text; None where it is not one, or has no end."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def id_and_secret(client: ClientCredentials) -> tuple[Credential, Credential]:
    """A client's id and secret as credentials, in so far as they are given and checked like others."""
    return (
        Credential("", client.id_argument, client.id_environment, "query", ""),
        Credential("", client.secret_argument, client.secret_environment, "query", ""),
    )


def token_source(
    credential: Credential,
    client: ClientCredentials,
    arguments: Mapping[str, object],
    environment: Mapping[str, str],
    url: str,
    owner: str,
) -> tuple[TokenSource | None, bool]:
    """The source of tokens that callers make possible, and whether by an argument, not by the environment alone.

    Raises:
        CredentialsError: an argument is wrong, or has nothing beside it.
        ValueError: the token itself is passed too.
        TypeError: the scopes are not texts.
    """
    id_, secret = id_and_secret(client)
    passed = [name for name in client.arguments if arguments.get(name) is not None]
    if passed and arguments.get(credential.argument) is not None:
        raise ValueError(f"{owner}: pass {credential.argument} or {' and '.join(passed)}, not both")
    id_value, secret_value = (given_secret(part, arguments, environment, owner) for part in (id_, secret))
    if id_value is None or secret_value is None:
        for part, counterpart in ((id_, secret), (secret, id_)):
            if arguments.get(part.argument) is not None:
                raise CredentialsError(f"{owner}: {part.argument} needs {way_to_pass(counterpart)}")
        return None, False
    problems = ((part, problem_of(part, value)) for part, value in ((id_, id_value), (secret, secret_value)))
    problem = next((f"cannot use what is in {part.environment}: it {text}" for part, text in problems if text), "")
    scope = _scope(arguments.get(client.scopes_argument), client, owner)
    source = TokenSource(credential, id_value, secret_value, scope=scope, url=url, problem=problem, owner=owner)
    return source, any(arguments.get(part.argument) is not None for part in (id_, secret))


def _scope(passed: object, client: ClientCredentials, owner: str) -> str:
    """The scopes in the form in which they are sent (RFC 6749, 3.3)."""
    if passed is None:
        return " ".join(client.scopes)
    scopes: list[object] = [passed]
    if isinstance(passed, str):
        scopes = [*passed.split()]
    elif isinstance(passed, Iterable):
        scopes = [*cast("Iterable[object]", passed)]
    texts = [scope for scope in scopes if isinstance(scope, str)]
    if len(texts) < len(scopes):
        raise TypeError(f"{owner}: {client.scopes_argument} must be texts, or a text with blanks between the scopes")
    return " ".join(texts)
