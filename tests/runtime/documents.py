"""Strategies for JSON documents: arbitrary, changed and damaged ones.

Hypothesis draws the seed of a document, and Python's `random` the document. Where Hypothesis draws every value, that
takes ten times as long, and most of the time of the tests. Its shortest failing example is a small seed then, so
documents are small from the start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, partial
from random import Random
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import Struct
from workflow_client_core._models.types import flat_members, is_alias

from tests.examples import drawn
from tests.runtime.times import timestamp

PIECES = [
    b"",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"\\",
    b"\\ud83d",
    b"\\u",
    b"\xff",
    b"\xc3",
    b"\x00",
    b"1e400",
    b"-",
]


_CHARACTERS = "abcxyzABC019 _-/:.\"\\'\n\t\x00\x1f\x7fäßéñ١中あ\u2028\ufeff\uffff😀𝒳"  # noqa: RUF001 - digits and letters of other scripts
_NUMBERS = (
    *(0, 1, -1, 2**31, 2**53 + 1, -(2**63), 2**64, 10**30),
    *(0.0, -0.0, 0.1, -1.5, 5e-324, 1e16, 1.7976931348623157e308),
)


def text(chance: Random, size: int = 8) -> str:
    """A text of up to `size` characters: letters, digits of several scripts, control characters, quotes, symbols."""
    return "".join(chance.choices(_CHARACTERS, k=chance.randrange(size + 1)))


def scalar(chance: Random) -> Any:
    match chance.randrange(6):
        case 0:
            return chance.choice((None, True, False))
        case 1:
            return chance.choice(_NUMBERS)
        case 2:
            return chance.randrange(-1000, 1000)
        case 3:
            return chance.uniform(-1e6, 1e6)
        case 4:
            return timestamp(chance)
        case _:
            return text(chance)


def json_value(chance: Random, levels: int = 3) -> Any:
    """Any JSON, with up to so many levels of lists and objects, of up to three items each."""
    kind = chance.randrange(4) if levels else 0
    if kind == 2:
        return [json_value(chance, levels - 1) for _ in range(chance.randrange(4))]
    if kind == 3:
        return {text(chance): json_value(chance, levels - 1) for _ in range(chance.randrange(4))}
    return scalar(chance)


JSON: st.SearchStrategy[Any] = drawn(json_value)
"""Any JSON of up to three levels."""


@cache  # what looks up the fields of a type takes longer than a value
def arbitrary(type_: Any) -> st.SearchStrategy[Any]:
    """Any JSON; often with the names and the shape of `type_`."""
    return drawn(partial(_arbitrary, type_=type_))


def _arbitrary(chance: Random, type_: Any) -> Any:
    if chance.randrange(6) == 0:
        return json_value(chance)
    if isinstance(type_, type) and issubclass(type_, Struct):
        some = {name: _arbitrary(chance, field) for name, field in _fields(type_) if chance.randrange(5)}
        return {**some, **({text(chance, 3): json_value(chance)} if chance.randrange(2) else {})}
    if is_alias(type_):
        return _arbitrary(chance, chance.choice(flat_members(type_)))
    arguments: tuple[Any, ...] = getattr(type_, "__args__", ())
    if getattr(type_, "__origin__", None) is list:
        return [_arbitrary(chance, arguments[0]) for _ in range(chance.randrange(4))]
    return _arbitrary(chance, chance.choice(arguments)) if arguments else json_value(chance)


@cache
def _fields(type_: type[Struct]) -> list[tuple[str, Any]]:
    """The names of a model's properties as they are sent, with their types."""
    return [(field.encode_name, field.type) for field in msgspec.structs.fields(type_)]


@st.composite
def damaged(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> bytes:
    """Documents as JSON in which some bytes are missing, and others are there instead."""
    content = bytearray(json.dumps(draw(documents), ensure_ascii=False).encode())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 3))] = draw(st.sampled_from(PIECES))
    return bytes(content)


def kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[int(key) if isinstance(value, list) else key]
    return value


def replaced(value: Any, path: tuple[Any, ...], becomes: Any) -> Any:
    if not path:
        return becomes
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], becomes)
    return copy


def without(value: Any, path: tuple[Any, ...]) -> Any:
    parent = at(value, path[:-1]).copy()
    del parent[path[-1]]
    return replaced(value, path[:-1], parent)
