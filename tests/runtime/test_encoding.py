"""Models are written as the JSON that they were read from, by `encode`, and never as wrong JSON by msgspec itself."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import typing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest.mock import ANY

import msgspec
import pytest
import workflow_client_core as core
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType, field
from workflow_client_core import encode
from workflow_client_core._models import additional, types
from workflow_client_core._request.values import json_text

from tests.examples import examples
from tests.runtime.documents import JSON


class Soil(core.OpenStrEnum):
    CLAY = "clay"
    SAND = "sand"


class Rows(core.OpenIntEnum):
    ONE = 1


class Seed(Struct, frozen=True, kw_only=True):
    kind: str
    grams: core.DecimalNumber | UnsetType = UNSET


class Bulb(Struct, frozen=True, kw_only=True):
    kind: str
    size_: int = field(name="size")


class Label(core.OpenStruct, frozen=True, kw_only=True):
    text: str | UnsetType = UNSET
    additional_properties: dict[str, Any] = core.additional_properties()


class Counts(core.OpenStruct, frozen=True, kw_only=True):
    total: int | UnsetType = field(default=UNSET, name="all")
    more: dict[str, list[Bed | None]] = core.additional_properties()


if TYPE_CHECKING:
    Plant: TypeAlias = "Seed | Bulb"
    Weight: TypeAlias = "Decimal | str"
    Since: TypeAlias = "date | int | list[date]"
else:

    class Plant(core.Alias):
        members: Seed | Bulb

    class Weight(core.Alias):
        members: core.DecimalNumber | str

    class Since(core.Alias):
        members: date | int | list[date]


class Bed(Struct, frozen=True, kw_only=True):
    name_: str = field(name="na/me~")
    soil: Soil | UnsetType = UNSET
    rows: Rows | UnsetType | None = UNSET
    sown: datetime | UnsetType = UNSET
    day: date | UnsetType = UNSET
    days: list[date | None] | UnsetType = UNSET
    by_name: dict[str, date] | UnsetType = field(default=UNSET, name="byName")
    at: time | UnsetType = UNSET
    grows: timedelta | UnsetType = UNSET
    photo: bytes | UnsetType = UNSET
    note: core.File | UnsetType = UNSET
    price: Decimal | UnsetType = UNSET
    rates: list[core.DecimalNumber] | UnsetType = UNSET
    weight: Weight | UnsetType = UNSET
    since: Since | UnsetType = UNSET
    plants: list[Plant] | UnsetType = UNSET
    label: Label | UnsetType | None = UNSET
    counts: dict[str, Counts] | UnsetType = UNSET
    free: Any | UnsetType = UNSET


WORDS = st.text(max_size=5)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(),
    Any: JSON,
    datetime: st.datetimes(timezones=st.just(UTC)).map(msgspec.to_builtins),
    date: st.dates().map(msgspec.to_builtins),
    time: st.times().map(msgspec.to_builtins),
    timedelta: st.timedeltas(timedelta(0), timedelta(9)).map(msgspec.to_builtins),
    bytes: st.sampled_from(["", "aGk=", "/+8="]),
    core.File: WORDS,
    Decimal: AMOUNTS,
    Soil: st.sampled_from(["clay", "sand", "peat"]),
    Rows: st.integers(0, 3),
    type(None): st.none(),
}


@st.composite
def documents(draw: st.DrawFn, type_: Any) -> Any:
    """The plain JSON of values of a type; `Decimal`s stand for numbers, of which every digit counts."""
    if type_ == core.DecimalNumber:
        return Decimal(draw(AMOUNTS))
    if type_ is Weight:
        return draw(st.sampled_from([Decimal("1.50"), "1.50", "heavy"]))
    if types.is_union(type_):
        return draw(documents(draw(st.sampled_from([m for m in typing.get_args(type_) if m is not UnsetType]))))
    if types.is_alias(type_):
        return draw(documents(types.alias_target(type_)))
    if type_ in SCALARS:
        return draw(SCALARS[type_])
    if typing.get_origin(type_) is list:
        return draw(st.lists(documents(typing.get_args(type_)[0]), max_size=2))
    if typing.get_origin(type_) is dict:
        return draw(st.dictionaries(WORDS, documents(typing.get_args(type_)[1]), max_size=2))
    fields = [f for f in types.fields(type_) if f.required or draw(st.integers(0, 3)) == 0]
    declared = {f.wire: draw(documents(f.type)) for f in fields}
    more = types.additional(type_)
    names = {f.wire for f in types.fields(type_)}
    items = draw(st.dictionaries(WORDS, documents(more.type), max_size=2)) if more else {}
    return {**{key: item for key, item in items.items() if key not in names}, **declared}


def as_text(document: Any) -> bytes:
    """A document as JSON, with its numbers as they are."""
    return msgspec.json.Encoder(decimal_format="number").encode(document)


def exactly(text: bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


@settings(max_examples=examples(50), derandomize=True, database=None, deadline=None)
@given(type_=st.sampled_from([Bed, Label, Counts]), lazy=st.booleans(), data=st.data())
def test_what_was_read_is_written_again(type_: Any, lazy: bool, data: st.DataObject) -> None:
    text = as_text(data.draw(documents(type_)))
    decoded = core.decode(text, type_, lazy=lazy)
    assert not decoded.issues
    written = encode(decoded.parsed)
    assert exactly(written) == exactly(text)
    assert core.decode(written, type_).parsed == core.decode(text, type_).parsed
    assert encode(pickle.loads(pickle.dumps(decoded.parsed))) == written


def test_names_enums_times_and_numbers_are_those_of_json() -> None:
    bed = Bed(
        name_="a",
        soil=Soil("peat"),
        rows=None,
        sown=datetime.fromisoformat("2026-03-01T08:00:00Z"),
        grows=timedelta(days=1),
        photo=b"\xff",
        note=core.File(b"\xff"),
        price=Decimal("1.10"),
        rates=[Decimal("2.50"), Decimal("1E+2")],
        plants=[Bulb(kind="tulip", size_=2**70)],
    )
    assert encode([bed]) == (
        b'[{"na/me~":"a","soil":"peat","rows":null,"sown":"2026-03-01T08:00:00Z","grows":"P1D","photo":"/w==",'
        b'"note":"/w==","price":"1.10","rates":[2.50,1E+2],"plants":[{"kind":"tulip","size":1180591620717411303424}]}]'
    )


def test_a_text_beside_a_decimal_number_stays_text() -> None:
    for weight in (b'"1.50"', b"1.50"):
        text = b'{"na/me~":"a","weight":%s}' % weight
        assert encode(core.decode(text, Bed).parsed) == text


LABELLED = Label(text="x", additional_properties={"b": 1})


def test_msgspec_itself_writes_no_false_property() -> None:
    model = Bed(name_="a", label=LABELLED, counts={"k": Counts(more={"m": [None]})})
    expected = {"na/me~": "a", "label": {"text": "x"}, "counts": {"k": {}}}
    assert msgspec.to_builtins(model) == expected
    assert json.loads(msgspec.json.encode(model)) == expected
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(model)) == expected
    assert msgspec.json.encode(Label()) == b"{}"


@pytest.mark.parametrize(
    "copied",
    [
        copy.copy(LABELLED),
        copy.deepcopy(LABELLED),
        pickle.loads(pickle.dumps(LABELLED)),
        msgspec.structs.replace(LABELLED, text="x"),
        LABELLED.__replace__(text="x"),
    ],
)
def test_every_copy_has_the_additional_properties(copied: Label) -> None:
    assert copied == LABELLED
    assert repr(copied) == "Label(text='x', additional_properties={'b': 1})"
    assert encode(copied) == b'{"text":"x","b":1}'


def test_models_with_additional_properties_are_compared_by_them() -> None:
    other = Label(text="x", additional_properties={"b": 2})
    assert other != LABELLED
    assert msgspec.structs.replace(other, additional_properties={"b": 1}) == LABELLED
    assert Counts() != LABELLED
    assert LABELLED == ANY
    assert LABELLED != "x"
    match LABELLED:
        case Label(additional_properties={"b": found}):
            assert found == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(LABELLED)
    with pytest.raises(AttributeError):
        LABELLED.additional_properties = {}  # type: ignore[misc]


def test_the_dict_is_the_models_own_and_goes_with_it() -> None:
    gc.collect()
    before = len(additional._ENTRIES)
    label = Label()
    label.additional_properties["b"] = 1
    assert label.additional_properties == {"b": 1}
    assert Label().additional_properties == {}
    assert encode(label) == b'{"b":1}'
    del label
    gc.collect()
    assert len(additional._ENTRIES) == before


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (Bed(name_="a", day=datetime(2026, 3, 1)), TypeError, "the value at /day must be a date, not a datetime"),
        ([Bed(name_="a", days=[None, datetime(2026, 3, 1)])], TypeError, "at /0/days/1 must be a date, not a datetime"),
        (Bed(name_="a", by_name={"b/c": datetime(2026, 3, 1)}), TypeError, "at /byName/b~1c must be a date"),
        (Bed(name_="a", since=datetime(2026, 3, 1)), TypeError, "at /since must be a date, not a datetime"),
        (Bed(name_="a", since=[datetime(2026, 3, 1)]), TypeError, "at /since/0 must be a date, not a datetime"),
        (float("nan"), ValueError, "the value cannot be nan: it must be a finite number"),
        (Bed(name_="a", free={"b": [1.5, float("-inf")]}), ValueError, "the value at /free/b/1 cannot be -inf"),
        (Bed(name_="a", price=Decimal("NaN")), ValueError, "the value at /price cannot be NaN"),
        (Label(additional_properties={"b": Decimal("sNaN")}), ValueError, "the value at /b cannot be sNaN"),
        (Label(additional_properties={"b": object()}), TypeError, "a value of object cannot be encoded as JSON"),
        ({"a": "\ud800"}, ValueError, "the value holds half of a surrogate pair"),
    ],
)
def test_what_json_cannot_express_is_refused(value: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        encode(value)
    assert message in str(caught.value)


def test_a_date_time_without_a_zone_is_written_as_it_was_read_but_not_sent() -> None:
    text = b'{"na/me~":"a","sown":"2026-03-01T08:00:00"}'
    bed = core.decode(text, Bed).parsed
    assert encode(bed) == text
    with pytest.raises(
        ValueError, match=r"^filter at /sown needs a time zone: 2026-03-01T08:00:00 could be any instant"
    ):
        json_text("filter", bed)
