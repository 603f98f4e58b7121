"""The servers that a reference may name: the client's own, and those that were allowed for its provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from .._errors import InvalidRef
from .._providers.lookup import find
from .._refs.ref import RunRef
from .._text import brief

_PORTS = {"http": 80, "https": 443}

Host: TypeAlias = tuple[str, str, str | None, int | None]
"""Where requests go: the provider's name, and the scheme, the name and the port of its server."""


class AllowedServers:
    """The addresses that references may name beside the client's own, by provider.

    A credential is sent only to servers that were allowed for its provider. So are `base_urls`, those of the clients
    that are made here, and have been checked.

    Raises:
        UnknownProvider: there is no provider of that name.
        ValueError: an address cannot be the `base_url` of any reference.
        TypeError: they are not in a mapping, or the addresses not in a list or another collection.
    """

    def __init__(self, allowed: Mapping[str, Iterable[str]] | None, base_urls: Mapping[str, str]) -> None:
        if not isinstance(allowed, Mapping | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            kind = type(allowed).__name__
            raise TypeError(f"allowed_base_urls must be a mapping from providers to lists of addresses, not {kind}")
        self._allowed = {provider: _checked(provider, urls) for provider, urls in (allowed or {}).items()}
        for provider, url in base_urls.items():
            self._allowed[provider] = (url, *self._allowed.get(provider, ()))

    def replacement(self, ref: RunRef, usual: str) -> str | None:
        """The allowed server that a reference names; None for the client's own, whose address is `usual`, "" for none.

        Raises:
            InvalidRef: the reference asks for a server that it may not name.
        """
        if ref.base_url is None or is_same(ref.base_url, usual):
            return None
        # The address as it was allowed, not as the reference spells it.
        for url in self._allowed.get(ref.provider, ()):
            if is_same(url, ref.base_url):
                return url
        another = f"another server than the client's, {usual}" if usual else "a server, and the client has none"
        raise InvalidRef(
            f"{brief(str(ref))} asks for {another}; if credentials may go there,"
            f" allow it: allowed_base_urls={{{ref.provider!r}: [...]}}"
        )


def server_arguments(url: str | None, own_server: str) -> dict[str, Any]:
    """The arguments that move a client to a server; `own_server` is that of its call, "" where it is the client's."""
    return {"server_urls": {own_server: url}} if own_server and url else {"base_url": url}


def is_same(url: str, other: str) -> bool:
    """Whether two spellings are of the same address."""
    return url == other or _normalized(url) == _normalized(other)


def host_of(provider: str, url: str) -> Host:
    """The host of an address of the provider's server."""
    return provider, *_normalized(url)[:3]


def check_address(argument: str, provider: str, url: object) -> None:
    """Check an address of the server of a provider, which was passed in an argument of `Runs`.

    Raises:
        UnknownProvider: there is no provider of that name.
        ValueError: it cannot be the `base_url` of any reference.
        TypeError: it is not a text.
    """
    if not isinstance(url, str):
        raise TypeError(f"{argument}[{provider!r}] must be the address of a server, not {type(url).__name__}")
    name = find(provider).name
    try:
        RunRef(name, "any", base_url=url)
    except InvalidRef as error:
        raise InvalidRef(str(error).replace("base_url of a reference", f"{argument}[{provider!r}]", 1)) from None


def _checked(provider: str, urls: Iterable[str]) -> tuple[str, ...]:
    argument = "allowed_base_urls"
    if isinstance(urls, str | bytes):
        raise TypeError(f"{argument}[{provider!r}] must be a list of addresses, not one")
    find(provider)
    addresses = tuple(urls)
    for url in addresses:
        check_address(argument, provider, url)
    return addresses


def _normalized(url: str) -> tuple[str, str | None, int | None, str]:
    """What two spellings of the same address have in common (RFC 3986, 6.2.2.1 and 6.2.3)."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme), parts.path.rstrip("/")
