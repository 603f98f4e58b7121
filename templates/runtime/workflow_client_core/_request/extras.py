"""Headers and query parameters that callers add to a single call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import unquote_plus

from .._api import Credential, Parameter, Style
from .._credentials.secrets import SentCredential, traces_of
from .._text import is_header_value
from .styles import in_query
from .values import is_absent

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
_OF_THE_CONNECTION = frozenset(
    ("connection", "content-length", "host", "keep-alive", "te", "transfer-encoding", "upgrade")
)
_SECRET = frozenset(("authorization", "cookie", "proxy-authorization"))


def with_extra_headers(headers: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """The headers with further ones, each in place of one whose name differs at most in case.

    Raises:
        ValueError: a name or a value cannot be sent in a header, or HTTP itself needs the header.
        TypeError: a value is not a text.
    """
    for name, value in extra.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"extra_headers has {name!r}, which is not the name of a header")
        if name.lower() in _OF_THE_CONNECTION:
            raise ValueError(f"extra_headers cannot have {name}: the client writes it itself")
        if not isinstance(cast(object, value), str):
            raise TypeError(f"{name} in extra_headers must be a str, not {type(value).__name__}")
        if not is_header_value(value):
            raise ValueError(f"{name} in extra_headers must be printable ASCII without blanks at its ends")
    replaced = {name.lower() for name in extra}
    return {name: value for name, value in headers.items() if name.lower() not in replaced} | {**extra}


def with_extra_query(pairs: Iterable[str], extra: Mapping[str, object]) -> list[str]:
    """The `key=value` pairs of a query with further ones, in place of those with the same key.

    A mapping is written as `key[name]=value`.

    Raises:
        ValueError, TypeError: a value has no text, or holds a control character.
    """
    added = {name: value for name, value in extra.items() if not is_absent(value)}
    kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) not in added]
    for name, value in added.items():
        kept += in_query(Parameter(name, wire=name, location="query", style=_style(value), explode=True), value)
    return kept


def check_no_credential(
    credentials: Iterable[Credential], headers: Mapping[str, str], query: Mapping[str, object]
) -> None:
    """Refuse to replace what carries a credential of the client.

    Raises:
        ValueError: a header or a query parameter does.
    """
    given = {"header": {name.lower() for name in headers}, "query": {*query}, "cookie": set[str]()}
    for credential in credentials:
        name = credential.name.lower() if credential.location == "header" else credential.name
        if name in given.get(credential.location, ()):
            argument = f"extra_{'headers' if credential.location == 'header' else 'query'}"
            raise ValueError(
                f"{argument} cannot have {credential.name}, which carries a credential:"
                f" make a client with another {credential.argument}"
            )


def secrets_in(headers: Mapping[str, str]) -> tuple[SentCredential, ...]:
    """The values of headers that are credentials by their names (RFC 9110, 11.6 and 11.7; RFC 6265), to be masked."""
    return tuple(
        SentCredential("header", name, value, traces_of([value, value.partition(" ")[2]]))
        for name, value in headers.items()
        if name.lower() in _SECRET
    )


def _style(value: object) -> Style:
    return "deepObject" if isinstance(value, Mapping) else "form"
