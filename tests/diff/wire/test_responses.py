"""Responses in two versions: statuses, headers, and the values that clients read of each media type."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.wire.shorthand import INTEGER, TEXT, responding


def test_a_new_success_is_compared_with_the_documented_success(diff: Any) -> None:
    def accepted(schema: Any) -> dict[str, Any]:
        content = {"application/json": {"schema": {"type": "object", "properties": {"a": schema}}}}
        return {"operation": {"responses": {"200": None, "202": {"description": "The thing.", "content": content}}}}

    assert diff(responding(TEXT), accepted(INTEGER)) == [
        "response-success-status-removed: answer 200: 200 -> ",
        "response-success-status-added: answer 202: 200 -> 202",
        "response-property-type-changed: answer 202 /a: text -> integer",
    ]


def test_a_body_is_compared_with_the_body_of_the_same_media_type(diff: Any) -> None:
    def responding_with(**contents: Any) -> dict[str, Any]:
        content = {name.replace("_", "/"): {"schema": schema} for name, schema in contents.items()}
        return {"operation": {"responses": {"200": {"content": content}}}}

    contents = {"application_hal+json": INTEGER, "application_json": TEXT}
    assert diff(responding_with(application_json=TEXT), responding_with(**contents)) == [
        "response-media-type-added: answer 200:  -> application/hal+json"
    ]
    # Text is not parsed, whatever its schema says.
    assert diff(responding_with(text_plain=TEXT), responding_with(text_plain={**TEXT, "maxLength": 3})) == []


def test_values_in_plain_text_and_files_are_compared(diff: Any) -> None:
    def responding_with(name: str, schema: Any) -> dict[str, Any]:
        return {"operation": {"responses": {"200": {"content": {name: {"schema": schema}}}}}}

    def compared(name: str, old: Any, new: Any) -> Any:
        return diff(responding_with(name, old), responding_with(name, new))

    file = {**TEXT, "format": "binary"}
    assert compared("text/plain", TEXT, INTEGER) == ["response-property-type-changed: answer 200: text -> integer"]
    assert compared("text/plain", INTEGER, TEXT) == ["response-property-type-changed: answer 200: integer -> text"]
    assert compared("application/xml", TEXT, INTEGER) == [], "markup is text, whatever its schema says"
    assert compared("application/json", TEXT, file) == ["response-property-type-changed: answer 200: text -> file"]
    assert compared("text/csv", file, TEXT) == []


def test_redirects_that_are_the_only_successes_count_by_their_statuses(diff: Any) -> None:
    def with_statuses(*statuses: str) -> dict[str, Any]:
        responses: dict[str, Any] = {status: {"description": "D"} for status in statuses}
        if "200" in responses:
            responses["200"] = {"description": "D", "content": {"application/json": {"schema": TEXT}}}
        return {"operation": {"responses": {"200": None, **responses}}}

    assert diff(with_statuses("200"), with_statuses("302")) == [
        "response-success-status-removed: answer 200: 200 -> ",
        "response-non-success-status-added: answer 302:  -> 302",
    ]
    assert diff(with_statuses("302"), with_statuses("200")) == [
        "response-success-status-unknown: answer 200:  -> 200",
        "response-success-status-removed: answer 302: 302 -> ",
    ]
    assert diff(with_statuses("302"), with_statuses("200", "302")) == [
        "response-success-status-unknown: answer 200:  -> 200"
    ]
    assert diff(with_statuses("302", "303"), with_statuses("302", "307")) == [
        "response-success-status-removed: answer 303: 303 -> ",
        "response-success-status-unknown: answer 307:  -> 307",
    ]
    assert diff(with_statuses("302"), with_statuses("302", "410")) == [
        "response-non-success-status-added: answer 410:  -> 410"
    ]
    assert diff(with_statuses("200", "302"), with_statuses("200")) == [
        "response-non-success-status-removed: answer 302: 302 -> "
    ]


@pytest.mark.parametrize("status", ["204", "205"])
def test_nothing_is_read_of_an_empty_response_whatever_its_range_documents(status: str, diff: Any) -> None:
    def responding_with(**schemas: Any) -> dict[str, Any]:
        responses = {
            status: {"description": "D", "content": {"application/json": {"schema": schema}}}
            for status, schema in schemas.items()
        }
        return {"operation": {"responses": {"200": None, **responses}}}

    assert diff(responding_with(**{"2XX": TEXT}), responding_with(**{"2XX": TEXT, status: INTEGER})) == [
        f"response-status-coverage-changed: answer {status}: 2XX -> {status}"
    ]


def test_a_header_that_gets_enum_values_is_text_as_before(diff: Any) -> None:
    def responding_with(schema: Any) -> dict[str, Any]:
        return {"operation": {"responses": {"200": {"headers": {"X-Kind": {"schema": schema}}}}}}

    assert diff(responding_with(TEXT), responding_with({**TEXT, "enum": ["a", "b"]})) == []


def test_a_new_success_is_read_like_one_that_has_something_to_read(diff: Any) -> None:
    def responding_with(**schemas: Any) -> dict[str, Any]:
        responses = {
            status: {"description": "D", **({"content": {"application/json": {"schema": schema}}} if schema else {})}
            for status, schema in schemas.items()
        }
        return {"operation": {"responses": {"200": None, **responses}}}

    old: dict[str, Any] = {"201": None, "202": TEXT}
    assert diff(responding_with(**old), responding_with(**old, **{"203": INTEGER})) == [
        "response-success-status-added: answer 203: 202 -> 203",
        "response-property-type-changed: answer 203: text -> integer",
    ]


def test_parameters_of_a_media_type_do_not_matter(diff: Any) -> None:
    def responding_with(name: str) -> dict[str, Any]:
        return {"operation": {"responses": {"200": {"content": {name: {"schema": TEXT}}}}}}

    assert diff(responding_with("application/json"), responding_with("application/json; charset=utf-8")) == []


def test_media_types_that_differ_by_parameters_alone_are_compared_with_their_own(diff: Any) -> None:
    def responding_with(first: Any) -> dict[str, Any]:
        contents = {
            "application/json; version=1": {"schema": first},
            "application/json; version=2": {"schema": INTEGER},
        }
        return {"operation": {"responses": {"200": {"content": contents}}}}

    assert diff(responding_with(TEXT), responding_with(TEXT)) == []
    assert diff(responding_with(TEXT), responding_with(INTEGER)) == [
        "response-property-type-changed: answer 200: text -> integer"
    ]


def stream(schema: Any, name: str = "text/event-stream", **contents: Any) -> dict[str, Any]:
    content = {name: {"schema": {"type": "object", "properties": {"a": schema}}}, **contents}
    return {"operation": {"responses": {"200": {"description": "D", "content": content}}}}


def test_a_stream_is_compared_by_its_items(diff: Any) -> None:
    assert diff(stream(TEXT), stream(INTEGER)) == [
        "response-property-type-changed: answer 200 item /a: text -> integer"
    ]
    listed = {"type": "array", "items": {"type": "object", "properties": {"a": INTEGER}}}
    lines = {
        "operation": {"responses": {"200": {"description": "D", "content": {"application/jsonl": {"schema": listed}}}}}
    }
    assert diff(stream(TEXT, "application/x-ndjson"), lines) == [
        "response-media-type-replaced: answer 200: application/x-ndjson -> application/jsonl",
        "response-property-type-changed: answer 200 item /a: text -> integer",
    ]
    assert diff(stream(TEXT), stream(TEXT, "application/x-ndjson")) == [
        "response-media-type-added: answer 200:  -> application/x-ndjson",
        "response-media-type-removed: answer 200: text/event-stream -> application/x-ndjson",
    ]


def test_events_are_compared_by_their_names(diff: Any) -> None:
    def with_events(**data: Any) -> dict[str, Any]:
        events = [
            {"type": "object", "properties": {"event": {"const": name} if name != "any" else TEXT, "data": schema}}
            for name, schema in data.items()
        ]
        content = {"text/event-stream": {"schema": {"type": "array", "items": {"oneOf": events}}}}
        return {"operation": {"responses": {"200": {"description": "D", "content": content}}}}

    def thing(schema: Any) -> Any:
        return {"type": "object", "properties": {"a": schema}}

    old = with_events(rain=thing(TEXT), sun=INTEGER)
    assert diff(old, with_events(sun=INTEGER, rain=thing(TEXT))) == []
    assert diff(old, with_events(rain=INTEGER, sun=thing(TEXT))) == [
        "response-property-type-changed: answer 200 event rain: object -> integer",
        "response-property-type-changed: answer 200 event sun: integer -> object",
    ]
    assert diff(old, with_events(rain=thing(INTEGER), wind=INTEGER)) == [
        "response-property-type-changed: answer 200 event rain /a: text -> integer",
        "response-property-enum-value-removed: answer 200 event sun: sun -> ",
        "response-property-enum-value-added: answer 200 event wind:  -> wind",
    ]
    assert diff(with_events(any=INTEGER), with_events(any=INTEGER, rain=TEXT)) == [
        "response-property-enum-value-added: answer 200 event rain:  -> rain",
        "response-property-type-changed: answer 200 event rain: integer -> text",
    ]


def test_a_response_can_be_read_as_a_whole_and_item_by_item(diff: Any) -> None:
    json: Any = {"application/json": {"schema": {"type": "object", "properties": {"a": TEXT}}}}
    both = stream(TEXT, **json)
    assert diff(both, both) == []
    assert diff(both, stream(INTEGER, **json)) == [
        "response-property-type-changed: answer 200 item /a: text -> integer"
    ]
    assert diff(both, stream(TEXT)) == [
        "response-media-type-removed: answer 200: application/json -> text/event-stream"
    ]
    assert diff(stream(TEXT), both) == ["response-media-type-added: answer 200:  -> application/json"]


def test_a_range_of_media_types_is_read_by_its_schema(diff: Any) -> None:
    def responding_with(schema: Any) -> dict[str, Any]:
        return stream(schema, "*/*")

    assert diff(responding_with(TEXT), responding_with(INTEGER)) == [
        "response-property-type-changed: answer 200 /a: text -> integer"
    ]
