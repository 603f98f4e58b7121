"""Which changes of two documents have the same cause, and what the cause is called."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.diff.causes.cause import Cause
from generator.diff.causes.grouping import group
from generator.diff.commands import difference_report
from generator.document.problems import Source
from tests.diff.judging import change

Document = dict[str, Any]


def document(*paths: str) -> Document:
    """An API with an operation for each path; all answer with a `Bed`, and with an `Error`."""
    content = {name: {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}} for name in SCHEMAS}
    answers = {
        "200": {"description": "A bed.", "content": content["Bed"]},
        "default": {"description": "What went wrong.", "content": content["Error"]},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Beds", "version": "1"},
        "servers": [{"url": "https://beds.example.com"}],
        "paths": {path: {"get": {"operationId": f"get_{path.strip('/')}", "responses": answers}} for path in paths},
        "components": {
            "schemas": deepcopy(SCHEMAS),
            "parameters": {"Depth": {"name": "depth", "in": "query", "schema": {"type": "integer"}}},
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": f"X-{name}"} for name in ("Key", "Badge")
            },
        },
    }


SCHEMAS: Document = {
    "Bed": {
        "type": "object",
        "properties": {"size": {"type": "string"}, "soil": {"$ref": "#/components/schemas/Soil"}},
    },
    "Soil": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["clay", "sand"]}}},
    "Error": {"type": "object", "properties": {"code": {"type": "string"}}},
}


@pytest.fixture
def compare(tmp_path: Path) -> Any:
    def causes(old: Document, new: Document) -> list[Cause]:
        for name, version in (("old", old), ("new", new)):
            (tmp_path / f"{name}.json").write_text(json.dumps(version, indent=1))
        return list(difference_report(str(tmp_path / "old.json"), str(tmp_path / "new.json")).causes)

    return causes


def described(causes: list[Cause]) -> list[tuple[str, str, str, str]]:
    return [(cause.severity, cause.subject, cause.before, cause.after) for cause in causes]


BEDS = document("/a", "/b", "/c")


def test_a_schema_that_operations_share_is_one_cause(compare: Any) -> None:
    new = deepcopy(BEDS)
    new["components"]["schemas"]["Error"]["properties"]["code"] = {"type": "integer"}
    (cause,) = compare(BEDS, new)
    assert described([cause]) == [("breaking", "schema Error /code", "text", "integer")]
    assert cause.operations == ("GET /a", "GET /b", "GET /c")
    assert cause.layers == ("python", "wire")
    assert cause.pointer == "/components/schemas/Error/properties/code"


def test_the_words_of_an_enum_are_one_cause_that_names_them(compare: Any) -> None:
    new = deepcopy(BEDS)
    new["components"]["schemas"]["Soil"]["properties"]["kind"]["enum"] += ["loam", "peat"]
    assert described(compare(BEDS, new)) == [("attention", "schema Soil /kind", "", "loam, peat")]


def test_words_that_went_are_named_beside_those_that_came(compare: Any) -> None:
    new = deepcopy(BEDS)
    new["components"]["schemas"]["Soil"]["properties"]["kind"]["enum"] = ["clay", "loam", "peat"]
    assert described(compare(BEDS, new)) == [("breaking", "schema Soil /kind", "sand", "loam, peat")]


def test_two_properties_are_two_causes(compare: Any) -> None:
    new = deepcopy(BEDS)
    properties = new["components"]["schemas"]["Bed"]["properties"]
    properties["size"] = {"type": "integer"}
    properties["slope"] = {"type": "number"}
    assert described(compare(BEDS, new)) == [
        ("breaking", "schema Bed /size", "text", "integer"),
        ("safe", "schema Bed /slope", "", "number"),
    ]


def test_a_parameter_of_a_path_or_a_component_is_one_cause(compare: Any) -> None:
    old = deepcopy(BEDS)
    for path in ("/a", "/b"):
        old["paths"][path]["parameters"] = [{"$ref": "#/components/parameters/Depth"}]
    new = deepcopy(old)
    new["components"]["parameters"]["Depth"]["schema"] = {"type": "string", "format": "uuid"}
    (cause,) = compare(old, new)
    assert described([cause]) == [("breaking", "parameter Depth", "integer", "text (uuid)")]
    assert cause.operations == ("GET /a", "GET /b")


def test_credentials_that_all_operations_ask_for_are_one_cause(compare: Any) -> None:
    old, new = deepcopy(BEDS), deepcopy(BEDS)
    old["security"], new["security"] = [{"Key": []}], [{"Badge": []}]
    (cause,) = compare(old, new)
    assert described([cause]) == [("breaking", "security", "key in header x-key", "key in header x-badge")]
    assert [change.rule for change in cause.changes] == [
        "python-constructor-argument-removed",
        "api-security-removed",
        "python-constructor-argument-added",
    ]


def test_servers_that_differ_are_one_cause(compare: Any) -> None:
    new = deepcopy(BEDS)
    new["servers"] = [{"url": "https://soil.example.com"}]
    (cause,) = compare(BEDS, new)
    assert (cause.severity, cause.layers) == ("breaking", ("python", "wire"))


def test_an_operation_goes_with_its_method_and_the_classes_that_it_alone_used(compare: Any) -> None:
    old = deepcopy(BEDS)
    body = {"application/json": {"schema": {"type": "object", "properties": {"note": {"type": "string"}}}}}
    old["paths"]["/a"]["post"] = {
        "operationId": "dig",
        "requestBody": {"content": body},
        "responses": {"204": {"description": ""}},
    }
    (cause,) = compare(old, BEDS)
    assert described([cause]) == [("breaking", "POST /a", "POST /a", "")]
    assert {change.rule for change in cause.changes} == {
        "api-removed-without-deprecation",
        "python-method-removed",
        "python-class-removed",
    }


def test_new_names_of_methods_by_a_convention_are_one_cause(compare: Any) -> None:
    new = deepcopy(BEDS)
    for item in new["paths"].values():
        item["get"]["operationId"] = item["get"]["operationId"].replace("get_", "fetch_")
    (cause,) = compare(BEDS, new)
    assert (cause.severity, cause.subject, len(cause.changes)) == ("breaking", "the names of 3 methods", 3)
    of_two = deepcopy(BEDS)
    for path in ("/a", "/b"):
        of_two["paths"][path]["get"]["operationId"] = new["paths"][path]["get"]["operationId"]
    assert len(compare(BEDS, of_two)) == 2


def test_the_same_change_of_copies_of_a_schema_is_one_cause(compare: Any) -> None:
    old = deepcopy(BEDS)
    place = {"type": "object", "properties": {"row": {"type": "integer"}}}
    for name in ("Herb", "Rose", "Vine"):
        schema = {"type": "object", "properties": {name.lower(): {"type": "string"}, "place": deepcopy(place)}}
        old["components"]["schemas"][name] = schema
    new = deepcopy(old)
    for name in ("Herb", "Rose", "Vine"):
        new["components"]["schemas"][name]["properties"]["place"]["properties"]["row"] = {"type": "string"}
    (cause,) = compare(old, new)
    assert cause.subject == "schema Herb /place/row and 2 more places"


def test_different_changes_of_an_operation_are_different_causes(compare: Any) -> None:
    new = deepcopy(BEDS)
    new["paths"]["/a"]["get"] |= {"deprecated": True, "summary": "A bed.", "tags": ["Beds"]}
    causes = compare(BEDS, new)
    assert [cause.subject for cause in causes if cause.severity != "docs"] == ["GET /a"]
    assert sorted(cause.subject for cause in causes if cause.severity == "docs") == ["GET /a summary", "GET /a tags"]


def test_the_order_of_changes_does_not_matter(compare: Any) -> None:
    new = deepcopy(BEDS)
    new["components"]["schemas"]["Error"]["properties"]["code"] = {"type": "integer"}
    new["components"]["schemas"]["Bed"]["properties"]["size"] = {"type": "integer"}
    fingerprints = [cause.fingerprint for cause in compare(BEDS, new)]
    new["paths"] = dict(reversed(new["paths"].items()))
    assert [cause.fingerprint for cause in compare(BEDS, new)] == fingerprints


def test_of_several_packages_a_cause_names_its_own() -> None:
    place = Source("new.yaml", "/components/schemas/Bed/properties/size", 1)
    first, second = (change(package=package, new=replace(place, file=package)) for package in ("a-client", "b-client"))
    assert [cause.title for cause in group([first, second])] == [
        "a-client: schema Bed /size",
        "b-client: schema Bed /size",
    ]
    assert [cause.title for cause in group([first])] == ["schema Bed /size"]


def test_a_prefix_that_all_paths_lost_is_one_cause_with_the_names_that_follow_from_it(compare: Any) -> None:
    old, new = document("/api/a", "/api/b", "/api/c"), document("/a", "/b", "/c")
    for version in (old, new):
        for item in version["paths"].values():
            del item["get"]["operationId"]
    (cause,) = compare(old, new)
    assert (cause.subject, cause.before, cause.after) == ("the paths of 3 operations", "/api/a", "/a")
    assert {change.rule for change in cause.changes} == {
        "api-path-changed",
        "python-method-renamed",
        "python-requests-changed",
    }


def test_what_differs_between_two_schemas_is_at_the_operation_that_refers_to_the_other_one_now(compare: Any) -> None:
    new = json.loads(json.dumps(BEDS))  # in which operations share nothing
    content = new["paths"]["/a"]["get"]["responses"]["default"]["content"]
    content["application/json"]["schema"]["$ref"] = "#/components/schemas/Soil"
    subjects = [cause.subject for cause in compare(BEDS, new) if "wire" in cause.layers]
    assert subjects == ["GET /a answer default /code", "GET /a answer default /kind"]
