"""What both kinds of clients know."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from .._api import Api
from .._errors import CredentialsError
from .._request.server import base_url as resolve_base_url
from .._request.server import moved_servers, server_url, token_urls
from .._transport.limits import Timeout, as_size, as_timeout
from .._transport.retry import Retry
from .globals import global_values
from .settings import Settings, as_retry, check_auth

if TYPE_CHECKING:
    import httpx2

    from .._transport.call_options import RequestOptions
    from .own_calls import OwnCall

P = ParamSpec("P")
R = TypeVar("R")


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
    """What a client knows: its settings, and whether it is closed."""

    _base_url = ""  # for the repr of a client that was refused
    _caller: Any = None
    """What carries the calls out: made for the first one, as it loads httpx2."""

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
        check_auth(auth)
        api = with_suffix(api)
        retry, timeout, max_response_size = as_retry(retry), as_timeout(timeout), as_size(max_response_size)
        moved = moved_servers(api, server_urls or {})
        self._base_url = resolve_base_url(api, values, base_url, os.environ, moved)
        urls = token_urls(api, values)
        settings = Settings(
            owner=name,
            api=api,
            credentials=Credentials(api, values, os.environ, name, token_urls=urls, has_auth=auth is not None),
            globals=global_values(api, values, os.environ, name),
            base_url=self._base_url,
            server_urls=moved,
            timeout=timeout,
            retry=retry,
            max_response_size=max_response_size,
            auth=auth,
            allow_insecure_http=allow_insecure_http,
        )
        settings.check_servers()
        settings.check_token_urls(urls, values)
        self._settings = settings
        self._shares_connections = self._closed = False

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
        return self._settings.timeout

    @property
    def server_urls(self) -> Mapping[str, str]:
        """The URLs of the servers that operations name for themselves, by these servers as they are documented.

        Those that are relative are resolved against `base_url`, if there is one. A read-only view.
        """
        moved, servers = self._settings.server_urls, self._settings.api.own_servers
        return MappingProxyType({s: server_url(s, self._base_url, moved) or s for s in servers})

    @property
    def globals(self) -> Mapping[str, str]:
        """The values of constructor arguments that fill parameters of operations (`tenant`), by argument name.

        Those from the environment are included, those that are not set are not. A read-only view.
        """
        return MappingProxyType(self._settings.globals)

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
        settings = self._settings.changed(timeout, retry, max_response_size, base_url, server_urls, globals)
        from copy import copy

        twin = copy(self)
        twin._settings, twin._base_url, twin._caller = settings, settings.base_url, None
        twin._shares_connections = True
        return twin

    def _own_call(self, method: str, path: str, type_: Any, options: RequestOptions) -> OwnCall:
        """The call of `request`."""
        from .own_calls import own_call

        settings = self._settings
        return own_call(method, path, settings.credentials.usual(settings.api.security), type_, options)
