"""The URL of the next page, from a `Link` header (RFC 8288) or from a property of the response."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote_plus, urljoin, urlsplit, urlunsplit

from .._request.request import Request
from .._text import with_whole_escapes

_LINK = re.compile(r'\s*<([^>]*)>((?:"(?:\\.|[^"\\])*"|[^",])*)')
_PARAMETER = re.compile(r""";\s*([^\s=;,"]+)\s*(?:=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;,"]*)))?""")
_PORTS = {"http": 80, "https": 443}
_UNQUOTED = "%/:=&?~#+!$,;'@()*[]"


def next_link(header: str) -> str:
    """The target of the first link with the relation `next`; "" where there is none.

    `header`: the values of all `Link` headers, joined by commas.
    """
    return next((target for target, relations in _links(header) if "next" in relations), "")


def _links(header: str) -> Iterator[tuple[str, list[str]]]:
    """The targets of links, each with its relations in lower case."""
    position = 0
    while match := _LINK.match(header, position):
        parameters = ((name.lower(), quoted or text) for name, quoted, text in _PARAMETER.findall(match[2]))
        relations = next((text for name, text in parameters if name == "rel"), "")  # the first counts (RFC 8288, 3.3)
        yield match[1].strip(), relations.lower().split()
        position = match.end() + 1


def resolved(target: str, request: Request) -> str:
    """The URL that `target` is on a response to `request`, without the credentials that are in the request's query.

    Raises:
        ValueError: it is not a URL, or one of another origin, where credentials must not go.
    """
    # Never the URL that was sent, whose query can hold credentials.
    parts = urlsplit(urljoin(request.shown_url, target))
    server = urlsplit(request.shown_url)
    if "@" in parts.netloc or _origin(parts.scheme, parts.hostname, parts.port) != _origin(
        server.scheme, server.hostname, server.port
    ):
        raise ValueError(f"leads to {parts.scheme}://{parts.netloc.rpartition('@')[2]}")
    secret = {credential.name for credential in request.credentials if credential.location == "query"}
    pairs = (pair for pair in parts.query.split("&") if unquote_plus(pair.partition("=")[0]) not in secret)
    url = urlunsplit((server.scheme, server.netloc, parts.path or "/", "&".join(pairs), ""))
    return with_whole_escapes(quote(url, safe=_UNQUOTED))


def _origin(scheme: str, host: str | None, port: int | None) -> tuple[str, str | None, int | None]:
    return scheme, host, port or _PORTS.get(scheme)
