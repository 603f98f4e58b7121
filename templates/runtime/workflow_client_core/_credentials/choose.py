"""Which credentials a call sends: arguments, environment, and the alternatives of an API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from .._api import Api, Credential, Security
from .._errors import CredentialsError
from .secrets import Secret, SentCredential
from .sources import FetchedCredential, given_secret, in_sent_form, problem_of, way_to_pass
from .tokens import TokenSource, id_and_secret, token_source

_ANONYMOUS: Security = ((),)

Sources: TypeAlias = tuple[SentCredential | FetchedCredential | TokenSource, ...]
"""The credentials of a call: each as it is sent, or what it comes from for every attempt."""


class Credentials:
    """The credentials of one client, chosen once, when it is made.

    Of the alternatives of an operation exactly one is sent: the first in the API's order for which the client has
    everything. One that has an argument goes before those that come from the environment alone.
    With `has_auth`, an `httpx2.Auth` authenticates the calls: no credential is needed, and none may be passed.

    A token that is given goes before one that the client can get by itself, of which `token_urls` says where, by
    security scheme.

    Raises:
        CredentialsError: they can work for no operation of the API, or one of the arguments could
            never be sent. Where they work for some operations, calling another one raises.
        ValueError: a credential is passed, although there is an `httpx2.Auth`, or a token and what the client needs to
            get one.
    """

    def __init__(
        self,
        api: Api,
        arguments: Mapping[str, object],
        environment: Mapping[str, str],
        owner: str,
        *,
        token_urls: Mapping[str, str],
        has_auth: bool = False,
    ) -> None:
        self._owner = owner
        self._has_auth = has_auth
        self._schemes = {credential.scheme: credential for credential in api.credentials}
        self._from_arguments: dict[str, Secret | FetchedCredential | TokenSource] = {}
        self._from_environment: dict[str, Secret | TokenSource] = {}
        if has_auth:
            passed = [name for c in api.credentials for name in c.arguments if arguments.get(name) is not None]
            if passed:
                raise ValueError(f"{owner}: pass auth or {' or '.join(passed)}, not both")
            self.always_sent = bool(api.security) and all(_is_protected(security) for security in api.security)
            return
        for credential in api.credentials:
            self._collect(credential, arguments, environment, token_urls)
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

    def usual(self, securities: Sequence[Security]) -> Security:
        """The first of these requirements for which the client has credentials; `()`, which asks for none, else."""
        if self._has_auth:
            return next(filter(_is_protected, securities), ())
        choices = ((security, self._choice(security)) for security in securities)
        return next((security for security, choice in choices if choice and not isinstance(choice, str)), ())

    def _collect(
        self,
        credential: Credential,
        arguments: Mapping[str, object],
        environment: Mapping[str, str],
        token_urls: Mapping[str, str],
    ) -> None:
        scheme, argument = credential.scheme, arguments.get(credential.argument)
        if credential.client is not None:
            url = token_urls[scheme]
            tokens, is_passed = token_source(credential, credential.client, arguments, environment, url, self._owner)
            if tokens is not None:
                (self._from_arguments if is_passed else self._from_environment)[scheme] = tokens
        if callable(argument):
            self._from_arguments[scheme] = FetchedCredential(credential, argument, self._owner)
            return
        secret = given_secret(credential, arguments, environment, self._owner)
        if secret is not None:
            (self._from_environment if argument is None else self._from_arguments)[scheme] = secret

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
        sources: list[SentCredential | FetchedCredential | TokenSource] = []
        for scheme in schemes:
            credential = self._schemes[scheme]
            source = self._from_arguments.get(scheme) or self._from_environment[scheme]
            if isinstance(source, Secret):
                problem = problem_of(credential, source)
                if problem:
                    return f"cannot use the credential in {credential.environment}: it {problem}"
                sources.append(in_sent_form(credential, source))
            elif isinstance(source, TokenSource) and source.problem:
                return source.problem
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
    if credential.client is None:
        return way_to_pass(credential)
    return " or ".join((way_to_pass(credential), " with ".join(map(way_to_pass, id_and_secret(credential.client)))))


def _is_protected(security: Security) -> bool:
    return any(security)
