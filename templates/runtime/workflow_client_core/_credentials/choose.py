"""Which credentials a call sends: arguments, environment, and the alternatives of an API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._api import Api, Credential, Security
from .._errors import CredentialsError
from .secrets import Secret, SentCredential
from .sources import FetchedCredential, in_sent_form, problem_of

_ANONYMOUS: Security = ((),)


class Credentials:
    """The credentials of one client, decided once, when it is made.

    With `has_auth`, something else authenticates the calls: none are needed, and none may be given.

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
        has_auth: bool = False,
    ) -> None:
        self._owner = owner
        self._has_auth = has_auth
        self._schemes = {credential.scheme: credential for credential in api.credentials}
        self._given: dict[str, Secret | FetchedCredential] = {}
        self._found: dict[str, Secret | FetchedCredential] = {}
        if has_auth:
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

    def left_to_auth(self, security: Security) -> bool:
        """Whether a call that has this requirement is authenticated in another way."""
        return self._has_auth and _is_protected(security)

    def choose(self, security: Security, operation: str) -> tuple[SentCredential | FetchedCredential, ...]:
        """What a call sends that has this requirement.

        Raises:
            CredentialsError: nothing, or more than one alternative, would do.
        """
        if self._has_auth:
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
            problem = problem_of(credential, secret)
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
                problem = problem_of(credential, source)
                if problem:
                    return f"cannot use the credential in {credential.environment}: it {problem}"
                sent.append(in_sent_form(credential, source))
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


def _way(credential: Credential) -> str:
    alternative = f" (or set {credential.environment})" if credential.environment else ""
    return f"{credential.argument}={alternative}"


def _is_protected(security: Security) -> bool:
    return any(security)
