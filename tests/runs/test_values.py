"""Converters of numbers, texts and objects, and the notes that they take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from workflow_client_core import Issue, OpenStrEnum
from workflow_runs import Notes, PendingInput, PendingResponse, RunIssue, Usage
from workflow_runs._reading import values

from tests.runs.converting import AT, convert, object_of_text, type_name

NOTING: list[Callable[..., Any]] = [
    values.utc,
    values.rfc3339,
    values.epoch_seconds,
    values.epoch_milliseconds,
    values.epoch_seconds_or_rfc822,
    values.seconds,
    values.milliseconds,
    values.iso_duration,
    values.utc_time,
    values.epoch_microseconds,
    values.epoch_nanoseconds,
    values.unit_duration,
    values.clock_duration,
    values.integer,
    values.decimal,
    values.as_json,
    values.json_text,
    values.keys,
    values.pairs,
    values.as_object,
]


@pytest.mark.parametrize("converter", NOTING)
@pytest.mark.parametrize("absent", [None, UNSET])
def test_an_absent_value_is_none_without_a_note(converter: Callable[..., Any], absent: Any) -> None:
    assert convert(converter, absent) == (None, [])


def test_values_as_they_are() -> None:
    class Word(OpenStrEnum):
        NEW = "new"

    assert [values.given(value) for value in (UNSET, None, "", 0, False)] == [None, None, "", 0, False]
    assert [values.or_else(value, "x") for value in (None, "", "a")] == ["x", "", "a"]
    assert [values.plain(value) for value in (UNSET, None, Word.NEW, Word("old"))] == [None, None, "new", "old"]
    assert {type(values.plain(value)) for value in (Word.NEW, Word("old"))} == {str}
    assert (values.first(None, 0, 1), values.first(None, None), values.first()) == (0, None, None)


def test_an_object_without_any_field_is_none() -> None:
    assert values.unless_empty(Usage()) is None
    assert values.unless_empty(Usage(tokens=0)) == Usage(tokens=0)
    assert values.unless_empty(PendingInput(responses=())) is None
    assert values.unless_empty(PendingInput(responses=(PendingResponse(),))) is not None
    assert values.unless_empty(PendingInput(config={})) is not None


@pytest.mark.parametrize(
    ("candidates", "result", "disagreeing"),
    [
        ((None, None, None), None, []),
        (("a", "a", "a"), "a", []),
        (("a", None, "a"), "a", []),
        (("a", "b", None), "a", ["/2"]),
        (("a", "b", "c"), "a", ["/2", "/3"]),
        ((None, "b", "c"), "b", ["/3"]),
    ],
)
def test_candidates_that_disagree_with_the_first_value_are_noted(
    candidates: tuple[str | None, ...], result: str | None, disagreeing: list[str]
) -> None:
    notes = Notes()
    assert values.agreeing(("/1", "/2", "/3"), notes, *candidates) == result
    assert [issue.pointer for issue in notes.issues] == disagreeing
    first = "/1" if candidates[0] else "/2"
    assert {issue.problem for issue in notes.issues} <= {
        f"disagreement: it is not what stands at {first}, which counts"
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3.0, "3"),
        (3, "3"),
        (0.0, "0"),
        (-0.0, "0"),
        (-2.5, "-2.5"),
        (2.50, "2.5"),
        (100.0, "100"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (9007199254740991.0, "9007199254740991"),
        (9007199254740992.0, None),
        (1e21, None),
        (-1e21, None),
        (9007199254740993, "9007199254740993"),
        ("1.10", "1.10"),
        (True, "true"),
        (False, "false"),
        (10**4299, "1" + "0" * 4299),
        (10**4300, None),
        (float("inf"), None),
        (float("nan"), None),
        (UNSET, None),
        (None, None),
    ],
    ids=type_name,
)
def test_numbers_as_text(number: Any, text: str | None) -> None:
    absent = number is None or number is UNSET
    problems = [] if absent or text is not None else ["out of range: a number too large to be read exactly"]
    assert convert(values.text, number) == (text, problems)


@given(st.integers() | st.floats(-(2.0**53) + 1, 2.0**53 - 1) | st.integers(-(2**52), 2**52).map(float))
def test_a_number_as_text_has_the_digits_that_it_is_written_with(number: float) -> None:
    text = values.text(number, AT, Notes())
    assert text is not None
    assert Decimal(text) == Decimal(repr(number))
    assert not re.search(r"[eE]|\.[0-9]*0$|^-0$|\.$", text)


def test_values_that_mean_nothing() -> None:
    assert [values.unless(text, "", "-") for text in ("a", " ", "", "-", None, UNSET)] == [
        "a",
        " ",
        None,
        None,
        None,
        None,
    ]
    assert [values.unless(number, 0) for number in (0, 0.0, -0.0, False, 1, True)] == [None, None, None, False, 1, True]
    assert [values.unless(flag, False) for flag in (0, False)] == [0, None]
    zero = "0001-01-01T00:00:00Z"
    assert values.unless(datetime(1, 1, 1, tzinfo=UTC), zero) is None
    assert values.unless(datetime(1, 1, 1), zero) is None
    assert values.unless(datetime(1, 1, 2, tzinfo=UTC), zero) is not None


NO_NUMBER = ["not a number: expected an integer, found text"]
FRACTION = ["not a number: expected an integer, found a number with a fraction"]
TOO_LARGE = ["out of range: an integer of more than 4300 digits"]


@pytest.mark.parametrize(
    ("value", "result", "problems"),
    [
        (7, 7, []),
        (7.0, 7, []),
        (-0.0, 0, []),
        (1e23, 10**23, []),
        ("9001", 9001, []),
        ("-7", -7, []),
        ("+7", 7, []),
        ("007", 7, []),
        (" 7\n", 7, []),
        ("7.00", 7, []),
        ("1e3", 1000, []),
        ("0e999999999999", 0, []),
        ("9007199254740993", 9007199254740993, []),
        ("9" * 4300, 10**4300 - 1, []),
        ("1e4299", 10**4299, []),
        ("9" * 4301, None, TOO_LARGE),
        ("1e4300", None, TOO_LARGE),
        ("1e999999999", None, TOO_LARGE),
        ("-1e999999999", None, TOO_LARGE),
        (10**4300, None, TOO_LARGE),
        (2.5, None, FRACTION),
        ("2.5", None, FRACTION),
        ("1e-999999999", None, FRACTION),
        ("9" * 4000 + ".5", None, FRACTION),
        ("abc", None, NO_NUMBER),
        ("", None, NO_NUMBER),
        ("1_000", None, NO_NUMBER),
        ("1,000", None, NO_NUMBER),
        ("0x10", None, NO_NUMBER),
        ("Infinity", None, NO_NUMBER),
        ("NaN", None, NO_NUMBER),
        ("٣", None, NO_NUMBER),
        ("1e99999999999999999999", None, NO_NUMBER),
        (True, None, ["not a number: expected an integer, found true or false"]),
        (float("inf"), None, ["not a number: expected an integer, found number"]),
    ],
    ids=type_name,
)
def test_integers(value: Any, result: int | None, problems: list[str]) -> None:
    assert convert(values.integer, value) == (result, problems)


def test_huge_text_is_rejected_as_an_integer_quickly() -> None:
    assert convert(values.integer, "9" * 5_000_000) == (None, TOO_LARGE)
    assert convert(values.integer, "9" * 5_000_000 + "x") == (None, NO_NUMBER)


@pytest.mark.parametrize(
    ("value", "result", "problems"),
    [
        ({"a": 1}, {"a": 1}, []),
        ('{"a": {"b": [null]}}', {"a": {"b": [None]}}, []),
        ("{}", {}, []),
        ("null", None, []),
        (" null\n", None, []),
        ('{"n": 123456789012345678901234567890}', {"n": 123456789012345678901234567890}, []),
        ("[]", None, ["not an object: expected an object, found array"]),
        ('"hunter2"', None, ["not an object: expected an object, found text"]),
        ("12345", None, ["not an object: expected an object, found number"]),
        ("true", None, ["not an object: expected an object, found true or false"]),
        ("", None, ["not JSON: it is empty"]),
        (" ", None, ["not JSON: it is empty"]),
        ("hunter2", None, ["not JSON: JSON is malformed: invalid character (byte 0)"]),
        ("{'a': 1}", None, ["not JSON: JSON is malformed: expected '\"' (byte 1)"]),
        ('{"a": nan}', None, ["not JSON: JSON is malformed: invalid character (byte 7)"]),
        ('{"a": NaN}', {}, ["unreadable: expected number within the range of a 64-bit float at /a in the text"]),
        ("[" * 100_000, None, ["not JSON: it is nested too deeply"]),
        ("\ud800", None, ["not JSON: it is not UTF-8: invalid continuation byte (byte 0)"]),
        (
            '{"a": 1e400, "b": 2}',
            {"b": 2},
            ["unreadable: expected number within the range of a 64-bit float at /a in the text"],
        ),
        ('{"a": "\\ud83d"}', {"a": "\ufffd"}, ["unreadable: expected Unicode text at /a in the text"]),
    ],
    ids=type_name,
)
def test_objects_as_text(value: Any, result: dict[str, Any] | None, problems: list[str]) -> None:
    assert convert(object_of_text, value) == (result, problems)


@pytest.mark.parametrize(
    ("value", "result", "problems"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({}, {}, []),
        ([], None, ["not an object: expected an object, found array"]),
        ("{}", None, ["not an object: expected an object, found text"]),
        (0, None, ["not an object: expected an object, found number"]),
        (0.5, None, ["not an object: expected an object, found number"]),
        (False, None, ["not an object: expected an object, found true or false"]),
    ],
)
def test_values_as_objects(value: Any, result: dict[str, Any] | None, problems: list[str]) -> None:
    assert convert(values.as_object, value) == (result, problems)


def test_notes_begin_with_the_issues_of_decoding_and_repeat_none() -> None:
    notes = Notes(
        [Issue("/a", "text", "nothing"), Issue("/b/0", "integer", "text 'x'"), Issue("/a", "text", "nothing")]
    )
    notes.add("/c", "no zone", "some detail")
    notes.add("/c", "no zone", "some detail")
    assert notes.issues == (
        RunIssue("/a", "missing: expected text"),
        RunIssue("/b/0", "unreadable: expected integer, found text 'x'"),
        RunIssue("/c", "no zone: some detail"),
    )


def test_items_keep_their_positions_in_the_document() -> None:
    def issue(pointer: str, expected: str = "object") -> Issue:
        return Issue(pointer, expected, "null")

    notes = Notes([issue("/a/0"), issue("/a/2/id"), issue("/a/3"), issue("/a/4"), issue("/ab/1"), issue("/b/0/c/1")])
    assert list(notes.items("/a", ["one", "two", "five"])) == [("/a/1", "one"), ("/a/2", "two"), ("/a/5", "five")]
    assert list(notes.items("/b", ["nought", "one"])) == [("/b/0", "nought"), ("/b/1", "one")]
    assert list(notes.items("/b/0/c", ["nought", "two"])) == [("/b/0/c/0", "nought"), ("/b/0/c/2", "two")]
    assert [*notes.items("/a", None), *notes.items("/a", UNSET), *notes.items("/a", [])] == []
    mended = Notes([issue("/a/0", "Unicode text")])
    assert list(mended.items("/a", ["\ufffd", "one"])) == [("/a/0", "\ufffd"), ("/a/1", "one")]


def test_entries_have_their_pointers() -> None:
    notes = Notes()
    entries = [("/a/b~1c~0d", "b/c~d", 1), ("/a/", "", 2)]
    assert list(notes.entries("/a", {"b/c~d": 1, "": 2})) == entries
    assert [*notes.entries("/a", None), *notes.entries("/a", UNSET), *notes.entries("/a", {})] == []


def test_an_item_is_chosen_with_its_position_in_the_document() -> None:
    notes = Notes([Issue("/a/0", "object", "null")])
    assert notes.choose("/a", [1, 2, 3], lambda item: item > 1) == ("/a/2", 2)
    assert notes.choose("/a", [1, 2, 3], lambda item: item > 1, last=True) == ("/a/3", 3)
    for items in ([1], [], None, UNSET):
        assert notes.choose("/a", items, lambda item: item > 1) == ("/a/-", None)


def test_lists_of_texts() -> None:
    assert values.texts(["a", None, "b"]) == ("a", "b")
    assert (values.texts([]), values.texts(None), values.texts(UNSET)) == ((), None, None)
    assert convert(values.keys, {"a": 1, "": None}) == (("a", ""), [])
    labels = {"a": "x", "b": "", "c": None, "d": True, "e": 1.0}
    assert convert(values.pairs, labels) == (("a=x", "b", "c", "d=true", "e=1"), [])
    notes = Notes()
    assert values.pairs({"a/b": [1], "c": "d"}, "/at", notes) == ("c=d",)
    assert [issue.pointer for issue in notes.issues] == ["/at/a~1b"]


def test_any_json_value() -> None:
    assert convert(values.json_text, '[1, {"a": null}]') == ([1, {"a": None}], [])
    assert convert(values.json_text, "null") == (None, [])
    assert convert(values.json_text, [1]) == ([1], [])
    assert convert(values.json_text, "NaN")[0] is None
    assert convert(values.json_text, "x")[1] == ["not JSON: JSON is malformed: invalid character (byte 0)"]
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert convert(values.as_json, {"a": [moment, PendingResponse()]}) == ({"a": ["2026-01-02T03:04:05Z", {}]}, [])
    assert convert(values.as_json, [10**30, Decimal("0.10")]) == ([10**30, "0.10"], [])
    assert convert(values.as_json, float("nan"))[1] == [
        "unreadable: expected a JSON value, found something that JSON cannot express"
    ]
