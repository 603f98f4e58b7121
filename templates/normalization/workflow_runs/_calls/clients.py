"""The clients of a `Runs`: which client gets a run, for which tenant, and from which server."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Generic, Literal, TypeVar, cast

from msgspec import Struct
from workflow_client_core import ApiError, AsyncClient, Client, CredentialsError, RawResponse

from .._errors import InvalidRef
from .._normalize.adapter import Adapter, load_adapter
from .._normalize.finish import Decoded, finish
from .._provider_errors.explain import explained
from .._providers.lookup import find
from .._providers.provider import Provider
from .._refs.ref import RunRef, checked
from .._run.response import ResponseHead
from .._run.run import WorkflowRun
from .._text import brief, quoted
from .servers import AllowedServers

C = TypeVar("C", Client, AsyncClient)


class Call(Struct, Generic[C], frozen=True):
    """One call; its `client` has all the options that the reference asks for."""

    provider: Provider
    adapter: Adapter[Any, Any, Any]
    client: C
    ref: RunRef

    def run(self, response: RawResponse[Any]) -> WorkflowRun:
        """The run of a response."""
        decoded = Decoded(
            native=response.parsed,
            issues=response.issues,
            complete=response.complete,
            raw=response.content,
            head=ResponseHead(response.status, response.headers, response.request_id, response.attempts),
            observed_at=datetime.now(UTC),
        )
        return finish(self.adapter, decoded, self.ref)

    def refusal(self, error: ApiError | ValueError) -> Exception:
        """The exception to raise for an error of the client; the error itself where it says enough."""
        if isinstance(error, ApiError):
            return explained(error, self.provider, self.ref, self.adapter.reason)
        if type(error) is ValueError:  # an argument that cannot be sent; its subclasses say enough
            return InvalidRef(f"{brief(str(self.ref))} cannot be sent: {error}")
        return error


class Clients(Generic[C]):
    """The clients that were passed, and those that are made here on first use. Safe to share between threads.

    Args:
        owner: the name of the class that has them, for messages.
        class_attribute: the attribute of an adapter that is their class.
        given: clients by provider; for None a client is made from the environment.
        allowed_base_urls: see `AllowedServers`.

    Raises:
        UnknownProvider, ClientNotInstalled: a client is given for a provider that does not exist, or cannot be used.
        TypeError: a client is of another class than its provider's.
    """

    def __init__(
        self,
        owner: str,
        class_attribute: Literal["client", "async_client"],
        given: Mapping[str, C | None],
        allowed_base_urls: Mapping[str, Iterable[str]] | None,
    ) -> None:
        self._owner = owner
        self._class_attribute = class_attribute
        self._given: dict[str, C] = {}
        for name, client in given.items():
            if client is None:
                continue
            expected = self._class(load_adapter(find(name)))
            if not isinstance(cast(object, client), expected):
                raise TypeError(
                    f"{name} of {owner} must be of the type {expected.__name__}, not {type(client).__name__}"
                )
            self._given[name] = client
        self._servers = AllowedServers(allowed_base_urls)
        self._made: dict[tuple[str, frozenset[str]], C] = {}
        self._lock = Lock()
        self._closed = False

    def __str__(self) -> str:
        names = sorted({*self._given, *(name for name, _ in [*self._made])})
        return " ".join([self._owner, ", ".join(names)]) if names else self._owner

    def check_open(self) -> None:
        """Raise RuntimeError if the clients are closed."""
        if self._closed:
            raise RuntimeError(f"this {self._owner} is closed; make a new one")

    def close(self) -> list[C]:
        """Refuse further calls, and return the clients that were made here, for the caller to close."""
        with self._lock:
            self._closed = True
            return list(self._made.values())

    def call(self, ref: RunRef | str) -> Call[C]:
        """The call that gets the run of a reference.

        Raises:
            InvalidRef: the reference is malformed, or asks for what the client is not configured for.
            UnknownProvider, ClientNotInstalled: its provider does not exist, or cannot be used.
            ProviderError: there are no credentials.
            RuntimeError: the clients are closed.
        """
        self.check_open()
        ref = checked(ref)
        provider = find(ref.provider)
        adapter = load_adapter(provider)
        # The arguments of the client that references can fill; None where this reference does not.
        filled = {argument: ref.parts.get(part) for argument, part, _ in provider.globals}
        client = self._given.get(ref.provider)
        by_reference: dict[str, str | None] = {}
        if client is None:
            variables = {argument: variable for argument, _, variable in provider.globals}
            by_reference = {name: value for name, value in filled.items() if not os.environ.get(variables[name])}
            client = self._made_once(provider, self._class(adapter), by_reference, ref)
        changes = {
            name: value for name, value in filled.items() if _differs(name, value, client, name in by_reference, ref)
        }
        own = adapter.server
        url = self._servers.replacement(ref, client.server_urls[own] if own else client.base_url)
        if changes or url is not None:
            server: dict[str, Any] = {"server_urls": {own: url}} if own and url else {"base_url": url}
            try:
                client = client.with_options(**server, globals=cast("dict[str, str]", changes))
            except CredentialsError as error:
                raise explained(error, provider, ref) from error
        return Call(provider, adapter, client, ref)

    def _class(self, adapter: Adapter[Any, Any, Any]) -> type[C]:
        return cast("type[C]", getattr(adapter, self._class_attribute))

    def _made_once(self, provider: Provider, class_: type[C], by_reference: Mapping[str, str | None], ref: RunRef) -> C:
        """The client that is made here, once for all references that fill the same arguments.

        `by_reference` are the arguments that the environment does not give. A reference that fills none of them never
        gets the client of one that does, nor its tenant.
        """
        filled: dict[str, str] = {argument: value for argument, value in by_reference.items() if value is not None}
        key = provider.name, frozenset(filled)
        with self._lock:
            self.check_open()
            if key not in self._made:
                self._made[key] = _new(provider, class_, filled, [*(by_reference.keys() - filled)], ref)
            return self._made[key]


def _differs(name: str, value: str | None, client: Client | AsyncClient, by_reference: bool, ref: RunRef) -> bool:
    """Whether a reference fills an argument with a value that differs from the client's.

    Raises:
        InvalidRef: the client was made for its own value alone.
    """
    own = client.globals.get(name)
    if value is None or value == own:
        return False
    if own is None or by_reference:
        return True
    raise InvalidRef(f"{brief(str(ref))} is for another {name} than the client, which is for {quoted(own)}")


def _new(provider: Provider, class_: type[C], filled: Mapping[str, str], empty: list[str], ref: RunRef) -> C:
    """A new client, with the environment and the arguments that the reference has `filled`.

    `empty` are the arguments that neither of them gives.

    Raises:
        InvalidRef: only these arguments are missing.
        ProviderError: the credentials are missing, or cannot be used.
    """
    make = cast("Any", class_)
    try:
        return cast(C, make(**filled))
    except CredentialsError as error:
        refusal = error
    if empty:  # with any values for them, are the credentials still refused?
        try:
            make(**filled, **dict.fromkeys(empty, "any"))
        except CredentialsError as error:
            refusal = error  # about the credentials alone
        else:
            message = (
                f"{brief(str(ref))} does not say {' and '.join(empty)}, and neither does a client or the environment"
            )
            raise InvalidRef(f"{message}; references look like {provider.ref.shown(provider.name)}") from refusal
    raise explained(refusal, provider, ref) from refusal
