"""Where one credential comes from, and whether it can be sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias, cast

from .._api import Credential
from .._errors import CredentialsError
from .._text import has_control_character, has_lone_surrogate, is_header_value
from .secrets import Secret, SentCredential, traces_of

CredentialSource: TypeAlias = str | Callable[[], str]
"""A credential, or a function that is called before every attempt and returns the one to send."""

AsyncCredentialSource: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]
"""The same for an asynchronous client, which takes coroutine functions too."""


_BEARER = re.compile(r"\A(?:bearer +)+", re.IGNORECASE)


class FetchedCredential:
    """A credential that a function returns, anew for every attempt."""

    __slots__ = ("_credential", "_owner", "fetch")

    def __init__(self, credential: Credential, fetch: Callable[[], object], owner: str) -> None:
        self._credential = credential
        self._owner = owner
        self.fetch = fetch

    def __repr__(self) -> str:
        return f"FetchedCredential({self._credential.argument})"

    def checked(self, value: Secret) -> SentCredential:
        """What the function returned, in the form in which it is sent.

        Raises:
            CredentialsError: it cannot be sent; the message does not show it.
        """
        problem = problem_of(self._credential, value)
        if problem:
            raise CredentialsError(f"{self._owner}: what {self._credential.argument}() returned {problem}")
        return in_sent_form(self._credential, value)


def given_secret(
    credential: Credential, arguments: Mapping[str, object], environment: Mapping[str, str], owner: str
) -> Secret | None:
    """The text that callers give for a credential, by its argument or by the environment; None: they do not.

    Raises:
        CredentialsError: the argument could never be sent. What is in the environment is not checked.
    """
    if arguments.get(credential.argument) is None:
        text = environment.get(credential.environment) if credential.environment else None
        return Secret(text) if text else None
    secret = Secret(arguments[credential.argument])
    if secret.reveal() == "" and credential.environment:
        raise CredentialsError(f"{owner}: {credential.argument} is empty; leave it out to use {credential.environment}")
    problem = problem_of(credential, secret)
    if problem:
        raise CredentialsError(f"{owner}: {credential.argument} {problem}")
    return secret


def way_to_pass(credential: Credential) -> str:
    """How callers can give a credential, for a message."""
    alternative = f" (or set {credential.environment})" if credential.environment else ""
    return f"{credential.argument}={alternative}"


def problem_of(credential: Credential, secret: Secret) -> str:
    """Why `secret` cannot be sent, without showing it; empty where it can."""
    # The secret is not a local variable: tracebacks can show those.
    if not isinstance(secret.reveal(), str):
        return f"must be a str, not {type(secret.reveal()).__name__}"
    return _problem(credential, cast(str, secret.reveal()))


def _problem(credential: Credential, text: str) -> str:
    if not text:
        return "is empty"
    if has_control_character(text):
        return "holds a control character, such as a line end"
    if text != text.strip():
        return "begins or ends with a blank"
    if has_lone_surrogate(text):
        return "holds bytes that are not UTF-8"  # an environment variable's, as PEP 383 reads them
    if credential.kind == "basic":
        return "" if ":" in text else "must have the form user:password"
    if credential.location == "header" and not is_header_value(text):
        return "holds a character that is not ASCII, which a header cannot carry"
    if credential.location == "cookie" and (not text.isascii() or {*' ",;\\'} & {*text}):
        return "holds a character that a cookie cannot carry"
    return ""


def in_sent_form(credential: Credential, secret: Secret) -> SentCredential:
    """A secret as it is sent; one that has no problem."""
    text = str(secret.reveal())
    if credential.prefix == "Bearer ":  # as it is copied from a request; no token has a blank (RFC 6750, 2.1)
        text = _BEARER.sub("", text)
    value, texts = credential.prefix + text, [text]
    if credential.kind == "basic":
        from base64 import b64encode

        token = b64encode(text.encode()).decode()
        value, texts = f"Basic {token}", [text, text.partition(":")[2], token]
    return SentCredential(credential.location, credential.name, value, traces_of(texts))
