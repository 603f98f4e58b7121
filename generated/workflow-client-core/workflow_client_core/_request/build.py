"""Building a request: the same for both kinds of clients, and ready to be sent more than once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import UNSET

from .._api import Operation, Parameter
from .._text import user_agent_of
from .prepared import Prepared, prepared
from .request import Request
from .styles import in_cookies, in_header, in_path, in_query
from .values import is_absent


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
    common = prepared(operation)
    query = [pair for parameter, value in _present(common.query, values) for pair in in_query(parameter, value)]
    headers = {"Accept": common.accept, **_header_values(common, values)}
    content = None
    if operation.bodies and body is not UNSET:
        from .bodies import encode_body  # here, as most calls have none

        content, headers["Content-Type"] = encode_body(operation.bodies[0], body)
    if extra_headers or extra_query:
        from .extras import with_extra_headers, with_extra_query  # here, as most calls have none

        headers, query = with_extra_headers(headers, extra_headers or {}), with_extra_query(query, extra_query or {})
    url = _with_query(server + _path(operation, common.path, values), query)
    return Request(
        operation=operation.name,
        method=operation.method,
        url=url,
        shown_url=url,
        headers=tuple(_with_user_agent(headers, user_agent).items()),
        content=content,
        server=server,
    )


def _present(parameters: Iterable[Parameter], values: Mapping[str, object]) -> Iterator[tuple[Parameter, object]]:
    """Those of the parameters that have a value, and their values."""
    for parameter in parameters:
        value = values.get(parameter.name, UNSET)
        if not is_absent(value):
            yield parameter, value


def _header_values(common: Prepared, values: Mapping[str, object]) -> dict[str, str]:
    """The headers that parameters fill, cookies among them."""
    headers: dict[str, str] = {}
    for parameter, value in _present(common.headers, values):
        text = in_header(parameter, value)
        if text is not None:
            headers[parameter.wire] = text
    cookies = [pair for parameter, value in _present(common.cookies, values) for pair in in_cookies(parameter, value)]
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


def _path(operation: Operation[Any], pieces: Iterable[str | Parameter], values: Mapping[str, object]) -> str:
    path = "".join(
        piece if isinstance(piece, str) else in_path(piece, values.get(piece.name, UNSET)) for piece in pieces
    )
    if not {".", ".."}.isdisjoint(path.partition("?")[0].split("/")):
        # Two values in one segment: each is harmless alone.
        raise ValueError(f"the arguments of {operation.name} would change the path of the request")
    return path


def _with_query(url: str, pairs: list[str]) -> str:
    # A path of the document may contain a query, such as the name of an action.
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(pairs)}" if pairs else url
