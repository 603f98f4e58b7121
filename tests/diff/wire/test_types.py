"""Values in two versions, paired by where they are: objects, lists, constraints, formats and defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read
from tests.diff.wire.shorthand import INTEGER, NUMBER, TEXT, responding

FEW_VALUES, MORE_VALUES = ({"type": "string", "enum": list(values)} for values in ("ac", "abc"))


@pytest.mark.parametrize(
    ("wrap", "place"),
    [
        (lambda s: {"type": "array", "items": s}, "answer 200 /a/*"),
        (lambda s: {"type": "object", "additionalProperties": s}, "answer 200 /a/{}"),
        (lambda s: {"type": "object", "properties": {"b/c~d": s}}, "answer 200 /a/b~1c~0d"),
        (lambda s: {"type": "array", "items": {"type": "array", "items": s}}, "answer 200 /a/*/*"),
        (lambda s: {"anyOf": [{"type": "array", "items": s}, INTEGER]}, "answer 200 /a/*"),
    ],
)
def test_the_place_of_a_finding_leads_from_the_response_to_the_value(wrap: Any, place: str, diff: Any) -> None:
    rule = "response-property-type-generalized"
    assert diff(responding(wrap(INTEGER)), responding(wrap(NUMBER))) == [f"{rule}: {place}: integer -> number"]


def test_an_object_inside_itself_is_compared_once(diff: Any) -> None:
    def tree(schema: Any) -> dict[str, Any]:
        children = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
        tree = {"type": "object", "properties": {"children": children, "value": schema}}
        return {
            "answer": {"$ref": "#/components/schemas/Tree"},
            "document": {"components": {"schemas": {"Tree": tree}}},
        }

    assert diff(tree(TEXT), tree(TEXT)) == []
    assert diff(tree(TEXT), tree(INTEGER)) == ["response-property-type-changed: answer 200 /value: text -> integer"]


def test_a_change_deep_inside_unchanged_classes_is_reported(diff: Any) -> None:
    def nested(schema: Any) -> dict[str, Any]:
        parts = {
            f"Part{i}": {"type": "object", "properties": {"p": {"$ref": f"#/components/schemas/Part{i + 1}"}}}
            for i in range(5)
        }
        parts["Part5"] = {"type": "object", "properties": {"p": schema}}
        return responding({"$ref": "#/components/schemas/Part0"}, document={"components": {"schemas": parts}})

    place = "answer 200 /a/p/p/p/p/p/p"
    assert diff(nested(TEXT), nested(INTEGER)) == [f"response-property-type-changed: {place}: text -> integer"]


def test_a_map_that_became_an_object_is_compared_with_its_properties(diff: Any) -> None:
    free = {"type": "object", "additionalProperties": INTEGER}
    declared = {"type": "object", "properties": {"b": TEXT}, "additionalProperties": INTEGER}
    assert diff(responding(free), responding(declared)) == [
        "response-optional-property-added: answer 200 /a/b:  -> text",
        "response-property-type-changed: answer 200 /a/b: integer -> text",
    ]


def test_bounds_are_compared_and_not_their_spelling(diff: Any) -> None:
    def body(**bounds: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {**INTEGER, **bounds}}}}

    assert diff(body(minimum=1), body(exclusiveMinimum=0)) == []
    assert diff(body(exclusiveMaximum=10), body(maximum=9)) == []
    assert diff(body(maximum=9), body(exclusiveMaximum=9)) == [
        "request-property-max-decreased: body /q: at most 9 -> at most 8"
    ]
    assert diff(body(), body(maxLength=9)) == []  # which says nothing of an integer
    assert diff(body(**TEXT), body(**TEXT, minLength=0)) == []  # which no text is shorter than


def test_multiples_of_a_number_are_multiples_of_its_divisors(diff: Any) -> None:
    def body(schema: Any, **bounds: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {**schema, **bounds}}}}

    assert diff(body(INTEGER), body(INTEGER, multipleOf=1)) == []
    assert diff(body(INTEGER, multipleOf=6), body(INTEGER, multipleOf=3)) == [
        "request-property-constraint-loosened: body /q: a multiple of 6 -> a multiple of 3"
    ]
    assert diff(body(NUMBER, multipleOf=0.3), body(NUMBER, multipleOf=0.1)) == [
        "request-property-constraint-loosened: body /q: a multiple of 0.3 -> a multiple of 0.1"
    ]
    assert diff(body(INTEGER, multipleOf=3), body(INTEGER, multipleOf=6)) == [
        "request-property-multiple-of-changed: body /q: a multiple of 3 -> a multiple of 6"
    ]


@pytest.mark.parametrize("format_", ["date-time", "date", "time", "duration", "byte", "decimal"])
def test_a_format_that_python_has_a_type_for_is_a_type(format_: str, diff: Any) -> None:
    typed = {**TEXT, "format": format_}
    rule = "response-property-type"
    assert diff(responding(typed), responding(TEXT)) == [f"{rule}-changed: answer 200 /a: text ({format_}) -> text"]
    assert diff(responding(TEXT), responding(typed)) == [f"{rule}-specialized: answer 200 /a: text -> text ({format_})"]


def test_a_format_of_64_bits_refuses_nothing(diff: Any) -> None:
    def body(**format_: str) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {**INTEGER, **format_}}}}

    assert diff(body(), body(format="int64")) == [
        "request-property-type-generalized: body /q: integer -> integer (int64)"
    ]
    assert diff(body(), body(format="int32")) == ["request-property-type-changed: body /q: integer -> integer (int32)"]


def test_the_order_of_keys_in_a_default_does_not_matter(diff: Any) -> None:
    def body(default: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {"type": "object", "default": default}}}}

    assert diff(body({"a": 1, "b": 2}), body({"b": 2, "a": 1})) == []


def test_any_value_is_also_null(diff: Any) -> None:
    nullable: dict[str, Any] = {"type": ["string", "null"]}
    assert diff(responding(nullable), responding({})) == [
        "response-property-type-generalized: answer 200 /a: text -> any value"
    ]
    assert diff(responding({}), responding(nullable)) == [
        "response-property-type-specialized: answer 200 /a: any value -> text"
    ]


def test_null_is_reported_apart_from_a_type_and_only_in_json(diff: Any) -> None:
    nullable: dict[str, Any] = {"type": ["string", "null"]}
    assert diff(responding(TEXT), responding(nullable)) == [
        "response-property-became-nullable: answer 200 /a: text -> text or null"
    ]
    before, after = ({"parameters": [{"name": "q", "in": "query", "schema": schema}]} for schema in (TEXT, nullable))
    assert diff(before, after) == []


def test_an_enum_value_has_its_own_place_in_the_document(tmp_path: Path) -> None:
    few, many = ({"answer": {"type": "object", "properties": {"a": schema}}} for schema in (FEW_VALUES, MORE_VALUES))
    old, new = read(few, tmp_path / "few"), read(many, tmp_path / "many")
    (added,), (removed,) = compare(old, new), compare(new, old)
    assert (added.old, added.new) == (removed.new, removed.old)
    assert added.old is not None
    assert added.new is not None
    assert added.new.pointer.endswith("/a/enum/1")
    assert added.old.pointer.endswith("/a")


def test_a_removed_property_is_not_compared_with_additional_ones_in_a_response(diff: Any) -> None:
    def free(**properties: Any) -> dict[str, Any]:
        return {"type": "object", "properties": {"c": TEXT, **properties}, "additionalProperties": INTEGER}

    assert diff(responding(free(b=TEXT)), responding(free())) == [
        "response-optional-property-removed: answer 200 /a/b: text -> "
    ]


def test_an_unchanged_class_is_compared_with_the_class_that_replaced_it(diff: Any) -> None:
    classes = {
        "One": {"type": "object", "properties": {"b": TEXT}},
        "Two": {"type": "object", "properties": {"b": INTEGER}},
    }

    def responding_with(name: str) -> dict[str, Any]:
        return responding({"$ref": f"#/components/schemas/{name}"}, document={"components": {"schemas": classes}})

    assert diff(responding_with("One"), responding_with("Two")) == [
        "response-property-type-changed: answer 200 /a/b: text -> integer"
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"const": "cat"}, {"const": "dog"}, ["enum-value-removed: cat -> ", "enum-value-added:  -> dog"]),
        ({"const": "cat"}, {"enum": ["cat", "dog"]}, ["enum-value-added:  -> dog"]),
        ({"enum": ["cat", "dog"]}, {"const": "cat"}, ["enum-value-removed: dog -> "]),
        ({"const": "cat"}, TEXT, ["became-not-enum: cat -> any"]),
        (TEXT, {"const": "cat"}, ["became-enum: any -> cat"]),
        ({"const": True}, {"const": False}, ["enum-value-removed: true -> ", "enum-value-added:  -> false"]),
        ({"const": True}, {"type": "boolean"}, ["became-not-enum: true -> any"]),
        (NUMBER, {"type": "number", "const": 1.5}, ["became-enum: any -> 1.5"]),
    ],
)
def test_a_change_of_a_constant_is_told(before: Any, after: Any, changes: list[str], diff: Any) -> None:
    rules = ("response-property-" + change.replace(": ", ": answer 200 /a: ", 1) for change in changes)
    assert diff(responding(before), responding(after)) == [*rules]
