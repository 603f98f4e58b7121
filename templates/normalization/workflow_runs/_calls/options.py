"""What the clients have in common that `Runs` makes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal

from workflow_client_core import Retry, Timeout

from .servers import check_address, server_arguments

Kind = Literal["sync", "async"]


class Options:
    """Options of the clients that are made here; None: each client's own.

    Raises:
        UnknownProvider: `base_urls` has a provider that does not exist.
        ValueError: a time limit or an address cannot be used.
        TypeError: a value is of another type.
    """

    def __init__(
        self,
        owner: str,
        kind: Kind,
        timeout: float | Timeout | None,
        retry: Retry | None,
        base_urls: Mapping[str, str] | None,
        transport: object,
    ) -> None:
        if retry is not None and not isinstance(retry, Retry):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"retry must be a Retry, not {type(retry).__name__}")
        method = "handle_request" if kind == "sync" else "handle_async_request"
        if isinstance(transport, type) or (transport is not None and not callable(getattr(transport, method, None))):
            expected = "httpx2.BaseTransport" if kind == "sync" else "httpx2.AsyncBaseTransport"
            raise TypeError(f"transport of {owner} must be an {expected}, not {type(transport).__name__}")
        if not isinstance(base_urls, Mapping | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"base_urls must be a mapping from providers to addresses, not {type(base_urls).__name__}")
        self.base_urls = dict(base_urls or {})
        for provider, url in self.base_urls.items():
            check_address("base_urls", provider, url)
        self._transport = transport
        self._kind: Kind = kind
        self._process = os.getpid()
        given = {"timeout": timeout if timeout is None or isinstance(timeout, Timeout) else Timeout(total=timeout)}
        self._given = {name: value for name, value in {**given, "retry": retry}.items() if value is not None}

    def arguments(self, provider: str, own_server: str) -> dict[str, Any]:
        """The constructor arguments of a client; `own_server` is that of its call, "" where it has none of its own."""
        arguments: dict[str, Any] = dict(self._given)
        if url := self.base_urls.get(provider):
            arguments |= server_arguments(url, own_server)
        if self._transport is not None:
            from .transports import shared  # here, as it loads httpx2

            arguments["transport"] = shared(self._transport, is_async=self._kind == "async")
        return arguments

    def take_transport(self) -> Any:
        """The transport that was passed, to be closed, once; None: there is none, or it is another process's."""
        transport, self._transport = self._transport, None
        return transport if os.getpid() == self._process else None
