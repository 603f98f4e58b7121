"""Strategies for JSON documents: arbitrary, changed and damaged ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import Struct
from workflow_client_core._models.types import flat_members, is_alias

from tests.runtime.times import timestamps

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


_SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
JSON: st.SearchStrategy[Any] = st.recursive(
    _SCALARS | timestamps(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _filled(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)


FREE_FORM: st.SearchStrategy[Any] = _SCALARS | _filled(_SCALARS) | _filled(_filled(_SCALARS))
"""Any JSON of up to three levels."""


_ONE_IN_SIX, _FOUR_IN_FIVE = st.integers(0, 5), st.integers(0, 4)
_MORE = st.dictionaries(st.text(max_size=3), JSON, max_size=1)


@cache  # a strategy that is made anew for each value takes longer than the value
def arbitrary(type_: Any) -> st.SearchStrategy[Any]:
    """Any JSON; often with the names and the shape of `type_`."""
    return _arbitrary(type_)


@st.composite
def _arbitrary(draw: st.DrawFn, type_: Any) -> Any:
    if draw(_ONE_IN_SIX) == 0:
        return draw(JSON)
    if isinstance(type_, type) and issubclass(type_, Struct):
        fields = msgspec.structs.fields(type_)
        some = {f.encode_name: draw(arbitrary(f.type)) for f in fields if draw(_FOUR_IN_FIVE)}
        return {**some, **draw(_MORE)}
    if is_alias(type_):
        return draw(arbitrary(draw(_one_of(flat_members(type_)))))
    arguments: tuple[Any, ...] = getattr(type_, "__args__", ())
    if getattr(type_, "__origin__", None) is list:
        return draw(_list_of(arguments[0]))
    return draw(arbitrary(draw(_one_of(arguments)))) if arguments else draw(JSON)


@cache
def _one_of(types: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(types)


@cache
def _list_of(type_: Any) -> st.SearchStrategy[Any]:
    return st.lists(arbitrary(type_), max_size=3)


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
