"""Values of arguments as text, lists and dicts, from which parameters and the fields of forms are written."""

from __future__ import annotations

import base64
import datetime
import enum
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from .._models.encoding import in_json, write
from .._models.writable import is_array, properties_of
from .._text import has_control_character, has_lone_surrogate


def is_absent(value: object) -> bool:
    """Whether an optional parameter is left out."""
    return value is None or value is UNSET


def to_plain(value: object) -> object:
    """`value` as a list, as a dict by wire names, or, being neither, as it is.

    What is absent in it is left out (RFC 6570, 2.3: undefined members). Values inside its members stay as they are.
    """
    if type(value) is str:  # as most are: the checks below take time
        return value
    if isinstance(value, Struct):
        value = {wire: item for wire, (item, _) in properties_of(value).items()}
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {key: item for key, item in items if not is_absent(item)}
    if is_array(value):
        return [item for item in cast("list[object]", value) if not is_absent(item)]
    return value


def list_items(value: object) -> list[object]:
    """The items of a list, or the one value that is not a list."""
    if isinstance(value, Mapping | Struct):
        return [value]
    plain = to_plain(value)
    return cast("list[object]", plain) if isinstance(plain, list) else [value]


def text(name: str, value: object) -> str:
    """A value as text, in a parameter called `name`; a list or an object as JSON.

    Raises:
        ValueError: it holds a control character or half a surrogate pair, or is a time without a zone.
        TypeError: it is of a type that has no text.
    """
    written = free_text(name, value)
    if has_control_character(written):
        raise ValueError(f"{name} holds a control character, such as a line end")
    return written


def free_text(name: str, value: object) -> str:
    """As `text`, but any character may stand in it.

    Raises:
        ValueError: it holds half a surrogate pair, or is a time without a zone.
        TypeError: it is of a type that has no text.
    """
    if type(value) is not str:
        value = _simpler(value)
    if isinstance(value, str):
        if has_lone_surrogate(value):
            raise ValueError(f"{name} holds half of a surrogate pair, which has no place in UTF-8")
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return _timestamp(name, value)
    if isinstance(value, int | float | Decimal | UUID | datetime.date | datetime.time):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return str(msgspec.to_builtins(value))  # ISO 8601, as in JSON
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(to_plain(value), list | dict):
        return json_text(name, value)
    raise TypeError(f"{name} cannot be a {type(value).__name__}")


def _simpler(value: object) -> object:
    """The value of an enum, a file as it is in JSON, anything else as it is."""
    if isinstance(value, enum.Enum):
        return value.value
    return in_json(value) if hasattr(value, "_to_json") else value


def json_text(name: str, value: object, type_: object = Any, *, ascii_only: bool = False) -> str:
    """A value of a documented type as the text of a JSON document.

    Raises:
        TypeError, ValueError: it holds something that JSON cannot express; see `_models.writable`.
    """
    written = write(value, name, type_).decode()
    return re.sub(r"[^\x00-\x7e]", _escape, written) if ascii_only else written


def _timestamp(name: str, value: datetime.datetime) -> str:
    """RFC 3339, with `Z` for UTC."""
    offset = value.utcoffset()
    if offset is None:
        raise ValueError(f"{name} needs a time zone: {value.isoformat()} could be any instant")
    return value.replace(tzinfo=None).isoformat() + "Z" if not offset else value.isoformat()


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
