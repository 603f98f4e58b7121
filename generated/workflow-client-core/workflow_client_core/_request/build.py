"""Building a request: the same for both kinds of clients, and ready to be sent more than once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from msgspec import UNSET

from .._api import STREAMS, Operation
from .._text import is_header_value
from .request import Request
from .styles import in_cookies, in_header, in_path, in_query
from .values import is_absent

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def operation_url(base_url: str, operation: Operation[Any]) -> str:
    """The server that an operation is sent to, without a trailing slash."""
    if not operation.server:
        return base_url
    return urljoin(f"{base_url}/", operation.server).rstrip("/")


def build_request(
    operation: Operation[Any],
    values: Mapping[str, object],
    body: object,
    *,
    server: str,
    user_agent: str,
) -> Request:
    """The request that calls `operation` with `values` (by Python name) and `body`, without credentials.

    Raises:
        ValueError: a value cannot be sent where it belongs; the message names the parameter.
        TypeError: a value is of a kind that has no place in a parameter.
    """
    headers = {"User-Agent": user_agent, "Accept": _accept(operation)}
    query: list[str] = []
    cookies: list[str] = []
    for parameter in operation.parameters:
        value = values.get(parameter.name, UNSET)
        if parameter.location == "path" or is_absent(value):
            continue
        if parameter.location == "query":
            query += in_query(parameter, value)
        elif parameter.location == "header":
            text = in_header(parameter, value)
            if text is not None:
                headers[parameter.wire] = text
        else:
            cookies += in_cookies(parameter, value)
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    content = None
    if operation.bodies and body is not UNSET:
        from .bodies import encode_body  # here, as most calls have none

        content, headers["Content-Type"] = encode_body(operation.bodies[0], body)
    url = server + _path(operation, values)
    if query:
        # A path of the document may have a query of its own, such as an action that it stands for.
        url = f"{url}{'&' if '?' in url else '?'}{'&'.join(query)}"
    return Request(
        operation=operation.name,
        method=operation.method,
        url=url,
        shown_url=url,
        headers=tuple(headers.items()),
        content=content,
    )


def _path(operation: Operation[Any], values: Mapping[str, object]) -> str:
    filling = {parameter.wire: parameter for parameter in operation.parameters if parameter.location == "path"}

    def fill(match: re.Match[str]) -> str:
        parameter = filling[match[1]]
        return in_path(parameter, values.get(parameter.name, UNSET))

    path = _PLACEHOLDER.sub(fill, operation.path)
    if not {".", ".."}.isdisjoint(path.partition("?")[0].split("/")):
        # Two values side by side in one segment: each is harmless alone.
        raise ValueError(f"the arguments of {operation.name} would change the path of the request")
    return path


def _accept(operation: Operation[Any]) -> str:
    """The documented media types, those of success first (RFC 9110, 12.5.1).

    Where these are streams the others weigh less: they may be what the same success looks like as a whole.
    """
    documented = sorted(operation.responses.items(), key=lambda item: not item[0].startswith("2"))
    # What no header can hold is no media type: no server sends it either.
    contents = [content for _, content in documented if content and is_header_value(content.media_type)]
    streams = {content.media_type for content in contents if content.decode in STREAMS}
    types = dict.fromkeys(content.media_type for content in contents)
    return ", ".join(f"{name};q=0.5" if streams and name not in streams else name for name in types) or "*/*"
