"""Which account a reference is for: the one that it names, or that is for its tenant, or the only one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from .._errors import InvalidRef
from .._providers import environment
from .._providers.provider import ACCOUNT, Provider
from .._refs.ref import RunRef
from .._text import brief, listed, quoted

Candidates: TypeAlias = Mapping[str | None, Mapping[str, str]]
"""Accounts (None: without a name), with the arguments of their clients that references can fill."""


def account_in_environment(ref: RunRef, provider: Provider, filled: Mapping[str, str]) -> str | None:
    """The account in the environment that a reference is for; None: that of the variables without a suffix.

    `filled` are the arguments of the client that the reference fills.

    Raises:
        InvalidRef: there is no such account, or several could be meant.
    """
    if ref.account is not None:
        if environment.is_configured(provider, ref.account):
            return ref.account
        variables = environment.variables_of(provider, ref.account)
        raise not_configured(ref, provider, environment.accounts(provider), variables)
    has_usual = environment.has_credentials(provider)
    usual = environment.globals_of(provider, None)
    if has_usual and filled.items() <= usual.items():
        return None
    candidates: dict[str | None, Mapping[str, str]] = {None: usual} if has_usual else {}
    candidates |= {name: environment.globals_of(provider, name) for name in environment.accounts(provider)}
    if not candidates:
        return None  # making the client says what is missing
    return account_that_fits(ref, provider, candidates, filled, environment.variables_of(provider, "NAME"))


def account_that_fits(
    ref: RunRef,
    provider: Provider,
    candidates: Candidates,
    filled: Mapping[str, str],
    variables: Iterable[str] = (),
) -> str | None:
    """The account that a reference is for, which names none, and fills these arguments.

    It is one that has these values, else the one without a name if it has none of them, and serves any, else the only
    one. Of several that have them it is the one without a name. `variables` would give another account.

    Raises:
        InvalidRef: there is none, or the reference has to name it.
    """
    exact = [name for name, own in candidates.items() if filled.items() <= own.items()]
    fitting = exact or [name for name, own in candidates.items() if not differing(own, filled)]
    if None in fitting:
        return None
    if not fitting:
        raise for_another(ref, provider, filled, candidates.values(), variables)
    if len(exact) == 1 or len(candidates) == 1:
        return fitting[0]
    form = provider.ref.shown(provider.name)
    form = f"{form}{'&' if '?' in form else '?'}{ACCOUNT}={{{ACCOUNT}}}"
    names = listed(name for name in fitting if name)
    raise InvalidRef(f"{brief(str(ref))} does not say for which account it is; name one of {names}, in the form {form}")


def differing(own: Mapping[str, str], filled: Mapping[str, str]) -> dict[str, str]:
    """The arguments of `filled` for which a client has another value of its `own`."""
    return {name: value for name, value in filled.items() if own.get(name, value) != value}


def for_another(
    ref: RunRef,
    provider: Provider,
    filled: Mapping[str, str],
    clients: Iterable[Mapping[str, str]],
    variables: Iterable[str] = (),
) -> InvalidRef:
    """The error for a reference to another tenant, or the like, than those that the clients are for."""
    own = sorted({quoted(values[name]) for values in clients for name in filled if name in values})
    names = " or ".join(filled)
    than = "the client, which is for" if len(own) == 1 else "the clients, which are for"
    way = _way(provider, "NAME", variables)
    return InvalidRef(
        f"{brief(str(ref))} is for another {names} than {than} {listed(own)}; if you have a credential for it, {way}"
    )


def not_configured(
    ref: RunRef, provider: Provider, accounts: Iterable[str], variables: Iterable[str] = ()
) -> InvalidRef:
    """The error for a reference that names an account which is not one of these; `variables` would give it."""
    way = _way(provider, ref.account or "NAME", variables)
    return InvalidRef(
        f"{brief(str(ref))} names an account that is not configured; configured are: {listed(accounts)}; {way}"
    )


def _way(provider: Provider, account: str, variables: Iterable[str]) -> str:
    """How to give the credential of an account, for a message."""
    names = [*map(brief, variables)]
    setting = f"{'what it needs of ' if len(names) > 1 else ''}{', '.join(names)}"
    argument = provider.passed(f"{{{quoted(account)}: ...}}")
    return f"{setting and 'set '}{setting}{setting and ', or '}pass a client: {argument}"
