"""The base classes of generated clients. What they share is decided without I/O; they only send."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from msgspec import UNSET

from ._api import Api, Operation
from ._credentials import Credentials, global_values
from ._errors import CredentialsError
from ._request import Request, build_request, operation_url
from ._response import Answer, read_answer
from ._server import base_url as resolve_base_url
from ._server import is_exposed

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")


class _BaseClient:
    """What a client knows, and the requests that follow from it."""

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None,
        timeout: float,
        allow_insecure_http: bool,
    ) -> None:
        if not (timeout > 0 and math.isfinite(timeout)):
            raise ValueError(f"timeout is {timeout!r}, but must be a number of seconds above zero")
        name = type(self).__name__
        self._api = api
        self._timeout = timeout
        self._allow_insecure_http = allow_insecure_http
        self._base_url = resolve_base_url(api, values, base_url)
        self._base_url_is_explicit = base_url is not None
        self._credentials = Credentials(api, values, os.environ, name)
        self._globals = global_values(api, values, os.environ, name)
        if self._credentials.always_sent:
            self._check_protected(self._base_url)
        self._lock = threading.Lock()
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base_url}>"

    def _build(self, operation: Operation[T], values: Mapping[str, object], body: object) -> Request:
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
        credentials = self._credentials.choose(operation.security, operation.name)
        if credentials:
            self._check_protected(server, operation.name)
        return build_request(
            operation,
            {**values, **from_client},
            body,
            server=server,
            credentials=credentials,
            user_agent=self._api.user_agent,
        )

    def _check_protected(self, server: str, operation: str = "") -> None:
        if is_exposed(server) and not self._allow_insecure_http:
            raise CredentialsError(
                f"{type(self).__name__} would send a credential in clear text to {server}:"
                " use https, or pass allow_insecure_http=True",
                operation=operation,
            )

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError(f"this {type(self).__name__} is closed; make a new one")


class Client(_BaseClient):
    """The base of synchronous clients; safe to share between threads.

    Args:
        api: what the generated package knows about its API.
        values: credentials, globals and server variables by argument name; None: not given.
        base_url: absolute http or https URL that replaces the documented servers.
        timeout: seconds for each of connecting, sending, waiting for data and for a connection.
        http_client: an own httpx2 client, which keeps its own time limits and is never closed.
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
        timeout: float = 30.0,
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
        allow_insecure_http: bool = False,
    ) -> None:
        super().__init__(
            api,
            values,
            base_url=base_url,
            timeout=timeout,
            allow_insecure_http=allow_insecure_http,
        )
        _check_one_of(http_client, transport)
        self._http_client = http_client
        self._transport = transport
        self._owns_http_client = http_client is None

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the httpx2 client was passed in. Twice is fine."""
        with self._lock:
            self._closed = True
            http, self._http_client = self._http_client, None
        if http is not None and self._owns_http_client:
            http.close()

    def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        request = self._build(operation, values, body)
        return read_answer(operation, request, self._send(request))

    def _send(self, request: Request) -> Answer:
        """Send once. Whatever decides about sending again belongs into `_call`."""
        http = self._open()
        from . import _http

        outgoing = _http.outgoing(http, request)
        response: httpx2.Response | None = None
        try:
            response = http.send(outgoing, stream=True, follow_redirects=False)
            return Answer(response.status_code, response.headers, response.read())
        except _http.RequestError as error:
            return _http.unreadable(error, request, response)
        finally:
            if response is not None:
                response.close()

    def _open(self) -> httpx2.Client:
        with self._lock:
            self._check_open()
            if self._http_client is None:
                from . import _http

                self._http_client = _http.new_client(self._timeout, self._transport)
            return self._http_client


class AsyncClient(_BaseClient):
    """The base of asynchronous clients; see `Client`. Safe to share between tasks of one loop."""

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None = None,
        timeout: float = 30.0,
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        allow_insecure_http: bool = False,
    ) -> None:
        super().__init__(
            api,
            values,
            base_url=base_url,
            timeout=timeout,
            allow_insecure_http=allow_insecure_http,
        )
        _check_one_of(http_client, transport)
        self._http_client = http_client
        self._transport = transport
        self._owns_http_client = http_client is None

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the httpx2 client was passed in. Twice is fine."""
        with self._lock:
            self._closed = True
            http, self._http_client = self._http_client, None
        if http is not None and self._owns_http_client:
            await http.aclose()

    async def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        request = self._build(operation, values, body)
        return read_answer(operation, request, await self._send(request))

    async def _send(self, request: Request) -> Answer:
        """Send once. Whatever decides about sending again belongs into `_call`."""
        http = self._open()
        from . import _http

        outgoing = _http.outgoing(http, request)
        response: httpx2.Response | None = None
        try:
            response = await http.send(outgoing, stream=True, follow_redirects=False)
            return Answer(response.status_code, response.headers, await response.aread())
        except _http.RequestError as error:
            return _http.unreadable(error, request, response)
        finally:
            if response is not None:
                await response.aclose()

    def _open(self) -> httpx2.AsyncClient:
        with self._lock:
            self._check_open()
            if self._http_client is None:
                from . import _http

                self._http_client = _http.new_async_client(self._timeout, self._transport)
            return self._http_client


def _check_one_of(http_client: object, transport: object) -> None:
    if http_client is not None and transport is not None:
        raise ValueError("pass http_client or transport, not both")
