"""`outputs_as` and `inputs_as`: free values of a run as values of a type."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, TypedDict
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import UnexpectedValue, WorkflowRun, WorkflowRunError, normalize

from tests.runs.made_runs import JSON, run_fields


class Item(msgspec.Struct):
    count: int = msgspec.field(name="a.b/c~d")


class Report(msgspec.Struct):
    items: list[Item]
    totals: dict[str, Item] = {}


@dataclass
class Mail:
    sent: datetime
    id: UUID
    cost: Decimal
    body: bytes = b""


class Answer(TypedDict):
    scores: dict[str, list[int]]


Dotted = TypedDict("Dotted", {"a": int, "a.b": int})


class Color(Enum):
    RED = "red"


def with_outputs(outputs: Any) -> WorkflowRun:
    return WorkflowRun(**run_fields(outputs=outputs))


def test_outputs_and_inputs_are_read_typed() -> None:
    payload = b'{"inputs": {"scores": {"a": [1]}}, "outputs": {"items": [{"a.b/c~d": 3}]}}'
    run = normalize("dify", payload, ref="dify:1")
    assert run.outputs_as(Report) == Report([Item(3)])
    assert run.inputs_as(Answer) == {"scores": {"a": [1]}}
    assert run.outputs_as(dict[str, Any]) == run.outputs


def test_what_json_has_no_type_for_is_read_from_text() -> None:
    uuid = "5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"
    run = with_outputs({"sent": "2026-11-28T12:00:00Z", "id": uuid, "cost": "2.50", "body": "YQ=="})
    assert run.outputs_as(Mail) == Mail(datetime(2026, 11, 28, 12, tzinfo=UTC), UUID(uuid), Decimal("2.50"), b"a")
    assert with_outputs({"1": 2}).outputs_as(dict[int, int]) == {1: 2}
    assert with_outputs("red").outputs_as(Color) is Color.RED


def test_numbers_in_text_are_read_where_that_is_asked_for() -> None:
    run = with_outputs({"a": "7"})
    assert run.outputs_as(dict[str, int], strict=False) == {"a": 7}
    with pytest.raises(UnexpectedValue):
        run.outputs_as(dict[str, int])


def test_a_run_without_outputs_has_none_where_the_type_allows_it() -> None:
    run = with_outputs(None)
    assert run.outputs_as(Report | None) is None
    with pytest.raises(UnexpectedValue) as caught:
        run.outputs_as(Report)
    message = "the outputs of run 5b1f of dify are not of the type that was asked for: there are none"
    assert (str(caught.value), caught.value.pointer) == (message, "")


@pytest.mark.parametrize(
    ("outputs", "type_", "problem", "pointer"),
    [
        ([], Report, "Expected `object`, got `array`", ""),
        ({}, Report, "Object missing required field `items`", ""),
        ({"items": [{"a.b/c~d": 1}, {"a.b/c~d": "1"}]}, Report, "Expected `int`, got `str`", "/items/1/a.b~1c~0d"),
        ({"items": [{}]}, Report, "Object missing required field `a.b/c~d`", "/items/0"),
        (
            {"items": [], "totals": {"x": {"a.b/c~d": 1}, "y/": {"a.b/c~d": None}, "z": {}}},
            Report,
            "Expected `int`, got `null`",
            "/totals/y~1/a.b~1c~0d",
        ),
        ({"scores": {"a": [1], "": [2, "3"]}}, Answer, "Expected `int`, got `str`", "/scores//1"),
        ({"a": {"1": 1, "b": 2}}, dict[str, dict[int, int]], "Expected `int`, got `str`", "/a/b"),
        ({"a": 1, "a.b": "x"}, Dotted, "Expected `int`, got `str`", "/a.b"),
        ([[1], [1, 2.5]], list[list[int]], "Expected `int`, got `float`", "/1/1"),
        (["red", "blue"], list[Color], "Invalid enum value 'blue'", "/1"),
        ({"kind": "b"}, dict[str, Literal["a"]], "Invalid enum value 'b'", "/kind"),
        ({"a": "` - at `$.b`"}, dict[str, Color], "Invalid enum value '` - at `$.b`'", "/a"),
        (
            {**{str(key): key for key in range(99)}, "77": "x"},
            dict[str, int],
            "Expected `int`, got `str`",
            "/77",
        ),
    ],
)
def test_the_error_says_where_the_value_is(outputs: Any, type_: Any, problem: str, pointer: str) -> None:
    with pytest.raises(UnexpectedValue) as caught:
        with_outputs(outputs).outputs_as(type_)
    at = f" at {pointer}" if pointer else ""
    error = caught.value
    assert str(error) == f"the outputs of run 5b1f of dify are not of the type that was asked for: {problem}{at}"
    assert error.pointer == pointer
    assert isinstance(error, WorkflowRunError)
    assert pickle.loads(pickle.dumps(error)).pointer == pointer


def test_a_type_that_msgspec_does_not_know_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        with_outputs({}).outputs_as(int | str | bytes | UUID)


TYPES = [Report, Answer, dict[str, dict[str, int]], list[dict[str, list[str]]], dict[int, str], list[Color]]


@given(outputs=JSON, type_=st.sampled_from(TYPES))
def test_any_value_is_read_or_refused_with_a_place_in_it(outputs: Any, type_: Any) -> None:
    run = with_outputs(outputs)
    try:
        run.outputs_as(type_)
    except UnexpectedValue as error:
        value = outputs
        for key in error.pointer.split("/")[1:]:
            key = key.replace("~1", "/").replace("~0", "~")
            value = value[int(key)] if isinstance(value, list) else value[key]
