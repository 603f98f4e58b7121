"""How values of parameters are written in a request (OpenAPI 3.1, styles `simple` and `form`)."""

from __future__ import annotations

import datetime
import enum
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeGuard
from urllib.parse import quote
from uuid import UUID

from msgspec import UNSET

# RFC 9110, 5.5: anything else needs an encoding that no two servers agree on.
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
# RFC 6265, 4.1.1, cookie-octet; "%" is left out because we escape with it.
_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"


def is_absent(value: object) -> bool:
    """Whether an optional parameter is left out."""
    return value is None or value is UNSET


def in_path(name: str, value: object) -> str:
    """`value` as one path segment, percent-encoded (RFC 3986, 2.1).

    Raises:
        ValueError: it is absent, empty, `.` or `..`: the request would reach another path.
    """
    texts = [] if is_absent(value) else _texts(name, value)
    if ",".join(texts) in ("", ".", ".."):
        raise ValueError(f"{name} cannot be {value!r}: it would change the path of the request")
    return ",".join(quote(text, safe="") for text in texts)


def in_query(name: str, wire: str, value: object, *, explode: bool) -> list[str]:
    """The `key=value` pairs of a query parameter, percent-encoded; an empty list has none."""
    texts = [quote(text, safe="") for text in _texts(name, value)]
    if texts and not explode:
        texts = [",".join(texts)]
    return [f"{quote(wire, safe='')}={text}" for text in texts]


def in_header(name: str, value: object) -> str:
    """`value` as a header's value.

    Raises:
        ValueError: it is not printable ASCII, or has blanks at an end.
    """
    text = ",".join(_texts(name, value))
    if not is_header_value(text):
        raise ValueError(f"{name} cannot be sent in a header: it must be printable ASCII without blanks at its ends")
    return text


def in_cookie(name: str, wire: str, value: object) -> str:
    """`value` as a `key=value` pair of the Cookie header."""
    return f"{wire}={','.join(quote(text, safe=_COOKIE_SAFE) for text in _texts(name, value))}"


def has_control_character(text: str) -> bool:
    """Whether `text` holds one of Unicode's category Cc: C0, DEL or C1."""
    # Some servers take more than CR and LF for a line end.
    return any(character < " " or "\x7f" <= character < "\xa0" for character in text)


def is_header_value(text: str) -> bool:
    """Whether `text` can be the value of a header as it is."""
    return _HEADER_VALUE.fullmatch(text) is not None and text == text.strip(" ")


def _texts(name: str, value: object) -> list[str]:
    if _is_sequence(value):
        return [_text(name, item) for item in value]
    return [_text(name, value)]


def _is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)


def _text(name: str, value: object) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, str):
        if has_control_character(value):
            raise ValueError(f"{name} holds a control character, such as a line end")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError(f"{name} holds half of a surrogate pair, which has no place in UTF-8")
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return _timestamp(name, value)
    if isinstance(value, int | float | Decimal | UUID | datetime.date | datetime.time):
        return str(value)
    raise TypeError(f"{name} cannot be a {type(value).__name__}")


def _timestamp(name: str, value: datetime.datetime) -> str:
    """RFC 3339, with `Z` for UTC."""
    offset = value.utcoffset()
    if offset is None:
        raise ValueError(f"{name} needs a time zone: {value.isoformat()} could be any instant")
    return value.replace(tzinfo=None).isoformat() + "Z" if not offset else value.isoformat()
