"""Values that are read without an issue, and responses that are not JSON."""

from __future__ import annotations

import copy
import pickle
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType, field, json
from workflow_client_core._decoding import read
from workflow_client_core._decoding.strict import decoder
from workflow_client_core._response.read import read_raw, read_response

from tests.runtime.responses import operation, plain, raw, request, response


class Word(core.OpenStrEnum):
    ON = "on"


class Level(core.OpenIntEnum):
    LOW = 1


class Values(Struct, frozen=True, kw_only=True):
    integer: int | UnsetType = UNSET
    number: float | UnsetType = UNSET
    either: int | str | UnsetType | None = UNSET
    both: int | float | UnsetType = UNSET
    word: Word | UnsetType = UNSET
    level: Level | UnsetType | None = UNSET
    time: datetime | UnsetType | None = UNSET
    day: date | UnsetType = UNSET
    text: str | UnsetType = UNSET
    free: Any | UnsetType = UNSET
    items: list[int] | UnsetType = UNSET
    inner: Values | UnsetType = UNSET


def value(name: str, text: str) -> Any:
    """`text`, a piece of JSON, as the plain and the lenient entry read it without an issue."""
    data = f'{{"{name}": {text}}}'.encode()
    decoded = core.decode(data, Values)
    assert decoded.issues == ()
    assert plain(data, Values) == decoded.parsed
    return getattr(decoded.parsed, name)


def test_a_response_as_documented_takes_one_call_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "workflow_client_core._decoding.repair", None)  # importing it would fail
    read._repair.cache_clear()  # pyright: ignore[reportPrivateUsage]  # so that it has to be imported
    assert plain(b'{"word": "new", "undeclared": 1, "text": "\xc3\xa4"}', Values) == Values(word=Word("new"), text="ä")
    with pytest.raises(ImportError):
        plain(b'{"word": 1}', Values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.0", 1),
        ("-0", 0),
        ("-0.0", 0),
        ("0e9999", 0),
        ("1e3", 1000),
        ("1.25E2", 125),
        ("120e-1", 12),
        ("1e23", 10**23),
        ("18446744073709551616", 2**64),
        ("-9223372036854775809", -(2**63) - 1),
        ("9007199254740993.0", 2**53 + 1),
        ("1e400", 10**400),
        ("9" * 4300, 10**4300 - 1),
    ],
)
@pytest.mark.parametrize("name", ["integer", "either"])
def test_a_number_without_a_fraction_is_an_integer(name: str, text: str, expected: int) -> None:
    read = value(name, text)
    assert type(read) is int
    assert read == expected


def test_integers_in_another_spelling_are_read_everywhere() -> None:
    assert value("level", "1.0") is Level.LOW
    assert value("level", "7e0") == 7
    assert value("items", "[1, 2.0]") == [1, 2]
    assert value("inner", '{"inner": {"integer": 3.0}}') == Values(inner=Values(integer=3))
    assert core.decode(b"5.0", int).parsed == 5


@pytest.mark.parametrize("text", ["1", "1.5", "1e308", "-0.0", "0.1e-400", "1e23"])
@pytest.mark.parametrize("name", ["number", "both"])
def test_numbers(name: str, text: str) -> None:
    assert value(name, text) == float(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-04-07T09:00:00Z", datetime(2026, 4, 7, 9, tzinfo=UTC)),
        ("2026-04-07t09:00:00z", datetime(2026, 4, 7, 9, tzinfo=UTC)),
        ("2026-04-07 09:00:00Z", datetime(2026, 4, 7, 9, tzinfo=UTC)),
        ("2026-04-07T09:00:00.5-07:30", datetime(2026, 4, 7, 16, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-04-07T09:00:00-00:00", datetime(2026, 4, 7, 9, tzinfo=UTC)),
        ("2026-04-07T09:00:00.123456789012Z", datetime(2026, 4, 7, 9, 0, 0, 123_457, tzinfo=UTC)),
        ("9999-12-31T23:59:59.9999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2016-12-31t23:59:60.25z", datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)),
        ("1990-12-31T15:59:60-08:00", datetime(1991, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_of_rfc_3339(text: str, expected: datetime) -> None:
    assert value("time", f'"{text}"') == expected


def test_the_zone_of_a_time_is_kept() -> None:
    zone = timezone(timedelta(hours=-8))
    assert value("time", '"1990-12-31T15:59:60-08:00"').tzinfo == zone
    assert value("time", '"2026-04-07T09:00:00-08:00"').tzinfo == zone


def test_a_time_without_a_zone_is_read_without_one() -> None:
    assert value("time", '"2026-04-07T09:00:00"') == datetime(2026, 4, 7, 9)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2023-11-07T05:31", None),
        ("2023-11-07T05:31Z", UTC),
        ("2023-11-07 05:31z", UTC),
        ("2023-11-07t05:31-08:00", timezone(timedelta(hours=-8))),
        ("2023-11-07T05:31+0530", timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_a_time_without_seconds_is_the_beginning_of_its_minute(text: str, zone: timezone | None) -> None:
    read = value("time", f'"{text}"')
    assert read == datetime(2023, 11, 7, 5, 31, tzinfo=zone)
    assert read.tzinfo == zone


def test_a_day() -> None:
    assert value("day", '"2026-04-07"') == date(2026, 4, 7)


def test_the_last_of_two_values_of_one_name_counts() -> None:
    assert plain(b'{"integer": 1, "integer": 2}', Values) == Values(integer=2)
    assert core.decode(b'{"integer": "x", "integer": 2}', Values) == core.Decoded(Values(integer=2), ())
    assert len(core.decode(b'{"integer": 2, "integer": "x"}', Values).issues) == 1


def test_free_form_values_are_whatever_was_sent() -> None:
    assert value("free", '{"a": [1, 2.5, null, "x", true, 18446744073709551616]}') == {
        "a": [1, 2.5, None, "x", True, 2**64]
    }


@pytest.mark.parametrize("data", [b'\xef\xbb\xbf{"integer": 1}', b' \r\n\t{"integer": 1}\n '])
def test_a_byte_order_mark_and_blanks_around_are_ignored(data: bytes) -> None:
    assert plain(data, Values) == core.decode(data, Values).parsed == Values(integer=1)
    assert raw(data, Values).document == {"integer": 1}


def test_surrogate_pairs_are_one_character() -> None:
    assert value("text", r'"\ud83d\ude00"') == "😀"


NO_JSON = [
    (b"", "it is empty"),
    (b" \n", "it is empty"),
    (b"\xef\xbb\xbf", "it is empty"),
    (b'{"integer": 1', "Input data was truncated"),
    (b'{"integer": 1}}', "JSON is malformed: trailing characters (byte 15)"),
    (b'{"integer": 1}{"integer": 1}', "JSON is malformed: trailing characters (byte 15)"),
    (b'{"undeclared": nan}', "JSON is malformed: invalid character (byte 16)"),
    (b'{"number": Inf}', "JSON is malformed: invalid character (byte 11)"),
    (b'{"integer": 01}', "JSON is malformed: invalid number (byte 13)"),
    (b"{'integer': 1}", "JSON is malformed: expected '\"' (byte 1)"),
    (b'{"text": "a\nb"}', "JSON is malformed: invalid character (byte 11)"),
    (b'{"text": "\xff"}', "it is not UTF-8: invalid start byte (byte 10)"),
    (b'{"undeclared": "\xff"}', "it is not UTF-8: invalid start byte (byte 16)"),
    (b'{"text": "\xed\xa0\xbd"}', "it is not UTF-8: invalid continuation byte (byte 10)"),
    (b'{"free": "\xe2\x82', "it is not UTF-8: unexpected end of data (byte 10)"),
    ('{"text": "a"}'.encode("utf-16"), "it is not UTF-8: invalid start byte (byte 0)"),
    ('{"text": "a"}'.encode("utf-16-le"), "JSON is malformed: expected '\"' (byte 1)"),
    (b'{"free": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "it is nested too deeply"),
    (b'{"undeclared": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "it is nested too deeply"),
    (b"[" * 100_000, "it is nested too deeply"),
]


@pytest.mark.parametrize(("data", "reason"), NO_JSON, ids=[reason for _, reason in NO_JSON])
def test_what_is_not_json_is_invalid_for_every_entry(data: bytes, reason: str) -> None:
    readers: list[Callable[[], object]] = [
        lambda: plain(data, Values),
        lambda: raw(data, Values),
        lambda: core.decode(data, Values),
        lambda: core.decode(data, Values, lazy=True),
        lambda: core.RawResponse(200, {}, data, None).document,
    ]
    for reader in readers:
        with pytest.raises(core.InvalidResponse) as caught:
            reader()
        assert str(caught.value).endswith(f"cannot be read: {reason}")
        assert caught.value.issue is None
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "application/json",
        "Application/JSON ; Charset=UTF-8",
        "application/json;",
        "application/json; charset=iso-8859-1",
        "application/problem+json",
        "text/json",
    ],
)
def test_content_types_that_say_json(content_type: str | None) -> None:
    reply = response(b'{"text": "\xc3\xa4"}', content_type=content_type)
    assert read_response(operation(Values), request(), reply) == Values(text="ä")


@pytest.mark.parametrize("content_type", ["text/html", "text/plain; a=application/json", "application/jsonl", "json"])
def test_content_types_that_do_not(content_type: str) -> None:
    for reader in (read_response, read_raw):
        with pytest.raises(core.InvalidResponse, match=r"not application/json$"):
            reader(operation(Values), request(), response(b"text", content_type=content_type))
        with pytest.raises(core.InvalidResponse, match=r"not application/json$"):
            reader(operation(Values), request(), response(b'"a scalar may be text"', content_type=content_type))


@pytest.mark.parametrize("content_type", ["text/html", "text/plain; a=application/json", "application/jsonl", "json"])
def test_an_object_under_another_content_type_is_read_all_the_same(content_type: str) -> None:
    reply = response(b'{"text": "a"}', content_type=content_type)
    assert read_response(operation(Values), request(), reply) == Values(text="a")


def test_decoding_is_safe_to_share_between_threads() -> None:
    documents = [json.encode({"word": f"w{i}", "integer": i if i % 2 else f"{i}"}) for i in range(200)]
    expected = [(f"w{i}", i if i % 2 else UNSET) for i in range(200)]
    results: list[list[tuple[str, Any]]] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        values = [core.decode(document, Values).parsed for document in documents for _ in range(3)][::3]
        results.append([(str(v.word), v.integer) for v in values])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8
    assert list(Word) == [Word.ON]
    assert set(Word.__members__) == {"ON"}
    assert not Word("w1").documented


def test_a_decoder_is_made_once() -> None:
    assert decoder(Values) is decoder(Values)


class Part(Struct, frozen=True, kw_only=True):
    config: dict[str, Any]


class Holder(Struct, frozen=True, kw_only=True):
    id: str
    free: Any | UnsetType = UNSET
    result: dict[str, Any] | UnsetType = field(default=UNSET, name="the-result")
    mixed: str | dict[str, Any] | None = None
    rows: list[Any] | UnsetType | None = UNSET
    parts: list[Part] | UnsetType = UNSET
    again: Holder | UnsetType = UNSET


DOCUMENT = (
    b'{"id":"1","free":[1,{"a":null}],"the-result":{"a":{"b":1}},"mixed":{"c":2},"rows":null,'
    b'"parts":[{"config":{"d":3}}],"again":{"id":"2","free":{"e":4}},"undeclared":1}'
)
ATTRIBUTES: list[tuple[Callable[[Any], Any], Any]] = [
    (lambda h: h.id, "1"),
    (lambda h: h.free, [1, {"a": None}]),
    (lambda h: h.result, {"a": {"b": 1}}),
    (lambda h: h.mixed, {"c": 2}),
    (lambda h: h.rows, None),
    (lambda h: h.parts[0].config, {"d": 3}),
    (lambda h: h.again.free, {"e": 4}),
    (lambda h: h.again.result, UNSET),
    (lambda h: h.again.mixed, None),
]


@pytest.mark.parametrize(("attribute", "expected"), ATTRIBUTES)
@pytest.mark.parametrize("copied", [lambda h: h, copy.copy, copy.deepcopy, lambda h: pickle.loads(pickle.dumps(h))])
def test_free_form_values_can_wait(
    attribute: Callable[[Any], Any], expected: object, copied: Callable[[Any], Any]
) -> None:
    lazy = core.decode(DOCUMENT, Holder, lazy=True).parsed
    assert isinstance(lazy, Holder)
    assert attribute(copied(lazy)) == expected
    assert attribute(lazy) == expected
    assert attribute(lazy) is attribute(lazy)
    assert json.decode(json.encode(lazy), type=Holder) == core.decode(DOCUMENT, Holder).parsed


def test_free_form_values_are_decoded_when_they_are_read() -> None:
    lazy = core.decode(DOCUMENT, Holder, lazy=True).parsed
    assert "Raw object" in repr(lazy)
    for attribute, _ in ATTRIBUTES:
        attribute(lazy)
    assert "Raw object" not in repr(lazy)
    with pytest.raises(AttributeError):
        lazy.result = {}  # type: ignore[misc]  # frozen, lazy or not


@pytest.mark.parametrize("text", ["[1]", '"x"', "1", "null"])
def test_a_free_form_value_of_another_kind_is_noticed_at_once(text: str) -> None:
    data = f'{{"id": "1", "the-result": {text}}}'.encode()
    decoded = core.decode(data, Holder, lazy=True)
    assert decoded == core.decode(data, Holder)
    assert [issue.pointer for issue in decoded.issues] == ["/the-result"]
    assert decoded.complete


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    ("data", "complete"),
    [
        (DOCUMENT, True),
        (b'{"id": "1", "rows": 5}', True),
        (b'{"free": [1]}', False),
        (b'{"id": "1", "parts": [{"config": 5}]}', False),
        (b'{"id": "1", "again": {"id": null}}', False),
    ],
)
def test_what_lacks_a_required_value_is_not_complete(data: bytes, complete: bool, lazy: bool) -> None:
    assert core.decode(data, Holder, lazy=lazy).complete is complete


def test_a_free_form_value_beyond_python_is_noticed_when_it_is_read() -> None:
    lazy = core.decode(b'{"id": "1", "free": [1e400]}', Holder, lazy=True).parsed
    with pytest.raises(core.InvalidResponse, match="the value of free cannot be read: Number out of range"):
        _ = lazy.free


def test_types_without_free_form_values_stay_what_they_are() -> None:
    parsed = core.decode(b'[{"title": "t"}]', list[_Title], lazy=True).parsed
    assert [type(item) for item in parsed] == [_Title]


class _Title(Struct):
    title: str
