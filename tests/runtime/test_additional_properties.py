"""Properties beyond the declared ones, in models that have an attribute for them."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType, field
from workflow_client_core import encode
from workflow_client_core._request.bodies import encode_body


class Open(core.OpenStruct, frozen=True, kw_only=True):
    a: str | UnsetType = UNSET
    additional_properties: dict[str, Any] = core.additional_properties()


class Counts(core.OpenStruct, frozen=True, kw_only=True):
    total: int | UnsetType = field(default=UNSET, name="all")
    additional_properties: dict[str, int] = core.additional_properties()


class Prices(core.OpenStruct, frozen=True, kw_only=True):
    a: str | UnsetType = UNSET
    additional_properties: dict[str, Decimal] = core.additional_properties()


class Tree(core.OpenStruct, frozen=True, kw_only=True):
    day: date | UnsetType = UNSET
    additional_properties: dict[str, Tree | None] = core.additional_properties()


class Closed(Struct, frozen=True, kw_only=True):
    a: str | UnsetType = UNSET


class Wide(Struct, frozen=True, kw_only=True):
    a: str | UnsetType = UNSET
    b: int | UnsetType = UNSET


class Marked(Struct, frozen=True, kw_only=True):
    star: str | UnsetType = field(default=UNSET, name="additionalProperties*")


if TYPE_CHECKING:
    Either: TypeAlias = "Closed | Counts | Prices | Wide"
else:

    class Either(core.Alias):
        members: Closed | Counts | Prices | Wide


class Holder(Struct, frozen=True, kw_only=True):
    one: Open | UnsetType = UNSET
    listed: list[Counts | None] | UnsetType = UNSET
    mapped: dict[str, list[Tree]] | UnsetType = UNSET
    either: Either | UnsetType = UNSET
    free: dict[str, Any] | UnsetType = UNSET


READ: list[tuple[Any, str, Any]] = [
    (Open, '{"a": "x", "b": 1.5, "c": [null]}', Open(a="x", additional_properties={"b": 1.5, "c": [None]})),
    (Open, '{"additional_properties": 1}', Open(additional_properties={"additional_properties": 1})),
    (Open, '{"additionalProperties*": {"b": 1}}', Open(additional_properties={"additionalProperties*": {"b": 1}})),
    (Open, '{"additionalProperties*": 1}', Open(additional_properties={"additionalProperties*": 1})),
    (Open, '{"a": "x"}', Open(a="x")),
    (Counts, '{"all": 3, "total": 1}', Counts(total=3, additional_properties={"total": 1})),
    (Counts, '{"b": 1.0, "c": 1e2}', Counts(additional_properties={"b": 1, "c": 100})),
    (Prices, '{"b": 1.10, "c": "2.50"}', Prices(additional_properties={"b": Decimal("1.10"), "c": Decimal("2.50")})),
    (
        Tree,
        '{"day": "2026-11-22", "x": {"y": {}}, "n": null}',
        Tree(
            day=date(2026, 11, 22),
            additional_properties={"x": Tree(additional_properties={"y": Tree()}), "n": None},
        ),
    ),
    (Holder, '{"one": {"k": 1}}', Holder(one=Open(additional_properties={"k": 1}))),
    (Holder, '{"listed": [{"k": 1}, null]}', Holder(listed=[Counts(additional_properties={"k": 1}), None])),
    (Holder, '{"mapped": {"m": [{"k": {}}]}}', Holder(mapped={"m": [Tree(additional_properties={"k": Tree()})]})),
    (Holder, '{"either": {"a": "x"}}', Holder(either=Closed(a="x"))),
    (Holder, '{"either": {"a": "x", "b": 1}}', Holder(either=Wide(a="x", b=1))),
    (Holder, '{"either": {"z": 1}}', Holder(either=Counts(additional_properties={"z": 1}))),
    (Holder, '{"either": {"z": "1.5"}}', Holder(either=Prices(additional_properties={"z": Decimal("1.5")}))),
    (Marked, '{"additionalProperties*": "x", "b": 1}', Marked(star="x")),
    (dict[str, Counts], '{"m": {"k": 1}}', {"m": Counts(additional_properties={"k": 1})}),
]


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(("type_", "text", "expected"), READ, ids=[text for _, text, _ in READ])
def test_what_is_not_declared_is_in_the_attribute(type_: Any, text: str, expected: Any, lazy: bool) -> None:
    decoded = core.decode(text.encode(), type_, lazy=lazy)
    assert repr(decoded.parsed) == repr(expected)
    assert not decoded.issues
    assert decoded.complete


@pytest.mark.parametrize(
    ("type_", "text", "issues", "expected"),
    [
        (Counts, '{"b": "x", "c": 1}', ["/b"], Counts(additional_properties={"c": 1})),
        (Counts, '{"all": "x", "b": "y", "c": 1}', ["/all", "/b"], Counts(additional_properties={"c": 1})),
        (Holder, '{"one": {"a": 1, "b": 2}}', ["/one/a"], Holder(one=Open(additional_properties={"b": 2}))),
        (Holder, '{"listed": [{"k": []}]}', ["/listed/0/k"], Holder(listed=[Counts()])),
        (Tree, '{"x": {"day": "never"}}', ["/x/day"], Tree(additional_properties={"x": Tree()})),
        (Counts, '{"b\\ud800": 1}', ["/b\ufffd"], Counts(additional_properties={"b\ufffd": 1})),
    ],
)
def test_an_unreadable_value_is_reported_with_its_pointer(
    type_: Any, text: str, issues: list[str], expected: Any
) -> None:
    decoded = core.decode(text.encode(), type_)
    assert decoded.parsed == expected
    assert [issue.pointer for issue in decoded.issues] == issues


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Open(a="x", additional_properties={"b": [1]}), b'{"a":"x","b":[1]}'),
        (Open(), b"{}"),
        (Open(a="x", additional_properties={"a": "y"}), b'{"a":"x"}'),
        (Open(additional_properties={"a": "y"}), b'{"a":"y"}'),
        (Prices(additional_properties={"b": Decimal("1.10")}), b'{"b":"1.10"}'),
        (Tree(additional_properties={"x": Tree(additional_properties={"y": None})}), b'{"x":{"y":null}}'),
        (
            Holder(listed=[Counts(total=1, additional_properties={"k": 2}), None], free={"f": Open()}),
            b'{"listed":[{"all":1,"k":2},null],"free":{"f":{}}}',
        ),
        ([(Open(additional_properties={"b": 1}),)], b'[[{"b":1}]]'),
        (Marked(star="x"), b'{"additionalProperties*":"x"}'),
        ({"m": Open(additional_properties={"b": 1})}, b'{"m":{"b":1}}'),
    ],
)
def test_the_items_are_sent_beside_the_declared_properties(value: object, expected: bytes) -> None:
    assert encode(value) == expected


def test_fields_of_forms_are_sent_beside_the_declared_ones() -> None:
    value = Counts(total=1, additional_properties={"all": 2, "k": 3})
    assert encode_body(core.Body("application/x-www-form-urlencoded", encode="form"), value)[0] == b"all=1&k=3"
    undeclared = Open(additional_properties={"a": "y"})
    assert encode_body(core.Body("application/x-www-form-urlencoded", encode="form"), undeclared)[0] == b"a=y"
    nested = {"filter": Open(a="x", additional_properties={"b": 1})}
    parts = (core.Part("filter", "", "deepObject", explode=True),)
    body = core.Body("application/x-www-form-urlencoded", encode="form", parts=parts)
    assert encode_body(body, nested)[0] == b"filter%5Ba%5D=x&filter%5Bb%5D=1"


def test_copies_that_were_pickled_keep_them() -> None:
    text = b'{"one": {"a": "x", "k": 1}, "free": {"z": 1}}'
    expected = core.decode(text, Holder).parsed
    for lazy in (False, True):
        copied = pickle.loads(pickle.dumps(core.decode(text, Holder, lazy=lazy).parsed))
        assert repr(copied) == repr(expected)


def test_deep_nesting_ends_in_an_error() -> None:
    with pytest.raises(core.InvalidResponse, match="nested too deeply"):
        core.decode(b'{"x":' * 5_000 + b"{}" + b"}" * 5_000, Tree)
