"""Decoding JSON into types: one call of msgspec where the document is as documented, a repair where it is not.

What counts as readable is what JSON Schema calls valid, as far as Python can hold it:

- Bytes are UTF-8 (RFC 8259, 8.1), and a byte order mark before them is ignored. Of a name that stands twice in an
  object, the last value counts (RFC 8259, 4, leaves the choice open). NaN and Infinity, which are not JSON, are
  unreadable where they stand. A nesting that exhausts the interpreter's recursion limit (1,000 by default) is refused
  (RFC 8259, 9, allows limits).
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
- Where a value may be of several types, `choice` says of which one it is. A nesting of unions inside each other
  exhausts the recursion limit sooner, at about 120 levels.
- A value that an enum does not document is a value of its own, never an issue.
- Half of a UTF-16 surrogate pair (an escape such as a lone `\\ud83d`) is read as U+FFFD, and reported.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, TypeVar, overload

import msgspec

from .._errors import InvalidResponse
from .._models.types import members
from .._time_limit import MAX_SECONDS, OutOfTime, start_time_limit, stop_time_limit
from .results import Decoded, Unreadable
from .strict import UNDECODABLE, Place, decode_strictly, place_of

T = TypeVar("T")


@overload
def decode(data: bytes, type: type[T], *, lazy: bool = False) -> Decoded[T]: ...
@overload
def decode(data: bytes, type: object, *, lazy: bool = False) -> Decoded[Any]: ...
def decode(data: bytes, type: Any, *, lazy: bool = False) -> Decoded[Any]:
    """Read a JSON document as `type`, as far as it can be read.

    An unreadable optional value becomes absent; an unreadable item of a list, or value of a map, is left out, and the
    items after it move up. A required value that is missing or unreadable is `UNSET`, contrary to its annotation, and
    the result is not `complete`. All are listed as issues, in the order in which `type` declares them.

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
        InvalidResponse: it is not JSON, its root is unreadable (a list where an object is expected), there are more
            than 10,000 issues, or reading it takes more than a minute.
    """
    try:
        if lazy:
            try:
                return Decoded(decode_strictly(data, _lazy_type(type)))
            except UNDECODABLE:
                pass
        return read_without_call(data, type, lenient=True)
    except Unreadable as unreadable:
        reason, issue = str(unreadable), unreadable.issue
    raise InvalidResponse(f"the document cannot be read: {reason}", issue=issue)


def read(data: bytes, type_: Any, *, lenient: bool, conceal: Callable[[str], str] = str) -> Decoded[Any]:
    """Decode, and repair where needed. `conceal` masks the secrets in a text that is about to be quoted.

    Raises:
        Unreadable: it is not JSON, its root is unreadable, there are more than 10,000 issues, or, unless `lenient`, a
            required value is unreadable.
        OutOfTime: see `TimeLimit`.
    """
    mistake: Place | None = None
    try:
        return Decoded(decode_strictly(data, type_))
    except msgspec.ValidationError as error:
        mistake = place_of(error)
    except UNDECODABLE:
        pass
    # Outside of the handler: what msgspec raised may quote the document, and is chained to nothing.
    try:
        return _repair()(data, type_, lenient=lenient, conceal=conceal, mistake=mistake)
    except RecursionError:
        pass
    raise Unreadable("it is nested too deeply")


def read_without_call(data: bytes, type_: Any, *, lenient: bool) -> Decoded[Any]:
    """The same for a document that did not come with a call, and has MAX_SECONDS of time.

    Raises:
        Unreadable: as `read` does, or the time was too short.
    """
    limit = start_time_limit()
    try:
        return read(data, type_, lenient=lenient)
    except OutOfTime:
        pass
    finally:
        stop_time_limit(limit)
    raise Unreadable(f"it was not read within {MAX_SECONDS:g} s")


def read_text(text: str, type_: Any, *, conceal: Callable[[str], str] = str) -> Decoded[Any]:
    """A single value that is written as plain text: numbers and booleans as in JSON, all others without quotes.

    Blanks and line ends around it do not count. Where null is allowed, nothing else is null, too.

    Raises:
        Unreadable: it is not a value of the type.
    """
    text = text.strip(" \t\r\n")
    as_text = msgspec.json.encode(text)
    if not text and types.NoneType in members(type_):
        return Decoded(None)
    if all(isinstance(member, type) and issubclass(member, str) for member in members(type_)):
        return read(as_text, type_, lenient=False, conceal=conceal)
    try:
        return read(text.encode("utf-8", "surrogatepass"), type_, lenient=False, conceal=conceal)
    except Unreadable as unreadable:
        refusal = unreadable
    try:
        return read(as_text, type_, lenient=False, conceal=conceal)
    except Unreadable as unreadable:
        # What is not JSON is described as text: "found text 'maybe'".
        raise (refusal if refusal.issue else unreadable) from None


@cache
def _repair() -> Callable[..., Decoded[Any]]:
    """What repairs documents: loaded with the first one that needs it, as even finding it again takes a microsecond."""
    from .repair import repair

    return repair


@lru_cache(maxsize=4096)
def _lazy_type(type_: Any) -> Any:
    from .lazy import lazy_type

    return lazy_type(type_)
