"""The ways by which a secret gets into a client."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import API, BASIC, BEARER, COOKIE, KEY, QUERY

_CREDENTIALS = {"api_key": KEY, "access_token": BEARER, "query_key": QUERY, "session": COOKIE, "login": BASIC}
_FLOW = core.ClientCredentials(
    "https://login.example.com/token",
    id_environment="EXAMPLE_CLIENT_ID",
    secret_environment="EXAMPLE_CLIENT_SECRET",
)
_BEARER_ONLY: core.Security = (("Bearer",),)
_OAUTH_API = replace(API, credentials=(replace(BEARER, client=_FLOW),), security=(_BEARER_ONLY,))


@dataclass(frozen=True)
class Servers:
    """The server that is called, a proxy, and a server that nobody should call."""

    api: Loopback
    proxy: Loopback
    other: Loopback


@dataclass(frozen=True)
class Door:
    """How a client is made and called so that it has the secret, and which servers may get it.

    `is_of_caller`: the secret is inside of an object of the caller, whose own attributes show it.
    `is_echoed`: whether servers echo it. Ours does not know which headers of a passed client are secrets.
    `may_show`: local variables that are the caller's arguments as they were passed.
    """

    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    options: Mapping[str, Any] | None = None
    extra_headers: Mapping[str, str] | None = None
    security: core.Security | None = None
    http_client: Mapping[str, Any] | None = None
    may_reach_api: bool = True
    may_reach_proxy: bool = False
    is_of_caller: bool = False
    is_echoed: bool = True
    may_show: frozenset[str] = frozenset()


class _OwnAuth(httpx2.Auth):
    """Puts the secret into a header and the query."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["X-Own"] = self._secret
        request.url = request.url.copy_merge_params({"own": self._secret})
        yield request


class _QueryAuth(httpx2.Auth):
    """Puts the secret into the query alone."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.url = request.url.copy_merge_params({"own": self._secret})
        yield request


def _login(argument: str, secret: str) -> str:
    return f"user:{secret}" if argument == "login" else secret


def _argument(argument: str) -> Callable[[str, Servers], Door]:
    return lambda secret, servers: Door({argument: _login(argument, secret)})


def _function(argument: str) -> Callable[[str, Servers], Door]:
    return lambda secret, servers: Door({argument: lambda: _login(argument, secret)})


def _environment(argument: str) -> Callable[[str, Servers], Door]:
    return lambda secret, servers: Door(environment={str(_CREDENTIALS[argument].environment): _login(argument, secret)})


def _auth(make: Callable[[str], httpx2.Auth]) -> Callable[[str, Servers], Door]:
    return lambda secret, servers: Door({"auth": make(secret)}, is_of_caller=True)


def _header(name: str, prefix: str = "") -> Callable[[str, Servers], Door]:
    return lambda secret, servers: Door(
        {"api_key": "key-of-the-example"},
        extra_headers={name: prefix + secret},
        may_show=frozenset(("extra_headers", "options", "call_options", "headers", "extra", "value")),
    )


def _refused_url(of: str, by_options: bool, form: str) -> Callable[[str, Servers], Door]:
    def door(secret: str, servers: Servers) -> Door:
        # As RFC 3986 asks for: after a slash, the rest is a path, and what is before it a host.
        url = form.replace("SECRET", _quoted(secret))
        value: object = {"https://files.example.com": url} if of == "server_urls" else url
        key = {"api_key": "key-of-the-example"}
        if by_options:
            return Door(key, options={of: value}, may_reach_api=False)
        return Door({**key, of: value}, may_reach_api=False)

    return door


def _oauth(secret: str, servers: Servers) -> Door:
    settings = {"client_id": "me", "client_secret": secret, "token_url": f"{servers.api.url}/token"}
    return Door({"api": _OAUTH_API, **settings}, security=_BEARER_ONLY)


def _oauth_by_environment(secret: str, servers: Servers) -> Door:
    return Door(
        {"api": _OAUTH_API, "token_url": f"{servers.api.url}/token"},
        {"EXAMPLE_CLIENT_ID": "me", "EXAMPLE_CLIENT_SECRET": secret},
        security=_BEARER_ONLY,
    )


def _fetched_token(secret: str, servers: Servers) -> Door:
    """The server gives the secret as a token, by a header that the attack answers to."""
    settings = {"client_id": "me", "client_secret": "of-me-alone", "token_url": f"{servers.api.url}/token"}
    return Door({"api": _OAUTH_API, **settings}, security=_BEARER_ONLY)


def _proxy(variable: str, scheme: str, target: str) -> Callable[[str, Servers], Door]:
    def door(secret: str, servers: Servers) -> Door:
        place = servers.proxy.url.partition("://")[2]
        proxy = f"{scheme}://user:{_quoted(secret)}@{place}"
        settings = {"api_key": "key-of-the-example", "base_url": target, "allow_insecure_http": True}
        return Door(settings, {variable: proxy}, may_reach_api=False, may_reach_proxy=True)

    return door


def _key_behind_a_proxy(variable: str, target: str) -> Callable[[str, Servers], Door]:
    """The credential is the secret, and the proxy must not get it."""

    def door(secret: str, servers: Servers) -> Door:
        return Door({"api_key": secret, "base_url": target}, {variable: servers.proxy.url})

    return door


def _http_client(is_echoed: bool = True, **options: Callable[[str], Any]) -> Callable[[str, Servers], Door]:
    return lambda secret, servers: Door(
        {"api_key": "key-of-the-example"},
        http_client={name: make(secret) for name, make in options.items()},
        is_of_caller=True,
        is_echoed=is_echoed,
    )


def _quoted(secret: str) -> str:
    return quote(secret, safe="", errors="replace")


_URLS = (
    "https://user:SECRET@api.example.com/",
    "http://SECRET@127.0.0.1:9/",
    "https://user:SECRET@[::1/",
    "ftp://SECRET@x",
)

DOORS: Mapping[str, Callable[[str, Servers], Door]] = {
    **{f"argument {name}": _argument(name) for name in _CREDENTIALS},
    **{f"function {name}": _function(name) for name in _CREDENTIALS},
    **{f"environment {name}": _environment(name) for name in _CREDENTIALS},
    "auth of one's own": _auth(_OwnAuth),
    "auth by the query": _auth(_QueryAuth),
    "auth basic": _auth(lambda secret: httpx2.BasicAuth("user", secret)),
    "auth digest": _auth(lambda secret: httpx2.DigestAuth("user", secret)),
    "extra header authorization": _header("Authorization", "Token "),
    "extra header cookie": _header("Cookie", "sid="),
    "extra header proxy-authorization": _header("Proxy-Authorization", "Basic "),
    **{
        f"refused {of} {number} {'with_options' if by_options else 'constructor'}": _refused_url(of, by_options, form)
        for of in ("base_url", "server_urls")
        for by_options in (False, True)
        for number, form in enumerate(_URLS)
    },
    "client secret": _oauth,
    "client secret of the environment": _oauth_by_environment,
    "fetched token": _fetched_token,
    **{
        f"password of {variable} {scheme} {target}": _proxy(variable, scheme, target)
        for variable in ("HTTP_PROXY", "https_proxy", "ALL_PROXY")
        for scheme in ("http", "nonsense", "socks5")
        for target in ("http://api.example.invalid", "https://api.example.invalid")
        if (variable == "ALL_PROXY") or variable.upper().startswith(f"{target.partition(':')[0].upper()}_")
    },
    **{
        f"key behind {variable} {target}": _key_behind_a_proxy(variable, target)
        for variable, target in (
            ("HTTPS_PROXY", "https://api.example.invalid"),
            ("ALL_PROXY", "https://api.example.invalid"),
            ("HTTP_PROXY", "http://api.example.invalid"),
        )
    },
    "key behind HTTP_PROXY and loopback": lambda secret, servers: Door(
        {"api_key": secret}, {"HTTP_PROXY": servers.proxy.url, "ALL_PROXY": servers.proxy.url}
    ),
    "headers of an http client": _http_client(False, headers=lambda secret: {"X-Own": secret}),
    "auth of an http client": _http_client(auth=lambda secret: httpx2.BasicAuth("user", secret)),
    "cookies of an http client": _http_client(cookies=lambda secret: {"own": _quoted(secret)}),
}
