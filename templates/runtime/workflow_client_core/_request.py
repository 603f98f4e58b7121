"""Building a request: pure, the same for sync and async, and ready to be sent more than once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urljoin

import msgspec
from msgspec import UNSET, Struct

from . import _styles
from ._api import STREAMS, Operation
from ._secrets import MASK, SentCredential
from ._values import is_absent, is_header_value

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Request(Struct, frozen=True):
    """A request as it goes over the wire. Its repr shows no header, no body and no secret.

    `shown_url` is `url` with the values of credentials masked.
    """

    operation: str
    method: str
    url: str
    shown_url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    credentials: tuple[SentCredential, ...] = ()

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.shown_url}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # which Struct defines, with all fields
        return [("method", self.method), ("url", self.shown_url)]

    @property
    def place(self) -> str:
        """For messages: the method and the address, without the query."""
        return f"{self.method} {self.shown_url.partition('?')[0]}"

    def signed(self, credentials: Sequence[SentCredential]) -> Request:
        """The same request with credentials; of a request that has none yet.

        Nothing here can fail, so that no traceback shows these locals.
        """
        headers = dict(self.headers)
        url, shown_url = self.url, self.shown_url
        for credential in credentials:
            if credential.location == "query":
                separator = "&" if "?" in url else "?"
                key = f"{separator}{quote(credential.name, safe='')}="
                url += f"{key}{quote(credential.reveal(), safe='')}"
                shown_url += f"{key}{MASK}"
            elif credential.location == "header":
                headers[credential.name] = credential.reveal()
            else:
                cookie = f"{credential.name}={credential.reveal()}"
                headers["Cookie"] = f"{headers['Cookie']}; {cookie}" if "Cookie" in headers else cookie
        return msgspec.structs.replace(
            self, url=url, shown_url=shown_url, headers=tuple(headers.items()), credentials=tuple(credentials)
        )


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
            query += _styles.in_query(parameter, value)
        elif parameter.location == "header":
            text = _styles.in_header(parameter, value)
            if text is not None:
                headers[parameter.wire] = text
        else:
            cookies += _styles.in_cookies(parameter, value)
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    content = None
    if operation.bodies and body is not UNSET:
        from ._bodies import encode_body  # here, as most calls have none

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
        return _styles.in_path(parameter, values.get(parameter.name, UNSET))

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
