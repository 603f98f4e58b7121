"""What both kinds of clients know, and how a call begins."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from msgspec import UNSET
from msgspec.structs import replace

from .._api import Api, Operation
from .._errors import CredentialsError
from .._request.server import base_url as resolve_base_url
from .._request.server import checked_url, is_exposed, moved_servers, operation_url, server_url, token_urls
from .._transport.limits import Deadline, Timeout, as_size, as_timeout
from .._transport.retry import Retry
from .._transport.terms import Terms
from .globals import global_values, replaced_global_values

if TYPE_CHECKING:
    import httpx2

    from .._request.request import Request
    from .._response.response import Response
    from .._streams.reader import Reader
    from .._transport.call_options import RequestOptions
    from .own_calls import OwnCall
    from .steps import Call, Steps

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def without_traces(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose refusals have no traceback below it: its locals are the secrets that it was passed."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (CredentialsError, ValueError, TypeError) as error:
            from .._credentials.secrets import drop_frames

            drop_frames(error)
            refusal = error
        del args, kwargs
        raise refusal

    return wrapped


class BaseClient:
    """What a client knows: its API, its options, its credentials."""

    _base_url = ""  # for the repr of a client that was refused

    def __init__(
        self,
        api: Api,
        values: Mapping[str, object],
        *,
        base_url: str | None,
        server_urls: Mapping[str, str] | None,
        timeout: float | Timeout,
        retry: Retry,
        max_response_size: int,
        auth: httpx2.Auth | None,
        allow_insecure_http: bool,
    ) -> None:
        from .._credentials.choose import Credentials
        from .environment import with_suffix

        name = type(self).__name__
        if auth is not None and not callable(getattr(auth, "auth_flow", None)):
            raise TypeError(f"auth must be an httpx2.Auth, not {type(auth).__name__}")
        self._api = api = with_suffix(api)
        self._set_options(timeout, retry, max_response_size)
        self._auth = auth
        self._allow_insecure_http = allow_insecure_http
        self._server_urls = moved_servers(api, server_urls or {})
        self._base_url = resolve_base_url(api, values, base_url, os.environ, self._server_urls)
        urls = token_urls(api, values)
        self._credentials = Credentials(api, values, os.environ, name, token_urls=urls, has_auth=auth is not None)
        self._globals = global_values(api, values, os.environ, name)
        self._check_servers()
        for credential in api.credentials:
            if credential.client is not None and values.get(credential.client.url_argument) is not None:
                self._check_protected(urls[credential.scheme])
        self._shares_connections = False
        self._closed = False

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if "__init__" in vars(cls):
            cls.__init__ = without_traces(cls.__init__)  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return f"<{f'{type(self).__name__} {self._base_url}'.rstrip()}>"

    @property
    def base_url(self) -> str:
        """The address that paths are appended to, without a trailing slash.

        "" where the API documents none and none was passed: then only operations can be called that name a server of
        their own (see `server_urls`).
        """
        return self._base_url

    @property
    def timeout(self) -> Timeout:
        """How long a call may wait."""
        return self._timeout

    @property
    def server_urls(self) -> Mapping[str, str]:
        """The URLs of the servers that operations name for themselves, by these servers as they are documented.

        Those that are relative are resolved against `base_url`, if there is one. A read-only view.
        """
        servers = self._api.own_servers
        return MappingProxyType({s: server_url(s, self._base_url, self._server_urls) or s for s in servers})

    @property
    def globals(self) -> Mapping[str, str]:
        """The values of constructor arguments that fill parameters of operations (`tenant`), by argument name.

        Those from the environment are included, those that are not set are not. A read-only view.
        """
        return MappingProxyType(self._globals)

    def _set_options(self, timeout: object, retry: object, size: object) -> None:
        if not isinstance(retry, Retry):
            raise TypeError(f"retry must be a Retry, not {type(retry).__name__}")
        self._timeout = as_timeout(timeout)
        self._retry = retry
        self._max_response_size = as_size(size)

    @without_traces
    def with_options(
        self,
        *,
        timeout: float | Timeout | None = None,
        retry: Retry | None = None,
        max_response_size: int | None = None,
        base_url: str | None = None,
        server_urls: Mapping[str, str] | None = None,
        globals: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other options, which shares the connections and credentials of this one.

        Closing it leaves this one open; closing this one closes both. None: as this one has it.

        Args:
            timeout, retry, max_response_size: as in the constructor.
            base_url: another server for the operations that name none of their own.
            server_urls: other URLs for servers that operations name, by these servers; the others stay.
            globals: other values of arguments that fill parameters, such as `tenant`, by name; the others stay.

        Raises:
            ValueError: a limit or a URL cannot be used, or no operation names a server of `server_urls`.
            TypeError: there is no such constructor argument among those that fill parameters.
            CredentialsError: a value cannot be sent, or credentials would travel to such a URL in clear text.
        """
        twin = self._twin()
        twin._set_options(
            self._timeout if timeout is None else timeout,
            self._retry if retry is None else retry,
            self._max_response_size if max_response_size is None else max_response_size,
        )
        if base_url is not None:
            twin._base_url = checked_url(base_url, "base_url")
        if server_urls is not None:
            twin._server_urls = {**self._server_urls, **moved_servers(self._api, server_urls)}
        twin._check_servers()
        if globals is not None:
            twin._globals = {**self._globals, **replaced_global_values(self._api, globals, type(self).__name__)}
        return twin

    def _twin(self) -> Self:
        """A client with the same options, which shares the connections and credentials of this one."""
        from copy import copy

        twin = copy(self)
        twin._shares_connections = True
        return twin

    def _check_servers(self) -> None:
        """Refuse addresses that credentials must not travel to; those that are documented are refused by the call."""
        if self._credentials.always_sent:
            for url in (self._base_url, *self._server_urls.values()):
                self._check_protected(url)

    def _check_protected(self, server: str, operation: str = "") -> None:
        if is_exposed(server) and not self._allow_insecure_http:
            raise CredentialsError(
                f"{type(self).__name__} would send a credential in clear text to {server.partition('?')[0]}:"
                " use https, or pass allow_insecure_http=True",
                operation=operation,
            )

    def _closed_error(self) -> RuntimeError:
        return RuntimeError(f"this {type(self).__name__} is closed; make a new one")

    def _draft(self, call: Call, *, is_authenticated: bool) -> Request:
        """The request of a call, without credentials; `is_authenticated`: it will be sent with some."""
        from .._request.build import build_request

        operation = call.operation
        from_client = {
            parameter.name: self._globals.get(parameter.name, UNSET)
            for parameter in operation.parameters
            if parameter.from_client
        }
        server = operation_url(self._api, operation, self._base_url, self._server_urls)
        if is_authenticated:
            self._check_protected(server, operation.name)
        request = build_request(
            *(operation, {**call.values, **from_client}, call.body),
            server=server,
            user_agent=self._api.user_agent,
            extra_headers=call.extra_headers,
            extra_query=call.extra_query,
        )
        if call.url:
            request = replace(request, url=call.url, shown_url=call.url)
        return (
            self._with_options(request, call, server, is_authenticated)
            if call.extra_headers or call.extra_query
            else request
        )

    def _with_options(self, request: Request, call: Call, server: str, is_authenticated: bool) -> Request:
        """The request of a call with further headers or query parameters, in which secrets are masked."""
        from .._request.extras import check_no_credential, secrets_in, with_missing_query

        headers, query, credentials = call.extra_headers or {}, call.extra_query or {}, self._api.credentials
        check_no_credential(credentials, headers, query, is_authenticated=is_authenticated)
        url = with_missing_query(call.url, query) if call.url else request.url
        secrets = secrets_in(headers, credentials)
        if secrets:
            self._check_protected(server, call.operation.name)
        return replace(request, url=url, shown_url=url, credentials=secrets)

    def _steps(self, call: Call, deadline: Deadline) -> Steps[tuple[Request, Response]]:
        """A call: the request that was sent last, and the response to it. Raises what the call raises."""
        operation = call.operation
        sources = self._credentials.choose(operation.security, operation.name)
        is_left_to_auth = self._credentials.left_to_auth(operation.security)
        draft = self._draft(call, is_authenticated=bool(sources) or is_left_to_auth)
        from .calls import call_steps

        terms = Terms(
            deadline=deadline,
            timeout=self._timeout,
            max_response_size=self._max_response_size,
            auth=self._auth if is_left_to_auth else None,
            allow_insecure_http=self._allow_insecure_http,
            operation=operation,
            base_url=self._base_url,
        )
        return (yield from call_steps(draft, sources, terms, self._retry))

    def _own_call(self, method: str, path: str, type_: Any, options: RequestOptions) -> OwnCall:
        """The call of `request`."""
        from .own_calls import own_call

        return own_call(method, path, self._credentials.usual(self._api.security), type_, options)

    def _reader(self, operation: Operation[T], request: Request, response: Response) -> Reader[T]:
        from .._response.content import streamed_content
        from .._streams.reader import Reader

        content = streamed_content(operation, response.status, response.headers)
        assert content is not None  # or the response would not be open
        return Reader(content, request, response, self._max_response_size)
