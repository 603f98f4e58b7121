"""Where requests go: server URLs, their variables, and whether a credential may travel there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from .._api import Api

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
_LOOPBACK = re.compile(r"localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1")
_HOST_PART = re.compile(r"[A-Za-z0-9.-]*")


def base_url(api: Api, values: Mapping[str, object], override: str | None) -> str:
    """The URL that paths are appended to, without a trailing slash.

    Raises:
        ValueError: `override`, or the server with its variables filled in, is not an absolute http
            or https URL free of query, fragment and user name; or there is no server to use.
    """
    if override is not None:
        replaced = [v.argument for v in api.variables if values.get(v.argument) is not None]
        if replaced:
            raise ValueError(f"base_url replaces the whole address: leave out {', '.join(replaced)}")
        return checked_url(override, "base_url")
    server = _filled(api, values)
    if not server or server.startswith("/"):
        documented = f"documents only {server!r}" if server else "documents no server"
        raise ValueError(f"base_url is needed: {api.distribution}'s API {documented}")
    return checked_url(server, "the server's URL")


def checked_url(url: str, what: str) -> str:
    """`url` without trailing slashes, once it is certain that a path can be appended to it."""
    problem = _problem(url)
    if problem:
        # The URL is not echoed: user information in it may be a password.
        raise ValueError(f"{what} {problem}; expected something like https://host/path")
    return url.rstrip("/")


def is_exposed(url: str) -> bool:
    """Whether what is sent to `url` can be read on the way: http, and not to this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without brackets, is this very machine."""
    return _LOOPBACK.fullmatch(host) is not None


def _problem(url: str) -> str:
    """Why no path can be appended to `url`; empty where one can."""
    if _UNPRINTABLE.search(url):
        return "holds a space, backslash or control character"
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:  # of an invalid port or IPv6 address
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine:
        return "is not an absolute http or https URL"
    if "@" in parts.netloc:
        return "must not hold a user name or password"
    if "?" in url or "#" in url:
        return "must not have a query or a fragment"
    return ""


def _filled(api: Api, values: Mapping[str, object]) -> str:
    """The documented server, its variables replaced by arguments or defaults."""
    server = api.server
    authority = api.server.partition("://")[2].partition("/")[0]
    for variable in api.variables:
        argument = values.get(variable.argument)
        value = variable.default if argument is None else str(argument)
        if argument is not None and not value:
            raise ValueError(f"{variable.argument} is empty; leave it out to use {variable.default!r}")
        if variable.enum and value not in variable.enum:
            allowed = ", ".join(variable.enum)
            raise ValueError(f"{variable.argument} is {value!r}, but must be one of: {allowed}")
        placeholder = f"{{{variable.name}}}"
        in_path = variable.default.startswith("/")  # `https://api.example.com{base_path}`: the host ends before it
        fits = value.startswith("/") if in_path else _HOST_PART.fullmatch(value)
        if placeholder in authority and not fits:
            # "evil.example/" for a region, or ".evil.example" for such a path, would send the credential elsewhere.
            raise ValueError(f"{variable.argument} is part of a host name, and cannot be {value!r}")
        server = server.replace(placeholder, value)
    return server
