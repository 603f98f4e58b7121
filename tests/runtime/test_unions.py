"""Values of unions: the member as which they are read, and the issues of values that fit no member."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
import workflow_client_core as core
from msgspec import UNSET
from workflow_client_core._models.encoding import encode

from tests.runtime.responses import plain
from tests.runtime.unions import (
    Amount,
    Anything,
    Blob,
    BlobOrNumber,
    Box,
    Cat,
    Circle,
    Color,
    Dog,
    Everything,
    Holder,
    JsonValue,
    Kind,
    Link,
    Lists,
    Loose,
    Node,
    Number,
    Numeric,
    OtherKind,
    Pet,
    Shape,
    StructOrMap,
    Text,
    TextOrDecimal,
    TextOrTime,
    Versioned,
    VersionOne,
    WithBlob,
)

CIRCLE = Circle(kind=Kind.CIRCLE, size=1.0)

READ: list[tuple[Any, str, Any]] = [
    (Pet, '{"petType": "cat", "name": "Tom"}', Cat(pet_type="cat", name="Tom")),
    (Pet, '{"petType": "hamster", "name": "Rex", "lives": 9}', Cat(pet_type="hamster", name="Rex", lives=9)),
    (Pet, '{"petType": "hamster", "name": "Rex", "barks": true}', Dog(pet_type="hamster", name="Rex", barks=True)),
    (Shape, '{"kind": "circle", "size": 1}', CIRCLE),
    (Shape, '{"kind": "square", "size": 1}', Box(kind=OtherKind.SQUARE, size=1)),
    (Shape, '{"kind": "rectangle", "size": 1.0}', Box(kind=OtherKind.RECTANGLE, size=1)),
    (Shape, '{"kind": "blob", "size": 1.5}', Circle(kind=Kind("blob"), size=1.5)),
    (Shape, '{"kind": "blob"}', Box(kind=OtherKind("blob"))),
    (Node, '{"text": "a"}', Text(text="a")),
    (Node, '{"text": "a", "url": "b"}', Link(text="a", url="b")),
    (Node, '{"url": "b"}', Loose(url="b")),
    (Node, "{}", Loose()),
    (Node, '{"text": "a", "count": 3.0}', Link(text="a", count=3)),
    (Node, '{"text": "a", "count": 1e2, "url": "b", "more": 1}', Link(text="a", count=100, url="b")),
    (Node, '{"text": "a", "url": "b", "count": "c"}', Loose(url="b")),
    (Node, '{"text": "a", "child": {"url": "b"}}', Text(text="a", child=Loose(url="b"))),
    (
        Node,
        '{"text": "a", "at": "2016-12-31T23:59:60Z"}',
        Text(text="a", at=datetime(2017, 1, 1, tzinfo=UTC)),
    ),
    (TextOrTime, '"red"', Color.RED),
    (TextOrTime, '"blue"', Color("blue")),
    (TextOrTime, '"2026-01-02"', date(2026, 1, 2)),
    (TextOrTime, '"2026-01-02T03:04:05Z"', datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    (TextOrTime, '"2016-12-31T23:59:60Z"', datetime(2017, 1, 1, tzinfo=UTC)),
    (TextOrTime, '"03:04:05"', time(3, 4, 5)),
    (TextOrTime, '"PT5M"', timedelta(minutes=5)),
    (TextOrDecimal, '"1.50"', Decimal("1.50")),
    (TextOrDecimal, '"NaN"', "NaN"),
    (Amount, '"1.50"', Decimal("1.50")),
    (Amount, "12345678901234567890.12345678901234567890", Decimal("12345678901234567890.12345678901234567890")),
    (Amount, "3", Decimal(3)),
    (Amount, "true", True),
    (Numeric, "1", Number.ONE),
    (Numeric, "2", Number(2)),
    (Numeric, "1.0", Number.ONE),
    (Numeric, "12345678901234567891.0", Number(12345678901234567891)),
    (Numeric, "false", False),
    (Numeric, "[1.0, 2]", [1, 2]),
    (Lists, "[]", []),
    (Lists, '[{"petType": "cat", "name": "Tom"}]', [Cat(pet_type="cat", name="Tom")]),
    (Lists, '[{"kind": "circle", "size": 1}]', [CIRCLE]),
    (Lists, "[1, 2]", [1, 2]),
    (Lists, '["1"]', ["1"]),
    (StructOrMap, '{"petType": "dog", "name": "Rex", "new": 1}', Dog(pet_type="dog", name="Rex")),
    (StructOrMap, '{"a": 1}', {"a": 1}),
    (StructOrMap, '{"url": "a"}', Loose(url="a")),
    (StructOrMap, '{"url": 1}', {"url": 1}),
    (StructOrMap, '{"a": "b"}', Loose()),
    (Anything, '{"petType": "dog", "name": "Rex"}', Dog(pet_type="dog", name="Rex")),
    (Anything, '{"kind": "circle", "size": 1}', CIRCLE),
    (Anything, '"text"', "text"),
    (JsonValue, '{"a": [1, 1.5, "x", null, {"b": true}]}', {"a": [1, 1.5, "x", None, {"b": True}]}),
    (list[Pet], '[{"petType": "cat", "name": "Tom"}]', [Cat(pet_type="cat", name="Tom")]),
    (dict[str, Pet | None], '{"a": null}', {"a": None}),
]


@pytest.mark.parametrize(("type_", "text", "expected"), READ)
def test_a_value_is_the_member_that_it_fits(type_: Any, text: str, expected: Any) -> None:
    decoded = core.decode(text.encode(), type_)
    assert decoded == core.Decoded(expected)
    assert type(decoded.parsed) is type(expected)
    assert plain(text.encode(), type_) == expected
    assert core.decode(encode(expected), type_).parsed == expected


def test_what_another_member_than_the_discriminator_names_declares_is_an_issue() -> None:
    type_: Any = Pet
    decoded = core.decode(b'{"petType": "dog", "name": "Rex", "lives": 9, "toy": "ball"}', type_)
    issues = (core.Issue("/lives", "a property of Dog", "number 9"),)
    assert decoded == core.Decoded(Dog(pet_type="dog", name="Rex"), issues)
    inside = core.decode(
        b'{"petType": "cat", "name": "Tom", "kittens": [{"petType": "Cat", "name": "", "barks": true}]}', type_
    )
    assert inside.parsed == Cat(pet_type="cat", name="Tom", kittens=[Cat(pet_type="Cat", name="")])
    assert inside.issues == (core.Issue("/kittens/0/barks", "a property of Cat", "true"),)


UNREADABLE: list[tuple[str, list[tuple[str, str, str]], Any]] = [
    ('{"pet": 1}', [("/pet", "object", "number 1")], Holder()),
    ('{"pet": null}', [("/pet", "object", "null")], Holder()),
    (
        '{"pet": {"petType": "dog", "name": "Rex", "barks": 3}}',
        [("/pet/barks", "true or false", "number 3")],
        Holder(pet=Dog(pet_type="dog", name="Rex")),
    ),
    (
        '{"pets": [{"petType": "cat", "name": "a", "kittens": [{"petType": "cat", "name": "b", "lives": "x"}, 1]}]}',
        [
            ("/pets/0/kittens/0/lives", "integer", "text 'x'"),
            ("/pets/0/kittens/1", "object", "number 1"),
        ],
        Holder(pets=[Cat(pet_type="cat", name="a", kittens=[Cat(pet_type="cat", name="b")])]),
    ),
    (
        '{"shape": {"kind": "circle", "size": 1, "inner": {"kind": "square", "size": "x"}}}',
        [("/shape/inner/size", "integer", "text 'x'")],
        Holder(shape=Circle(kind=Kind.CIRCLE, size=1.0, inner=Box(kind=OtherKind.SQUARE))),
    ),
    (
        '{"byName": {"a~/": {"text": "x", "child": {"text": "y", "child": {"url": 5}}}}}',
        [("/byName/a~0~1/child/child/url", "text", "number 5")],
        Holder(by_name={"a~/": Text(text="x", child=Text(text="y", child=Loose()))}),
    ),
    ('{"lists": [1, "2", 3]}', [("/lists/1", "integer", "text '2'")], Holder(lists=[1, 3])),
    ('{"number": 1.5}', [("/number", "integer or Number (integer) or array or true or false", "number 1.5")], Holder()),
    ('{"map": {"a": 1, "b": "c", "url": 7}}', [("/map/b", "integer", "text 'c'")], Holder(map={"a": 1, "url": 7})),
    ('{"amount": {}}', [("/amount", "decimal or Color (text) or true or false", "object")], Holder()),
    ('{"value": {"a": [1e400]}}', [("/value/a/0", "number within the range of a 64-bit float", "number 1e400")], None),
]


@pytest.mark.parametrize(("text", "issues", "expected"), UNREADABLE, ids=lambda value: str(value)[:40])
def test_an_unreadable_value_is_reported_with_its_pointer(text: str, issues: list[Any], expected: Any) -> None:
    decoded = core.decode(text.encode(), Holder)
    assert [(issue.pointer, issue.expected, issue.found) for issue in decoded.issues] == issues
    assert decoded.complete
    if expected is not None:
        assert decoded.parsed == expected
    assert plain(text.encode(), Holder) == decoded.parsed


def test_a_required_value_inside_a_member_is_missed() -> None:
    data = b'{"pet": {"petType": "cat", "name": 5}}'
    decoded = core.decode(data, Holder)
    assert [issue.pointer for issue in decoded.issues] == ["/pet/name"]
    assert not decoded.complete
    assert decoded.parsed.pet is not UNSET
    with pytest.raises(core.InvalidResponse) as caught:
        plain(data, Holder)
    assert (caught.value.issue,) == decoded.issues


def steps_of(work: Callable[[], object]) -> int:
    """The number of function calls: a cost that is the same on every machine, unlike seconds."""
    count = 0

    def step(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    work()  # what is made once for each type is not counted
    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("bottom", ['{"url": "a"}', '{"url": 5}', '{"text": 1, "count": "x"}', "[]"])
@pytest.mark.parametrize("keys", ['"text": "a"', '"text": "a", "count": "x"', '"count": 1.0, "text": "x"', '"b": 1'])
def test_nested_unions_do_not_multiply(bottom: str, keys: str) -> None:
    def steps(depth: int) -> int:
        text = f'{{{keys}, "child": ' * depth + bottom + "}" * depth
        return steps_of(lambda: core.decode(text.encode(), node))

    node: Any = Node
    assert isinstance(core.decode(f'{{{keys}, "child": {bottom}}}'.encode(), node).parsed, Text | Link | Loose)
    assert steps(18) < 12 * steps(6)  # at most the square of the depth, where trying all members would be its power


@pytest.mark.parametrize("type_", [Node, JsonValue, Pet, Holder, list[Node]])
@pytest.mark.parametrize("depth", [90, 250, 900, 10_000, 100_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [('{"child": ', "}"), ("[", "]"), ('{"value": [', "]}"), ('{"text": "a", "child": ', "}")]
)
def test_deep_nesting_ends_in_a_value_or_an_error(type_: Any, depth: int, opening: str, closing: str) -> None:
    data = (opening * depth + "1" + closing * depth).encode()
    with suppress(core.InvalidResponse):
        assert core.decode(data, type_).parsed is not None


def test_many_unreadable_values_cost_the_same_each() -> None:
    def steps(count: int) -> int:
        data = b"[" + b'{"a": [1e400, "x"]}, ' * count + b"1]"
        return steps_of(lambda: core.decode(data, json_value))

    json_value: Any = JsonValue
    assert steps(400) < 4.5 * steps(100)


@pytest.mark.parametrize("text", ['"free": {"a": [1]}, "pet": {"petType": "cat", "name": "Tom"}', '"pet": null', ""])
def test_unions_beside_free_form_values_are_read_lazily(text: str) -> None:
    data = f"{{{text}}}".encode()
    lazy, whole = core.decode(data, Holder, lazy=True), core.decode(data, Holder)
    assert lazy.issues == whole.issues
    assert all(getattr(lazy.parsed, name) == getattr(whole.parsed, name) for name in Holder.__struct_fields__)
    assert copy.deepcopy(lazy.parsed) == whole.parsed


def test_discriminator_values_may_be_numbers_and_other_unions() -> None:
    type_: Any = Versioned
    documented = core.decode(b'{"version": 1, "name": "a"}', type_)
    assert documented == core.Decoded(VersionOne(version=Number.ONE, name="a"))
    undocumented = core.decode(b'{"version": 2, "name": "a"}', type_)
    assert undocumented == core.Decoded(VersionOne(version=Number(2), name="a"))
    nested = core.decode(b'{"of": "pets", "petType": "dog", "name": "Rex"}', cast("Any", Everything))
    assert nested == core.Decoded(Dog(pet_type="dog", name="Rex"))
    mistaken = core.decode(b'{"of": "pets", "petType": "dog", "name": "Rex", "barks": 1}', cast("Any", Everything))
    assert [issue.pointer for issue in mistaken.issues] == ["/barks"]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ('{"number": ' + "9" * 4301 + "}", ("/number", "integer of at most 4300 digits")),
        ('{"number": 1e5000}', ("/number", "integer of at most 4300 digits")),
        ('{"value": [1e400]}', ("/value/0", "number within the range of a 64-bit float")),
        ('{"text": "\\ud83d"}', ("/text", "Unicode text")),
    ],
)
def test_the_limits_of_values_hold_in_unions(text: str, issue: tuple[str, str]) -> None:
    decoded = core.decode(text.encode(), Holder)
    assert [(reported.pointer, reported.expected) for reported in decoded.issues] == [issue]


@pytest.mark.parametrize(
    ("text", "pointer", "found"),
    [
        ('{"value": NaN}', "/value", "NaN"),
        ('{"value": [Infinity]}', "/value/0", "Infinity"),
        ('{"pet": -Infinity}', "/pet", "-Infinity"),
    ],
)
def test_what_is_not_a_number_is_not_any_member(text: str, pointer: str, found: str) -> None:
    decoded = core.decode(text.encode(), Holder)
    assert [(issue.pointer, issue.found) for issue in decoded.issues] == [(pointer, found)]


def test_custom_types_are_texts_that_say_themselves_what_they_are() -> None:
    assert core.decode(b'{"blob": "abc"}', WithBlob).parsed == WithBlob(blob=Blob("abc"))
    assert encode(WithBlob(blob=Blob("abc"))) == b'{"blob":"abc"}'
    issues = core.decode(b'{"blob": {}}', WithBlob).issues
    assert [(issue.expected, issue.found) for issue in issues] == [("text", "object")]
    either: Any = BlobOrNumber
    assert core.decode(b'["abc", 1]', list[either]).parsed == [Blob("abc"), 1]


def test_what_has_no_form_in_json_is_not_encoded() -> None:
    with pytest.raises(TypeError, match="object cannot be encoded"):
        encode(object())
