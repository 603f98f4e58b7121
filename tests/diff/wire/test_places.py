"""Where the document says what a finding is about: a reviewer looks there, and causes are found by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read


@pytest.fixture
def places(tmp_path: Path) -> Any:
    def places(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
        """`rule: old pointer -> new pointer` of each finding, without what all pointers begin with."""
        old, new = read(before, tmp_path / "old"), read(after, tmp_path / "new")
        findings = [(f.rule, f.old, f.new) for f in compare(old, new)]
        assert all(before and after for _, before, after in findings)
        return [f"{rule}: {_short(before)} -> {_short(after)}" for rule, before, after in findings]

    return places


def _short(source: Any) -> str:
    pointer: str = source.pointer
    return pointer.removeprefix("/components/schemas/")


def answering(schemas: dict[str, Any]) -> dict[str, Any]:
    """A document whose response is the schema `Bed`."""
    return {"answer": {"$ref": "#/components/schemas/Bed"}, "document": {"components": {"schemas": schemas}}}


def test_a_property_is_where_its_part_of_all_of_declares_it(places: Any) -> None:
    def bed(width: dict[str, Any]) -> dict[str, Any]:
        base = {"type": "object", "properties": {"id": {"type": "string"}, "width": {"type": "number"}}}
        own = {"type": "object", "properties": {"sown": {"type": "boolean", **width}, "width": {"type": "integer"}}}
        return answering({"Base": base, "Bed": {"allOf": [{"$ref": "#/components/schemas/Base"}, own]}})

    assert places(bed({}), bed({"deprecated": True})) == [
        "response-property-deprecated: Bed/allOf/1/properties/sown -> Bed/allOf/1/properties/sown"
    ]


@pytest.mark.parametrize(
    ("variant", "rule"),
    [
        ({"type": "integer"}, "response-property-list-of-types-widened"),
        ({"type": "object", "properties": {"beet": {"type": "string"}}}, "response-property-any-of-mistaken"),
    ],
)
def test_a_new_variant_is_in_the_union_that_several_places_share(
    places: Any, variant: dict[str, Any], rule: str
) -> None:
    def bed(*variants: dict[str, Any]) -> dict[str, Any]:
        plants = {name: {"$ref": "#/components/schemas/Plants"} for name in ("sown", "grown")}
        lists = {"plants": {"type": "array", "items": {"$ref": "#/components/schemas/Plants"}}}
        return answering({"Bed": {"type": "object", "properties": plants | lists}, "Plants": {"anyOf": [*variants]}})

    first, second = ({"type": "object", "properties": {name: {"type": "string"}}} for name in ("kale", "leek"))
    assert {*places(bed(first, second), bed(first, second, variant))} == {f"{rule}: Plants -> Plants"}


LENGTH = {"maxLength": 20}


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ({"type": "string", **LENGTH}, {"type": "string", "maxLength": 9}, {"max-length-decreased"}),
        ({"type": "string"}, {"type": "integer"}, {"type-changed"}),
        ({"type": "string"}, {"type": ["string", "null"]}, {"became-nullable"}),
        ({"type": "object", "properties": {}}, {"type": ["object", "null"], "properties": {}}, {"became-nullable"}),
        ({"type": "string"}, {"type": "string", "enum": ["sun", "shade"]}, {"became-enum"}),
        (
            {"type": "array", "items": {"type": "string"}},
            {"type": "array", "items": {"type": "integer"}},
            {"type-changed"},
        ),
    ],
)
def test_what_changed_in_a_component_is_there_and_not_where_the_document_refers_to_it(
    places: Any, before: dict[str, Any], after: dict[str, Any], rules: set[str]
) -> None:
    def sowing(light: dict[str, Any]) -> dict[str, Any]:
        reference = {"$ref": "#/components/schemas/Light"}
        parameter = {"name": "light", "in": "query", "schema": reference}
        body = {"type": "object", "properties": {"wanted": reference, "least": reference}}
        return {"parameters": [parameter], "body": body, "document": {"components": {"schemas": {"Light": light}}}}

    findings = places(sowing(before), sowing(after))
    assert {line.partition(": ")[2].partition(" -> ")[0] for line in findings} == {"Light"}
    assert {line.partition(": ")[0].split("-", 2)[2] for line in findings} == rules


def test_a_word_of_a_union_of_constants_is_in_that_union(places: Any) -> None:
    def bed(*kinds: str) -> dict[str, Any]:
        constants = [{"const": kind, "title": kind.upper()} for kind in kinds]
        return answering({"Bed": {"type": "object", "properties": {"kind": {"type": "string", "oneOf": constants}}}})

    assert places(bed("raised", "flat"), bed("raised", "flat", "round")) == [
        "response-property-enum-value-added: Bed/properties/kind -> Bed/properties/kind/oneOf/2"
    ]


def test_what_was_added_to_a_renamed_object_is_in_it_at_each_place(places: Any) -> None:
    def bed(name: str, *properties: str) -> dict[str, Any]:
        tree = {"type": "object", "properties": {property_: {"type": "string"} for property_ in properties}}
        trees = {place: {"$ref": f"#/components/schemas/{name}"} for place in ("north", "south")}
        return answering({"Bed": {"type": "object", "properties": trees}, name: tree})

    assert places(bed("Tree", "bark"), bed("Shrub", "bark", "leaf")) == [
        "response-optional-property-added: Tree -> Shrub/properties/leaf"
    ]
