"""Building a request: the same for both kinds of clients, and ready to be sent more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET

from .._api import STREAMS, Operation, Parameter
from .._text import is_header_value, user_agent_of
from .request import Request
from .styles import in_cookies, in_header, in_path, in_query
from .values import is_absent

_TEMPLATE_EXPRESSION = re.compile(r"\{([^{}]+)\}")


def build_request(
    operation: Operation[Any],
    values: Mapping[str, object],
    body: object,
    *,
    server: str,
    user_agent: str,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, object] | None = None,
) -> Request:
    """The request that calls `operation` with `values` (by Python name) and `body`, without credentials.

    Raises:
        ValueError: a value cannot be sent where it belongs; the message names the parameter.
        TypeError: a value is of a type that a parameter cannot have.
    """
    query = [pair for parameter, value in _present(operation, values, "query") for pair in in_query(parameter, value)]
    headers = {"Accept": _accept(operation), **_header_values(operation, values)}
    content = None
    if operation.bodies and body is not UNSET:
        from .bodies import encode_body  # here, as most calls have none

        content, headers["Content-Type"] = encode_body(operation.bodies[0], body)
    if extra_headers or extra_query:
        from .extras import with_extra_headers, with_extra_query  # here, as most calls have none

        headers, query = with_extra_headers(headers, extra_headers or {}), with_extra_query(query, extra_query or {})
    url = server + _path(operation, values)
    if query:
        # A path of the document may contain a query, such as the name of an action.
        url = f"{url}{'&' if '?' in url else '?'}{'&'.join(query)}"
    return Request(
        operation=operation.name,
        method=operation.method,
        url=url,
        shown_url=url,
        headers=tuple(_with_user_agent(headers, user_agent).items()),
        content=content,
        server=server,
    )


def _present(
    operation: Operation[Any], values: Mapping[str, object], location: str
) -> Iterator[tuple[Parameter, object]]:
    """The parameters of a location that have a value, and their values."""
    for parameter in operation.parameters:
        value = values.get(parameter.name, UNSET)
        if parameter.location == location and not is_absent(value):
            yield parameter, value


def _header_values(operation: Operation[Any], values: Mapping[str, object]) -> dict[str, str]:
    """The headers that parameters fill, cookies among them."""
    headers: dict[str, str] = {}
    for parameter, value in _present(operation, values, "header"):
        text = in_header(parameter, value)
        if text is not None:
            headers[parameter.wire] = text
    cookies = [
        pair for parameter, value in _present(operation, values, "cookie") for pair in in_cookies(parameter, value)
    ]
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    return headers


def _with_user_agent(headers: dict[str, str], own: str) -> dict[str, str]:
    """The headers with our User-Agent, behind that of the caller, if there is any."""
    products = [text for name, text in headers.items() if name.lower() == "user-agent"]
    if not products:
        return {"User-Agent": own, **headers}
    rest = {name: text for name, text in headers.items() if name.lower() != "user-agent"}
    return {"User-Agent": user_agent_of(products[-1], own), **rest}


def _path(operation: Operation[Any], values: Mapping[str, object]) -> str:
    parameters = {parameter.wire: parameter for parameter in operation.parameters if parameter.location == "path"}

    def fill(match: re.Match[str]) -> str:
        parameter = parameters[match[1]]
        return in_path(parameter, values.get(parameter.name, UNSET))

    path = _TEMPLATE_EXPRESSION.sub(fill, operation.path)
    if not {".", ".."}.isdisjoint(path.partition("?")[0].split("/")):
        # Two values in one segment: each is harmless alone.
        raise ValueError(f"the arguments of {operation.name} would change the path of the request")
    return path


def _accept(operation: Operation[Any]) -> str:
    """The documented media types, those of success first (RFC 9110, 12.5.1).

    Where some are streams, others get a lower weight, as they may be the same success in one piece.
    """
    documented = sorted(operation.responses.items(), key=lambda item: not item[0].startswith("2"))
    # What no header can hold is not a media type: no server sends it either.
    contents = [content for _, content in documented if content and is_header_value(content.media_type)]
    streams = {content.media_type for content in contents if content.decode in STREAMS}
    types = dict.fromkeys(content.media_type for content in contents)
    return ", ".join(f"{name};q=0.5" if streams and name not in streams else name for name in types) or "*/*"
