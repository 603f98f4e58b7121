"""Headers of an answer: those that are documented, read by their schemas (OpenAPI 3.1, 4.8.21), and Retry-After."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from .._api import Header, Operation
from .._decoding.read import read
from .._decoding.strict import UNDECODABLE
from .._errors import Issue
from .content import documented_key

_UNIONS: tuple[Any, ...] = (typing.Union, types.UnionType)


class DocumentedHeaders(Mapping[str, Any]):
    """Values of headers by their documented names; capitals do not matter. Those that were not sent are absent."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self._names = {name.lower(): name for name in values}

    def __getitem__(self, name: str) -> Any:
        return self._values[self._names[name.lower()]]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<DocumentedHeaders {', '.join(self._values)}>"


NO_HEADERS = DocumentedHeaders({})


def documented_headers(
    operation: Operation[Any], status: int, headers: Mapping[str, str], conceal: Callable[[str], str]
) -> tuple[DocumentedHeaders, tuple[Issue, ...]]:
    """The headers that are documented for a status, and an issue for each that cannot be read or is missing.

    Args:
        operation: what was called.
        status: that of the answer.
        headers: case-insensitive; of one that was sent several times, the values joined by commas.
        conceal: masks the secrets in a text that is about to be quoted.
    """
    key = documented_key(operation, status)
    declared = () if key is None else operation.headers.get(key, ())
    if not declared:
        return NO_HEADERS, ()
    # A document can name what no header is called; it is never sent.
    names = {one.name for one in declared if one.name.isascii() and one.name in headers}
    sent = {one.name: Raw(_json(headers[one.name], one.type)) for one in declared if one.name in names}
    decoded = read(msgspec.json.encode(sent), _type(declared), lenient=True, conceal=conceal)
    values = zip(declared, msgspec.structs.astuple(decoded.parsed), strict=True)
    return DocumentedHeaders({one.name: value for one, value in values if value is not UNSET}), decoded.issues


@lru_cache(maxsize=1024)
def _type(declared: tuple[Header, ...]) -> type[Struct]:
    """An object with a property for each header, in which the reader of bodies then finds what there is to find."""
    fields: list[tuple[str, Any, Any]] = []
    for number, one in enumerate(declared):
        type_ = one.type if one.required else one.type | UnsetType
        default = msgspec.field(name=one.name) if one.required else msgspec.field(default=UNSET, name=one.name)
        fields.append((f"h{number}", type_, default))
    return msgspec.defstruct("Headers", fields, kw_only=True)


def _json(text: str, type_: Any) -> bytes:
    """A header as JSON: a list or an object is taken apart (RFC 6570, 3.2.2), a number stays as it is."""
    members = typing.get_args(type_) if typing.get_origin(type_) in _UNIONS else (type_,)
    members = tuple(member for member in members if member not in (types.NoneType, UnsetType)) or (str,)
    first = members[0]
    if typing.get_origin(first) is list:
        (item,) = typing.get_args(first)
        if not (text.startswith("[") and _is_json(text)):  # a header can be documented as JSON
            return b"[%s]" % b",".join(_json(part, item) for part in _parts(text))
        return text.encode()
    if all(isinstance(member, type) and issubclass(cast("type[object]", member), str) for member in members):
        return msgspec.json.encode(text)
    if _is_json(text):
        return text.encode()
    if isinstance(first, type) and issubclass(cast("type[object]", first), Struct):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(cast("type[Struct]", first))}
        pairs = _pairs(text)
        return msgspec.json.encode({name: Raw(_json(value, fields.get(name, str))) for name, value in pairs.items()})
    if typing.get_origin(first) is dict:
        return msgspec.json.encode({name: Raw(_json(value, Any)) for name, value in _pairs(text).items()})
    moment = http_date(text) if datetime in members else None
    return msgspec.json.encode(moment.isoformat() if moment else text)


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except UNDECODABLE:
        return False
    return True


def _parts(text: str) -> list[str]:
    return [part.strip(" \t") for part in text.split(",")] if text else []


def _pairs(text: str) -> dict[str, str]:
    """`a=1,b=2` as an exploded object is written, else `a,1,b,2`."""
    parts = _parts(text)
    if all("=" in part for part in parts):
        return {name: value for name, _, value in (part.partition("=") for part in parts)}
    return dict(zip(parts[::2], parts[1::2], strict=False))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait according to Retry-After (RFC 9110, 10.2.3): a number or a date.

    A date is compared with the server's own Date where it sends one, so that a wrong clock on
    either side does not matter. None where the header is absent or makes no sense.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", value):
        return float(value)
    until = http_date(value)
    if until is None:
        return None
    now = http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def http_date(text: str) -> datetime | None:
    """A date as HTTP writes it (RFC 9110, 5.6.7); None where this is none."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the second one of a zone that is as large a number as was sent
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
