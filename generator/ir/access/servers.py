"""The servers of a simplified document -> `Server`s, whose variables are arguments of the client."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from ...document.problems import Problems
from ...document.tree import Array, Object
from ...simplify.names import Naming, unique_names
from ..provider import CLIENT_ARGUMENTS
from ..values import mapping, text
from .model import Server, ServerVariable

WITHOUT_SERVER = "read as if there were no servers, so that calls need the client's `base_url`"
"""What is read instead of the document's first server."""


def read_servers(
    value: Any, arguments: Iterable[str], naming: Naming, problems: Problems, instead: str = ""
) -> tuple[Server, ...]:
    """The servers, of which the first is the default. `arguments` are names that the client has already.

    Reports and leaves out servers with variables that have no default, and a first server to which nothing can be sent.
    Without the first one there are no servers, as no other can stand for it; `instead` says what is read then.
    """
    reserved = (*CLIENT_ARGUMENTS, *arguments)
    values = [server for server in value if isinstance(server, Object)] if isinstance(value, Array) else []
    readings = [instead, *["left out"] * len(values)]
    servers = [_server(v, reserved, naming, problems, c) for v, c in zip(values, readings, strict=False)]
    if not servers or servers[0] is None:
        return ()
    if reason := reason_not_usable(servers[0].default_url):
        message = f"the server's URL {reason}"  # the URL is not repeated: it may contain secrets
        problems.loss("bad-server", servers[0].source, message, instead, "correct it by an overlay action")
        return ()
    return tuple(server for server in servers if server is not None)


def _server(
    value: Object, reserved: tuple[str, ...], naming: Naming, problems: Problems, instead: str
) -> Server | None:
    """A server; None where a variable of its URL has no default, which is reported."""
    declared = mapping(value, "variables")
    names = dict.fromkeys(re.findall(r"\{([^{}]*)\}", text(value, "url")))
    arguments = unique_names({name: naming.identifier(name) for name in names}, reserved)
    variables: list[ServerVariable] = []
    for name in names:
        variable = declared.get(name)
        if isinstance(variable, Object) and isinstance(variable.get("default"), (str, int, float)):
            enum = variable.get("enum")
            values = tuple(map(str, enum.as_written())) if isinstance(enum, Array) else ()
            default, description = text(variable, "default"), text(variable, "description")
            variables.append(ServerVariable(name, arguments[name], default, variable.source, values, description))
        else:
            message = f"the server variable {name!r} has no default"
            hint = "declare it under `variables` by an overlay action"
            problems.loss("bad-server", value.where("url"), message, instead, hint)
    if len(variables) < len(names):
        return None
    return Server(text(value, "url"), value.source, text(value, "description"), tuple(variables))


def reason_not_usable(url: str, *, may_have_query: bool = False) -> str:
    """The reason why requests cannot be sent to a URL, as the end of a sentence; "" if they can."""
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
    if may_have_query:
        return "has a fragment" if "#" in url else ""
    return "has a query or a fragment" if "?" in url or "#" in url else ""
