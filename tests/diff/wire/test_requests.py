"""Bodies that are not JSON or of several media types, and parameters in all their styles."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.wire.shorthand import INTEGER, TEXT

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


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


def test_a_body_that_can_be_of_several_media_types_is_compared_in_each(diff: Any) -> None:
    old = body(json=thing(TEXT), form=thing(TEXT))
    assert diff(old, old) == []
    assert diff(old, body(json=thing(TEXT), form=thing({**TEXT, "maxLength": 3}))) == [
        f"request-property-max-length-set: body {FORM} /q:  -> at most 3 characters"
    ]
    # The same change is reported for each media type, as a client may send only one of them.
    assert diff(old, body(json=thing(INTEGER), form=thing(INTEGER))) == [
        "request-property-type-changed: body /q: text -> integer",
        f"request-property-type-changed: body {FORM} /q: text -> integer",
    ]
    assert diff(old, body(json=thing(TEXT))) == [f"request-body-media-type-removed: body: {FORM} -> application/json"]
    assert diff(body(json=thing(TEXT)), old) == [f"request-body-media-type-added: body:  -> {FORM}"]


def test_values_that_are_written_as_text_are_neither_null_nor_numbers(diff: Any) -> None:
    nullable = {"type": ["integer", "null"]}
    for media in ("form", "parts"):
        assert diff(body(**{media: thing(nullable)}), body(**{media: thing(INTEGER)})) == []
        assert diff(body(**{media: thing(INTEGER)}), body(**{media: thing(TEXT)})) == [
            "request-property-type-generalized: body /q: integer -> text"
        ]
    # But a value in a part that is not a scalar is JSON.
    assert diff(body(parts=thing(thing(nullable))), body(parts=thing(thing(INTEGER)))) == [
        "request-property-became-not-nullable: body /q/q: integer or null -> integer"
    ]
    assert diff(body(form=thing(thing(nullable))), body(form=thing(thing(INTEGER)))) == []
    listed = [{"type": "array", "items": items} for items in (nullable, INTEGER)]
    assert diff(body(parts=thing(listed[0])), body(parts=thing(listed[1]))) == []


def test_text_has_its_constraints_and_bytes_have_none(diff: Any) -> None:
    assert diff(body(csv=TEXT), body(csv={**TEXT, "maxLength": 3})) == [
        "request-property-max-length-set: body:  -> at most 3 characters"
    ]
    assert diff(body(file=TEXT), body(file={**TEXT, "maxLength": 3})) == []


def test_how_a_field_is_written_is_reported_where_a_document_has_an_encoding_for_it(diff: Any) -> None:
    things = thing({"type": "array", "items": TEXT})

    def encoded(schema: Any = things, **encoding: Any) -> Any:
        return body(form=schema, encoding={"q": encoding})

    rule = "request-part-encoding-changed: body /q"
    assert diff(encoded(style="form"), encoded()) == []
    assert diff(encoded(style="form", explode=False), encoded()) == [f"{rule}: joined with commas -> repeated"]
    assert diff(encoded(contentType="application/json"), encoded()) == [f"{rule}: as application/json -> repeated"]
    assert diff(encoded(style="pipeDelimited"), encoded(style="spaceDelimited")) == [
        f"{rule}: joined with bars -> joined with spaces"
    ]
    deep = thing(thing(TEXT))
    assert diff(encoded(deep, style="deepObject"), encoded(deep)) == [
        f"{rule}: in brackets -> a pair for each property"
    ]
    assert diff(encoded(thing(TEXT), style="form"), encoded(thing(TEXT), style="pipeDelimited")) == []


def test_ranges_of_media_types_include_those_of_a_part(diff: Any) -> None:
    def part(media_type: str) -> Any:
        return body(parts=thing({}), encoding={"q": {"contentType": media_type}})

    rule = "request-part-media-type"
    assert diff(part("image/png"), part("image/*")) == [f"{rule}-added: body /q: as image/png -> as image/*"]
    assert diff(part("image/*"), part("image/png")) == [f"{rule}-removed: body /q: as image/* -> as image/png"]


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
def test_a_list_in_a_query_is_written_in_a_style(style: str, explode: bool, words: str, diff: Any) -> None:
    schema = {"type": "array", "items": TEXT}
    styled = parameter(schema, style=style, explode=explode)
    assert diff(styled, styled) == []
    json = parameter(schema, content={"application/json": {"schema": schema}})
    del json["parameters"][0]["schema"]
    assert diff(styled, json) == [f"request-parameter-style-changed: parameter query q: {words} -> as application/json"]


def test_the_properties_of_an_object_in_a_query_are_compared(diff: Any) -> None:
    deep = {"style": "deepObject", "explode": True}
    old, new = parameter(thing(INTEGER), **deep), parameter(thing({"type": "boolean"}), **deep)
    place = "parameter query q"
    assert diff(old, new) == [f"request-parameter-type-changed: {place} /q: integer -> true or false"]
    assert diff(old, parameter(thing(INTEGER))) == [
        f"request-parameter-style-changed: {place}: in brackets -> a pair for each property"
    ]
    assert diff(old, parameter({"type": "object", "required": ["q"], "properties": {"q": INTEGER}}, **deep)) == [
        f"request-parameter-became-required: {place} /q: optional -> required"
    ]


def test_a_parameter_that_is_json_is_compared_as_a_body_is(diff: Any) -> None:
    def json(schema: Any) -> dict[str, Any]:
        return {"parameters": [{"name": "q", "in": "query", "content": {"application/json": {"schema": schema}}}]}

    assert diff(json(thing(INTEGER)), json(thing({"type": ["integer", "null"]}))) == [
        "request-property-became-nullable: parameter query q /q: integer -> integer or null"
    ]
    assert diff(json(INTEGER), json(TEXT)) == ["request-property-type-changed: parameter query q: integer -> text"]
    assert diff(parameter(INTEGER), parameter(TEXT)) == [
        "request-parameter-type-generalized: parameter query q: integer -> text"
    ]


@pytest.mark.parametrize(("style", "words"), [("label", "after a dot"), ("matrix", "after a semicolon and the name")])
def test_some_styles_change_how_a_scalar_in_a_path_is_written(style: str, words: str, diff: Any) -> None:
    def path(**more: Any) -> dict[str, Any]:
        parameter = {"name": "id", "in": "path", "required": True, "schema": TEXT, **more}
        return {"operation": {"parameters": [parameter]}}

    assert diff(path(), path(style=style)) == [f"request-parameter-style-changed: parameter path 1: as text -> {words}"]


def test_a_read_only_property_is_not_part_of_a_request(diff: Any) -> None:
    def body(**annotations: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "required": ["q"], "properties": {"q": {**TEXT, **annotations}}}}

    assert diff(body(), body(readOnly=True)) == ["request-property-removed: body /q: text -> "]
    assert diff(body(readOnly=True, maxLength=9), body(readOnly=True, maxLength=3)) == []


def test_media_types_that_differ_by_parameters_alone_are_compared_with_their_own(diff: Any) -> None:
    def taking(second: Any) -> dict[str, Any]:
        versions = {"application/json; version=1": {"schema": thing(TEXT)}, "application/json; version=2": second}
        return {"method": "post", "operation": {"requestBody": {"content": versions}}}

    old = taking({"schema": thing(INTEGER)})
    assert diff(old, old) == []
    assert diff(old, taking({"schema": thing(TEXT)})) == [
        "request-property-type-changed: body application/json /q: integer -> text"
    ]


def test_a_range_of_media_types_includes_those_that_are_sent(diff: Any) -> None:
    def taking(name: str) -> dict[str, Any]:
        content = {"application/json": {"schema": TEXT}, name: {"schema": TEXT}}
        return {"body": TEXT, "operation": {"requestBody": {"content": content}}}

    assert diff(taking("application/xml"), taking("*/*")) == ["request-body-media-type-added: body:  -> */*"]
