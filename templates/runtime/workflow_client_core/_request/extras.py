"""Headers and query parameters that callers add to a single call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_plus

from .._api import Credential, Parameter, Style
from .._credentials.secrets import SentCredential, credentials_in_header
from .._text import is_header_value
from .styles import in_query
from .values import is_absent, text

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
_OF_THE_CONNECTION = frozenset(
    ("connection", "content-length", "host", "keep-alive", "te", "transfer-encoding", "upgrade")
)
_SECRET = frozenset(("authorization", "cookie", "proxy-authorization"))
"""Headers with credentials (RFC 9110, 11.6 and 11.7; RFC 6265, 4.2)."""


def with_extra_headers(headers: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """The headers with further ones, each in place of one whose name differs at most in case.

    Raises:
        ValueError: a name or a value cannot be sent in a header, or twice, or the header belongs to the connection.
        TypeError: a name or a value is not a text.
    """
    names = set[str]()
    for name, value in extra.items():
        _check_header(name, value)
        if name.lower() in names:
            raise ValueError(f"extra_headers has {name} twice: case does not distinguish headers")
        names.add(name.lower())
    return {name: value for name, value in headers.items() if name.lower() not in names} | {**extra}


def _check_header(name: object, value: object) -> None:
    if not isinstance(name, str) or not isinstance(value, str):
        kind = type(value if isinstance(name, str) else name).__name__
        what = f"{name} in extra_headers" if isinstance(name, str) else "a name in extra_headers"
        raise TypeError(f"{what} must be a str, not {kind}")
    if not _HEADER_NAME.fullmatch(name):
        raise ValueError(f"extra_headers has {name!r}, which is not the name of a header")
    if name.lower() in _OF_THE_CONNECTION:
        raise ValueError(
            f"extra_headers cannot have {name}: it belongs to the connection, for which the client writes it"
        )
    if not is_header_value(value):
        raise ValueError(f"{name} in extra_headers must be printable ASCII without blanks at its ends")


def with_extra_query(pairs: Iterable[str], extra: Mapping[str, object]) -> list[str]:
    """The `key=value` pairs of a query with further ones, in place of those with the same key.

    A mapping is written as `key[name]=value`.

    Raises:
        ValueError, TypeError: a name or a value has no text, or holds a control character.
    """
    added = {text("a name in extra_query", name): value for name, value in extra.items() if not is_absent(value)}
    query = [pair for pair in pairs if _key(pair) not in added]
    for name, value in added.items():
        query += in_query(Parameter(name, wire=name, location="query", style=_style(value), explode=True), value)
    return query


def with_missing_query(url: str, extra: Mapping[str, object]) -> str:
    """A URL that a server gave, with the further parameters that its query lacks.

    Raises:
        ValueError, TypeError: see `with_extra_query`.
    """
    present = {_key(pair) for pair in url.partition("?")[2].split("&")}
    missing = [pair for pair in with_extra_query((), extra) if _key(pair) not in present]
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(missing)}" if missing else url


def check_no_credential(
    credentials: Iterable[Credential],
    headers: Mapping[str, str],
    query: Mapping[str, object],
    *,
    is_authenticated: bool,
) -> None:
    """Refuse what carries a credential: a query, which logs and errors show, always; a header, if the client fills it.

    Raises:
        ValueError: a query parameter, a header or the cookies do.
    """
    header_names = {name.lower() for name in headers} if is_authenticated else set[str]()
    for credential in credentials:
        carrier = "Cookie" if credential.location == "cookie" else credential.name
        in_query = credential.location == "query"
        if carrier in query if in_query else carrier.lower() in header_names:
            raise ValueError(
                f"extra_{'query' if in_query else 'headers'} cannot have {carrier}, which carries a credential:"
                f" make a client with another {credential.argument}"
            )


def secrets_in(headers: Mapping[str, str], credentials: Iterable[Credential]) -> tuple[SentCredential, ...]:
    """The values of headers that are credentials by their names, standard or documented, which are to be masked."""
    names = _SECRET | {credential.name.lower() for credential in credentials if credential.location == "header"}
    return tuple(
        credential
        for name, value in headers.items()
        if name.lower() in names
        for credential in credentials_in_header(name, value)
    )


def _key(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])


def _style(value: object) -> Style:
    return "deepObject" if isinstance(value, Mapping) else "form"
