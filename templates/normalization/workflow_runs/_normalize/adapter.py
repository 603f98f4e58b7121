"""What the adapter of a provider does, and how it is loaded."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace
from workflow_client_core import AsyncClient, Client, RawResponse

from .._errors import ClientNotInstalled, UnknownEvent, UnknownProvider
from .._form.fields import RunFields
from .._providers.provider import Provider
from .._reading.notes import Notes
from .._refs.ref import RunRef
from .._text import quoted

N = TypeVar("N")
C = TypeVar("C", bound=Client)
A = TypeVar("A", bound=AsyncClient)


class Event(Struct, Generic[N], frozen=True, kw_only=True):
    """How the body of an event, sent by a webhook or in a stream, is normalized.

    - `model`: the type of the body.
    - `normalize`: as that of an `Adapter`.
    - `name`: reads from a body which event it is; None where no body says it.
    - `parts`: reads the parts of the reference from a body; None where callers have to give the reference.
    - `timeout_at`: as that of an `Adapter`.
    """

    model: type[N]
    normalize: Callable[[N, RunRef, Notes], RunFields]
    name: Callable[[N], str | None] | None = None
    parts: Callable[[N], Mapping[str, str | None]] | None = None
    timeout_at: str = ""


class Adapter(Struct, Generic[N, C, A], frozen=True, kw_only=True):
    """How the runs of a provider are fetched and normalized.

    - `model`: the type of the provider's response.
    - `client`, `async_client`: the classes of its clients.
    - `fetch`, `fetch_async`: get the response; what cannot be read of it is absent.
    - `normalize`: reads the fields of a run from the response, and notes what has no unified form. This package makes
      a `WorkflowRun` of them: it adds what does not depend on the provider, such as `issues` and `pending.deadline`,
      and removes `result` and `finished_at` from what has not ended. The adapters of this package, which are generated,
      do all of that, and return a whole `WorkflowRun`.
    - `unwrap`: raises a `ProviderError` for a response that holds no run. It gets the response, its bytes, the
      reference and the notes.
    - `reason`: the provider's own word for what went wrong, from the body of an error as the client read it.
    - `server`: the server of the operation that gets a run, as `server_urls` of the client name it; "" for `base_url`.
    - `timeout_at`: where `pending.timeout` is read from (a JSON Pointer), for the issue with a deadline out of range.
    - `events`: the events whose bodies become runs, too, by their names.
    """

    model: type[N]
    client: type[C]
    async_client: type[A]
    fetch: Callable[[C, RunRef], RawResponse[N]]
    fetch_async: Callable[[A, RunRef], Awaitable[RawResponse[N]]]
    normalize: Callable[[N, RunRef, Notes], RunFields]
    unwrap: Callable[[N, bytes, RunRef, Notes], None] | None = None
    reason: Callable[[object], str | None] | None = None
    server: str = ""
    timeout_at: str = ""
    events: Mapping[str, Event[Any]] = {}

    def of_event(self, provider: str, name: str) -> Adapter[Any, C, A]:
        """The adapter that reads the body of an event in place of a response.

        Raises:
            UnknownEvent: the provider has no event of this name.
        """
        event = self.events.get(name)
        if event is None:
            rest = f"; there are: {', '.join(self.events)}" if self.events else ", nor any other"
            raise UnknownEvent(f"{provider} has no event {quoted(name)}{rest}")
        return replace(self, model=event.model, normalize=event.normalize, unwrap=None, timeout_at=event.timeout_at)


def load_adapter(provider: Provider) -> Adapter[Any, Any, Any]:
    """The adapter of a provider. Its module, and the client's, is imported on first use.

    Raises:
        ClientNotInstalled: the client is missing.
        UnknownProvider: the module has no adapter.
    """
    loaded: Any = getattr(sys.modules.get(provider.adapter), "ADAPTER", None)
    if loaded is None:  # or another thread is importing it
        loaded = getattr(_imported(provider), "ADAPTER", None)
    if not isinstance(cast("object", loaded), Adapter):
        raise UnknownProvider(
            f"{provider.adapter}.ADAPTER is of the type {type(loaded).__name__}, not workflow_runs.Adapter"
        )
    adapter: Adapter[Any, Any, Any] = loaded
    return adapter


def _imported(provider: Provider) -> ModuleType:
    """The module of the adapter of a provider."""
    try:
        return import_module(provider.adapter)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in provider.requires:
            raise
        # Ours are on no index: there anybody may have published a package of that name.
        command = (
            f"pip install --no-index --find-links DIST 'workflow-runs[{provider.extra}]' (DIST has the wheels)"
            if provider.extra
            else f"pip install '{provider.distribution}'"
        )
        raise ClientNotInstalled(
            f"the client of {provider.name} is not installed; install it with: {command}", name=error.name
        ) from error
