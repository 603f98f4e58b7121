"""Headers of a response: those that are documented, read by their schemas (OpenAPI 3.1, 4.8.21).

And some that need not be documented: when to ask again, and the request id, whose header has many names.
"""

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
from .._models.types import fields, is_struct, members
from .content import documented_key

_REQUEST_ID = re.compile(r"(?i)(^|-)request-?id$")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
_LONGEST_WAIT = 2.0**31
"""What longer times count as, in seconds (RFC 9111, 1.2.2)."""
_FIRST_MOMENT = 1e9
"""What smaller numbers are not seconds since 1970: some APIs have the seconds that are left."""


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


def documented_headers(
    operation: Operation[Any], status: int, headers: Mapping[str, str], conceal: Callable[[str], str]
) -> tuple[DocumentedHeaders, tuple[Issue, ...]]:
    """The headers that are documented for a status, and an issue for each that cannot be read or is missing.

    Args:
        operation: what was called.
        status: the status of the response.
        headers: case-insensitive; of one that was sent several times, the values joined by commas.
        conceal: masks the secrets in a text that is about to be quoted.
    """
    key = documented_key(operation, status)
    declared = () if key is None else operation.headers.get(key, ())
    if not declared:
        return DocumentedHeaders({}), ()
    # A document can name what no header is called; it is never sent.
    sent = [header for header in declared if header.name.isascii() and header.name in headers]
    document = msgspec.json.encode({header.name: Raw(_as_json(headers[header.name], header.type)) for header in sent})
    decoded = read(document, _struct(declared), lenient=True, conceal=conceal)
    values = zip(declared, msgspec.structs.astuple(decoded.parsed), strict=True)
    return DocumentedHeaders({header.name: value for header, value in values if value is not UNSET}), decoded.issues


@lru_cache(maxsize=1024)
def _struct(declared: tuple[Header, ...]) -> type[Struct]:
    """A model with a property for each header, so that headers are read, and repaired, like bodies."""
    definitions: list[tuple[str, Any, Any]] = []
    for number, header in enumerate(declared):
        if header.required:
            definitions.append((f"h{number}", header.type, msgspec.field(name=header.name)))
        else:
            definitions.append((f"h{number}", header.type | UnsetType, msgspec.field(default=UNSET, name=header.name)))
    return msgspec.defstruct("Headers", definitions, kw_only=True)


def _as_json(text: str, type_: Any) -> bytes:
    """A header as JSON, by its type: lists and objects are split (RFC 6570, 3.2.2), JSON stays as it is."""
    alternatives = tuple(m for m in members(type_) if m not in (types.NoneType, UnsetType)) or (str,)
    first = alternatives[0]
    if typing.get_origin(first) is list:
        return _list_as_json(text, typing.get_args(first)[0])
    if all(isinstance(member, type) and issubclass(cast("type[object]", member), str) for member in alternatives):
        return msgspec.json.encode(text)
    if _is_json(text):
        return text.encode()
    if is_struct(first):
        return _object_as_json(text, {field.wire: field.type for field in fields(first)}, str)
    if typing.get_origin(first) is dict:
        return _object_as_json(text, {}, Any)
    moment = http_date(text) if datetime in alternatives else None
    return msgspec.json.encode(moment.isoformat() if moment else text)


def _list_as_json(text: str, item_type: Any) -> bytes:
    if text.startswith("[") and _is_json(text):  # a header can be documented as JSON
        return text.encode()
    return b"[%s]" % b",".join(_as_json(part, item_type) for part in _split(text))


def _object_as_json(text: str, types_by_name: Mapping[str, Any], other_type: Any) -> bytes:
    """`a=1,b=2`, as an exploded object is written, or `a,1,b,2`."""
    parts = _split(text)
    if all("=" in part for part in parts):
        pairs = {name: value for name, _, value in (part.partition("=") for part in parts)}
    else:
        pairs = dict(zip(parts[::2], parts[1::2], strict=False))
    items = {name: Raw(_as_json(value, types_by_name.get(name, other_type))) for name, value in pairs.items()}
    return msgspec.json.encode(items)


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except UNDECODABLE:
        return False
    return True


def _split(text: str) -> list[str]:
    return [part.strip(" \t") for part in text.split(",")] if text else []


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait according to `retry-after-ms`, a number of milliseconds, else to Retry-After.

    Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). A date is compared with the server's own Date where
    it sends one, so that a wrong clock on either side does not matter; one that has passed is 0. Of several numbers the
    largest counts. None where the headers are absent or make no sense.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return min(milliseconds / 1000, _LONGEST_WAIT)
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is None:
        until = http_date(text.strip())
        if until is None:
            return None
        now = http_date(headers.get("date", "")) or datetime.now(UTC)
        seconds = max(0.0, (until - now).total_seconds())
    return min(seconds, _LONGEST_WAIT)


def refused_for(status: int, headers: Mapping[str, str]) -> float | None:
    """Seconds to wait after a refusal: `retry_after`, else until the count of requests begins anew.

    That is X-RateLimit-Reset, in seconds since 1970, of a 403 or 429 whose X-RateLimit-Remaining is 0: GitHub's way.
    """
    seconds = retry_after(headers)
    if seconds is not None or status not in (403, 429) or headers.get("x-ratelimit-remaining", "").strip() != "0":
        return seconds
    reset = _number(headers.get("x-ratelimit-reset", ""))
    if reset is None or reset < _FIRST_MOMENT:
        return None
    now = http_date(headers.get("date", "")) or datetime.now(UTC)
    return min(max(0.0, reset - now.timestamp()), _LONGEST_WAIT)


def _number(text: str) -> float | None:
    """The number in a header, the largest of several; None where there is anything else."""
    parts = _split(text.strip())
    return max(map(float, parts)) if parts and all(map(_NUMBER.fullmatch, parts)) else None


def request_id(headers: Mapping[str, str], conceal: Callable[[str], str]) -> str | None:
    """The name that a server gave to a request; None where it gave none. See `RawResponse`.

    No standard defines such a header. An id that the client chose (`x-ms-client-request-id`) is not meant, nor are the
    traces that it may be a part of (`traceparent`). `conceal` masks secrets in it.
    """
    sent = {name.lower(): name for name in headers}
    names = [name for name in sent if _REQUEST_ID.search(name) and "client" not in name]
    for name in ("x-request-id", "request-id", *names, "x-correlation-id", "correlation-id"):
        value = headers[sent[name]].strip() if name in sent else ""
        if value:
            return conceal(value)
    return None


def http_date(text: str) -> datetime | None:
    """A date as HTTP writes it (RFC 9110, 5.6.7); None where `text` is not one."""
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # OverflowError: of a zone that is too large a number
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
