"""The base classes of generated clients. What they share is decided without I/O; they only send and wait."""

from __future__ import annotations

import copy
import functools
import os
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from types import CoroutineType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar, cast

from msgspec import UNSET, Struct
from msgspec.structs import replace

from ._api import Api, Operation
from ._connections import AsyncConnections, Connections
from ._credentials import Credentials, FetchedCredential, global_values
from ._errors import CredentialsError
from ._limits import MAX_RESPONSE_SIZE, Deadline, Timeout, as_size, as_timeout
from ._request import Request, build_request, operation_url
from ._response import Answer, read_answer, read_raw, retry_after
from ._retry import Outcome, Retry
from ._secrets import Secret, SentCredential, drop_frames
from ._server import base_url as resolve_base_url
from ._server import is_exposed

if TYPE_CHECKING:
    import httpx2

    from ._http import Exchange, Failure
    from ._raw import RawResponse

T = TypeVar("T")


class _Fetch(Struct, frozen=True):
    """Ask a function for a credential; the reply is a `Secret`. `exchange` is what needs it."""

    source: FetchedCredential
    exchange: Exchange


class _Send(Struct, frozen=True):
    """Send a request once; the reply is an `Answer` or a `Failure`."""

    exchange: Exchange


class _Wait(Struct, frozen=True):
    """Wait for some seconds; the reply is None."""

    seconds: float
    exchange: Exchange


_Steps: TypeAlias = Generator[_Fetch | _Send | _Wait, object, T]
"""A call without its I/O: what is to be done next, until it returns. Both kinds of clients carry it out."""


class _BaseClient:
    """What a client knows, and the steps of its calls."""

    _base_url = ""  # for the repr of one that was refused
    _timeout = Timeout()
    _retry = Retry()
    _max_response_size = MAX_RESPONSE_SIZE

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None,
        timeout: float | Timeout,
        retry: Retry,
        max_response_size: int,
        auth: httpx2.Auth | None,
        allow_insecure_http: bool,
    ) -> None:
        name = type(self).__name__
        if auth is not None and not callable(getattr(auth, "auth_flow", None)):
            raise TypeError(f"auth must be an httpx2.Auth, not {type(auth).__name__}")
        self._api = api
        self._set_options(timeout, retry, max_response_size)
        self._auth = auth
        self._allow_insecure_http = allow_insecure_http
        self._base_url = resolve_base_url(api, values, base_url)
        self._base_url_is_explicit = base_url is not None
        self._credentials = Credentials(api, values, os.environ, name, other_way=auth is not None)
        self._globals = global_values(api, values, os.environ, name)
        if self._credentials.always_sent:
            self._check_protected(self._base_url)
        self._shares_connections = False
        self._closed = False

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if "__init__" in vars(cls):
            cls.__init__ = _without_traces(cls.__init__)  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base_url}>"

    def _set_options(self, timeout: object, retry: object, size: object) -> None:
        if timeout is not None:
            self._timeout = as_timeout(timeout)
        if retry is not None:
            if not isinstance(retry, Retry):
                raise TypeError(f"retry must be a Retry, not {type(retry).__name__}")
            self._retry = retry
        if size is not None:
            self._max_response_size = as_size(size)

    def _with_options(self, timeout: float | Timeout | None, retry: Retry | None, size: int | None) -> Self:
        twin = copy.copy(self)
        twin._set_options(timeout, retry, size)
        twin._shares_connections = True
        return twin

    def _check_protected(self, server: str, operation: str = "") -> None:
        if is_exposed(server) and not self._allow_insecure_http:
            raise CredentialsError(
                f"{type(self).__name__} would send a credential in clear text to {server}:"
                " use https, or pass allow_insecure_http=True",
                operation=operation,
            )

    def _is_closed(self) -> RuntimeError:
        return RuntimeError(f"this {type(self).__name__} is closed; make a new one")

    def _build(self, operation: Operation[Any], values: Mapping[str, object], body: object) -> Request:
        from_client = {
            parameter.name: self._globals.get(parameter.name, UNSET)
            for parameter in operation.parameters
            if parameter.from_client
        }
        # An explicit base_url holds for every operation: nothing is sent to a host that the
        # caller did not name.
        server = self._base_url
        if not self._base_url_is_explicit:
            server = operation_url(server, operation)
        if self._credentials.uses_other_way(operation.security) or self._credentials.choose(
            operation.security, operation.name
        ):
            self._check_protected(server, operation.name)
        return build_request(operation, {**values, **from_client}, body, server=server, user_agent=self._api.user_agent)

    def _steps(
        self, operation: Operation[Any], values: Mapping[str, object], body: object, deadline: Deadline
    ) -> _Steps[tuple[Request, Answer]]:
        """A call: the request that was sent last, and the answer to it. Raises what the call raises."""
        draft = self._build(operation, values, body)
        sources = self._credentials.choose(operation.security, operation.name)
        from . import _http

        terms = _http.Terms(
            deadline=deadline,
            timeout=self._timeout,
            max_response_size=self._max_response_size,
            auth=self._auth if self._credentials.uses_other_way(operation.security) else None,
            allow_insecure_http=self._allow_insecure_http,
        )
        exchange = _http.Exchange(draft, terms, 0)
        sent = yield from _fetched(sources, exchange)
        refreshed = False
        while True:
            exchange = _http.Exchange(draft.signed(sent), terms, exchange.attempt + 1)
            result = cast("Answer | Failure", (yield _Send(exchange)))
            delay = self._delay(exchange, result)
            exchange.log(result, delay)
            if delay is not None:
                yield _Wait(delay, exchange)
                sent = yield from _fetched(sources, exchange)
            elif refreshed or not _is_refused(result, sources):
                return _outcome(exchange, result)
            else:
                # The credential may have expired meanwhile. The server did not act on the request, so that
                # it may be sent again whatever its method is (RFC 9110, 15.5.2).
                refreshed = True
                fresh = yield from _fetched(sources, exchange)
                if all(map(SentCredential.is_like, fresh, sent)):
                    return _outcome(exchange, result)
                sent = fresh

    def _delay(self, exchange: Exchange, result: Answer | Failure) -> float | None:
        from random import random

        if isinstance(result, Answer):
            outcome = Outcome(result.status, retry_after(result.headers))
        elif result.repeatable:
            outcome = Outcome()
        else:
            return None
        deadline = exchange.terms.deadline
        return self._retry.delay(
            attempt=exchange.attempt,
            method=exchange.request.method,
            outcome=outcome,
            elapsed=deadline.elapsed(),
            total=deadline.total,
            random=random,
        )


def _outcome(exchange: Exchange, result: Answer | Failure) -> tuple[Request, Answer]:
    """The request of the last attempt and the answer to it; or the error of this attempt is raised."""
    if not isinstance(result, Answer):
        raise result.error
    elapsed = exchange.terms.deadline.elapsed()
    return exchange.request, replace(result, elapsed=elapsed, attempts=exchange.attempt)


def _fetched(sources: Sequence[SentCredential | FetchedCredential], exchange: Exchange) -> _Steps[list[SentCredential]]:
    """The credentials of one attempt."""
    sent: list[SentCredential] = []
    for source in sources:
        if isinstance(source, FetchedCredential):
            sent.append(source.checked(cast(Secret, (yield _Fetch(source, exchange)))))
        else:
            sent.append(source)
    return sent


def _is_refused(result: Answer | Failure, sources: Sequence[object]) -> bool:
    """Whether another credential might help, and there is a function to ask for one."""
    return (
        isinstance(result, Answer)
        and result.status == 401
        and any(isinstance(source, FetchedCredential) for source in sources)
    )


def _without_traces(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor whose refusals have no traceback below it: its locals are the credentials that it was given."""

    @functools.wraps(init)
    def wrapped(self: object, *args: Any, **kwargs: Any) -> None:
        try:
            init(self, *args, **kwargs)
        except (CredentialsError, ValueError, TypeError) as error:
            drop_frames(error)
            refusal = error
        else:
            return
        del args, kwargs
        raise refusal

    return wrapped


class Client(_BaseClient):
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
    ) -> Self:
        """A client with other limits, which shares the connections and credentials of this one.

        Closing it leaves this one open; closing this one closes both. None: as this one has it.

        Raises:
            ValueError: a limit is none.
        """
        return self._with_options(timeout, retry, max_response_size)

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
                if isinstance(step, _Fetch):
                    reply = _checked_for_coroutines(Secret(step.source.fetch()))
                elif isinstance(step, _Send):
                    reply = step.exchange.send(self._connections)
                elif self._connections.closed.wait(step.seconds):
                    raise step.exchange.closed().error
                else:
                    reply = None
        finally:
            steps.close()
            self._connections.leave()


class AsyncClient(_BaseClient):
    """The base of asynchronous clients; see `Client`. Safe to share between tasks of one loop.

    Credentials may also be coroutine functions.
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
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
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
        self._connections = AsyncConnections(http_client, transport)

    def with_options(
        self,
        *,
        timeout: float | Timeout | None = None,
        retry: Retry | None = None,
        max_response_size: int | None = None,
    ) -> Self:
        """A client with other limits, which shares the connections and credentials of this one.

        Closing it leaves this one open; closing this one closes both. None: as this one has it.

        Raises:
            ValueError: a limit is none.
        """
        return self._with_options(timeout, retry, max_response_size)

    async def __aenter__(self) -> Self:
        if self._closed or self._connections.closed.is_set():
            raise self._is_closed()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the httpx2 client was passed in. Twice is fine.

        Calls in flight in other tasks then raise `ConnectionFailed`; on an httpx2 client that was
        passed in, they finish their present attempt.
        """
        self._closed = True
        if not self._shares_connections:
            await self._connections.close()

    async def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        request, answer = await self._answer(operation, values, body)
        return read_answer(operation, request, answer)

    async def _call_raw(
        self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET
    ) -> RawResponse[T]:
        request, answer = await self._answer(operation, values, body)
        return read_raw(operation, request, answer)

    async def _answer(
        self, operation: Operation[Any], values: Mapping[str, object], body: object
    ) -> tuple[Request, Answer]:
        if self._closed or self._connections.closed.is_set():
            raise self._is_closed()
        import anyio

        deadline = Deadline(self._timeout.total)
        step: _Fetch | _Send | _Wait | None = None
        with anyio.CancelScope(deadline=anyio.current_time() + deadline.total) as scope:
            if not self._connections.enter(scope):
                raise self._is_closed()
            steps = self._steps(operation, values, body, deadline)
            reply: object = None
            try:
                while True:
                    try:
                        step = steps.send(reply)
                    except StopIteration as end:
                        return cast("tuple[Request, Answer]", end.value)
                    if isinstance(step, _Fetch):
                        reply = Secret(step.source.fetch())
                        if isinstance(reply.reveal(), Awaitable):
                            reply = Secret(await cast("Awaitable[object]", reply.reveal()))
                    elif isinstance(step, _Send):
                        reply = await step.exchange.send_async(self._connections)
                    else:
                        reply = None
                        await anyio.sleep(step.seconds)
                        if self._connections.closed.is_set():
                            raise step.exchange.closed().error
            finally:
                steps.close()
                await self._connections.leave(scope)
        # Only the end of the scope leads here: the time is up, or the client was closed.
        assert step is not None
        exchange = step.exchange
        result = exchange.closed() if self._connections.aborted else exchange.timed_out()
        exchange.log(result)
        return _outcome(exchange, result)


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


class AsyncRawMethods:
    """The base of what `AsyncClient.raw` gives: the client's methods, with the whole answer as their result."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.raw"

    async def _call(
        self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET
    ) -> RawResponse[T]:
        return await self._client._call_raw(operation, values, body)  # pyright: ignore[reportPrivateUsage]
