"""Decoding JSON into types: one msgspec call where the document obeys, a repair where it does not.

What counts as readable is what JSON Schema calls valid, as far as Python can hold it:

- Bytes are UTF-8 (RFC 8259, 8.1), and a byte order mark before them is ignored. Of a name that stands twice in an
  object, the last value counts (RFC 8259, 4, leaves the choice open). NaN and Infinity are not JSON. A nesting that
  exhausts the interpreter's recursion limit (1,000 by default) is refused (RFC 8259, 9, allows limits).
- A number without a fraction is an integer, however it is written (`1.0`, `1e3`; JSON Schema 2020-12, 6.1.1) and
  however large it is, up to 4,300 digits. A number that no 64-bit float can hold (`1e400`) is unreadable.
- A date-time is one of RFC 3339, 5.6: lower-case `t` and `z`, a blank between date and time, or an offset without a
  colon are fine; fractions are rounded to microseconds; a leap second (23:59:60 in UTC) is the first second of the
  next day, as in POSIX time; the hour 24 and the year 0 are unreadable. Two things that RFC 3339 does not know, but
  servers send, are read as they stand: a date-time without seconds (ISO 8601 allows leaving them out) is that minute's
  beginning; one without a zone is a `datetime` without `tzinfo`, as any zone would be a guess.
- A time of day follows the same rules; a leap second is midnight. A duration is one of ISO 8601, without years and
  months, whose length nobody knows, or one of protobuf's JSON (`3.5s`). Base64 may be of either alphabet of RFC 4648,
  without padding, and in lines. Decimal numbers keep every digit, whether they are sent as text or as a number.
- Where a value may be of several types, `_choice` says of which one it is. A nesting of unions inside of each other
  exhausts the recursion limit sooner, at about 120 levels.
- A word that an enum does not document is a value of its own, never an issue.
- Half of a UTF-16 surrogate pair (an escape such as a lone `\\ud83d`) is read as U+FFFD, and reported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar, overload

import msgspec
from msgspec import Struct

from ._additional import any_declared
from ._errors import InvalidResponse, Issue

T = TypeVar("T")

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Decoded(Struct, Generic[T], frozen=True):
    """What `decode` gives: `parsed`, and one issue for each value that is absent from it for being unreadable.

    `complete`: whether every required value could be read; where it is False, `parsed` holds `UNSET` at a place whose
    annotation does not allow it.
    """

    parsed: T
    issues: tuple[Issue, ...] = ()
    complete: bool = True


@overload
def decode(data: bytes, type: type[T], *, lazy: bool = False) -> Decoded[T]: ...
@overload
def decode(data: bytes, type: object, *, lazy: bool = False) -> Decoded[Any]: ...
def decode(data: bytes, type: Any, *, lazy: bool = False) -> Decoded[Any]:
    """Read a JSON document as `type`, as far as it can be read.

    An unreadable optional value becomes absent; an unreadable item of a list, or value of a map, is left out, and the
    items after it move up. A required value that is missing or unreadable is `UNSET`, contrary to its annotation, and
    the result is not `complete`. All are listed as issues, in the order in which `type` declares them; after 10,000 no
    more are listed.

    Args:
        data: the document, in UTF-8.
        type: a generated model, or any other type of models, lists, dicts and scalars. Type checkers do not know what
            comes of a union, an alias of the models among them: annotate the variable that takes `parsed`.
        lazy: leave free-form values (`Any`, `dict[str, Any]`, `list[Any]`) undecoded until their attribute is first
            read. The models are then of subclasses of their types, which equal no instance of the types themselves.
            It pays where such values make up most of the document and are often not looked at. A document with
            issues is decoded in full. A number in such a value that no 64-bit float can hold is noticed only then,
            and reading the attribute raises InvalidResponse.

    Raises:
        InvalidResponse: it is no JSON, or its root is unreadable (a list where an object is expected).
    """
    try:
        if lazy:
            try:
                return Decoded(decode_strictly(data, _lazy_type(type)))
            except UNDECODABLE:
                pass
        return read(data, type, lenient=True)
    except Unreadable as unreadable:
        reason, issue = str(unreadable), unreadable.issue
    raise InvalidResponse(f"the document cannot be read: {reason}", issue=issue)


class Unreadable(Exception):
    """The document cannot be used; the text says why, without any secret. `issue`: for the lack of which value."""

    def __init__(self, reason: str, issue: Issue | None = None) -> None:
        super().__init__(reason)
        self.issue = issue


def read(data: bytes, type_: Any, *, lenient: bool, conceal: Callable[[str], str] = str) -> Decoded[Any]:
    """Decode, and repair where needed. `conceal` masks the secrets in a text that is about to be quoted.

    Raises:
        Unreadable: it is no JSON, its root is unreadable, or, unless `lenient`, a required value is.
    """
    try:
        return Decoded(decode_strictly(data, type_))
    except UNDECODABLE:
        pass
    # Outside of the handler: what msgspec raised may quote the document, and is chained to nothing.
    from ._repair import repair

    try:
        return repair(data, type_, lenient=lenient, conceal=conceal)
    except RecursionError:
        pass
    raise Unreadable("it is nested too deeply")


def decode_strictly(data: bytes, type_: Any) -> object:
    """One call of msgspec, and a look at the encoding.

    Raises:
        msgspec.DecodeError, UnicodeDecodeError, RecursionError: the data is not JSON, or not as documented.
    """
    value = decode_part(data, type_)
    if not data.isascii():
        data.decode()  # msgspec skips undeclared properties without looking at their encoding
    return value


def decode_part(data: bytes | msgspec.Raw, type_: Any) -> Any:
    """One call of msgspec; a second one where a model in it has an attribute for properties beyond the declared ones.

    Raises:
        msgspec.DecodeError, RecursionError: the data is not JSON, or not as documented.
    """
    value: Any = decoder(type_).decode(data)
    if any_declared():
        from ._spread import collect, holds_additional

        if holds_additional(type_):
            collect(value, decoder(Any).decode(data))
    return value


@lru_cache(maxsize=4096)
def _lazy_type(type_: Any) -> Any:
    from ._lazy import lazy_type

    return lazy_type(type_)


@lru_cache(maxsize=4096)
def decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    """The one decoder of a type: making it takes longer than most documents, and it can be shared between threads."""
    return msgspec.json.Decoder(type_, dec_hook=_from_json)


def _from_json(type_: Any, value: object) -> object:
    """msgspec's `dec_hook`: our own types (aliases, files) say themselves how they are read."""
    return type_._from_json(value)
