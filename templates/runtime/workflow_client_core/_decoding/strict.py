"""Decoding by msgspec: the whole document is as its type says, or an error is raised."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from .._models.additional import any_declared

MAX_CONTAINERS = 8_000_000
"""Lists and objects of a document: an empty one of two bytes takes forty times as much memory."""
_MAY_HAVE_TOO_MANY = 2 * MAX_CONTAINERS
"""Bytes of a document that can have more than that."""

Place: TypeAlias = list[str]
"""Where a value is: wire names, and indexes in brackets; empty where that is not known, or the root."""

_INDEX = re.compile(r"\[([0-9]{1,18})\]")

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def decode_strictly(data: bytes, type_: Any) -> object:
    """One call of msgspec, and a look at the encoding.

    Raises:
        msgspec.DecodeError, UnicodeDecodeError, RecursionError: the data is not JSON, or not as documented.
    """
    if len(data) > _MAY_HAVE_TOO_MANY and has_too_many_containers(data):  # the call alone would take longer
        raise msgspec.DecodeError("too many lists and objects")
    value: object = reader(type_)(data)
    if not data.isascii():
        data.decode()  # msgspec skips undeclared properties without looking at their encoding
    return value


def place_of(error: msgspec.ValidationError) -> Place:
    """Where the value is that msgspec refuses, as far as its message says so: not in maps, whose keys it leaves out."""
    _, is_known, place = str(error).rpartition(" - at `$")
    return place[:-1].replace("[", ".[").split(".")[1:] if is_known else []


def index_in(place: Place) -> int | None:
    """The index with which a place begins, if it does."""
    index = _INDEX.fullmatch(place[0]) if place else None
    return int(index[1]) if index else None


def has_too_many_containers(data: bytes) -> bool:
    """Whether a document may have more than MAX_CONTAINERS lists and objects; brackets in texts count, too."""
    return len(data) > _MAY_HAVE_TOO_MANY and data.count(b"[") + data.count(b"{") > MAX_CONTAINERS


@lru_cache(maxsize=4096)
def reader(type_: Any) -> Callable[[bytes | msgspec.Raw], Any]:
    """What reads JSON as a type: one call of msgspec.

    There is a second call where a model in the type has an attribute for properties beyond the declared ones. It raises
    DecodeError or RecursionError where the data is not JSON, or not as documented.
    """
    decode = decoder(type_).decode
    if any_declared():
        from .additional import collect, may_hold_additional

        if may_hold_additional(type_):
            plain = decoder(Any).decode

            def decode_and_collect(data: bytes | msgspec.Raw) -> Any:
                value = decode(data)
                collect(value, plain(data))
                return value

            return decode_and_collect
    return decode


@lru_cache(maxsize=4096)
def decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    """The decoder of a type: making it takes longer than most documents, and threads can share it."""
    return msgspec.json.Decoder(type_, dec_hook=_read_custom)


class _Readers(dict[Any, Callable[[object], object]]):
    """What reads a value of decoded JSON as one of our own types, by that type.

    A dict, as its lookup is the quickest there is: unions need one for each value.
    """

    def __missing__(self, type_: Any) -> Callable[[object], object]:
        from .choice import custom_reader  # here, as few models have such types

        self[type_] = reader = custom_reader(type_)
        return reader


_READERS = _Readers()


def _read_custom(type_: Any, value: object) -> object:
    """msgspec's `dec_hook`: a value of decoded JSON as one of our own types, an alias or one like `File`."""
    return _READERS[type_](value)
