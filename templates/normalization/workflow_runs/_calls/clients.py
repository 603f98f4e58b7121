"""The clients of a `Runs`: which client gets a run, for which account, and from which server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace
from workflow_client_core import AsyncClient, Client, CredentialsError, environment_suffix

from .._errors import InvalidRef, UnknownProvider
from .._normalize.adapter import Adapter, load_adapter
from .._provider_errors.errors import ProviderError
from .._provider_errors.explain import correct_environment, explained
from .._providers import environment
from .._providers.lookup import GROUP, find, providers
from .._providers.provider import Provider
from .._refs.ref import RunRef, checked
from .._text import brief
from .accounts import account_in_environment, differing, for_another
from .call import Call, server_of
from .given import GivenClients
from .options import Kind, Options
from .servers import AllowedServers, server_arguments

C = TypeVar("C", Client, AsyncClient)


class Chosen(Struct, frozen=True):
    """The client that was chosen for a reference, whose `account` is that of the client.

    - `client`: the client; or what a function of the caller returned, perhaps a coroutine.
    - `filled`: the arguments of the client that the reference fills.
    - `left_open`: the arguments of a client which was made here that neither it nor the environment was given.
    """

    provider: Provider
    adapter: Adapter[Any, Any, Any]
    ref: RunRef
    client: object
    filled: Mapping[str, str]
    left_open: frozenset[str] = frozenset()


class Clients(Generic[C]):
    """The clients that were passed, and those that are made here on first use. Safe to share between threads.

    No lock is taken, which a forked process might never get.

    Args:
        owner: the name of the class that has them, for messages.
        kind: whether they are synchronous.
        given: what callers pass, by the providers of this package; for None clients are made from the environment.
        others: the same for providers of other packages.
        options: those of the clients that are made here.
        allowed_base_urls: see `AllowedServers`.

    Raises:
        UnknownProvider, ClientNotInstalled: a client is given for a provider that does not exist, or cannot be used.
        TypeError: `others` has a provider of this package; see also `GivenClients`.
        ValueError: see `GivenClients`.
    """

    def __init__(
        self,
        owner: str,
        kind: Kind,
        given: Mapping[str, object],
        others: Mapping[str, object] | None,
        options: Options,
        allowed_base_urls: Mapping[str, Iterable[str]] | None,
    ) -> None:
        self._owner = owner
        self._kind: Kind = kind
        self._given: dict[str, GivenClients[C]] = {}
        if not isinstance(others, Mapping | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"others must be a mapping from providers to clients, not {type(others).__name__}")
        for name in others or {}:
            if name in given:
                raise TypeError(f"{name} is an argument of {owner}: pass {name}=..., not others={{{name!r}: ...}}")
        for name, value in {**given, **(others or {})}.items():
            if value is not None:
                provider = _found(name)
                self._given[name] = GivenClients(owner, provider, self._class(load_adapter(provider)), value)
        self._options = options
        self._servers = AllowedServers(allowed_base_urls, options.base_urls)
        self._made: dict[tuple[str, str | None, frozenset[str], str], C] = {}
        self._closed = False

    def __str__(self) -> str:
        names = sorted({*self._given, *(name for name, *_ in [*self._made])})
        return " ".join([self._owner, ", ".join(names)]) if names else self._owner

    def check_open(self) -> None:
        """Raise RuntimeError if the clients are closed."""
        if self._closed:
            raise RuntimeError(f"this {self._owner} is closed; make a new one")

    def close(self) -> tuple[list[C], Any]:
        """Refuse further calls; returns what the caller has to close: the clients that were made here, the transport.

        None in place of the transport: there is none, or it was returned before.
        """
        self._closed = True
        return list(self._made.values()), self._options.take_transport()

    def choose(self, ref: RunRef | str) -> Chosen:
        """The client that gets the run of a reference.

        Raises:
            InvalidRef: the reference is malformed, or is for an account or a tenant for which no client is.
            UnknownProvider, ClientNotInstalled: its provider does not exist, or cannot be used.
            ProviderError: there are no credentials, or the address of the server cannot be used.
            RuntimeError: the clients are closed.
        """
        self.check_open()
        ref = checked(ref)
        provider = find(ref.provider)
        adapter = load_adapter(provider)
        filled = _filled(provider, ref)
        given = self._given.get(provider.name)
        if given is not None:
            client, account = given.client(ref, filled)
            return Chosen(provider, adapter, _of_account(ref, account), client, filled)
        ref = _of_account(ref, account_in_environment(ref, provider, filled))
        left_open = frozenset(argument for argument, *_ in provider.globals)
        left_open -= environment.globals_of(provider, ref.account).keys()
        client = self._made_once(provider, adapter, ref, {n: v for n, v in filled.items() if n in left_open}, left_open)
        return Chosen(provider, adapter, ref, client, filled, left_open)

    def call(self, chosen: Chosen, value: object) -> Call[C]:
        """The call of a client: `value` is that of `chosen`, or what a coroutine in its place returned.

        Raises:
            InvalidRef: the reference asks for another tenant or server than the client is for.
            TypeError: a function of the caller returned something else than a client.
        """
        provider, adapter, ref, filled = chosen.provider, chosen.adapter, chosen.ref, chosen.filled
        given = self._given.get(provider.name)
        client: C = given.checked(value) if given else cast(C, value)
        differences = differing(client.globals, {n: v for n, v in filled.items() if n not in chosen.left_open})
        if differences:
            variables = () if given else environment.variables_of(provider, "NAME")
            raise for_another(ref, provider, differences, [client.globals], variables)
        changes = {name: value for name, value in filled.items() if client.globals.get(name) != value}
        own = adapter.server
        url = self._servers.replacement(ref, server_of(client, adapter))
        if changes or url is not None:
            try:
                client = client.with_options(**server_arguments(url, own), globals=changes)
            except CredentialsError as error:
                raise explained(error, provider, ref) from error
        return Call(provider, adapter, client, ref)

    def _class(self, adapter: Adapter[Any, Any, Any]) -> type[C]:
        return cast("type[C]", adapter.client if self._kind == "sync" else adapter.async_client)

    def _made_once(
        self,
        provider: Provider,
        adapter: Adapter[Any, Any, Any],
        ref: RunRef,
        filled: Mapping[str, str],
        left_open: frozenset[str],
    ) -> C:
        """The client that is made here, once for all references to an account that fill the same arguments.

        `left_open` are the arguments that the environment does not give, `filled` those of them that the reference
        does. One that fills none of them never gets the client of one that does, nor its tenant. Nor does one get the
        server that another one names.
        """
        key = (provider.name, ref.account, frozenset(filled), "")
        of_server = (provider.name, ref.account, frozenset(filled), ref.base_url or "")
        client = self._made.get(key) or self._made.get(of_server)
        if client is None:
            arguments = {**filled, **self._options.arguments(provider.name, adapter.server)}
            empty = sorted(left_open - filled.keys())
            try:
                new = _new(provider, self._class(adapter), arguments, empty, ref)
            except ProviderError as error:
                is_about_server = isinstance(error.__cause__, ValueError)
                if ref.base_url is None or not is_about_server or environment.has_server(provider, ref.account):
                    raise
                # It has no server but that which the reference names.
                server = server_arguments(self._servers.replacement(ref, ""), adapter.server)
                new = _new(provider, self._class(adapter), {**arguments, **server}, empty, ref)
                key = of_server
            client = self._made.setdefault(key, new)  # another thread's, if it was quicker; `new` has no connections
            self.check_open()  # not before: else one that is closing would miss this client
        return client


def _found(name: str) -> Provider:
    """The provider of this name, for which a client was passed; an error says how a provider is added."""
    try:
        return find(name)
    except UnknownProvider as error:
        if name in providers():
            raise
        raise UnknownProvider(f"{error}; other packages add providers by entry points of the group {GROUP}") from None


def _filled(provider: Provider, ref: RunRef) -> dict[str, str]:
    """The arguments of the client that a reference fills."""
    return {argument: ref.parts[part] for argument, part, _ in provider.globals if part in ref.parts}


def _of_account(ref: RunRef, account: str | None) -> RunRef:
    return ref if ref.account == account else replace(ref, account=account)


def _new(provider: Provider, class_: type[C], arguments: Mapping[str, Any], empty: list[str], ref: RunRef) -> C:
    """A new client, with these arguments and those in the environment, of the account of the reference.

    `empty` are the arguments that neither of them gives.

    Raises:
        InvalidRef: only these arguments are missing.
        ProviderError: the credentials are missing, or cannot be used; or the address of the server cannot.
    """
    make = cast("Any", class_)
    with environment_suffix(environment.suffix_of(ref.account) or ""):
        try:
            return cast(C, make(**arguments))
        except CredentialsError as error:
            refusal = error
        except ValueError as error:  # the address of a server
            message = f"{brief(str(ref))}: {error}; {correct_environment(provider, ref.account)}"
            raise ProviderError(message, provider=provider.name, ref=ref) from error
        if empty:  # with any values for them, are the credentials still refused?
            try:
                make(**arguments, **dict.fromkeys(empty, "any"))
            except CredentialsError as error:
                refusal = error  # about the credentials alone
            else:
                names = " and ".join(empty)
                message = f"{brief(str(ref))} does not say {names}, and neither does a client or the environment"
                raise InvalidRef(f"{message}; references look like {provider.ref.shown(provider.name)}") from refusal
    raise explained(refusal, provider, ref) from refusal
