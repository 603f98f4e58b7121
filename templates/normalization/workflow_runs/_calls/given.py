"""What callers pass to `Runs` for a provider: a client, one for each account, or a function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import CoroutineType
from typing import Generic, TypeAlias, TypeVar, cast

from workflow_client_core import AsyncClient, Client

from .._errors import InvalidRef
from .._providers.provider import Provider
from .._refs.ref import RunRef, check_account
from .._text import brief, quoted
from .accounts import account_that_fits, not_configured

C = TypeVar("C", bound=Client)
A = TypeVar("A", bound=AsyncClient)
K = TypeVar("K", Client, AsyncClient)

Given: TypeAlias = C | Mapping[str, C] | Callable[[RunRef], C]
"""A client; or one by the name of each account; or a function that returns one for a reference."""

AsyncGiven: TypeAlias = A | Mapping[str, A] | Callable[[RunRef], A | Awaitable[A]]
"""The same for `AsyncRuns`; the function may be a coroutine function."""


class GivenClients(Generic[K]):
    """What was passed for one provider.

    Args:
        owner: the name of the class that it was passed to, for messages.
        expected: the class of the clients.

    Raises:
        TypeError: it is neither a client of this class, nor a mapping of such clients, nor a function.
        ValueError: there is none; or (InvalidRef) a reference cannot have the name of an account.
    """

    def __init__(self, owner: str, provider: Provider, expected: type[K], given: object) -> None:
        self._provider = provider
        self._expected: type[K] = expected
        self._function: Callable[[RunRef], object] | None = None
        self._client: K | None = None
        self._by_account: dict[str, K] = {}
        self._what = f"{provider.name} of {owner}"
        if isinstance(given, Mapping):
            for account, client in cast("Mapping[object, object]", given).items():
                check_account(account)
                self._by_account[str(account)] = self.checked(client, f"{self._what}, account {quoted(str(account))},")
            if not self._by_account:
                raise ValueError(f"{self._what} is empty: it must have a client for each account")
        elif callable(given) and not isinstance(given, type):
            self._function = cast("Callable[[RunRef], object]", given)
        else:
            self._client = self.checked(given, self._what)

    def client(self, ref: RunRef, filled: Mapping[str, str]) -> tuple[object, str | None]:
        """The client for a reference, which fills these arguments of it, and the name of its account.

        What a function returns is not checked yet: see `checked`.

        Raises:
            InvalidRef: it is for another account, or does not say for which.
        """
        if self._function is not None:
            return self._function(ref), ref.account
        if self._client is None:
            return self._of_account(ref, filled)
        if ref.account is not None:
            way = self._provider.passed(f"{{{quoted(ref.account)}: ...}}")
            raise InvalidRef(
                f"{brief(str(ref))} names an account, but the client that was passed is of none: pass {way}"
            )
        return self._client, None

    def checked(self, client: object, what: str = "") -> K:
        """The client itself, if it is of the right class; `what` it is, for a message."""
        if isinstance(client, self._expected):
            return client
        kind = type(client).__name__
        if isinstance(client, CoroutineType):  # nobody will await it
            client.close()
        elif isinstance(client, type):
            kind = f"the class {client.__name__}"
        what = what or f"what the function {self._what} returns"
        raise TypeError(f"{what} must be of the type {self._expected.__name__}, not {kind}")

    def _of_account(self, ref: RunRef, filled: Mapping[str, str]) -> tuple[K, str]:
        account = ref.account
        if account is None:
            candidates: dict[str | None, Mapping[str, str]] = {}
            candidates |= {name: client.globals for name, client in self._by_account.items()}
            account = account_that_fits(ref, self._provider, candidates, filled)
        client = self._by_account.get(account or "")
        if account is None or client is None:
            raise not_configured(ref, self._provider, self._by_account)
        return client, account
