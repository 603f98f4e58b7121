"""Responses that are not as documented: what can be read is read, every other value is reported with its pointer."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum
from traceback import walk_tb
from typing import Any

import pytest
import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType, field

from tests.runtime.responses import SECRET, operation, plain, raw, request, response
from tests.runtime.unions import Lists


class Word(core.OpenStrEnum):
    ON = "on"


class Level(core.OpenIntEnum):
    LOW = 1


class Fixed(IntEnum):
    ONE = 1


class Item(Struct, frozen=True, kw_only=True):
    id: str = field(name="itemId")
    size: int | UnsetType = UNSET


class Run(Struct, frozen=True, kw_only=True):
    text: str | UnsetType = UNSET
    integer: int | UnsetType = UNSET
    number: float | UnsetType = UNSET
    flag: bool | UnsetType = UNSET
    word: Word | UnsetType = UNSET
    level: Level | UnsetType | None = UNSET
    fixed: Fixed | UnsetType = UNSET
    time: datetime | UnsetType = UNSET
    day: date | UnsetType | None = UNSET
    either: int | str | UnsetType | None = UNSET
    open_: dict[str, Any] | UnsetType = field(default=UNSET, name="open")
    free: Any | UnsetType = UNSET
    item: Item | UnsetType | None = UNSET
    texts: list[str] | UnsetType = UNSET
    items: list[Item] | UnsetType | None = UNSET
    sizes: dict[str, int] | UnsetType = UNSET
    maps: dict[str, list[Item]] | UnsetType = UNSET
    textual: str | Item | UnsetType = UNSET
    retries: int = 3
    inner: Run | UnsetType = UNSET


class Strict(Struct, frozen=True, kw_only=True):
    id: str
    when: datetime | None = field(name="whenIt/was~")
    item: Item
    items: list[Item]
    note: str | UnsetType = UNSET


def lenient(text: str, type_: Any = Run) -> tuple[Any, list[tuple[str, str, str]]]:
    decoded = core.decode(text.encode(), type_)
    return decoded.parsed, [(issue.pointer, issue.expected, issue.found) for issue in decoded.issues]


OPTIONAL = [
    ("text", "5", "text", "number 5"),
    ("text", "null", "text", "null"),
    ("text", "true", "text", "true"),
    ("integer", '"9001"', "integer", "text '9001'"),
    ("integer", "1.5", "integer", "number 1.5"),
    ("integer", "1e-2", "integer", "number 1e-2"),
    ("integer", "true", "integer", "true"),
    ("integer", "{}", "integer", "object"),
    ("integer", "null", "integer", "null"),
    ("integer", "9" * 4301, "integer of at most 4300 digits", "number " + "9" * 20 + "..."),
    ("integer", "1e4300", "integer of at most 4300 digits", "number 1e4300"),
    ("integer", "1e999999999999", "integer of at most 4300 digits", "number 1e999999999999"),
    ("integer", "1e99999999999999999999", "integer", "number 1e999999999999999999..."),
    ("integer", "1e-99999999999999999999", "integer", "number 1e-99999999999999999..."),
    ("number", '"1.5"', "number", "text '1.5'"),
    ("number", "1e400", "number within the range of a 64-bit float", "number 1e400"),
    ("number", "NaN", "number within the range of a 64-bit float", "NaN"),
    ("number", "-Infinity", "number within the range of a 64-bit float", "-Infinity"),
    ("integer", "Infinity", "integer", "Infinity"),
    ("text", "NaN", "text", "NaN"),
    ("flag", "NaN", "true or false", "NaN"),
    ("either", "NaN", "integer or text or null", "NaN"),
    ("items", "NaN", "array or null", "NaN"),
    ("flag", '"true"', "true or false", "text 'true'"),
    ("flag", "0", "true or false", "number 0"),
    ("word", "5", "Word (text)", "number 5"),
    ("word", "null", "Word (text)", "null"),
    ("level", '"1"', "Level (integer) or null", "text '1'"),
    ("level", "1.5", "Level (integer) or null", "number 1.5"),
    ("fixed", "2.0", "Fixed (integer)", "number 2.0"),
    ("time", '"yesterday"', "date-time", "text 'yesterday'"),
    ("time", '"2026-04-07"', "date-time", "text '2026-04-07'"),
    ("time", '"2026-04-07T09Z"', "date-time", "text '2026-04-07T09Z'"),
    ("time", '"2026-04-07T09:31.5Z"', "date-time", "text '2026-04-07T09:31.5Z'"),
    ("time", '"2026-04-07T09:60Z"', "date-time", "text '2026-04-07T09:60Z'"),
    ("time", '"2026-04-07T24:00Z"', "date-time", "text '2026-04-07T24:00Z'"),
    ("time", '"2026-04-07T24:00:00Z"', "date-time", "text '2026-04-07T24:00:00Z'"),
    ("time", '"0000-01-01T00:00:00Z"', "date-time", "text '0000-01-01T00:00:00Z'"),
    ("time", '"2016-12-31T12:59:60Z"', "date-time", "text '2016-12-31T12:59:60Z'"),
    ("time", '"2016-12-31T23:59:61Z"', "date-time", "text '2016-12-31T23:59:61Z'"),
    ("time", '"2016-12-31T23:59:60"', "date-time", "text '2016-12-31T23:59:60'"),
    ("time", '"9999-12-31T23:59:60Z"', "date-time", "text '9999-12-31T23:59:60Z'"),
    ("time", "1775552400", "date-time", "number 1775552400"),
    ("day", '"2026-04-07T00:00:00Z"', "date or null", "text '2026-04-07T00:00:00Z'"),
    ("either", "1.5", "integer or text or null", "number 1.5"),
    ("either", "[]", "integer or text or null", "array"),
    ("open", "[]", "object", "array"),
    ("open", "null", "object", "null"),
    ("item", "[]", "object or null", "array"),
    ("texts", '"a"', "array", "text 'a'"),
    ("items", "{}", "array or null", "object"),
    ("sizes", "[]", "object", "array"),
    ("textual", "5", "text or object", "number 5"),
    ("text", '["a"]', "text", "array"),
    ("integer", '"a\\u001b[31m\\n"', "integer", "text 'a\\x1b[31m\\n'"),
    ("integer", '"' + "x" * 100 + '"', "integer", "text '" + "x" * 20 + "...'"),
]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_not_a_number_is_one_issue_at_its_place(number: str) -> None:
    found = number if number[-1].isalpha() else f"number {number}"
    out_of_range = "number within the range of a 64-bit float"
    text = f'{{"free": {{"a": [1, {number}, 2], "NaN": "x Infinity \\" {number}"}}, "new": {number}, "retries": 7}}'
    assert lenient(text) == (
        Run(free={"a": [1, 2], "NaN": f'x Infinity " {number}'}, retries=7),
        [("/free/a/1", out_of_range, found)],
    )
    assert plain(text.encode(), Run).retries == 7
    assert raw(text.encode(), Run).document["free"]["a"] == [1, 2]
    assert lenient(f'{{"a": {{"b": {number}}}}}', dict[str, Any]) == ({"a": {}}, [("/a/b", out_of_range, found)])
    assert lenient(f"[{number}, 1.5]", list[float]) == ([1.5], [("/0", out_of_range, found)])
    with pytest.raises(core.InvalidResponse, match=f"expected {out_of_range}, found {found}"):
        plain(number.encode(), float)


@pytest.mark.parametrize(("name", "text", "expected", "found"), OPTIONAL)
def test_an_optional_value_that_cannot_be_read_is_absent(name: str, text: str, expected: str, found: str) -> None:
    document = f'{{"{name}": {text}, "retries": 7}}'
    assert lenient(document) == (Run(retries=7), [(f"/{name}", expected, found)])
    assert core.decode(document.encode(), Run).complete
    assert plain(document.encode(), Run) == Run(retries=7)
    inside = f'{{"text": "a", "inner": {document}}}'
    assert lenient(inside) == (Run(text="a", inner=Run(retries=7)), [(f"/inner/{name}", expected, found)])


def test_a_default_stands_in_for_what_cannot_be_read() -> None:
    assert lenient('{"retries": "x"}') == (Run(retries=3), [("/retries", "integer", "text 'x'")])


def test_every_issue_is_reported_in_the_order_of_the_type() -> None:
    parsed, issues = lenient('{"items": [1, {"size": "x", "itemId": 5}], "undeclared": 0, "integer": "1", "text": 2}')
    assert parsed == Run(items=[Item(id=UNSET)])  # type: ignore[arg-type]  # what lenient means
    assert [pointer for pointer, _, _ in issues] == [
        "/text",
        "/integer",
        "/items/0",
        "/items/1/itemId",
        "/items/1/size",
    ]


def test_unreadable_items_are_left_out_and_reported_with_their_index() -> None:
    assert lenient('{"texts": ["a", null, "b", 5]}') == (
        Run(texts=["a", "b"]),
        [("/texts/1", "text", "null"), ("/texts/3", "text", "number 5")],
    )
    assert plain(b'{"texts": ["a", null, "b", 5]}', Run) == Run(texts=["a", "b"])
    assert lenient('[1, "x", 2.0]', list[int]) == ([1, 2], [("/1", "integer", "text 'x'")])


def test_unreadable_values_of_maps_are_left_out() -> None:
    document = '{"sizes": {"a/b~c": "x", "d": 1.0, "": null}, "maps": {"e": [{"itemId": "1"}, 7], "f": {}}}'
    assert lenient(document) == (
        Run(sizes={"d": 1}, maps={"e": [Item(id="1")]}),
        [
            ("/sizes/a~1b~0c", "integer", "text 'x'"),
            ("/sizes/", "integer", "null"),
            ("/maps/e/1", "object", "number 7"),
            ("/maps/f", "array", "object"),
        ],
    )


def test_one_member_of_a_union_is_repaired_inside() -> None:
    assert lenient('{"textual": {"itemId": "1", "size": "x"}}') == (
        Run(textual=Item(id="1")),
        [("/textual/size", "integer", "text 'x'")],
    )


def test_undocumented_values_are_not_issues() -> None:
    parsed, issues = lenient('{"word": "new", "level": 9, "integer": "x"}')
    assert (parsed.word, parsed.level) == ("new", 9)
    assert not parsed.word.documented
    assert not parsed.level.documented
    assert [pointer for pointer, _, _ in issues] == ["/integer"]
    assert list(Word) == [Word.ON]


GOOD = '"id": "1", "whenIt/was~": null, "item": {"itemId": "i"}, "items": [{"itemId": "j"}]'
REQUIRED = [
    (GOOD.replace('"id": "1", ', ""), "/id", "text", "nothing"),
    (GOOD.replace('"id": "1"', '"id": null'), "/id", "text", "null"),
    (GOOD.replace('"id": "1"', '"id": {"a": 1}'), "/id", "text", "object"),
    (GOOD.replace('"whenIt/was~": null, ', ""), "/whenIt~1was~0", "date-time or null", "nothing"),
    (GOOD.replace('was~": null', 'was~": "soon"'), "/whenIt~1was~0", "date-time or null", "text 'soon'"),
    (GOOD.replace('{"itemId": "i"}', "[]"), "/item", "object", "array"),
    (GOOD.replace('{"itemId": "i"}', "{}"), "/item/itemId", "text", "nothing"),
    (GOOD.replace('[{"itemId": "j"}]', "null"), "/items", "array", "null"),
    (GOOD.replace('"j"', "5"), "/items/0/itemId", "text", "number 5"),
]


@pytest.mark.parametrize(("members", "pointer", "expected", "found"), REQUIRED)
def test_a_required_value_is_reported_or_its_lack_raised(members: str, pointer: str, expected: str, found: str) -> None:
    document = f'{{{members}, "note": "kept"}}'
    parsed, issues = lenient(document, Strict)
    assert issues == [(pointer, expected, found)]
    assert parsed.note == "kept"
    assert not core.decode(document.encode(), Strict).complete
    lacking = [name for name in ("id", "when", "item", "items") if getattr(parsed, name) is UNSET]
    assert lacking == ([] if pointer.count("/") > 1 else [{"whenIt~1was~0": "when"}.get(pointer[1:], pointer[1:])])
    with pytest.raises(core.InvalidResponse) as caught:
        plain(document.encode(), Strict)
    error = caught.value
    assert error.issue == core.Issue(pointer, expected, found)
    assert str(error) == (
        "200 OK from GET https://api.example.com/runs/1, but the body cannot be read:"
        f" at {pointer}, expected {expected}, found {found}"
    )
    assert (error.status, error.content, error.operation) == (200, document.encode(), "get_run")
    assert error.__context__ is None


def test_the_lack_of_a_required_value_inside_an_optional_one_is_raised_too() -> None:
    assert lenient('{"item": {"size": 1}}') == (
        Run(item=Item(id=UNSET, size=1)),  # type: ignore[arg-type]  # what lenient means
        [("/item/itemId", "text", "nothing")],
    )
    with pytest.raises(core.InvalidResponse, match="at /item/itemId, expected text, found nothing"):
        plain(b'{"item": {"size": 1}}', Run)


def test_lenient_reading_goes_on_when_nothing_fits() -> None:
    parsed, issues = lenient("{}", Strict)
    assert [getattr(parsed, name) for name in parsed.__struct_fields__] == [UNSET] * 5
    assert [pointer for pointer, _, _ in issues] == ["/id", "/whenIt~1was~0", "/item", "/items"]


@pytest.mark.parametrize(
    ("data", "type_", "expected", "found"),
    [
        ("[]", Run, "object", "array"),
        ("null", Run, "object", "null"),
        ('"text"', Run, "object", "text 'text'"),
        ("{}", list[Run], "array", "object"),
        ("1.5", int, "integer", "number 1.5"),
        ("1e400", Any, "number within the range of a 64-bit float", "number 1e400"),
    ],
)
def test_an_unreadable_root_is_invalid_for_every_entry(data: str, type_: Any, expected: str, found: str) -> None:
    for reader in (plain, raw, core.decode):
        with pytest.raises(core.InvalidResponse) as caught:
            reader(data.encode(), type_)
        assert caught.value.issue == core.Issue("", expected, found)
        assert str(caught.value).endswith(f"cannot be read: expected {expected}, found {found}")


def test_half_a_surrogate_pair_is_replaced_and_reported() -> None:
    document = (
        r'{"text": "cut \ud83d", "sizes": {"\udc00": 1}, "free": ["\ud83d\ud83d\ude00", "\\ud83d", "\\\udeff\/"],'
        r' "undeclared": "\uD800"}'
    )
    expected = Run(text="cut \ufffd", sizes={"\ufffd": 1}, free=["\ufffd😀", "\\ud83d", "\\\ufffd/"])
    parsed, issues = lenient(document)
    assert parsed == expected
    assert issues == [
        (pointer, "Unicode text", "text with half a surrogate pair")
        for pointer in ["/text", "/sizes/\ufffd", "/free/0", "/free/2", "/undeclared"]
    ]
    assert plain(document.encode(), Run) == expected
    assert raw(document.encode(), Run).document["undeclared"] == "\ufffd"


def nested(levels: int, innermost: str) -> str:
    return '{"inner": ' * levels + innermost + "}" * levels


def test_mistakes_are_found_down_to_a_limit_of_depth() -> None:
    parsed, issues = lenient(nested(99, '{"integer": "x"}'))
    assert issues == [("/inner" * 99 + "/integer", "integer", "text 'x'")]
    assert parsed.inner.inner.integer is UNSET
    parsed, issues = lenient(nested(150, '{"integer": "x"}'))
    assert issues == [("/inner" * 101, "object, at most 100 levels deep", "object")]
    assert lenient(nested(150, '{"integer": 1}'))[1] == []


TOO_MANY = "the document cannot be read: more than 10,000 values in it are not as documented"


def test_a_document_with_too_many_issues_is_refused() -> None:
    decoded = core.decode(b"[" + b"1," * 10_000 + b'"a"]', list[str])
    assert decoded.parsed == ["a"]
    assert len(decoded.issues) == 10_000
    assert decoded.complete, "items that are left out leave no gap"
    with pytest.raises(core.InvalidResponse) as caught:
        core.decode(b"[" + b"1," * 10_001 + b'"a"]', list[str])
    assert (str(caught.value), caught.value.issue) == (TOO_MANY, None)


def test_a_lack_beyond_the_last_issue_counts_too() -> None:
    with pytest.raises(core.InvalidResponse) as caught:
        core.decode(b"[" + b"1," * 10_000 + b"{}]", list[Item])
    assert str(caught.value) == TOO_MANY


def test_a_walk_stops_at_the_last_issue() -> None:
    """The document is large enough for a minute, and refused with its first part."""
    with pytest.raises(core.InvalidResponse, match="more than 10,000 values"):
        core.decode(b'{"a":[' + b'["x"],' * 2_000_000 + b"[]]}", dict[str, list[list[int]]])


def test_a_member_of_a_union_with_too_many_issues_does_not_fit() -> None:
    decoded: core.Decoded[list[int]] = core.decode(b"[" + b"1.0," * 10_001 + b"{}]", Lists)
    assert decoded.parsed == [1] * 10_001
    assert [issue.pointer for issue in decoded.issues] == ["/10001"]


@pytest.mark.parametrize(
    "name", ["accessToken", "client_secret", "password", "api-key", "Authorization", "sessionId", "credentials"]
)
def test_nothing_is_quoted_from_what_looks_like_a_credential(name: str) -> None:
    assert lenient(f'{{"sizes": {{"{name}": "hunter2"}}}}')[1] == [(f"/sizes/{name}", "integer", "text")]
    parsed, issues = lenient(f'{{"{name}": {{"a": ["hunter2", 1]}}}}', dict[str, dict[str, list[int]]])
    assert parsed == {name: {"a": [1]}}
    assert issues == [(f"/{name}/a/0", "integer", "text")]


@pytest.mark.parametrize(
    "document",
    [
        f'{{"integer": "{SECRET}"}}',
        f'{{"integer": "it was {SECRET}, really"}}',
        '{"integer": "' + "".join(f"\\u{ord(c):04x}" for c in SECRET) + '"}',
        f'{{"sizes": {{"{SECRET}": null}}}}',
        f'{{"sizes": {{"/{SECRET}/": "{SECRET}"}}}}',
    ],
)
def test_a_credential_that_is_echoed_is_masked(document: str) -> None:
    answered = raw(document.encode(), Run)
    assert len(answered.issues) == 1
    for text in (repr(answered.issues), str(answered.issues[0]), repr(answered)):
        assert not any(SECRET[:n] in text for n in range(6, len(SECRET)))
        assert "***" in text or text == repr(answered)


def test_a_credential_that_is_echoed_for_a_required_value_is_masked() -> None:
    class Echo(Struct):
        integer: int

    for echo in (SECRET, f"x{SECRET}", f"{SECRET[:5]}{SECRET}"):
        with pytest.raises(core.InvalidResponse, match=r"\*\*\*") as caught:
            plain(f'{{"integer": "{echo}"}}'.encode(), Echo)
        assert SECRET[:8] not in f"{caught.value}{caught.value!r}{caught.value.issue!r}"
        frames = [frame for frame, _ in walk_tb(caught.tb) if "workflow_client_core" in frame.f_code.co_filename]
        assert frames
        assert not any(SECRET[:8] in repr(local) for frame in frames for local in frame.f_locals.values())


def test_errors_of_the_server_are_read_as_far_as_they_can_be() -> None:
    documented = operation(Run, _404=Strict)
    body = b'{"id": 5, "note": "still there", "items": [{"itemId": "1"}, 2]}'
    with pytest.raises(core.NotFound) as caught:
        _read(documented, response(body, 404, "application/problem+json"))
    error = caught.value.body
    assert (error.id, error.note, error.items, error.item) == (UNSET, "still there", [Item(id="1")], UNSET)
    for broken in (b"[]", b"<html>", b"", b'{"note": "cut of'):
        with pytest.raises(core.NotFound) as caught:
            _read(documented, response(broken, 404, "application/problem+json"))
        assert caught.value.body is None


def _read(documented: core.Operation[Any], reply: Any) -> Any:
    from workflow_client_core._response.read import read_response

    return read_response(documented, request(), reply)


class Cat(Struct, frozen=True, tag="cat"):
    lives: int | UnsetType = UNSET


class Dog(Struct, frozen=True, tag="dog"):
    lives: str | UnsetType = UNSET


class Pair(Struct, frozen=True, array_like=True):
    left: int
    right: int


def test_types_that_generated_models_do_not_use() -> None:
    assert lenient('[{"type": "dog", "lives": 1}]', list[Cat | Dog]) == ([Dog()], [("/0/lives", "text", "number 1")])
    assert lenient('[{"type": "cow"}, []]', list[Cat | Dog]) == (
        [],
        [("/0", "object", "object"), ("/1", "object", "array")],
    )
    assert lenient("[[1, 2], [1]]", list[Pair]) == ([Pair(1, 2)], [("/1", "Pair", "array")])
    assert lenient('{"a": {"1": 2, "x": 3}}', dict[str, dict[int, int]]) == ({}, [("/a", "object", "object")])
    assert lenient('["a", 1.0]', list[Any]) == (["a", 1.0], [])
    assert lenient('{"a": 1, "b": 1e400}', dict) == (
        {"a": 1},
        [("/b", "number within the range of a 64-bit float", "number 1e400")],
    )
