"""A cut has the operations that are named, what these reach, and nothing else; it is read as the whole document is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.document.loading import parse
from generator.document.problems import Problems, Source
from generator.document.tree import Object
from generator.options import Options, Pattern
from generator.project.packages import single_package
from generator.render.package import client_files
from generator.vendor import vendored as vendoring
from generator.vendor.vendored import Vendored, vendored

ROOT = Path(__file__).parents[2]
GARDEN = Path(__file__).with_name("garden.yaml")
OPERATIONS = (
    *("getBed", "removeBed", "listPlants", "addPlant", "listPots", "listTools", "watered"),
    *("GET /beds/{id}", "POST /pots", "delete /beds/{id}"),
)


def cut(*operations: str, source: Path = GARDEN) -> tuple[Vendored | None, list[str]]:
    problems = Problems()
    patterns = tuple(Pattern(operation, Source("--operation")) for operation in operations)
    result = vendored([str(source)], patterns, problems)
    return result, [str(problem).replace(f"{source.parent}/", "") for problem in problems]


def document(*operations: str, source: Path = GARDEN) -> Object:
    result, problems = cut(*operations, source=source)
    assert problems == []
    assert result is not None
    return result.document


def code(spec: Path, options: Options) -> dict[str, str]:
    """The Python code of the package for a document."""
    problems = Problems(strict=False)
    package = single_package(spec, "garden-client", problems, options=options, file="garden.yaml")
    assert package is not None, problems
    return {path: text for path, text in client_files(package).items() if path.endswith(".py")}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_cut_is_read_as_the_whole_document_with_that_operation_alone(operation: str, tmp_path: Path) -> None:
    result, _ = cut(operation)
    assert result is not None
    path = tmp_path / "garden.yaml"
    path.write_bytes(result.text)
    pattern = (Pattern(operation, Source("test")),)
    included = Options(include_paths=pattern) if " " in operation else Options(include_operations=pattern)
    assert code(path, Options()) == code(GARDEN, included)


def test_what_is_not_reached_is_gone() -> None:
    tools = document("listTools")
    assert [*tools] == ["openapi", "info", "servers", "security", "paths", "components"]
    assert tools["components"] == {
        "schemas": {
            "Tools": {"$anchor": "tools", "type": "array", "items": {"$ref": "#/components/schemas/Tool"}},
            "Tool": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    }
    removal = document("removeBed")
    assert "security" not in removal  # no operation inherits it
    assert [*removal["components"]["securitySchemes"]] == ["admin"]
    assert removal["tags"] == [{"name": "beds", "description": "Where things grow."}]
    assert [*removal["paths"]["/beds/{id}"]] == ["parameters", "delete"]
    assert [*document("listPots")["paths"]["/pots"]] == ["get"]
    assert [*document("getBed")["x-parts"]] == ["Size"]
    assert [*document("watered")] == ["openapi", "info", "servers", "x-parts", "paths", "webhooks", "components"]


def test_several_operations_stand_in_the_document_s_order() -> None:
    result = document("listTools", "GET /beds/{id}")
    assert [*result["paths"]] == ["/beds/{id}", "/tools"]
    assert [*result["components"]["schemas"]] == [
        *("Bed", "Plant", "Rose", "Tree", "Palm", "Color", "Problem", "Tools", "Tool")
    ]


def test_scalars_keep_their_spelling_and_their_types() -> None:
    result, _ = cut("getBed")
    assert result is not None
    text = result.text.decode()
    assert "  version: 1.10\n" in text
    assert "minimum: 01\n" in text
    assert "example: 007\n" in text
    assert "- 'on'\n            - 'off'\n            - 'on'\n            - 1.0\n            - 010\n" in text
    assert "description: |\n        There is no such bed.\n\n        Look again: at # the list.\n" in text


def test_a_cut_that_takes_nothing_away_is_the_document_byte_for_byte(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("# Comment\nopenapi: '3.1.0'\npaths: {/a: {get: {operationId: a, security: []}}}\n")
    result, _ = cut("a", source=source)
    assert result is not None
    assert (result.text, result.published_sha256, result.operations) == (source.read_bytes(), (), ("a",))


def test_swagger_2_is_cut_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("""\
swagger: '2.0'
info: {title: Garden, version: '1'}
host: garden.example
paths:
  /beds:
    get:
      parameters: [{$ref: '#/parameters/size'}]
      security: [{key: []}]
      responses: {'200': {description: Beds., schema: {$ref: '#/definitions/Bed'}}, '404': {$ref: '#/responses/none'}}
  /pots: {get: {responses: {'200': {description: Pots., schema: {$ref: '#/definitions/Pot'}}}}}
parameters: {size: {name: size, in: query, type: integer}, other: {name: other, in: query, type: integer}}
responses: {none: {description: None.}, other: {description: Other.}}
definitions:
  Bed: {discriminator: kind, properties: {kind: {type: string}}}
  Rose: {allOf: [{$ref: '#/definitions/Bed'}]}
  Pot: {type: object}
securityDefinitions: {key: {type: basic}, other: {type: basic}}
""")
    result = document("GET /beds", source=source)
    assert [*result["paths"]] == ["/beds"]
    parts = {key: [*result[key]] for key in ("parameters", "responses", "definitions", "securityDefinitions")}
    assert parts == {
        "parameters": ["size"],
        "responses": ["none"],
        "definitions": ["Bed", "Rose"],
        "securityDefinitions": ["key"],
    }


@pytest.mark.parametrize(
    ("operations", "problems"),
    [
        (
            ("getBet", "GET /bed/{id}"),
            [
                "--operation: error[unknown-operation]: garden.yaml has no operation 'getBet' (garden.yaml:2)\n"
                "    hint: did you mean getBed?",
                "--operation: error[unknown-operation]: garden.yaml has no operation 'GET /bed/{id}' (garden.yaml:2)\n"
                "    hint: did you mean GET /beds/{id} or DELETE /beds/{id}?",
            ],
        ),
    ],
)
def test_operations_that_are_not_there(operations: tuple[str, ...], problems: list[str]) -> None:
    assert cut(*operations) == (None, problems)


def test_what_stands_in_the_place_of_operations_is_cut_too(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("openapi: 3.1.0\npaths:\n  /a: {get: 5, post: {tags: x}}\n  /b: 5\n  /c: {put: {}}\n")
    assert document("POST /a", source=source)["paths"] == {"/a": {"post": {"tags": "x"}}}


def test_an_operation_id_that_several_have(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("openapi: 3.1.0\npaths:\n  /a: {get: {operationId: a}}\n  /b:\n    get: {operationId: a}\n")
    assert cut("a", source=source) == (
        None,
        [
            "--operation: error[ambiguous-operation]: several operations are called 'a' (a.yaml:3, a.yaml:5)\n"
            "    hint: name it by method and path: 'GET /a' or 'GET /b'"
        ],
    )


def test_references_to_other_files_are_refused_where_they_are_reached(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("""\
openapi: 3.1.0
paths:
  /a: {get: {operationId: a, responses: {'200': {$ref: 'b.yaml#/x'}}}}
  /b: {get: {operationId: b, responses: {'200': {description: B., content: {a/b: {example: {$ref: c.yaml}}}}}}}
""")
    problem = (
        "a.yaml:3: error[other-file]: 'b.yaml#/x' leads to another file, which is not vendored\n"
        "    hint: bundle the files into one first, for example with `npx @redocly/cli bundle`, and name that"
    )
    assert cut(source=source) == (None, [problem])
    assert cut("a", source=source) == (None, [problem])
    assert cut("b", source=source)[1] == []


def test_what_stands_in_other_operations_is_copied_if_that_ends(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    schema = "/paths/~1b/get/responses/200/content/application~1json/schema"
    source.write_text(f"""\
openapi: 3.1.0
paths:
  /a: {{get: {{responses: {{200: {{content: {{a/b: {{schema: {{$ref: '#{schema}/properties/x'}}}}}}}}}}}}}}
  /c: {{get: {{responses: {{200: {{description: C, content: {{a/b: {{schema: {{$ref: '#{schema}'}}}}}}}}}}}}}}
  /b:
    get:
      responses:
        200:
          description: B
          content:
            application/json:
              schema: {{properties: {{x: {{type: string}}, y: {{$ref: '#{schema}'}}}}}}
""")
    copied = document("GET /a", source=source)["paths"]["/a"]["get"]["responses"]["200"]["content"]["a/b"]
    assert copied == {"schema": {"type": "string"}}
    assert cut("GET /c", source=source) == (
        None,
        [
            "a.yaml:1: error[too-expensive]: the operations refer into others, which refer into others again, too "
            "often to be copied\n    hint: keep those operations, too, or name a document that has what operations "
            "share in `components`"
        ],
    )
    assert [*document("GET /c", "GET /b", source=source)["paths"]] == ["/c", "/b"]


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = f"""\
from generator.document.problems import Problems, Source
from generator.options import Pattern
from generator.vendor.vendored import vendored
print(vendored([{str(GARDEN)!r}], (Pattern("addPlant", Source("")), Pattern("getBed", Source(""))), Problems()).sha256)
"""
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_text_that_is_read_as_something_else_is_not_vendored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendoring, "yaml_text", lambda document: "openapi: 3.1.0\n")
    assert cut("getBed")[1] == [
        "garden.yaml:2: error[not-writable]: the document cannot be written as YAML: what would be read again differs\n"
        "    hint: please report it as a bug of the generator"
    ]


def test_what_is_cut_is_read_again_as_it_was() -> None:
    result, _ = cut(*OPERATIONS[:4])
    assert result is not None
    assert parse(result.text.decode(), "a.yaml") == result.document
