"""Where requests go: server URLs, their variables, and whether a credential may travel there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._api import Api, Operation, ServerVariable
from .._text import has_lone_surrogate, with_whole_escapes

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
_WITH_HOST = re.compile(r"[^/]*://[^/]")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


def base_url(
    api: Api,
    values: Mapping[str, object],
    override: str | None,
    environment: Mapping[str, str],
    server_urls: Mapping[str, str],
) -> str:
    """The URL that paths are appended to, without a trailing slash; "" where only some calls need it and none is known.

    It is `override`, else what the environment has unless callers pass variables of the documented server, else that
    server with its variables filled in.
    `server_urls` are as from `moved_servers`.

    Raises:
        ValueError: it is not an absolute http or https URL free of query, fragment and user name; or there is no server
            to use for any call.
    """
    given = [v.argument for v in api.variables if values.get(v.argument) is not None]
    if override is not None:
        if given:
            raise ValueError(f"base_url replaces the whole address: leave out {', '.join(given)}")
        return checked_url(override, "base_url")
    variable = api.base_url_environment
    if variable and not given and (url := environment.get(variable)):
        return checked_url(url, f"the URL in the environment variable {variable}")
    pieces = _filled(api.server, api, values)
    server = "".join(pieces)
    if not given and not _WITH_HOST.match(server):
        if any(_WITH_HOST.match(server_urls.get(server, server)) for server in api.own_servers):
            return ""
        raise _missing(api)
    url = checked_url(server, f"the server's URL with the given {' and '.join(given)}" if given else "the server's URL")
    _check_places(api.server, api, values, pieces)
    return url


def token_urls(api: Api, values: Mapping[str, object]) -> dict[str, str]:
    """Where a client gets tokens, by security scheme: what callers pass, else what is documented, perhaps relative.

    "" where neither is there.

    Raises:
        ValueError: one that is passed is not an absolute http or https URL free of fragment and user name; or an
            argument for a variable of the server moves a documented one to another host.
    """
    urls: dict[str, str] = {}
    for credential in api.credentials:
        if credential.client is not None:
            argument, documented = credential.client.url_argument, credential.client.url
            passed = values.get(argument)
            if passed is not None:
                urls[credential.scheme] = _checked_token_url(passed, argument)
                continue
            pieces = _filled(documented, api, values)
            _check_places(documented, api, values, pieces)
            urls[credential.scheme] = "".join(pieces)
    return urls


def _checked_token_url(url: object, argument: str) -> str:
    problem = _problem(url, may_have_query=True) if isinstance(url, str) else f"is a {type(url).__name__}"
    if problem:
        raise ValueError(f"{argument} {problem}; expected something like https://host/path")
    return str(url)


def absolute_url(url: str, base_url: str) -> str:
    """A URL that may be relative to `base_url`, which is a folder; "" where it is, and there is no base URL."""
    if _WITH_HOST.match(url):
        return url
    from urllib.parse import urljoin

    return urljoin(f"{base_url}/", url) if url and base_url else ""


def operation_url(api: Api, operation: Operation[Any], base_url: str, server_urls: Mapping[str, str]) -> str:
    """The server that an operation is sent to, without a trailing slash.

    Raises:
        ValueError: it depends on the base URL, which is not known.
    """
    url = server_url(operation.server, base_url, server_urls)
    if not url:
        raise _missing(api, f" by {operation.name}")
    return url


def server_url(server: str, base_url: str, server_urls: Mapping[str, str]) -> str:
    """Where a server of operations is, without a trailing slash; "" where that depends on an unknown base URL.

    `server` is as it is documented, "" for the API's own; `server_urls` are as from `moved_servers`.
    """
    url = server_urls.get(server, server)
    if not url:
        return base_url
    if "://" not in url:
        from urllib.parse import urljoin

        # The base URL is a folder, as paths are appended to it (RFC 3986, section 5).
        url = urljoin(f"{base_url}/", url) if base_url else ""
    return url.rstrip("/")


def moved_servers(api: Api, server_urls: Mapping[str, str]) -> dict[str, str]:
    """The URLs that replace servers of operations, by the servers as they are documented.

    Raises:
        ValueError: no operation has the server, or its new URL is not the address of a server.
    """
    moved: dict[str, str] = {}
    for server, url in server_urls.items():
        spellings = [name for name in api.own_servers if name.rstrip("/") == server.rstrip("/")]
        if not spellings:
            known = ", ".join(api.own_servers) or "none"
            raise ValueError(f"server_urls has a server that no operation names; there are: {known}")
        moved |= dict.fromkeys(spellings, checked_url(url, f"the URL in server_urls for {spellings[0]}"))
    return moved


def _missing(api: Api, caller: str = "") -> ValueError:
    documented = f"documents only {api.server!r}" if api.server else "documents no server"
    way = f"; pass base_url= (or set {api.base_url_environment})" if api.base_url_environment else ""
    return ValueError(f"base_url is needed{caller}: {api.distribution}'s API {documented}{way}")


def checked_url(url: str, what: str) -> str:
    """`url` without trailing slashes and with its scheme in lower case; a path can be appended to it."""
    problem = _problem(url)
    if problem:
        # The URL is not echoed: user information in it may be a password.
        raise ValueError(f"{what} {problem}; expected something like https://host/path")
    scheme, separator, rest = url.partition("://")
    return scheme.lower() + separator + rest.rstrip("/")


def is_exposed(url: str) -> bool:
    """Whether what is sent to `url` can be read on the way: http, and not to this very machine."""
    if url.startswith("https:"):
        return False
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without brackets, is this very machine."""
    if host == "localhost":
        return True
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:  # it is a name, which anybody can give to any machine
        return False


def _problem(url: str, *, may_have_query: bool = False) -> str:
    """Why nothing can be sent to `url`, or no path appended to it; empty where both can."""
    if _UNPRINTABLE.search(url):
        return "holds a space, backslash or control character"
    if has_lone_surrogate(url):
        return "holds half of a surrogate pair"
    if with_whole_escapes(url) != url:
        return "holds a percent sign that begins no escape, such as %2F"
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:  # of an invalid port or IPv6 address
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine:
        return "is not an absolute http or https URL"
    # A slash in a password ends the host name too early: `https://user:/word@host`.
    if "@" in (url if parts.netloc.endswith(":") else parts.netloc):
        return "must not hold a user name or password"
    if may_have_query and "#" in url:
        return "must not have a fragment"
    if not may_have_query and ("?" in url or "#" in url):
        return "must not have a query or a fragment"
    return ""


def _filled(url: str, api: Api, values: Mapping[str, object]) -> list[str]:
    """A documented URL in pieces: its texts, and between them what the variables of the server are replaced by."""
    variables = {variable.name: variable for variable in api.variables}
    pieces = _VARIABLE.split(url)
    pieces[1::2] = [_value(variables[name], values.get(variables[name].argument)) for name in pieces[1::2]]
    return pieces


def _value(variable: ServerVariable, argument: object) -> str:
    if argument is None:
        return variable.default
    value = str(argument)
    if variable.enum and value not in variable.enum:
        raise ValueError(f"{variable.argument} is {value!r}, but must be one of: {', '.join(variable.enum)}")
    return value


def _check_places(url: str, api: Api, values: Mapping[str, object], pieces: list[str]) -> None:
    """Raise where an argument moves the request to another host than the one that its place in the URL is in.

    "evil.example/" for a region, or ".evil.example" for a path, would send the credential elsewhere.
    """
    variables = {variable.name: variable for variable in api.variables}
    for position, name in enumerate(_VARIABLE.findall(url)):
        variable = variables[name]
        if values.get(variable.argument) is not None:
            before, value, after = pieces[: 2 * position + 1], pieces[2 * position + 1], pieces[2 * position + 2 :]
            problem = _misplaced(variable.default, "".join(before), value, "".join(after))
            if problem:
                raise ValueError(f"{variable.argument} {problem}")


def _misplaced(default: str, before: str, value: str, after: str) -> str:
    """Why a variable with this default cannot have `value` between these parts of a URL; empty where it can."""
    if after.startswith("://"):
        return "is the scheme of the server's URL, and must be http or https" if {":", "/"} & {*value} else ""
    host, rest = before.partition("://")[2], after.partition("/")[0]
    if "://" not in before or "/" in host or host.endswith(":"):  # it is in the path, or the port
        return ""
    if "://" in value:
        return f"follows {before!r} in the server's URL: leave out the scheme"
    if "/" in value and rest:
        return f"is part of a host name that goes on with {rest!r}, and cannot hold a slash"
    is_label = not host or host.endswith(".")
    if not value and is_label and rest[:1] in ("", ".", ":"):
        return "is part of a host name, and cannot be empty" + (f"; leave it out to use {default!r}" if default else "")
    follows_host = not is_label and default[:1] in ("", "/", ":") and rest[:1] in ("", ":")
    if follows_host and value[:1] not in ("", "/", ":"):
        return "follows the host name, and must begin with a slash or a colon"
    return ""
