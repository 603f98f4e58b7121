"""Which credentials a call sends: arguments, environment, and the alternatives of an API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from ._api import Api, Credential, Security
from ._errors import CredentialsError
from ._secrets import Secret, SentCredential
from ._values import is_header_value

_ANONYMOUS: Security = ((),)


class Credentials:
    """The credentials of one client, decided once, when it is made.

    Raises:
        CredentialsError: they can work for no operation of the API, or one of the arguments could
            never be sent. Where they work for some operations, the call of another one raises.
    """

    def __init__(self, api: Api, arguments: Mapping[str, object], environment: Mapping[str, str], owner: str) -> None:
        self._owner = owner
        self._schemes = {credential.scheme: credential for credential in api.credentials}
        self._given: dict[str, Secret] = {}
        self._found: dict[str, Secret] = {}
        for credential in api.credentials:
            self._collect(credential, arguments.get(credential.argument), environment)
        self._chosen: dict[Security, tuple[SentCredential, ...] | str] = {}
        requirements = api.security or (_ANONYMOUS,)
        decisions = [self._decide(requirement) for requirement in requirements]
        if all(isinstance(decision, str) for decision in decisions):
            self._refuse(requirements, owner)
        self.always_sent = all(decisions)
        """Whether no operation can be called without sending a credential."""

    def choose(self, security: Security, operation: str) -> tuple[SentCredential, ...]:
        """What a call sends that has this requirement.

        Raises:
            CredentialsError: nothing, or more than one alternative, would do.
        """
        decision = self._decide(security)
        if isinstance(decision, str):
            raise CredentialsError(f"{self._owner}.{operation} {decision}", operation=operation)
        return decision

    def _collect(self, credential: Credential, argument: object, environment: Mapping[str, str]) -> None:
        if argument is not None:
            self._given[credential.scheme] = Secret(self._checked(credential, argument))
        elif credential.environment and environment.get(credential.environment):
            self._found[credential.scheme] = Secret(environment[credential.environment])

    def _checked(self, credential: Credential, argument: object) -> str:
        name = credential.argument
        if not isinstance(argument, str):
            raise CredentialsError(f"{self._owner}: {name} must be a str, not {type(argument).__name__}")
        if not argument:
            instead = f" to use {credential.environment}" if credential.environment else ""
            raise CredentialsError(f"{self._owner}: {name} is empty; leave it out{instead}")
        problem = _problem(credential, argument)
        if problem:
            raise CredentialsError(f"{self._owner}: {name} {problem}")
        return argument

    def _refuse(self, requirements: tuple[Security, ...], owner: str) -> None:
        """Raise for a client whose credentials work nowhere, with everything that would do."""
        merged = tuple(dict.fromkeys(option for one in requirements for option in one))
        reason = self._decide(merged)
        if not isinstance(reason, str):  # each alone fails in its own way: the first speaks for all
            reason = self._decide(requirements[0])
        raise CredentialsError(f"{owner} {reason}")

    def _decide(self, security: Security) -> tuple[SentCredential, ...] | str:
        """The credentials to send, or the reason why that cannot be said."""
        if security not in self._chosen:
            self._chosen[security] = self._decided(security)
        return self._chosen[security]

    def _decided(self, security: Security) -> tuple[SentCredential, ...] | str:
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
        sent: list[SentCredential] = []
        for scheme in widest:
            credential = self._schemes[scheme]
            secret = (self._given.get(scheme) or self._found[scheme]).reveal()
            problem = _problem(credential, secret)
            if problem:
                return f"cannot use the credential in {credential.environment}: it {problem}"
            sent.append(_sent(credential, secret))
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
) -> dict[str, object]:
    """The values of constructor arguments that fill parameters, by argument name.

    Raises:
        CredentialsError: a required one is missing, or one is empty or holds control characters.
    """
    values: dict[str, object] = {}
    for entry in api.globals:
        name = entry.argument
        value = arguments.get(name)
        if value is None and entry.environment:
            value = environment.get(entry.environment) or None
        if value is None and entry.required:
            way = f" (or set {entry.environment})" if entry.environment else ""
            raise CredentialsError(f"{owner} needs {name}: pass {name}={way}")
        if value == "":
            raise CredentialsError(f"{owner}: {name} is empty")
        if isinstance(value, str) and _has_control_character(value):
            raise CredentialsError(f"{owner}: {name} holds a control character")
        if value is not None:
            values[name] = value
    return values


def _way(credential: Credential) -> str:
    alternative = f" (or set {credential.environment})" if credential.environment else ""
    return f"{credential.argument}={alternative}"


def _problem(credential: Credential, secret: str) -> str:
    """Why `secret` cannot be sent, without showing it; empty where it can."""
    if _has_control_character(secret):
        return "holds a control character, such as a line end"
    if secret != secret.strip():
        return "begins or ends with a blank"
    if any("\ud800" <= character <= "\udfff" for character in secret):
        return "holds bytes that are not UTF-8"  # an environment variable's, as PEP 383 reads them
    if credential.kind == "basic":
        return "" if ":" in secret else "must have the form user:password"
    if credential.location == "header" and not is_header_value(secret):
        return "holds a character that is not ASCII, which a header cannot carry"
    if credential.location == "cookie" and (not secret.isascii() or {*' ",;\\'} & {*secret}):
        return "holds a character that a cookie cannot carry"
    return ""


def _has_control_character(text: str) -> bool:
    # Unicode's category Cc: C0, DEL and C1; some servers take more than CR and LF for a line end.
    return any(character < " " or "\x7f" <= character < "\xa0" for character in text)


def _sent(credential: Credential, secret: str) -> SentCredential:
    value, texts = credential.prefix + secret, [secret]
    if credential.kind == "basic":
        from base64 import b64encode

        token = b64encode(secret.encode()).decode()
        value, texts = f"Basic {token}", [secret, secret.partition(":")[2], token]
    # Servers echo what they were sent as it came, or escaped once more.
    escaped = [quote(text, safe=safe) for text in texts for safe in ("", "/")]
    return SentCredential(credential.location, credential.name, value, [*texts, *escaped])
