"""Pages of one API become one document; where they contradict each other, both sides are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.vendor.vendored import Vendored, vendored

HEAD = "openapi: 3.1.0\ninfo: {title: Garden, version: '1'}\n"
BEDS = f"""\
{HEAD}servers: [{{url: https://garden.example}}]
security: [{{key: []}}]
tags: [{{name: Beds}}]
paths:
  /beds/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
    get: {{tags: [Beds], responses: {{'200': {{$ref: '#/components/responses/Bed'}}}}}}
components:
  responses:
    Bed: {{description: A bed., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Bed'}}}}}}}}
  schemas:
    Bed: {{type: object, properties: {{soil: {{enum: [clay, 01]}}}}}}
  securitySchemes: {{key: {{type: http, scheme: bearer}}}}
"""


def vendor(folder: Path, *texts: str) -> tuple[Vendored | None, list[str]]:
    files = [folder / f"{name}.yaml" for name in "abcd"[: len(texts)]]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    problems = Problems()
    result = vendored([str(file) for file in files], (), problems)
    return result, [str(problem).replace(f"{folder}/", "") for problem in problems]


def test_paths_methods_components_and_tags_are_joined(tmp_path: Path) -> None:
    pots = BEDS.replace("/beds/{id}", "/pots/{id}").replace("Bed:", "Pot:").replace("Beds", "Pots")
    water = BEDS.replace("    get:", "    post:")
    result, problems = vendor(tmp_path, BEDS, pots, water)
    assert problems == []
    assert result is not None
    assert list(result.document["paths"]) == ["/beds/{id}", "/pots/{id}"]
    assert list(result.document["paths"]["/beds/{id}"]) == ["parameters", "get", "post"]
    assert list(result.document["components"]["schemas"]) == ["Bed", "Pot"]
    assert result.document["tags"] == [{"name": "Beds"}, {"name": "Pots"}]
    assert b"- 01\n" in result.text
    assert len(result.published_sha256) == 3


def test_documents_that_say_the_same_are_the_first_as_it_is(tmp_path: Path) -> None:
    result, problems = vendor(tmp_path, f"# Beds\n{BEDS}", f"{BEDS}# again\n")
    assert problems == []
    assert result is not None
    assert (result.text, result.published_sha256) == (f"# Beds\n{BEDS}".encode(), ())


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "clay, 01",
            "clay, sand",
            14,
            "/components/schemas/Bed/properties/soil/enum/1: 'sand' here, 1 there (a.yaml:14)",
        ),
        ("type: object, ", "", 14, "/components/schemas/Bed/type: none here, 'object' there (a.yaml:14)"),
        ("security: [{key: []}]\n", "", 1, "/security: none here, [{'key': []}] there (a.yaml:4)"),
        (
            "    parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n    get:",
            "    post:",
            8,
            "/paths/~1beds~1{id}/parameters: none here, [{'name': 'id', 'in': 'path', 'required': True, 'schema': {'"
            "... there (a.yaml:8)",
        ),
        (
            "[{name: Beds}]",
            "[{name: Pots}, {name: Beds, description: All.}]",
            5,
            "/tags/0/description: 'All.' here, none there (a.yaml:5)",
        ),
        ("version: '1'", "version: '2'", 2, "/info/version: '2' here, '1' there (a.yaml:2)"),
    ],
)
def test_a_contradiction_shows_both_sides(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    assert BEDS.replace(old, new) != BEDS
    problem = f"""\
b.yaml:{line}: error[contradiction]: the documents contradict each other at {message}
    hint: they may be of two versions, or of two APIs: vendor pages that were published together"""
    assert vendor(tmp_path, BEDS, BEDS.replace(old, new)) == (None, [problem])


def test_all_contradictions_are_reported_at_once(tmp_path: Path) -> None:
    other = BEDS.replace("'1'", "'2'").replace("garden.example", "other.example").replace("A bed", "Bed")
    result, problems = vendor(tmp_path, BEDS, other, other.replace("/beds", "/pots"))
    assert result is None
    assert len(problems) == 6  # three for each of the documents that differ from the first
