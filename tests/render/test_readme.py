"""READMEs of client packages state only what the document settles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.document.problems import Problems
from generator.project.packages import single_package
from generator.render.package import client_files

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
MUTUAL = {"type": "mutualTLS"}


def written(folder: Path, schemes: dict[str, Any], security: list[dict[str, list[str]]]) -> str:
    """The README of a client with one call, which has this security requirement."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"get": {"responses": {"200": {"description": "Things."}}, "security": security}}},
        "components": {"securitySchemes": schemes},
    }
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    package = single_package(folder / "openapi.json", "things-client", Problems())
    assert package is not None
    return client_files(package)["things-client/README.md"]


@pytest.mark.parametrize(
    ("schemes", "sentence"),
    [
        (
            {"A": KEY, "B": KEY},
            "Where a call accepts `a` or `b`, it sends exactly one of those that you give: the first that the API lists"
            " for it.",
        ),
        ({"A": KEY, "B": MUTUAL}, ""),
        ({"A": MUTUAL, "B": MUTUAL}, ""),
    ],
    ids=["both", "one", "none"],
)
def test_alternatives_are_those_that_a_client_can_send(schemes: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    readme = written(tmp_path, schemes, [{"A": []}, {"B": []}])
    sentences = [line for line in readme.splitlines() if line.startswith("Where a call accepts")]
    assert sentences == ([sentence] if sentence else [])


def test_the_example_gives_no_constants_and_documented_values(tmp_path: Path) -> None:
    parameters = [
        {"name": "version", "in": "path", "required": True, "schema": {"const": "v1"}},
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "format", "in": "query", "required": True, "schema": {"const": "json"}},
        {"name": "shade", "in": "query", "required": True, "schema": {"type": "string", "enum": ["half", "full"]}},
    ]
    get = {"operationId": "getBed", "parameters": parameters, "responses": {"204": {"description": "The bed."}}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/{version}/{id}": {"get": get}}}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    package = single_package(tmp_path / "openapi.json", "things-client", Problems())
    assert package is not None
    assert "client.get_bed(\"id\", shade='half')" in client_files(package)["things-client/README.md"]


def test_the_example_is_what_newcomers_would_call(tmp_path: Path) -> None:
    ok = {"204": {"description": "Done."}}
    beds = {"schema": {"type": "array", "items": {"type": "string"}}}
    listed = {"200": {"description": "Beds.", "content": {"application/json": beds}}}
    bed = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        "/admin": {"get": {"operationId": "admin", "security": [{"Admin": []}], "responses": listed}},
        "/beds": {
            "post": {"operationId": "addBed", "responses": ok},
            "get": {"operationId": "listBeds", "responses": listed},
        },
        "/beds/{id}": {"get": {"operationId": "getBed", "parameters": [bed], "responses": ok}},
        "/allBeds": {"get": {"operationId": "allBeds", "deprecated": True, "responses": listed}},
        "/about": {"get": {"operationId": "about", "responses": ok}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://garden.example"}],
        "security": [{"Key": []}],
        "paths": paths,
        "components": {"securitySchemes": {"Admin": KEY | {"name": "X-Admin"}, "Key": KEY}},
    }
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    package = single_package(tmp_path / "openapi.json", "things-client", Problems())
    assert package is not None
    readme = client_files(package)["things-client/README.md"]
    assert 'with ThingsClient(key="...") as client:\n    response = client.list_beds()\n' in readme
