"""The base of generated synchronous clients; what both kinds share is decided in `_base`, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from types import CoroutineType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from msgspec import UNSET

from ._api import Api, Operation
from ._base import BaseClient, Fetch, Send
from ._connections import Connections
from ._limits import MAX_RESPONSE_SIZE, Deadline, Timeout
from ._request import Request
from ._response import Answer, OpenAnswer, read_answer, read_raw
from ._retry import Retry
from ._secrets import Secret
from ._stream import EventStream

if TYPE_CHECKING:
    import httpx2

    from ._raw import RawResponse

T = TypeVar("T")


class Client(BaseClient):
    """The base of synchronous clients; safe to share between threads.

    Args:
        api: what the generated package knows about its API.
        values: credentials, globals and server variables by argument name; None: not given. A credential
            is a str, or a function that gives one and is called before every attempt; after a 401 it is asked
            once more, and the call repeated once if it gives another one.
        base_url: absolute http or https URL that replaces the documented servers.
        timeout: the limits of a call, or just the seconds that it may take in total.
        retry: when and how often a call is repeated.
        max_response_size: the largest body that is read, in bytes, counted after unpacking.
        auth: an own way to authenticate, instead of credentials.
        http_client: an own httpx2 client, which is never closed; the stricter of its time limits and ours hold.
        transport: an own httpx2 transport for the client that is made here.
        allow_insecure_http: whether credentials may be sent over http to other machines.

    Raises:
        CredentialsError: the credentials can work for no operation.
        ValueError: there is no usable server, or the arguments contradict each other.
    """

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None = None,
        timeout: float | Timeout = Timeout(),  # noqa: B008 - immutable
        retry: Retry = Retry(),  # noqa: B008 - immutable
        max_response_size: int = MAX_RESPONSE_SIZE,
        auth: httpx2.Auth | None = None,
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
        allow_insecure_http: bool = False,
    ) -> None:
        super().__init__(
            api,
            values,
            base_url=base_url,
            timeout=timeout,
            retry=retry,
            max_response_size=max_response_size,
            auth=auth,
            allow_insecure_http=allow_insecure_http,
        )
        self._connections = Connections(http_client, transport)

    def with_options(
        self,
        *,
        timeout: float | Timeout | None = None,
        retry: Retry | None = None,
        max_response_size: int | None = None,
        base_url: str | None = None,
        globals: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other options, which shares the connections and credentials of this one.

        Closing it leaves this one open; closing this one closes both. None: as this one has it.

        Args:
            timeout: as in the constructor.
            retry: as in the constructor.
            max_response_size: as in the constructor.
            base_url: another server, also for operations that name a server of their own.
            globals: other values of some constructor arguments that fill parameters, such as `tenant`, by argument
                name; the rest stays.

        Raises:
            ValueError: a limit is none, or `base_url` no address of a server.
            TypeError: there is no such constructor argument among those that fill parameters.
            CredentialsError: a value cannot be sent, or credentials would travel to `base_url` in clear text.
        """
        return self._with_options(timeout, retry, max_response_size, base_url, globals)

    def __enter__(self) -> Self:
        if self._closed or self._connections.closed.is_set():
            raise self._is_closed()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the httpx2 client was passed in. Twice is fine.

        Calls in flight in other threads then raise `ConnectionFailed`; on an httpx2 client that was
        passed in, they finish their present attempt.
        """
        self._closed = True
        if not self._shares_connections:
            self._connections.close()

    def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        request, answer = self._answer(operation, values, body)
        return read_answer(operation, request, answer)

    def _call_raw(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> RawResponse[T]:
        request, answer = self._answer(operation, values, body)
        return read_raw(operation, request, answer)

    def _stream(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> EventStream[T]:
        request, answer = self._answer(operation, values, body)
        if isinstance(answer, OpenAnswer):
            from ._pieces import Pieces

            pieces = Pieces(answer, self._connections)
            return EventStream(operation, request, answer, self._reader(operation, request, answer), pieces)
        read_answer(operation, request, answer)  # raises, unless no content at all is documented
        return EventStream(operation, request, answer, None, None)

    def _answer(self, operation: Operation[Any], values: Mapping[str, object], body: object) -> tuple[Request, Answer]:
        deadline = Deadline(self._timeout.total)
        if self._closed or not self._connections.enter():
            raise self._is_closed()
        steps = self._steps(operation, values, body, deadline)
        reply: object = None
        try:
            while True:
                try:
                    step = steps.send(reply)
                except StopIteration as end:
                    return cast("tuple[Request, Answer]", end.value)
                if isinstance(step, Fetch):
                    reply = _checked_for_coroutines(Secret(step.source.fetch()))
                elif isinstance(step, Send):
                    from ._http import send

                    reply = send(step.exchange, self._connections)
                elif self._connections.closed.wait(step.seconds):
                    raise step.exchange.closed().error
                else:
                    reply = None
        finally:
            steps.close()
            self._connections.leave()


def _checked_for_coroutines(given: Secret) -> Secret:
    """What a function gave to a synchronous client; a coroutine is closed, as nobody will await it."""
    if isinstance(given.reveal(), CoroutineType):
        cast("CoroutineType[object, object, object]", given.reveal()).close()
    return given


class RawMethods:
    """The base of what `Client.raw` gives: the client's methods, with the whole answer as their result."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.raw"

    def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> RawResponse[T]:
        return self._client._call_raw(operation, values, body)  # pyright: ignore[reportPrivateUsage] - in this module
