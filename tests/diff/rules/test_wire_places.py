"""How the wire layer pairs things, and what it says of where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.finding import Finding
from generator.diff.wire.api import compare
from tests.diff.rules.documents import read


@pytest.fixture
def found(tmp_path: Path) -> Any:
    def found(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
        """`rule: place: before -> after` of each finding."""
        old, new = read(before, tmp_path / "old"), read(after, tmp_path / "new")
        return [shown(finding) for finding in compare(old, new)]

    return found


def shown(finding: Finding) -> str:
    return f"{finding.rule}: {finding.place}: {finding.before} -> {finding.after}"


def answers(schema: Any, **more: Any) -> dict[str, Any]:
    return {"answer": {"type": "object", "properties": {"a": schema}}, **more}


WORDS, MORE_WORDS = ({"type": "string", "enum": list(words)} for words in ("ac", "abc"))
TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


@pytest.mark.parametrize(
    ("wrap", "place"),
    [
        (lambda s: {"type": "array", "items": s}, "answer 200 /a/*"),
        (lambda s: {"type": "object", "additionalProperties": s}, "answer 200 /a/{}"),
        (lambda s: {"type": "object", "properties": {"b/c~d": s}}, "answer 200 /a/b~1c~0d"),
        (lambda s: {"type": "array", "items": {"type": "array", "items": s}}, "answer 200 /a/*/*"),
        (lambda s: {"anyOf": [{"type": "array", "items": s}, WHOLE]}, "answer 200 /a/*"),
    ],
)
def test_a_place_leads_from_the_answer_to_the_value(wrap: Any, place: str, found: Any) -> None:
    rule = "response-property-type-generalized"
    assert found(answers(wrap(WHOLE)), answers(wrap(NUMBER))) == [f"{rule}: {place}: integer -> number"]


def test_an_object_inside_itself_is_compared_once(found: Any) -> None:
    def tree(kind: Any) -> dict[str, Any]:
        children = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
        schema = {"type": "object", "properties": {"children": children, "value": kind}}
        return {
            "answer": {"$ref": "#/components/schemas/Tree"},
            "document": {"components": {"schemas": {"Tree": schema}}},
        }

    assert found(tree(TEXT), tree(TEXT)) == []
    assert found(tree(TEXT), tree(WHOLE)) == ["response-property-type-changed: answer 200 /value: text -> integer"]


def test_a_change_deep_inside_is_found_although_all_around_it_is_the_same(found: Any) -> None:
    def nested(kind: Any) -> dict[str, Any]:
        parts = {
            f"Part{i}": {"type": "object", "properties": {"p": {"$ref": f"#/components/schemas/Part{i + 1}"}}}
            for i in range(5)
        }
        parts["Part5"] = {"type": "object", "properties": {"p": kind}}
        return answers({"$ref": "#/components/schemas/Part0"}, document={"components": {"schemas": parts}})

    place = "answer 200 /a/p/p/p/p/p/p"
    assert found(nested(TEXT), nested(WHOLE)) == [f"response-property-type-changed: {place}: text -> integer"]


def test_path_variables_are_paired_by_their_place_and_headers_whatever_their_capitals_are(found: Any) -> None:
    def path(first: str, second: str, header: str, kind: Any) -> dict[str, Any]:
        variables = [
            {"name": n, "in": "path", "required": True, "schema": s} for n, s in ((second, kind), (first, TEXT))
        ]
        operation = {
            "parameters": [*variables, {"name": header, "in": "header", "schema": TEXT}],
            "responses": {"200": {"description": "D"}},
        }
        paths = {"/things/{id}": None, f"/a/{{{first}}}/b/{{{second}}}": {"get": operation}}
        return {"document": {"paths": paths}}

    assert found(path("x", "y", "X-Page", TEXT), path("y", "x", "x-page", TEXT)) == []
    assert found(path("x", "y", "X-Page", WHOLE), path("one", "two", "X-Page", TEXT)) == [
        "request-parameter-type-generalized: parameter path 2: integer -> text"
    ]


def test_a_credential_that_all_operations_ask_for_is_one_change(tmp_path: Path) -> None:
    def api(name: str, paths: int) -> Any:
        scheme = {"type": "apiKey", "in": "header", "name": name}
        others = {f"/{i}": {"get": {"responses": {"200": {"description": "D"}}}} for i in range(paths)}
        document = {"components": {"securitySchemes": {"K": scheme}}, "security": [{"K": []}], "paths": others}
        return read({"document": document}, tmp_path / name)

    (change,) = compare(api("X-Key", 3), api("X-Token", 3))
    assert (change.operation, change.before, change.after) == ("", "key in header x-key", "key in header x-token")


def test_credentials_are_what_is_sent_and_not_what_they_are_called(found: Any) -> None:
    def secured(called: str, **scheme: Any) -> dict[str, Any]:
        return {
            "document": {"components": {"securitySchemes": {called: scheme}}},
            "operation": {"security": [{called: []}]},
        }

    bearer = secured("A", type="http", scheme="bearer")
    assert found(bearer, secured("B", type="openIdConnect", openIdConnectUrl="https://example.com")) == []
    assert found(bearer, secured("A", type="apiKey", **{"in": "header", "name": "Authorization"})) == [
        "api-security-component-type-changed: security: bearer token in header authorization"
        " -> key in header authorization"
    ]


def test_a_credential_more_is_no_alternative_to_those_that_are_refused(found: Any) -> None:
    schemes = {name: {"type": "apiKey", "in": "header", "name": name} for name in "ABC"}

    def secured(*security: dict[str, list[str]]) -> dict[str, Any]:
        return {"document": {"components": {"securitySchemes": schemes}}, "operation": {"security": list(security)}}

    a, b, c = ({name: list[str]()} for name in "ABC")
    both = "key in header a with key in header b"
    refused = "api-security-removed: security: key in header a ->"
    assert found(secured(a), secured({**a, **b})) == [f"{refused} {both}"]
    assert found(secured(a, c), secured({**a, **b}, c)) == [
        f"{refused} {both} or key in header c",
        f"api-security-alternative-added: security: key in header c -> {both}",
    ]


def test_what_is_read_only_is_no_part_of_a_request(found: Any) -> None:
    def body(**notes: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "required": ["q"], "properties": {"q": {**TEXT, **notes}}}}

    assert found(body(), body(readOnly=True)) == ["request-property-removed: body /q: text -> "]
    assert found(body(readOnly=True, maxLength=9), body(readOnly=True, maxLength=3)) == []


def test_a_map_that_became_an_object_is_compared_with_its_properties(found: Any) -> None:
    free = {"type": "object", "additionalProperties": WHOLE}
    declared = {"type": "object", "properties": {"b": TEXT}, "additionalProperties": WHOLE}
    assert found(answers(free), answers(declared)) == [
        "response-optional-property-added: answer 200 /a/b:  -> text",
        "response-property-type-changed: answer 200 /a/b: integer -> text",
    ]


def test_a_new_success_is_compared_with_the_one_that_it_is_read_like(found: Any) -> None:
    def other(kind: Any) -> dict[str, Any]:
        content = {"application/json": {"schema": {"type": "object", "properties": {"a": kind}}}}
        return {"operation": {"responses": {"200": None, "202": {"description": "The thing.", "content": content}}}}

    assert found(answers(TEXT), other(WHOLE)) == [
        "response-success-status-removed: answer 200: 200 -> ",
        "response-success-status-added: answer 202: 200 -> 202",
        "response-property-type-changed: answer 202 /a: text -> integer",
    ]


def test_bounds_are_compared_and_not_their_spelling(found: Any) -> None:
    def body(**bounds: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {**WHOLE, **bounds}}}}

    assert found(body(minimum=1), body(exclusiveMinimum=0)) == []
    assert found(body(exclusiveMaximum=10), body(maximum=9)) == []
    assert found(body(maximum=9), body(exclusiveMaximum=9)) == [
        "request-property-max-decreased: body /q: at most 9 -> at most 8"
    ]
    assert found(body(), body(maxLength=9)) == []  # which says nothing of an integer
    assert found(body(**TEXT), body(**TEXT, minLength=0)) == []  # which no text is shorter than


def test_a_multiple_of_one_number_may_be_one_of_another(found: Any) -> None:
    def body(kind: Any, **bounds: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {**kind, **bounds}}}}

    assert found(body(WHOLE), body(WHOLE, multipleOf=1)) == []
    assert found(body(WHOLE, multipleOf=6), body(WHOLE, multipleOf=3)) == [
        "request-property-constraint-loosened: body /q: a multiple of 6 -> a multiple of 3"
    ]
    assert found(body(NUMBER, multipleOf=0.3), body(NUMBER, multipleOf=0.1)) == [
        "request-property-constraint-loosened: body /q: a multiple of 0.3 -> a multiple of 0.1"
    ]
    assert found(body(WHOLE, multipleOf=3), body(WHOLE, multipleOf=6)) == [
        "request-property-multiple-of-changed: body /q: a multiple of 3 -> a multiple of 6"
    ]


@pytest.mark.parametrize("format_", ["date-time", "date", "time", "duration", "byte", "decimal"])
def test_a_format_that_python_has_a_type_for_is_a_type(format_: str, found: Any) -> None:
    typed = {**TEXT, "format": format_}
    rule = "response-property-type"
    assert found(answers(typed), answers(TEXT)) == [f"{rule}-changed: answer 200 /a: text ({format_}) -> text"]
    assert found(answers(TEXT), answers(typed)) == [f"{rule}-specialized: answer 200 /a: text -> text ({format_})"]


def test_a_format_of_64_bits_refuses_nothing(found: Any) -> None:
    def body(**format_: str) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {**WHOLE, **format_}}}}

    assert found(body(), body(format="int64")) == [
        "request-property-type-generalized: body /q: integer -> integer (int64)"
    ]
    assert found(body(), body(format="int32")) == ["request-property-type-changed: body /q: integer -> integer (int32)"]


def test_an_api_that_comes_or_goes_is_that_of_its_operations(tmp_path: Path) -> None:
    package = read({}, tmp_path)
    assert [(f.rule, f.old, f.new is None) for f in compare(None, package)] == [("endpoint-added", None, False)]
    assert [(f.rule, f.operation) for f in compare(package, None)] == [
        ("api-removed-without-deprecation", "GET /things/{}")
    ]
    assert list(compare(None, None)) == []


def test_a_text_is_shown_where_it_differs(found: Any) -> None:
    start = "Words that stay the same, and go on for so long that nobody would like to read them twice. "
    (change,) = found(
        answers({**TEXT, "description": f"{start}Old."}), answers({**TEXT, "description": f"{start}New."})
    )
    assert (
        change
        == "schema-description-changed: answer 200 /a: ...to read them twice. Old. -> ...to read them twice. New."
    )
    assert found(answers({**TEXT, "description": "One\ntwo."}), answers({**TEXT, "description": "One two.\n"})) == []


def test_the_order_of_keys_in_a_default_is_none_of_the_value(found: Any) -> None:
    def body(default: Any) -> dict[str, Any]:
        return {"body": {"type": "object", "properties": {"q": {"type": "object", "default": default}}}}

    assert found(body({"a": 1, "b": 2}), body({"b": 2, "a": 1})) == []


def test_an_answer_is_compared_with_the_one_of_its_own_media_type(found: Any) -> None:
    def answered(**contents: Any) -> dict[str, Any]:
        content = {name.replace("_", "/"): {"schema": schema} for name, schema in contents.items()}
        return {"operation": {"responses": {"200": {"content": content}}}}

    other = {"application_hal+json": WHOLE, "application_json": TEXT}
    assert found(answered(application_json=TEXT), answered(**other)) == [
        "response-media-type-added: answer 200:  -> application/hal+json"
    ]
    # What is no JSON is handed over as it comes, whatever its schema says.
    assert found(answered(text_plain=TEXT), answered(text_plain={**TEXT, "maxLength": 3})) == []


@pytest.mark.parametrize("status", ["204", "205"])
def test_nothing_is_read_of_an_empty_answer_whatever_a_range_says_of_it(status: str, found: Any) -> None:
    def answered(**kinds: Any) -> dict[str, Any]:
        responses = {
            status: {"description": "D", "content": {"application/json": {"schema": kind}}}
            for status, kind in kinds.items()
        }
        return {"operation": {"responses": {"200": None, **responses}}}

    assert found(answered(**{"2XX": TEXT}), answered(**{"2XX": TEXT, status: WHOLE})) == [
        f"response-status-coverage-changed: answer {status}: 2XX -> {status}"
    ]


def test_any_value_is_also_null(found: Any) -> None:
    nullable: dict[str, Any] = {"type": ["string", "null"]}
    assert found(answers(nullable), answers({})) == [
        "response-property-type-generalized: answer 200 /a: text -> any value"
    ]
    assert found(answers({}), answers(nullable)) == [
        "response-property-type-specialized: answer 200 /a: any value -> text"
    ]


def test_null_is_told_beside_a_type_and_means_nothing_outside_of_json(found: Any) -> None:
    nullable: dict[str, Any] = {"type": ["string", "null"]}
    assert found(answers(TEXT), answers(nullable)) == [
        "response-property-became-nullable: answer 200 /a: text -> text or null"
    ]
    before, after = ({"parameters": [{"name": "q", "in": "query", "schema": schema}]} for schema in (TEXT, nullable))
    assert found(before, after) == []


def test_a_range_of_media_types_holds_those_that_are_sent(found: Any) -> None:
    def taking(name: str) -> dict[str, Any]:
        content = {"application/json": {"schema": TEXT}, name: {"schema": TEXT}}
        return {"body": TEXT, "operation": {"requestBody": {"content": content}}}

    assert found(taking("application/xml"), taking("*/*")) == ["request-body-media-type-added: body:  -> */*"]


def test_the_words_of_a_server_s_variable_may_become_any(found: Any) -> None:
    def served(**more: Any) -> dict[str, Any]:
        server = {"url": "https://{region}.example.com", "variables": {"region": {"default": "eu", **more}}}
        return {"document": {"servers": [server]}}

    place = "server https://eu.example.com variable 1"
    few = served(enum=["us", "eu"])
    assert found(few, served()) == [f"api-server-variable-value-added: {place}: eu, us -> any"]
    assert found(served(), few) == [f"api-server-variable-value-removed: {place}: any -> eu, us"]


def test_a_server_of_an_operation_s_own_is_a_change_of_that_operation(tmp_path: Path) -> None:
    own = {"operation": {"servers": [{"url": "https://other.example.com"}]}}
    found = compare(read({}, tmp_path / "old"), read(own, tmp_path / "new"))
    assert [(f.rule, f.operation) for f in found] == [
        ("api-server-removed", "GET /things/{}"),
        ("api-server-added", "GET /things/{}"),
    ]


def test_a_word_is_told_at_its_own_place(tmp_path: Path) -> None:
    few, many = ({"answer": {"type": "object", "properties": {"a": schema}}} for schema in (WORDS, MORE_WORDS))
    one, other = read(few, tmp_path / "few"), read(many, tmp_path / "many")
    (added,), (removed,) = compare(one, other), compare(other, one)
    assert (added.old, added.new) == (removed.new, removed.old)
    assert added.old is not None
    assert added.new is not None
    assert added.new.pointer.endswith("/a/enum/1")
    assert added.old.pointer.endswith("/a")


def test_a_header_that_gets_a_list_of_words_is_text_as_before(found: Any) -> None:
    def answered(schema: Any) -> dict[str, Any]:
        return {"operation": {"responses": {"200": {"headers": {"X-Kind": {"schema": schema}}}}}}

    assert found(answered(TEXT), answered({**TEXT, "enum": ["a", "b"]})) == []


def test_a_property_that_went_is_not_read_even_where_others_may_come(found: Any) -> None:
    def free(**properties: Any) -> dict[str, Any]:
        return {"type": "object", "properties": {"c": TEXT, **properties}, "additionalProperties": WHOLE}

    assert found(answers(free(b=TEXT)), answers(free())) == [
        "response-optional-property-removed: answer 200 /a/b: text -> "
    ]


def test_servers_are_the_same_whatever_ends_their_address_and_their_variables_are_called(found: Any) -> None:
    def served(variable: str, end: str) -> dict[str, Any]:
        server = {"url": f"https://{{{variable}}}.example.com{end}", "variables": {variable: {"default": "eu"}}}
        return {"document": {"servers": [server]}}

    assert found(served("region", "/"), served("area", "")) == []


def test_a_server_that_all_operations_use_is_one_change(tmp_path: Path) -> None:
    def api(url: str) -> Any:
        others = {f"/{i}": {"get": {"responses": {"200": {"description": "D"}}}} for i in range(3)}
        return read({"document": {"servers": [{"url": url}], "paths": others}}, tmp_path / url[-1])

    found = list(compare(api("https://example.com/1"), api("https://example.com/2")))
    assert [(f.rule, f.operation) for f in found] == [("api-server-removed", ""), ("api-server-added", "")]


def test_a_credential_that_one_operation_asks_for_is_a_change_of_that(tmp_path: Path) -> None:
    scheme = {"type": "http", "scheme": "bearer"}
    secured = {"components": {"securitySchemes": {"K": scheme}}, "security": [{"K": []}]}
    (change,) = compare(read({}, tmp_path / "old"), read({"document": secured}, tmp_path / "new"))
    assert (change.rule, change.operation) == ("api-security-added", "GET /things/{}")


def test_a_class_that_is_the_same_is_compared_with_one_that_took_its_place(found: Any) -> None:
    classes = {
        "One": {"type": "object", "properties": {"b": TEXT}},
        "Two": {"type": "object", "properties": {"b": WHOLE}},
    }

    def answered(name: str) -> dict[str, Any]:
        return answers({"$ref": f"#/components/schemas/{name}"}, document={"components": {"schemas": classes}})

    assert found(answered("One"), answered("Two")) == [
        "response-property-type-changed: answer 200 /a/b: text -> integer"
    ]


def test_a_new_success_is_read_like_one_that_has_something_to_read(found: Any) -> None:
    def answered(**kinds: Any) -> dict[str, Any]:
        responses = {
            status: {"description": "D", **({"content": {"application/json": {"schema": kind}}} if kind else {})}
            for status, kind in kinds.items()
        }
        return {"operation": {"responses": {"200": None, **responses}}}

    old: dict[str, Any] = {"201": None, "202": TEXT}
    assert found(answered(**old), answered(**old, **{"203": WHOLE})) == [
        "response-success-status-added: answer 203: 202 -> 203",
        "response-property-type-changed: answer 203: text -> integer",
    ]


def test_what_follows_the_name_of_a_media_type_does_not_matter(found: Any) -> None:
    def answered(name: str) -> dict[str, Any]:
        return {"operation": {"responses": {"200": {"content": {name: {"schema": TEXT}}}}}}

    assert found(answered("application/json"), answered("application/json; charset=utf-8")) == []


def stream(kind: Any, name: str = "text/event-stream", **others: Any) -> dict[str, Any]:
    content = {name: {"schema": {"type": "object", "properties": {"a": kind}}}, **others}
    return {"operation": {"responses": {"200": {"description": "D", "content": content}}}}


def test_what_comes_item_by_item_is_compared_as_an_item(found: Any) -> None:
    assert found(stream(TEXT), stream(WHOLE)) == ["response-property-type-changed: answer 200 item /a: text -> integer"]
    listed = {"type": "array", "items": {"type": "object", "properties": {"a": WHOLE}}}
    lines = {
        "operation": {"responses": {"200": {"description": "D", "content": {"application/jsonl": {"schema": listed}}}}}
    }
    assert found(stream(TEXT, "application/x-ndjson"), lines) == [
        "response-media-type-replaced: answer 200: application/x-ndjson -> application/jsonl",
        "response-property-type-changed: answer 200 item /a: text -> integer",
    ]
    assert found(stream(TEXT), stream(TEXT, "application/x-ndjson")) == [
        "response-media-type-added: answer 200:  -> application/x-ndjson",
        "response-media-type-removed: answer 200: text/event-stream -> application/x-ndjson",
    ]


def test_an_answer_can_be_read_as_a_whole_and_item_by_item(found: Any) -> None:
    json: Any = {"application/json": {"schema": {"type": "object", "properties": {"a": TEXT}}}}
    both = stream(TEXT, **json)
    assert found(both, both) == []
    assert found(both, stream(WHOLE, **json)) == ["response-property-type-changed: answer 200 item /a: text -> integer"]
    assert found(both, stream(TEXT)) == [
        "response-media-type-removed: answer 200: application/json -> text/event-stream"
    ]
    assert found(stream(TEXT), both) == ["response-media-type-added: answer 200:  -> application/json"]


def test_a_range_of_media_types_is_read_by_its_schema(found: Any) -> None:
    def answered(kind: Any) -> dict[str, Any]:
        return stream(kind, "*/*")

    assert found(answered(TEXT), answered(WHOLE)) == ["response-property-type-changed: answer 200 /a: text -> integer"]
