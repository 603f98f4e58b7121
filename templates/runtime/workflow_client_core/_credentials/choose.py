"""Which credentials a call sends: arguments, environment, and the alternatives of an API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from .._api import Api, Credential, Security
from .._errors import CredentialsError
from .secrets import Secret, SentCredential
from .sources import FetchedCredential, in_sent_form, problem_of

_ANONYMOUS: Security = ((),)

Sources: TypeAlias = tuple[SentCredential | FetchedCredential, ...]
"""The credentials of a call: each as it is sent, or the function that returns it."""


class Credentials:
    """The credentials of one client, chosen once, when it is made.

    Of the alternatives of an operation exactly one is sent: the first in the API's order for which the client has
    everything. One that has an argument goes before those that come from the environment alone.
    With `has_auth`, an `httpx2.Auth` authenticates the calls: no credential is needed, and none may be passed.

    Raises:
        CredentialsError: they can work for no operation of the API, or one of the arguments could
            never be sent. Where they work for some operations, calling another one raises.
        ValueError: a credential is passed, although there is an `httpx2.Auth`.
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
        self._from_arguments: dict[str, Secret | FetchedCredential] = {}
        self._from_environment: dict[str, Secret | FetchedCredential] = {}
        if has_auth:
            passed = [c.argument for c in api.credentials if arguments.get(c.argument) is not None]
            if passed:
                raise ValueError(f"{owner}: pass auth or {' or '.join(passed)}, not both")
            self.always_sent = bool(api.security) and all(_is_protected(security) for security in api.security)
            return
        for credential in api.credentials:
            self._collect(credential, arguments.get(credential.argument), environment)
        self._choices: dict[Security, Sources | str] = {}
        requirements = api.security or (_ANONYMOUS,)
        choices = [self._choice(requirement) for requirement in requirements]
        if all(isinstance(choice, str) for choice in choices):
            self._refuse(requirements, owner)
        self.always_sent = all(choices)
        """Whether no operation can be called without sending a credential."""

    def left_to_auth(self, security: Security) -> bool:
        """Whether an `httpx2.Auth` authenticates a call that has this requirement."""
        return self._has_auth and _is_protected(security)

    def choose(self, security: Security, operation: str) -> Sources:
        """The credentials of a call that has this requirement.

        Raises:
            CredentialsError: the client has everything for none of the alternatives.
        """
        if self._has_auth:
            return ()
        choice = self._choice(security)
        if isinstance(choice, str):
            raise CredentialsError(f"{self._owner}.{operation} {choice}", operation=operation)
        return choice

    def _collect(self, credential: Credential, argument: object, environment: Mapping[str, str]) -> None:
        if argument is None:
            if credential.environment and environment.get(credential.environment):
                self._from_environment[credential.scheme] = Secret(environment[credential.environment])
        elif callable(argument):
            self._from_arguments[credential.scheme] = FetchedCredential(credential, argument, self._owner)
        else:
            secret = Secret(argument)
            if secret.reveal() == "" and credential.environment:
                raise CredentialsError(
                    f"{self._owner}: {credential.argument} is empty; leave it out to use {credential.environment}"
                )
            problem = problem_of(credential, secret)
            if problem:
                raise CredentialsError(f"{self._owner}: {credential.argument} {problem}")
            self._from_arguments[credential.scheme] = secret

    def _refuse(self, requirements: tuple[Security, ...], owner: str) -> None:
        """Raise for a client whose credentials work nowhere, with everything that would do."""
        merged = tuple(dict.fromkeys(alternative for security in requirements for alternative in security))
        reason = self._choice(merged)
        if not isinstance(reason, str):  # each alone fails for a reason of its own: the first stands for all
            reason = self._choice(requirements[0])
        raise CredentialsError(f"{owner} {reason}")

    def _choice(self, security: Security) -> Sources | str:
        """The credentials to send, or the reason why they cannot be chosen; cached."""
        if security not in self._choices:
            self._choices[security] = self._new_choice(security)
        return self._choices[security]

    def _new_choice(self, security: Security) -> Sources | str:
        available = self._from_arguments.keys() | self._from_environment.keys()
        candidates = [alternative for alternative in security if alternative and available >= {*alternative}]
        # An argument wins over the environment; else the API's order decides.
        candidates = [c for c in candidates if not self._from_arguments.keys().isdisjoint(c)] or candidates
        if candidates:
            return self._sources(candidates[0])
        if not security or () in security:
            return ()
        return f"needs a credential: {self._ways_to_pass(security)}"

    def _sources(self, schemes: tuple[str, ...]) -> Sources | str:
        """The credentials of these schemes, or the reason why one of them cannot be sent."""
        sources: list[SentCredential | FetchedCredential] = []
        for scheme in schemes:
            credential = self._schemes[scheme]
            source = self._from_arguments.get(scheme) or self._from_environment[scheme]
            if isinstance(source, Secret):
                problem = problem_of(credential, source)
                if problem:
                    return f"cannot use the credential in {credential.environment}: it {problem}"
                sources.append(in_sent_form(credential, source))
            else:
                sources.append(source)
        return tuple(sources)

    def _ways_to_pass(self, security: Security) -> str:
        """The arguments, of which any would do, for a message."""
        alternatives = [schemes for schemes in security if schemes and self._schemes.keys() >= {*schemes}]
        if not alternatives:
            return "of a kind that this client cannot send"
        ways = [" together with ".join(_way(self._schemes[scheme]) for scheme in schemes) for schemes in alternatives]
        return f"pass {', or '.join(ways)}"


def _way(credential: Credential) -> str:
    alternative = f" (or set {credential.environment})" if credential.environment else ""
    return f"{credential.argument}={alternative}"


def _is_protected(security: Security) -> bool:
    return any(security)
