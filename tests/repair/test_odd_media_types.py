"""Media types with blanks, capitals, parameters and whatever else documents have in their place: never a traceback."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.document.problems import Problems
from generator.project.packages import single_package
from generator.render.package import client_files

BEDS: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}
JSON = [
    *(" application/json ", "\tapplication/json\n", "APPLICATION/JSON", "application/json;", "application/json ; a=b"),
    *("application/json;charset=utf-8", 'application/json; a="b', " application/vnd.beds+json ;;"),
]
ODD: list[Any] = [
    *("", " ", ";", "/", "application/", "/json", "json", "a/b/c", "*", "*/*", "text/*", "application / json", "a\0/b"),
    *(
        "TEXT/Event-Stream ",
        " multipart/form-data ",
        "application/x-www-form-urlencoded; a",
        "a/\u202eb",
        "{}",
        "\\",
        "'",
    ),
    *(1, 1.5, None, True, {}, [], ["application/json"], {"application/json": {}}),
]


Document = dict[str, Any]


def swagger(media_types: list[Any]) -> Document:
    body = {"in": "body", "name": "bed", "schema": BEDS}
    fields = [{"in": "formData", "name": "name", "type": "string"}, {"in": "formData", "name": "photo", "type": "file"}]
    answers = {"200": {"description": "A bed.", "schema": BEDS}}

    def item(number: int, media_type: Any) -> Document:
        own = {"consumes": [media_type], "produces": [media_type, "application/json"]}
        bare = {"consumes": media_type, "produces": media_type}
        return {
            "post": {"operationId": f"addBed{number}", "parameters": [body], "responses": answers, **own},
            "put": {"operationId": f"putBed{number}", "parameters": fields, "responses": answers, **own},
            "get": {"operationId": f"getBed{number}", "responses": answers, **bare},
        }

    paths = {f"/beds/{number}": item(number, media_type) for number, media_type in enumerate(media_types)}
    everywhere = {"consumes": media_types, "produces": media_types}
    return {"swagger": "2.0", "info": {"title": "Beds", "version": "1"}, **everywhere, "paths": paths}


def openapi(media_types: list[Any], version: str = "3.1.0") -> Document:
    def item(number: int, media_type: Any) -> Document:
        content = {str(media_type): {"schema": BEDS, "encoding": {"name": {"contentType": media_type}}}}
        headers = {"X-Bed": {"content": content}}
        parameters = [{"name": "bed", "in": "query", "content": content}]
        answers = {"200": {"description": "A bed.", "content": content, "headers": headers}}
        both = {"content": {**content, "application/json": {"schema": BEDS}}}
        add = {"operationId": f"addBed{number}", "requestBody": {"content": content}, "responses": answers}
        put = {"operationId": f"putBed{number}", "requestBody": both, "responses": answers}
        return {"post": add, "put": {**put, "parameters": parameters}}

    paths = {f"/beds/{number}": item(number, media_type) for number, media_type in enumerate(media_types)}
    return {"openapi": version, "info": {"title": "Beds", "version": "1"}, "paths": paths}


def modules(document: Document, folder: Path, *, strict: bool = False) -> dict[str, str]:
    """The modules of a document; none where it ends in problems."""
    spec = folder / "openapi.json"
    spec.write_text(json.dumps(document))
    problems = Problems(strict=strict)
    package = single_package(spec, "beds", problems, read_twice=True, skip_unsupported=not strict)
    assert package is not None or problems.errors
    assert not [problem for problem in problems if problem.id == "second-reading"]
    return client_files(package) if package else {}


@pytest.mark.parametrize("document", [swagger(JSON), openapi(JSON, "3.0.3"), openapi(JSON)])
def test_blanks_capitals_and_parameters_leave_json_json(document: Document, tmp_path: Path) -> None:
    client = next(text for path, text in modules(document, tmp_path).items() if path.endswith("client.py"))
    for number in range(len(JSON)):
        assert re.search(rf"def add_bed_?{number}\(.*?-> _models\.AddBed{number}", client, re.DOTALL)


@pytest.mark.parametrize("document", [swagger(ODD), openapi(ODD)])
def test_what_stands_in_place_of_a_media_type_ends_in_a_package_or_in_problems(
    document: Document, tmp_path: Path
) -> None:
    written = modules(document, tmp_path)
    assert written
    for path, text in written.items():
        if path.endswith(".py"):
            compile(text, path, "exec")
    modules(document, tmp_path, strict=True)
