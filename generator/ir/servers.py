"""The servers of a simplified document -> `Server`s, whose variables are arguments of the client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ..document.problems import Problems
from ..document.tree import Array, Object
from ..simplify.names import Naming, unique_names
from .model import Server, ServerVariable
from .provider import CLIENT_ARGUMENTS
from .values import mapping, text


def read_servers(value: Any, arguments: Iterable[str], naming: Naming, problems: Problems) -> tuple[Server, ...]:
    """The servers; undeclared variables of URLs are reported. `arguments` are names that the client has already."""
    servers: list[Server] = []
    for server in value if isinstance(value, Array) else ():
        if isinstance(server, Object):
            variables = tuple(_variables(server, (*CLIENT_ARGUMENTS, *arguments), naming, problems))
            servers.append(Server(text(server, "url"), server.source, text(server, "description"), variables))
    if servers and (reason := _unusable(servers[0].default_url)):
        message = f"the server's URL {reason}"  # the URL is not repeated: it may contain secrets
        problems.error("bad-server", servers[0].source, message, "correct it by an overlay action")
    return tuple(servers)


def _variables(
    server: Object, reserved: tuple[str, ...], naming: Naming, problems: Problems
) -> Iterator[ServerVariable]:
    declared = mapping(server, "variables")
    names = dict.fromkeys(re.findall(r"\{([^{}]*)\}", text(server, "url")))
    arguments = unique_names({name: naming.identifier(name) for name in names}, reserved)
    for name in names:
        variable = declared.get(name)
        if isinstance(variable, Object) and isinstance(variable.get("default"), (str, int, float)):
            enum = variable.get("enum")
            values = tuple(map(str, enum.as_written())) if isinstance(enum, Array) else ()
            default, description = text(variable, "default"), text(variable, "description")
            yield ServerVariable(name, arguments[name], default, variable.source, values, description)
        else:
            message = f"the server variable {name!r} has no default"
            hint = "declare it under `variables` by an overlay action"
            problems.error("bad-server", server.where("url"), message, hint)


def _unusable(url: str) -> str:
    """The reason why requests cannot be sent to a URL; "" if they can."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        return "contains a blank, a backslash or a control character"
    scheme, separator, _ = url.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return "is neither http nor https"
    try:
        parts = urlsplit(url)
        is_valid = parts.port != 0
    except ValueError:  # of an invalid port or IPv6 address
        is_valid = False
    if not is_valid:
        return "has an invalid host or port"
    if "@" in parts.netloc:
        return "contains a user name or a password"
    return "has a query or a fragment" if "?" in url or "#" in url else ""
