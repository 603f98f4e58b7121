"""What narrows values without shaping their type stays with the schemas that come of a document."""

from __future__ import annotations

from typing import Any

import pytest

from generator.document.problems import Source
from generator.document.tree import Array, Object
from generator.simplify.restrictions.canonical import Canonical
from generator.simplify.restrictions.record import any_of_restrictions, record_restrictions, restrictions_of


def placed(value: Any) -> Any:
    """A value as a document holds it."""
    source = Source("openapi.yaml", "", 1)
    if isinstance(value, dict):
        return Object(((key, placed(child)) for key, child in value.items()), source)
    return Array(map(placed, value), source) if isinstance(value, list) else value


SCHEMAS = {
    "Bed": {"type": "object", "title": "A bed", "properties": {"crop": {"type": "string", "example": "leek"}}},
    "Row": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Row"}}},
    "Long": {"enum": [f"crop {number}" for number in range(300)]},
}


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"$ref": "#/components/schemas/Bed"}, {"type": "object", "properties": {"crop": {"type": "string"}}}),
        ({"$ref": "#/components/schemas/Row"}, {"type": "object", "properties": {"next": {"$ref": "Row"}}}),
        ({"type": ["string"], "nullable": True}, {"type": ["null", "string"]}),
        ({"type": "number", "minimum": 1.0, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
        ({"const": "leek"}, {"enum": ["leek"]}),
        ({"enum": ["pea", "leek"], "description": "What grows."}, {"enum": ["leek", "pea"]}),
        ({"required": ["b", "a"]}, {"required": ["a", "b"]}),
        ({"required": [], "minLength": 0, "additionalProperties": True, "items": {}}, {}),
        ({"additionalProperties": False}, {"additionalProperties": {"not": {}}}),
        ({"allOf": [{"type": "string"}, {"minLength": 1}]}, {"type": "string", "minLength": 1}),
        ({"allOf": [{"pattern": "a"}, {"pattern": "b"}]}, {"pattern": "a", "allOf": [{"pattern": "b"}]}),
        ({"anyOf": [{"type": "string"}, True]}, {}),
        ({"oneOf": [{"type": "string"}]}, {"type": "string"}),
        ({"if": {"type": "string"}, "then": {}}, {}),
        ({"minProperties": "few", "required": {}, "dependentRequired": ["a"], "properties": [], "enum": None}, {}),
    ],
)
def test_schemas_that_admit_the_same_are_written_alike(schema: Any, written: Any) -> None:
    assert Canonical(placed(SCHEMAS)).schema(placed(schema)) == written


def test_a_long_component_is_a_digest() -> None:
    written = Canonical(placed(SCHEMAS)).schema(placed({"$ref": "#/components/schemas/Long"}))
    assert written.keys() == {"$ref", "digest"}


def test_types_are_narrowed_by_their_own_keywords_alone() -> None:
    schemas = {
        "Name": {"type": "string", "minProperties": 1, "not": {"const": ""}},
        "Bed": {"type": "object", "minProperties": 1, "contains": {}},
        "Any": {"minProperties": 1},
    }
    document = record_restrictions(placed({"components": {"schemas": schemas}}))
    keywords = {name: [k for k, _ in restrictions_of(s)] for name, s in document["components"]["schemas"].items()}
    assert keywords == {"Name": ["not"], "Bed": ["minProperties"], "Any": ["minProperties"]}


def test_an_extension_of_that_name_in_a_document_restricts_nothing() -> None:
    assert restrictions_of(placed({"x-restrictions": [["not", "{}"]]})) == ()


def test_alternatives_of_which_one_restricts_nothing_restrict_nothing() -> None:
    least, most = (("minProperties", '{"minProperties": 1}'),), (("maxProperties", '{"maxProperties": 2}'),)
    assert any_of_restrictions([least, ()]) == ()
    assert any_of_restrictions([least, least]) == least
    assert any_of_restrictions([most, least]) == (
        ("condition", '{"anyOf": [{"allOf": [{"maxProperties": 2}]}, {"allOf": [{"minProperties": 1}]}]}'),
    )
