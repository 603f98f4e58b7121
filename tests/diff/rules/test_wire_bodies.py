"""What is said of bodies that are no JSON, of several media types, and of parameters that are written in other ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


@pytest.fixture
def found(tmp_path: Path) -> Any:
    def found(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
        """`rule: place: before -> after` of each finding."""
        old, new = read(before, tmp_path / "old"), read(after, tmp_path / "new")
        return [f"{f.rule}: {f.place}: {f.before} -> {f.after}" for f in compare(old, new)]

    return found


def body(**contents: Any) -> dict[str, Any]:
    """`form`, `parts`, `json`, `csv`: schemas of the media types; `encoding`: of the form and the parts."""
    encoding = contents.pop("encoding", {})
    names = {"form": FORM, "parts": PARTS, "json": "application/json", "csv": "text/csv", "file": "image/png"}
    content = {names[name]: {"schema": schema} for name, schema in contents.items()}
    for name in (FORM, PARTS):
        if name in content and encoding:
            content[name]["encoding"] = encoding
    return {"method": "post", "operation": {"requestBody": {"required": True, "content": content}}}


def thing(schema: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"q": schema}}


def test_a_body_that_can_be_of_several_media_types_is_compared_in_each(found: Any) -> None:
    old = body(json=thing(TEXT), form=thing(TEXT))
    assert found(old, old) == []
    assert found(old, body(json=thing(TEXT), form=thing({**TEXT, "maxLength": 3}))) == [
        f"request-property-max-length-set: body {FORM} /q:  -> at most 3 characters"
    ]
    # What is alike in each is told in each: the one need not be sent where the other is.
    assert found(old, body(json=thing(WHOLE), form=thing(WHOLE))) == [
        "request-property-type-changed: body /q: text -> integer",
        f"request-property-type-changed: body {FORM} /q: text -> integer",
    ]
    assert found(old, body(json=thing(TEXT))) == [f"request-body-media-type-removed: body: {FORM} -> application/json"]
    assert found(body(json=thing(TEXT)), old) == [f"request-body-media-type-added: body:  -> {FORM}"]


def test_what_is_written_as_text_knows_no_null_and_no_numbers(found: Any) -> None:
    nullable = {"type": ["integer", "null"]}
    for kind in ("form", "parts"):
        assert found(body(**{kind: thing(nullable)}), body(**{kind: thing(WHOLE)})) == []
        assert found(body(**{kind: thing(WHOLE)}), body(**{kind: thing(TEXT)})) == [
            "request-property-type-generalized: body /q: integer -> text"
        ]
    # But what is no single value is JSON in a part.
    assert found(body(parts=thing(thing(nullable))), body(parts=thing(thing(WHOLE)))) == [
        "request-property-became-not-nullable: body /q/q: integer or null -> integer"
    ]
    assert found(body(form=thing(thing(nullable))), body(form=thing(thing(WHOLE)))) == []
    listed = [{"type": "array", "items": items} for items in (nullable, WHOLE)]
    assert found(body(parts=thing(listed[0])), body(parts=thing(listed[1]))) == []


def test_text_has_its_constraints_and_bytes_have_none(found: Any) -> None:
    assert found(body(csv=TEXT), body(csv={**TEXT, "maxLength": 3})) == [
        "request-property-max-length-set: body:  -> at most 3 characters"
    ]
    assert found(body(file=TEXT), body(file={**TEXT, "maxLength": 3})) == []


def test_how_a_field_is_written_is_told_where_the_documents_say_it(found: Any) -> None:
    things = thing({"type": "array", "items": TEXT})

    def encoded(schema: Any = things, **encoding: Any) -> Any:
        return body(form=schema, encoding={"q": encoding})

    rule = "request-part-encoding-changed: body /q"
    assert found(encoded(style="form"), encoded()) == []
    assert found(encoded(style="form", explode=False), encoded()) == [f"{rule}: joined with commas -> repeated"]
    assert found(encoded(contentType="application/json"), encoded()) == [f"{rule}: as application/json -> repeated"]
    assert found(encoded(style="pipeDelimited"), encoded(style="spaceDelimited")) == [
        f"{rule}: joined with bars -> joined with spaces"
    ]
    deep = thing(thing(TEXT))
    assert found(encoded(deep, style="deepObject"), encoded(deep)) == [
        f"{rule}: in brackets -> a pair for each property"
    ]
    assert found(encoded(thing(TEXT), style="form"), encoded(thing(TEXT), style="pipeDelimited")) == []


def test_ranges_of_media_types_hold_those_that_a_part_may_be_of(found: Any) -> None:
    def part(media_type: str) -> Any:
        return body(parts=thing({}), encoding={"q": {"contentType": media_type}})

    rule = "request-part-media-type"
    assert found(part("image/png"), part("image/*")) == [f"{rule}-added: body /q: as image/png -> as image/*"]
    assert found(part("image/*"), part("image/png")) == [f"{rule}-removed: body /q: as image/* -> as image/png"]


def parameter(schema: Any, **more: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "q", "in": "query", "schema": schema, **more}]}


@pytest.mark.parametrize(
    ("style", "explode", "words"),
    [
        ("form", True, "repeated"),
        ("form", False, "joined with commas"),
        ("spaceDelimited", False, "joined with spaces"),
        ("pipeDelimited", False, "joined with bars"),
    ],
)
def test_a_list_in_a_query_is_written_in_a_style(style: str, explode: bool, words: str, found: Any) -> None:
    schema = {"type": "array", "items": TEXT}
    one = parameter(schema, style=style, explode=explode)
    assert found(one, one) == []
    other = parameter(schema, content={"application/json": {"schema": schema}})
    del other["parameters"][0]["schema"]
    assert found(one, other) == [f"request-parameter-style-changed: parameter query q: {words} -> as application/json"]


def test_the_properties_of_an_object_in_a_query_are_compared(found: Any) -> None:
    deep = {"style": "deepObject", "explode": True}
    old, new = parameter(thing(WHOLE), **deep), parameter(thing({"type": "boolean"}), **deep)
    place = "parameter query q"
    assert found(old, new) == [f"request-parameter-type-changed: {place} /q: integer -> true or false"]
    assert found(old, parameter(thing(WHOLE))) == [
        f"request-parameter-style-changed: {place}: in brackets -> a pair for each property"
    ]
    assert found(old, parameter({"type": "object", "required": ["q"], "properties": {"q": WHOLE}}, **deep)) == [
        f"request-parameter-became-required: {place} /q: optional -> required"
    ]


def test_a_parameter_that_is_json_is_compared_as_a_body_is(found: Any) -> None:
    def json(schema: Any) -> dict[str, Any]:
        return {"parameters": [{"name": "q", "in": "query", "content": {"application/json": {"schema": schema}}}]}

    assert found(json(thing(WHOLE)), json(thing({"type": ["integer", "null"]}))) == [
        "request-property-became-nullable: parameter query q /q: integer -> integer or null"
    ]
    assert found(json(WHOLE), json(TEXT)) == ["request-property-type-changed: parameter query q: integer -> text"]
    assert found(parameter(WHOLE), parameter(TEXT)) == [
        "request-parameter-type-generalized: parameter query q: integer -> text"
    ]


@pytest.mark.parametrize(("style", "words"), [("label", "after a dot"), ("matrix", "after a semicolon and the name")])
def test_a_single_value_in_a_path_looks_otherwise_in_some_styles(style: str, words: str, found: Any) -> None:
    def path(**more: Any) -> dict[str, Any]:
        variable = {"name": "id", "in": "path", "required": True, "schema": TEXT, **more}
        return {"operation": {"parameters": [variable]}}

    assert found(path(), path(style=style)) == [
        f"request-parameter-style-changed: parameter path 1: as text -> {words}"
    ]
