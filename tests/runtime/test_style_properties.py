"""Values of every kind, drawn at random, are read back from each style of parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import parse_qsl, unquote

import pytest
import workflow_client_core as core
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType
from workflow_client_core._request.styles import in_cookies, in_header, in_path, in_query

from tests.runtime.parameters import Location, target

T = TypeVar("T")
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
keys = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4)
lists = st.lists(texts, min_size=1, max_size=3)
objects = st.dictionaries(keys, texts, min_size=1, max_size=3)


def refused_if(ambiguous: bool) -> AbstractContextManager[object]:
    """Whether a delimiter in a value would be taken for one between values."""
    return pytest.raises(ValueError, match=r"^p cannot hold ") if ambiguous else nullcontext()


@given(lists)
def test_every_list_is_read_back_from_a_query(items: list[str]) -> None:
    exploded = parse_qsl(target(items, location="query", explode=True)[2:], keep_blank_values=True)
    assert exploded == [("p", item) for item in items]
    for style, delimiter in (("form", ","), ("spaceDelimited", "%20"), ("pipeDelimited", "%7C")):
        with refused_if(delimiter != "," and any(unquote(delimiter) in item for item in items)):
            joined = target(items, location="query", style=style)[len("/?p=") :]
            assert [unquote(item) for item in joined.split(delimiter)] == items


@given(objects)
def test_every_object_is_read_back_from_a_query(members: dict[str, str]) -> None:
    exploded = parse_qsl(target(members, location="query", explode=True)[2:], keep_blank_values=True)
    assert dict(exploded) == members
    with refused_if(any({*"[]"} & {*key} for key in members)):
        deep = parse_qsl(
            target(members, location="query", style="deepObject", explode=True)[2:], keep_blank_values=True
        )
        assert deep == [(f"p[{key}]", value) for key, value in members.items()]
    joined = [unquote(part) for part in target(members, location="query")[len("/?p=") :].split(",")]
    assert dict(zip(joined[::2], joined[1::2], strict=True)) == members


@given(lists, st.sampled_from(["simple", "label", "matrix"]), st.booleans())
def test_every_list_is_read_back_from_a_path(items: list[str], style: str, explode: bool) -> None:
    marks = {"simple": ("", ","), "label": (".", "." if explode else ","), "matrix": (";p=", ";p=" if explode else ",")}
    begin, delimiter = marks[style]
    if style == "label" and explode and any("." in item for item in items):  # which no escape tells apart
        with refused_if(True):
            target(items, location="path", style=style, explode=explode)
        return
    assume(not (style == "matrix" and "" in items))  # `;p` then, without `=`
    try:
        segment = target(items, location="path", style=style, explode=explode)[1:]
    except ValueError:
        assert not ",".join(items).strip(".")
        return
    assert segment.startswith(begin)
    assert [unquote(item) for item in segment[len(begin) :].split(delimiter)] == items


class Sent(Struct, frozen=True, kw_only=True):
    word: Word | UnsetType = UNSET
    at: datetime | UnsetType = UNSET
    key: bytes | UnsetType = UNSET
    content: core.File | UnsetType = UNSET
    inner: list[Sent] | UnsetType = UNSET


class Word(core.OpenStrEnum):
    A = "a"
    B = "b"


letters = st.text("abcXYZ019", min_size=1, max_size=5)
scalars = st.one_of(
    letters,
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.binary(min_size=1),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.uuids(),
    st.sampled_from(Word),
    letters.map(Word),
)
# A file that reads as text with control characters is refused, so those drawn here are plain text or no text at all.
contents = letters.map(str.encode) | st.binary().map(b"\xff".__add__)
models = st.builds(Sent, word=letters.map(Word), at=st.datetimes(timezones=st.just(UTC)), key=st.binary()) | st.builds(
    Sent, content=st.builds(core.File, contents), inner=st.lists(st.builds(Sent, word=st.sampled_from(Word)))
)
values = st.recursive(
    scalars | models,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(letters, inner, min_size=1, max_size=3),
    max_leaves=6,
)
STYLES = ["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"]


@given(values, st.sampled_from(STYLES), st.booleans(), st.sampled_from(["", "application/json"]))
def test_whatever_an_annotation_offers_can_be_sent_anywhere(
    value: object, style: str, explode: bool, media_type: str
) -> None:
    def parameter(location: Location) -> core.Parameter:
        return core.Parameter("p", "p", location, style=style, explode=explode, media_type=media_type)  # type: ignore[arg-type]

    segment = unless_ambiguous(lambda: in_path(parameter("path"), value))
    assert re.fullmatch(r"[!-~]+", segment or "x")
    assert not set("/?#") & set(segment or "x")
    pairs = unless_ambiguous(lambda: in_query(parameter("query"), value))
    cookies = unless_ambiguous(lambda: in_cookies(parameter("cookie"), value))
    assert all(re.fullmatch(r"[^ &#=]+=[^ &#]*", pair, re.ASCII) for pair in pairs or ())
    assert all(re.fullmatch(r"[!-~]+", cookie) and not set('";') & set(cookie) for cookie in cookies or ())
    header = unless_ambiguous(lambda: in_header(parameter("header"), value))
    assert pairs != []
    assert cookies != []
    assert header != ""
    assert re.fullmatch(r"[ -~]+", header or "x")


def unless_ambiguous(write: Callable[[], T]) -> T | None:
    """What is written; None where a delimiter in a value, such as a comma in JSON text, would end it."""
    try:
        return write()
    except ValueError as error:
        message = str(error)
    assert "inside an item: it stands between items" in message
    return None
