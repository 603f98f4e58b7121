"""Which credentials a call sends: arguments, environment, and the alternatives of an API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeAlias, cast

from ._api import Api, Credential, Security
from ._errors import CredentialsError
from ._secrets import Secret, SentCredential, traces_of
from ._values import has_control_character, is_header_value

CredentialSource: TypeAlias = str | Callable[[], str]
"""A credential, or a function that is called before every attempt and gives the one to send."""

AsyncCredentialSource: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]
"""The same for an asynchronous client, which takes coroutine functions too."""

_ANONYMOUS: Security = ((),)


class FetchedCredential:
    """A credential that a function gives, anew for every attempt."""

    __slots__ = ("_credential", "_owner", "fetch")

    def __init__(self, credential: Credential, fetch: Callable[[], object], owner: str) -> None:
        self._credential = credential
        self._owner = owner
        self.fetch = fetch

    def __repr__(self) -> str:
        return f"FetchedCredential({self._credential.argument})"

    def checked(self, value: Secret) -> SentCredential:
        """What the function gave, in the form in which it is sent.

        Raises:
            CredentialsError: it cannot be sent; the message does not show it.
        """
        problem = _misfit(self._credential, value)
        if problem:
            raise CredentialsError(f"{self._owner}: what {self._credential.argument}() returned {problem}")
        return _sent(self._credential, value)


class Credentials:
    """The credentials of one client, decided once, when it is made.

    With `other_way`, something else authenticates the calls: none are needed, and none may be given.

    Raises:
        CredentialsError: they can work for no operation of the API, or one of the arguments could
            never be sent. Where they work for some operations, the call of another one raises.
        ValueError: one is given, although there is another way.
    """

    def __init__(
        self,
        api: Api,
        arguments: Mapping[str, object],
        environment: Mapping[str, str],
        owner: str,
        *,
        other_way: bool = False,
    ) -> None:
        self._owner = owner
        self._other_way = other_way
        self._schemes = {credential.scheme: credential for credential in api.credentials}
        self._given: dict[str, Secret | FetchedCredential] = {}
        self._found: dict[str, Secret | FetchedCredential] = {}
        if other_way:
            given = [c.argument for c in api.credentials if arguments.get(c.argument) is not None]
            if given:
                raise ValueError(f"{owner}: pass auth or {' or '.join(given)}, not both")
            self.always_sent = bool(api.security) and all(_is_protected(security) for security in api.security)
            return
        for credential in api.credentials:
            self._collect(credential, arguments.get(credential.argument), environment)
        self._chosen: dict[Security, tuple[SentCredential | FetchedCredential, ...] | str] = {}
        requirements = api.security or (_ANONYMOUS,)
        decisions = [self._decide(requirement) for requirement in requirements]
        if all(isinstance(decision, str) for decision in decisions):
            self._refuse(requirements, owner)
        self.always_sent = all(decisions)
        """Whether no operation can be called without sending a credential."""

    def uses_other_way(self, security: Security) -> bool:
        """Whether a call that has this requirement is authenticated in another way."""
        return self._other_way and _is_protected(security)

    def choose(self, security: Security, operation: str) -> tuple[SentCredential | FetchedCredential, ...]:
        """What a call sends that has this requirement.

        Raises:
            CredentialsError: nothing, or more than one alternative, would do.
        """
        if self._other_way:
            return ()
        decision = self._decide(security)
        if isinstance(decision, str):
            raise CredentialsError(f"{self._owner}.{operation} {decision}", operation=operation)
        return decision

    def _collect(self, credential: Credential, argument: object, environment: Mapping[str, str]) -> None:
        if argument is None:
            if credential.environment and environment.get(credential.environment):
                self._found[credential.scheme] = Secret(environment[credential.environment])
        elif callable(argument):
            self._given[credential.scheme] = FetchedCredential(credential, argument, self._owner)
        else:
            secret = Secret(argument)
            if secret.reveal() == "" and credential.environment:
                raise CredentialsError(
                    f"{self._owner}: {credential.argument} is empty; leave it out to use {credential.environment}"
                )
            problem = _misfit(credential, secret)
            if problem:
                raise CredentialsError(f"{self._owner}: {credential.argument} {problem}")
            self._given[credential.scheme] = secret

    def _refuse(self, requirements: tuple[Security, ...], owner: str) -> None:
        """Raise for a client whose credentials work nowhere, with everything that would do."""
        merged = tuple(dict.fromkeys(option for one in requirements for option in one))
        reason = self._decide(merged)
        if not isinstance(reason, str):  # each alone fails in its own way: the first speaks for all
            reason = self._decide(requirements[0])
        raise CredentialsError(f"{owner} {reason}")

    def _decide(self, security: Security) -> tuple[SentCredential | FetchedCredential, ...] | str:
        """The credentials to send, or the reason why that cannot be said."""
        if security not in self._chosen:
            self._chosen[security] = self._decided(security)
        return self._chosen[security]

    def _decided(self, security: Security) -> tuple[SentCredential | FetchedCredential, ...] | str:
        available = self._given.keys() | self._found.keys()
        candidates = [option for option in security if option and available >= {*option}]
        # An argument wins over the environment.
        candidates = [c for c in candidates if not self._given.keys().isdisjoint(c)] or candidates
        if not candidates:
            if not security or () in security:
                return ()
            return f"needs a credential: {self._would_do(security)}"
        widest = max(candidates, key=len)
        if not all({*widest} >= {*candidate} for candidate in candidates):
            return self._ambiguous(candidates)
        sent: list[SentCredential | FetchedCredential] = []
        for scheme in widest:
            credential = self._schemes[scheme]
            source = self._given.get(scheme) or self._found[scheme]
            if isinstance(source, Secret):
                problem = _misfit(credential, source)
                if problem:
                    return f"cannot use the credential in {credential.environment}: it {problem}"
                sent.append(_sent(credential, source))
            else:
                sent.append(source)
        return tuple(sent)

    def _would_do(self, security: Security) -> str:
        options = [o for o in security if o and self._schemes.keys() >= {*o}]
        if not options:
            return "of a kind that this client cannot send"
        ways = [" together with ".join(_way(self._schemes[s]) for s in o) for o in options]
        return f"pass {', or '.join(ways)}"

    def _ambiguous(self, candidates: Iterable[tuple[str, ...]]) -> str:
        names = [" with ".join(map(self._origin, candidate)) for candidate in candidates]
        return f"was given {' and '.join(names)}: these are alternatives, of which exactly one is sent"

    def _origin(self, scheme: str) -> str:
        credential = self._schemes[scheme]
        if scheme in self._given:
            return credential.argument
        return f"{credential.argument} (from {credential.environment})"


def global_values(
    api: Api, arguments: Mapping[str, object], environment: Mapping[str, str], owner: str
) -> dict[str, str]:
    """The values of constructor arguments that fill parameters, by argument name.

    Raises:
        CredentialsError: a required one is missing, or one is no text, empty or holds control characters.
    """
    values: dict[str, str] = {}
    for entry in api.globals:
        name = entry.argument
        value = arguments.get(name)
        if value is None and entry.environment:
            value = environment.get(entry.environment) or None
        if value is not None:
            values[name] = _global_value(name, value, owner)
        elif entry.required:
            way = f" (or set {entry.environment})" if entry.environment else ""
            raise CredentialsError(f"{owner} needs {name}: pass {name}={way}")
    return values


def other_global_values(api: Api, values: Mapping[str, object], owner: str) -> dict[str, str]:
    """Values that replace some of a client's, by argument name.

    Raises:
        TypeError: the API has no such argument.
        CredentialsError: a value is no text, empty or holds control characters.
    """
    known = [entry.argument for entry in api.globals]
    for name in values:
        if name not in known:
            raise TypeError(f"{owner} has no global {name!r}; there are: {', '.join(known) or 'none'}")
    return {name: _global_value(name, value, owner) for name, value in values.items()}


def _global_value(name: str, value: object, owner: str) -> str:
    if not isinstance(value, str):
        raise CredentialsError(f"{owner}: {name} must be a str, not {type(value).__name__}")
    if not value:
        raise CredentialsError(f"{owner}: {name} is empty")
    if has_control_character(value):
        raise CredentialsError(f"{owner}: {name} holds a control character")
    return value


def _way(credential: Credential) -> str:
    alternative = f" (or set {credential.environment})" if credential.environment else ""
    return f"{credential.argument}={alternative}"


def _is_protected(security: Security) -> bool:
    return any(security)


def _misfit(credential: Credential, secret: Secret) -> str:
    """Why `secret` cannot be sent, without showing it; empty where it can."""
    # Not in a local: tracebacks can show those.
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
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "holds bytes that are not UTF-8"  # an environment variable's, as PEP 383 reads them
    if credential.kind == "basic":
        return "" if ":" in text else "must have the form user:password"
    if credential.location == "header" and not is_header_value(text):
        return "holds a character that is not ASCII, which a header cannot carry"
    if credential.location == "cookie" and (not text.isascii() or {*' ",;\\'} & {*text}):
        return "holds a character that a cookie cannot carry"
    return ""


def _sent(credential: Credential, secret: Secret) -> SentCredential:
    text = str(secret.reveal())
    value, texts = credential.prefix + text, [text]
    if credential.kind == "basic":
        from base64 import b64encode

        token = b64encode(text.encode()).decode()
        value, texts = f"Basic {token}", [text, text.partition(":")[2], token]
    return SentCredential(credential.location, credential.name, value, traces_of(texts))
