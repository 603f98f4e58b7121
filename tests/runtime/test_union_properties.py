"""A value that a union allows is read as the right member; any other value is an issue or an error."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import workflow_client_core as core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from workflow_client_core._models.encoding import encode
from workflow_client_core._models.types import enum_base, fields, flat_members, is_struct

from tests.examples import examples
from tests.runtime.documents import arbitrary, at, damaged, paths, replaced
from tests.runtime.responses import plain, raw
from tests.runtime.unions import (
    Amount,
    Anything,
    Cat,
    Dog,
    Holder,
    JsonValue,
    Lists,
    Node,
    Numeric,
    Pet,
    Shape,
    StructOrMap,
    TextOrTime,
)

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SETTINGS = settings(max_examples=examples(30), suppress_health_check=SLOW, database=None)
TYPES = [Holder, Pet, Shape, Node, JsonValue, TextOrTime, Amount, Numeric, Lists, StructOrMap, Anything]
EACH = pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.__name__)

TEXT = st.text(alphabet="abc~/é😀 ", max_size=4)
ANY = st.none() | TEXT | st.integers()
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    Any: ANY | st.lists(ANY, max_size=2),
}


@st.composite
def values(draw: st.DrawFn, type_: Any, depth: int = 3) -> Any:
    """Values of a type as decoding gives them, with documented values alone."""
    members = [member for member in flat_members(type_) if depth or not is_struct(member)] or flat_members(type_)
    member = draw(st.sampled_from(members))
    if is_struct(member):
        drawn: dict[str, Any] = {}
        for field in fields(member):
            if field.required or (depth and draw(st.booleans())):
                drawn[field.name] = draw(values(field.type, depth - 1))
        if member in (Cat, Dog):
            drawn["pet_type"] = member.__name__.lower()
        return member(**drawn)
    if enum_base(member):
        return draw(st.sampled_from(list(member)))
    container = getattr(member, "__origin__", member)
    arguments: tuple[Any, ...] = getattr(member, "__args__", ())
    if container is list:
        return draw(st.lists(values(arguments[0], max(depth - 1, 0)), max_size=2 if depth else 0))
    if container is dict:
        return draw(st.dictionaries(TEXT, values(arguments[1], max(depth - 1, 0)), max_size=2 if depth else 0))
    return draw(SCALARS[member])


@EACH
@SETTINGS
@given(data=st.data())
def test_what_a_union_allows_is_read_and_written_again(type_: Any, data: st.DataObject) -> None:
    value = data.draw(values(type_))
    encoded = encode(value)
    decoded = core.decode(encoded, type_)
    assert decoded.issues == ()
    assert encode(decoded.parsed) == encoded, "nothing that is declared is lost, whichever member it became"
    assert plain(encoded, type_) == decoded.parsed
    assert encode(core.decode(encoded, type_, lazy=True).parsed) == encoded
    assert raw(encoded, type_).document == msgspec.json.decode(encoded)
    if type_ in (Pet, Shape, Amount):
        assert decoded.parsed == value, "told apart by the values themselves"
        assert type(decoded.parsed) is type(value)


OTHERS: list[Any] = [None, True, 7, 1.5, 1.0, "a text", [], {}, {"a": 1}, [[]], "1.5", "2026-01-01"]


@EACH
@SETTINGS
@given(data=st.data())
def test_a_mistake_in_a_union_is_read_or_reported(type_: Any, data: st.DataObject) -> None:
    document = json.loads(encode(data.draw(values(type_))))
    mutated = replaced(document, data.draw(st.sampled_from(list(paths(document)))), data.draw(st.sampled_from(OTHERS)))
    check(json.dumps(mutated).encode(), mutated, type_)


@EACH
@SETTINGS
@given(data=st.data())
def test_any_document_is_read_or_reported(type_: Any, data: st.DataObject) -> None:
    document = data.draw(arbitrary(type_))
    check(json.dumps(document).encode(), document, type_)


def check(encoded: bytes, document: Any, type_: Any) -> None:
    try:
        decoded = core.decode(encoded, type_)
    except core.InvalidResponse as error:
        root = error.issue
    else:
        root = None
    if root is not None:
        assert root.pointer == ""
        return
    for issue in decoded.issues:
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in issue.pointer.split("/")[1:]]
        parent = at(document, tuple(parents))
        if issue.found == "nothing":
            assert last not in parent
        else:
            at(parent, (last,))
    assert len({issue.pointer for issue in decoded.issues}) == len(decoded.issues)
    if decoded.complete:
        assert plain(encoded, type_) == decoded.parsed
        if UNSET is not decoded.parsed:
            assert core.decode(encode(decoded.parsed), type_).issues == ()
    else:
        with pytest.raises(core.InvalidResponse):
            plain(encoded, type_)


@EACH
@SETTINGS
@given(data=st.data())
def test_no_bytes_raise_anything_but_invalid_response(type_: Any, data: st.DataObject) -> None:
    content = data.draw(damaged(arbitrary(type_)))
    for reader in (core.decode, plain, raw):
        with suppress(core.InvalidResponse):
            reader(content, type_)
