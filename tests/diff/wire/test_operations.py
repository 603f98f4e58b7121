"""Operations are paired by where requests go, however servers and paths divide that, or by operationId and prefixes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.diff.compare import compare_versions
from generator.diff.finding import Change
from generator.diff.versions import read_versions

OK = {"200": {"description": "OK"}}
BASE_URL = "safe python-base-url-meaning-changed GardensClient(base_url)"
NEEDED_BASE_URL = "breaking python-constructor-argument-meaning-changed GardensClient(base_url)"
HOST = "https://gardens.example.com"


def operation(path: str, id_: str = "", **more: Any) -> dict[str, Any]:
    """An operation at a path, with its variables as parameters."""
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    return {"parameters": parameters, "responses": OK, **({"operationId": id_} if id_ else {}), **more}


def gardens(*paths: str, ids: bool = True, **more: Any) -> dict[str, Any]:
    """A document of operations, whose operationIds are the last segments of their paths."""
    items = {path: {"get": operation(path, path.rpartition("/")[2].strip("{}") if ids else "")} for path in paths}
    return {"openapi": "3.0.3", "info": {"title": "Gardens", "version": "1"}, "paths": items, **more}


def at(*urls: str) -> dict[str, Any]:
    return {"servers": [{"url": url} for url in urls]}


def server(url: str, **variables: str) -> dict[str, Any]:
    return {"url": url, "variables": {name: {"default": value} for name, value in variables.items()}}


def swagger(base_path: str, *paths: str) -> dict[str, Any]:
    document = gardens(*paths, swagger="2.0", host="gardens.example.com", schemes=["https"], basePath=base_path)
    for item in document["paths"].values():
        for parameter in item["get"]["parameters"]:
            parameter["type"] = parameter.pop("schema")["type"]
    return {key: value for key, value in document.items() if key != "openapi"}


def compared(old: dict[str, Any], new: dict[str, Any], folder: Path) -> list[Change]:
    for name, document in (("old", old), ("new", new)):
        (folder / f"{name}.json").write_text(json.dumps(document, indent=1), "utf-8")
    before, after, _ = read_versions(str(folder / "old.json"), str(folder / "new.json"))
    return compare_versions(before, after)


def shown(changes: list[Change], *layers: str) -> list[str]:
    return [
        f"{c.severity} {c.rule} {c.operation or c.place}: {c.before} -> {c.after}" for c in changes if c.layer in layers
    ]


BEDS = ("/beds", "/beds/{bed}")
V1_BEDS = ("/v1/beds", "/v1/beds/{bed}")
UNMOVED = {
    "a prefix": (gardens(*BEDS, **at(f"{HOST}/v1")), gardens(*V1_BEDS, **at(f"{HOST}/")), BASE_URL),
    "a part of a prefix": (
        gardens(*BEDS, **at(f"{HOST}/api/v1/")),
        gardens(*V1_BEDS, **at(f"{HOST}/api")),
        BASE_URL,
    ),
    "several servers": (
        gardens(*BEDS, **at(f"{HOST}/v1", "https://eu.example.com/v1")),
        gardens(*V1_BEDS, **at(HOST, "https://eu.example.com")),
        BASE_URL,
    ),
    "a variable": (
        gardens(*BEDS, servers=[server("https://{region}.example.com/v1", region="eu")]),
        gardens(*V1_BEDS, servers=[server("https://{region}.example.com", region="eu")]),
        BASE_URL,
    ),
    "a relative server": (gardens(*BEDS, **at("/v1")), gardens(*V1_BEDS, **at("/")), NEEDED_BASE_URL),
    "no server": (gardens(*BEDS, **at("/v1")), gardens(*V1_BEDS), NEEDED_BASE_URL),
    "Swagger": (swagger("/v1", *BEDS), swagger("/", *V1_BEDS), BASE_URL),
    "from Swagger to OpenAPI": (swagger("/v1", *BEDS), gardens(*V1_BEDS, **at(HOST)), BASE_URL),
}


@pytest.mark.parametrize("swapped", [False, True], ids=["to the paths", "to the servers"])
@pytest.mark.parametrize(("old", "new", "base_url"), UNMOVED.values(), ids=UNMOVED.keys())
def test_what_moves_between_servers_and_paths_changes_no_url(
    old: dict[str, Any], new: dict[str, Any], base_url: str, swapped: bool, tmp_path: Path
) -> None:
    changes = compared(new, old, tmp_path) if swapped else compared(old, new, tmp_path)
    in_python = [f"{c.severity} {c.rule} {c.place}" for c in changes if "meaning" in c.rule or c.severity == "breaking"]
    assert in_python == [base_url]
    assert [c.rule for c in changes if c.layer in ("wire", "lagging")] == []


def test_a_server_of_a_path_can_have_the_prefix(tmp_path: Path) -> None:
    old = gardens("/beds", "/plants", **at(HOST))
    old["paths"]["/beds"]["servers"] = [{"url": f"{HOST}/v1"}]
    new = gardens("/v1/beds", "/plants", **at(HOST))
    assert shown(compared(old, new, tmp_path), "wire", "lagging") == []
    assert shown(compared(new, old, tmp_path), "wire", "lagging") == []


def test_where_some_urls_move_these_are_reported(tmp_path: Path) -> None:
    old = gardens(*BEDS, "/plants", **at(f"{HOST}/v1", "https://eu.example.com"))
    new = gardens(*V1_BEDS, "/plants", **at(HOST, "https://eu.example.com"))
    assert shown(compared(old, new, tmp_path), "wire") == [
        "breaking api-server-removed server https://eu.example.com: https://eu.example.com ->"
        f" {HOST}/v1, https://eu.example.com/v1",
        "safe api-server-added server https://eu.example.com/v1:  -> https://eu.example.com/v1",
        "breaking api-path-changed GET /plants: /v1/plants -> /plants",
    ]


def test_an_operation_that_moves_keeps_its_operation_id(tmp_path: Path) -> None:
    old, new = gardens("/beds/{id}", "/plants"), gardens("/plants")
    old["paths"]["/beds/{id}"]["get"]["operationId"] = "bed"
    new["paths"]["/garden/beds/{bed}"] = {
        "put": operation("/garden/beds/{bed}", "bed", responses={"200": {**OK["200"]}, "404": {"description": "No."}})
    }
    changes = compared(old, new, tmp_path)
    assert shown(changes, "wire") == [
        "attention response-non-success-status-added PUT /garden/beds/{bed}:  -> 404",
        "breaking api-path-changed PUT /garden/beds/{bed}: GET /beds/{id} -> PUT /garden/beds/{bed}",
    ]
    assert shown(changes, "lagging") == [
        "attention api-path-changed GET /beds/{id}: GET /beds/{id} -> PUT /garden/beds/{bed}"
    ]
    assert "safe python-requests-changed PUT /garden/beds/{bed}: GET /beds/{id} -> PUT /garden/beds/{bed}" in shown(
        changes, "python"
    )


PREFIXES = [("/api", ""), ("", "/api"), ("/api/v1", "/api/v2"), ("/v1", "/gardens/v2")]


@pytest.mark.parametrize(("before", "after"), PREFIXES)
def test_paths_that_lose_gain_or_change_a_prefix_have_moved(before: str, after: str, tmp_path: Path) -> None:
    paths = [f"{prefix}/beds/{{bed}}" for prefix in (before, after)], [f"{prefix}/seeds" for prefix in (before, after)]
    old, new = (gardens(*side, ids=False) for side in zip(*paths, strict=True))
    assert shown(compared(old, new, tmp_path), "wire") == sorted(
        (f"breaking api-path-changed GET {path}: {was} -> {path}" for was, path in paths),
        key=lambda line: line.replace("{bed}", "{}"),
    )


def test_the_same_ends_of_other_resources_say_nothing(tmp_path: Path) -> None:
    old = gardens("/beds/search", "/beds/{id}/notes", ids=False)
    new = gardens("/trees/search", "/trees/{id}/notes", ids=False)
    rules = [change.rule for change in compared(old, new, tmp_path) if change.layer == "wire"]
    assert rules == ["api-removed-without-deprecation"] * 2 + ["endpoint-added"] * 2


def test_reports_name_the_variables_of_paths_and_fingerprints_do_not(tmp_path: Path) -> None:
    def difference(path: str) -> list[Change]:
        old = gardens(path, "/seeds/{id}", ids=False)
        del old["paths"]["/seeds/{id}"]["get"]["parameters"][0]["schema"]
        return [c for c in compared(old, gardens("/seeds/{seed}", ids=False), tmp_path) if c.layer == "wire"]

    first, second = difference("/beds/{bed}"), difference("/beds/{id}")
    assert shown(first, "wire") == [
        "breaking api-removed-without-deprecation GET /beds/{bed}: GET /beds/{bed} -> ",
        "breaking request-parameter-type-changed GET /seeds/{seed}: any value -> text",
    ]
    assert second[0].before == "GET /beds/{id}"
    assert [change.fingerprint for change in first] == [change.fingerprint for change in second]


def test_operations_without_ids_stay_where_they_are_on_the_wire(tmp_path: Path) -> None:
    old, new = gardens(*BEDS, ids=False, **at(f"{HOST}/v1")), gardens(*V1_BEDS, ids=False, **at(HOST))
    assert shown(compared(old, new, tmp_path), "wire", "lagging") == []
