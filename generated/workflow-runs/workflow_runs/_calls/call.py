"""One call: its client with all that the reference asks for, and what becomes of the response."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Generic, NoReturn, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from workflow_client_core import ApiError, AsyncClient, Client, RawResponse, Retry

from .._errors import InvalidRef
from .._normalize.adapter import Adapter
from .._normalize.finish import Decoded, finish
from .._provider_errors.explain import explained, not_the_run
from .._providers.provider import Provider
from .._refs.ref import RunRef
from .._run.response import ResponseHead
from .._run.run import WorkflowRun
from .._text import brief
from .servers import Host, host_of, is_same

C = TypeVar("C", Client, AsyncClient)
_NEVER = Retry(max_retries=0)


class Call(Struct, Generic[C], frozen=True):
    """One call; its `client` has all the options that the reference asks for.

    `ref` is the reference as it was asked by, with the account that was chosen.
    """

    provider: Provider
    adapter: Adapter[Any, Any, Any]
    client: C
    ref: RunRef

    @property
    def host(self) -> Host:
        """Where the request goes; accounts on one server have the same host."""
        return host_of(self.provider.name, server_of(self.client, self.adapter))

    def once(self, seconds: float | None) -> Call[C]:
        """This call without repetitions, in so many seconds at most; None: in as many as the client has."""
        limits = self.client.timeout
        if seconds is not None and seconds < limits.total:
            limits = replace(limits, total=seconds)
        return replace(self, client=self.client.with_options(retry=_NEVER, timeout=limits))

    def run(self, response: RawResponse[Any]) -> WorkflowRun:
        """The run of a response.

        Raises:
            ProviderError: it is not the run that was asked for.
        """
        decoded = Decoded(
            native=response.parsed,
            issues=response.issues,
            complete=response.complete,
            raw=response.content,
            head=ResponseHead(
                response.status, response.headers, response.request_id, response.attempts, response.retry_after
            ),
            observed_at=datetime.now(UTC),
            error_text=response.error_text,
            conceal=response.without_credentials,
        )
        run = finish(self.adapter, decoded, self.complete_ref(), self.ref)
        refusal = not_the_run(run, self.ref, response)
        if refusal is not None:
            raise refusal
        return run

    def refuse(self, error: ApiError | ValueError) -> NoReturn:
        """Raise what an error of the client means to callers of `get`; the error itself where it says enough."""
        if isinstance(error, ApiError):
            raise explained(error, self.provider, self.ref, self.adapter.reason) from error
        if type(error) is ValueError:  # an argument that cannot be sent; its subclasses say enough
            raise InvalidRef(f"{brief(str(self.ref))} cannot be sent: {error}") from error
        raise error

    def complete_ref(self) -> RunRef:
        """The reference with the values that the client added: its tenant, and a server other than the documented one.

        What no reference can hold is left out, such as a URL with characters that are not ASCII.
        """
        ref, own = self.ref, self.client.globals
        for argument, part, _ in self.provider.globals:
            if part not in ref.parts and argument in own:
                ref = _with(ref, parts={**ref.parts, part: own[argument]})
        url = server_of(self.client, self.adapter)
        is_documented = ref.base_url is None and is_same(url, self.provider.server)
        return ref if is_documented else _with(ref, base_url=url)


def server_of(client: Client | AsyncClient, adapter: Adapter[Any, Any, Any]) -> str:
    """Where a client sends the call that gets a run."""
    return client.server_urls[adapter.server] if adapter.server else client.base_url


def _with(ref: RunRef, **changes: Any) -> RunRef:
    """The reference with these values; without them, where no reference can hold them."""
    try:
        return replace(ref, **changes)
    except InvalidRef:
        return ref
