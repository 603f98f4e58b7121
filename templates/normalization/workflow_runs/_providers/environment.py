"""Accounts in the environment: the variables of `sales` end in `__SALES`. They are read anew whenever they are needed.

A name of variables has capitals, digits and `_` alone: `acme-eu`, `acme_eu` and `ACME_EU` are one account there. An
account never gets a variable that has no suffix, or that of another account; only the server without a suffix is for
every account that has none of its own.
"""

from __future__ import annotations

import os
import re

from .provider import Provider

_SEPARATOR = "__"
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]+")
_ENDING = re.compile(r"[A-Z0-9_]+")


def suffix_of(account: str | None) -> str | None:
    """How the variables of an account end: `__SALES`; "" for no account; None: it cannot have variables."""
    if account is None:
        return ""
    return f"{_SEPARATOR}{account.upper().replace('-', '_')}" if _ACCOUNT.fullmatch(account) else None


def variables_of(provider: Provider, account: str | None) -> tuple[str, ...]:
    """The variables of an account's credentials and tenant, set or not; none if it cannot have variables."""
    suffix = suffix_of(account)
    return () if suffix is None else tuple(f"{name}{suffix}" for name in provider.variables)


def credential_variables(provider: Provider, account: str | None) -> tuple[str, ...]:
    """The variables of an account's credentials, set or not; none if it cannot have variables."""
    suffix = suffix_of(account)
    return () if suffix is None else tuple(f"{name}{suffix}" for _, name in provider.credentials if name)


def is_configured(provider: Provider, account: str) -> bool:
    """Whether any variable of the account is set."""
    suffix = suffix_of(account)
    return suffix is not None and any(os.environ.get(f"{name}{suffix}") for name in _all_variables(provider))


def has_credentials(provider: Provider) -> bool:
    """Whether a credential without an account is set, or the provider needs none."""
    names = [name for _, name in provider.credentials if name]
    return not names or any(map(os.environ.get, names))


def has_server(provider: Provider, account: str | None) -> bool:
    """Whether a server is set for an account, by its own variable or by that without a suffix."""
    name = provider.base_url_environment
    return bool(name) and any(os.environ.get(f"{name}{suffix}") for suffix in ("", suffix_of(account) or ""))


def accounts(provider: Provider) -> tuple[str, ...]:
    """The accounts of which a variable is set, by their names in lower case."""
    prefixes = tuple(f"{name}{_SEPARATOR}" for name in _all_variables(provider))
    endings = {
        variable[len(prefix) :]
        for variable in os.environ
        if variable.startswith(prefixes) and os.environ.get(variable)
        for prefix in prefixes
        if variable.startswith(prefix)
    }
    return tuple(sorted(ending.lower() for ending in endings if _ENDING.fullmatch(ending)))


def globals_of(provider: Provider, account: str | None) -> dict[str, str]:
    """The arguments of the provider's client that references can fill and the account's variables give."""
    suffix = suffix_of(account) or ""
    values = {argument: os.environ.get(f"{name}{suffix}") for argument, _, name in provider.globals if name}
    return {argument: value for argument, value in values.items() if value}


def _all_variables(provider: Provider) -> tuple[str, ...]:
    return (*provider.variables, *filter(None, [provider.base_url_environment]))
