"""Calls that callers describe themselves: `client.request`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import quote, unquote

from msgspec import UNSET

from .._api import Body, Content, Operation, Security
from .._text import with_whole_escapes

if TYPE_CHECKING:
    from .._transport.call_options import CallOptions, RequestOptions

_METHOD = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 9.1
_UNQUOTED = "/?:@!$&'()*+,;=~%"
"""What paths and queries may contain (RFC 3986, 3.3 and 3.4), and the percent sign of escapes."""


class OwnCall(NamedTuple):
    """A call of an operation that no document describes."""

    operation: Operation[Any]
    body: object
    options: CallOptions


def own_call(method: str, path: str, security: Security, type_: Any, options: RequestOptions) -> OwnCall:
    """The call of a method and a path; its response is read as `type_`, or is None where it is empty.

    `security` says which credentials are sent.

    Raises:
        ValueError: the method or the path cannot be sent, or there are two bodies.
    """
    json, content = options.get("json", UNSET), options.get("content")
    if json is not UNSET and content is not None:
        raise ValueError("a request has one body: pass json or content, not both")
    if not _METHOD.fullmatch(method) or method.upper() == "CONNECT":
        raise ValueError(f"{method!r} is not the method of a request")
    problem = _problem(path)
    if problem:
        raise ValueError(f"the path {problem}; expected something like /runs/1?expand=steps")
    answer = Content("*/*", type_, decode="any" if type_ is Any else "json")
    operation: Operation[Any] = Operation(
        name="request",
        method=method.upper(),
        path=with_whole_escapes(quote(path, safe=_UNQUOTED)),
        responses={"204": None, "205": None, "2XX": answer, "default": Content("*/*", Any, decode="any")},
        security=security,
        bodies=_bodies(json, content),
        is_documented=False,
    )
    call_options = {name: value for name, value in options.items() if name not in ("json", "content")}
    return OwnCall(operation, json if content is None else content, cast("CallOptions", call_options))


def _bodies(json: object, content: object) -> tuple[Body, ...]:
    if json is not UNSET:
        return (Body("application/json"),)
    if content is None:
        return ()
    return (
        Body("text/plain", encode="text")
        if isinstance(content, str)
        else Body("application/octet-stream", encode="bytes"),
    )


def _problem(path: str) -> str:
    """Why `path` cannot be appended to the URL of a server; empty where it can."""
    if not path.startswith("/") or path.startswith("//"):
        return "must begin with one slash: it is appended to base_url, and leads to no other server"
    if "#" in path or "\\" in path or not path.isprintable():
        return "holds a fragment, backslash or control character"
    if not {".", ".."}.isdisjoint(unquote(path.partition("?")[0]).split("/")):
        return "holds a segment . or .., which would change where it leads"
    return ""
