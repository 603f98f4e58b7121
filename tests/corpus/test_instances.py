"""Instances of schemas, and the schemas as `jsonschema` sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.document import Document
from tests.corpus.instances import Instances, NoInstance
from tests.corpus.values import difference, fields_difference, multipart_pairs, query_pairs

COMPONENTS: dict[str, Any] = {
    "Loop": {
        "type": "object",
        "required": ["word"],
        "properties": {"word": {"const": "loop"}, "next": {"$ref": "#/components/schemas/Loop"}},
    },
    "Bed": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
    "Cat": {"type": "object", "properties": {"lives": {"const": 9}}},
    "Base": {
        "type": "object",
        "properties": {"sort": {"type": "string"}},
        "discriminator": {"propertyName": "sort", "mapping": {"a": "#/components/schemas/Heir"}},
    },
    "Heir": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"own": {"const": 1}}}]},
}


def instances(folder: Path, schema: Any, hidden: str = "writeOnly", version: str = "3.1.0") -> list[Any]:
    spec = folder / "x.json"
    spec.write_text(json.dumps({"openapi": version, "schema": schema, "components": {"schemas": COMPONENTS}}), "utf-8")
    document = Document(spec)
    return Instances(document, hidden).of(document.root["schema"])


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"type": "integer", "minimum": 5}, [5]),
        ({"type": "integer", "exclusiveMinimum": 4, "multipleOf": 3}, [6]),
        ({"type": "number", "minimum": 0, "maximum": 0.5}, [0]),
        ({"type": ["null", "number"], "maximum": 1}, [None, 1]),
        ({"type": "string", "minLength": 6}, ["teatea"]),
        ({"type": "string", "pattern": "^[A-C]{2}-[0-9]$"}, ["AA-0"]),
        ({"type": "string", "pattern": "^b+$", "examples": ["bbb"]}, ["bbb"]),
        ({"enum": [None, "a"]}, [None, "a"]),
        ({"const": {"a": 1}}, [{"a": 1}]),
        ({"type": "string", "enum": [1, True]}, ["1", "true"]),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [[True, True]]),
        ({"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True}, [["tea", "tea1"]]),
        ({"type": "array", "items": {"pattern": "^[1-9]$"}, "minItems": 2, "uniqueItems": True}, [["1", "2"]]),
        ({"allOf": [{"properties": {"a": {"const": 1}}}], "required": ["a"]}, [{"a": 1}]),
        ({"oneOf": [{"type": "null"}, {"type": "string", "format": "date"}]}, [None, "2026-04-07"]),
        ({"anyOf": [{"const": 1}, {"const": 2}], "enum": [2, 3]}, [2]),
        ({"type": "object", "additionalProperties": {"const": 3}}, [{"tea": 3}]),
        (
            {"$ref": "#/components/schemas/Loop"},
            [
                {"word": "loop", "next": {"word": "loop", "next": {"word": "loop"}}},
                {"word": "loop", "next": {"word": "loop"}},
            ],
        ),
        ({"type": "object", "properties": {"a": {"type": "null"}}}, [{"a": None}, {}]),
    ],
)
def test_each_choice_is_made_once(schema: Any, values: list[Any], tmp_path: Path) -> None:
    assert instances(tmp_path, schema) == values


def test_what_openapi_says_beside_json_schema(tmp_path: Path) -> None:
    nullable = {"type": "string", "nullable": True}
    assert instances(tmp_path, nullable, version="3.0.3") == ["tea", None]
    reference = {"$ref": "#/components/schemas/Bed", "nullable": True}
    assert instances(tmp_path, reference, version="3.0.3") == [{"kind": "tea"}, None]
    union = {"anyOf": [{"$ref": "#/components/schemas/Bed"}, {"nullable": True}]}
    assert instances(tmp_path, union, version="3.0.3") == [{"kind": "tea"}, None]
    secret = {"type": "object", "required": ["a", "b"], "properties": {"a": {"readOnly": True}, "b": {"const": 1}}}
    assert instances(tmp_path, secret, "readOnly") == [{"b": 1}]
    elsewhere = {"allOf": [{"properties": {"a": {"readOnly": True}, "b": {"const": 1}}}, {"required": ["a", "b"]}]}
    assert instances(tmp_path, elsewhere, "readOnly") == [{"b": 1}]
    exclusive = {"type": "integer", "minimum": 3, "exclusiveMinimum": True}
    assert instances(tmp_path, exclusive, version="3.0.3") == [4]


def test_the_words_of_discriminators(tmp_path: Path) -> None:
    pet: dict[str, Any] = {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind"}}
    assert instances(tmp_path, pet) == [{"lives": 9, "kind": "Cat"}, {"kind": "Cat"}]
    pet["discriminator"]["mapping"] = {"feline": "#/components/schemas/Cat", "lion": "Cat"}
    words = [value["kind"] for value in instances(tmp_path, pet)]
    assert words == ["feline", "lion", "lion"]
    assert instances(tmp_path, {"$ref": "#/components/schemas/Base"})[0] == {"own": 1, "sort": "a"}


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"not": {}},
        {"type": "string", "pattern": "^a$", "maxLength": 0},
        {"type": "string", "format": "date", "pattern": "YYYY-MM-DD"},
        {"allOf": [{"type": "array"}, {"type": "null"}]},
    ],
)
def test_what_nothing_fits_has_no_instance(schema: Any, tmp_path: Path) -> None:
    with pytest.raises(NoInstance):
        instances(tmp_path, schema)


@pytest.mark.parametrize(
    ("sent", "received", "text"),
    [
        ({"a": [1, None]}, {"a": [1.0, None]}, ""),
        ({"a": {"b": 1}}, {"a": {}}, "/a/b is lost"),
        ({"a": {}}, {"a": {"b": 1}}, "/a/b is added"),
        ([1, 2], [1], "the root has 1 items, not 2"),
        ([1], [True], "/0 is True, not 1"),
        ({"a": None}, {"a": 0}, "/a is 0, not None"),
    ],
)
def test_the_first_difference_of_two_values(sent: Any, received: Any, text: str) -> None:
    assert difference(sent, received) == text


@pytest.mark.parametrize(
    ("query", "style"),
    [
        ("a%5Bb%5D=1&a%5Bc%5D=x+y&a%5Bc%5D=z", "deepObject"),
        ("a=%7B%22b%22%3A1%2C%22c%22%3A%5B%22x%20y%22%2C%22z%22%5D%7D", ""),
        ("b=1&c=x%20y&c=z", "form"),
    ],
)
def test_fields_of_queries_and_forms(query: str, style: str) -> None:
    value = {"a": {"b": 1, "c": ["x y", "z"]}}
    styles = {"a": style} if style else {}
    assert fields_difference(value, query_pairs(query), styles) == ""
    assert fields_difference(value, query_pairs(query.replace("z", "q")), styles).startswith("/a is sent as")
    assert fields_difference({"a": [1, 2]}, query_pairs("a=1|2"), {}) == ""


def test_parts_of_multipart_bodies() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a b"; filename="f"\r\n\r\ntea\xff\r\n--x--\r\n'
    assert multipart_pairs("multipart/form-data; boundary=x", body) == [("a b", b"tea\xff")]
    assert multipart_pairs("multipart/form-data; boundary=x", b"--x--\r\n") == []
