"""A part of an API: which operations patterns choose, what goes with the others, and what the next run makes of it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from generator.document.problems import Problems, Source
from generator.ir.model import Api
from generator.options import Options, Pattern
from generator.project.packages import single_package
from tests.commands import Run
from tests.generator.command_line import command

GARDEN = """\
openapi: 3.1.0
info: {title: Garden, version: "1"}
security: [{Key: []}]
paths:
  /beds:
    get:
      operationId: listBeds
      tags: [beds]
      responses: {"200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Bed"}}}}}
    post:
      operationId: makeBed
      tags: [beds]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Bed"}}}}
      responses: {"204": {description: Made.}}
  /beds/{bed}/plants/:
    parameters: [{name: bed, in: path, required: true, schema: {type: string}}]
    get:
      tags: [plants, beds]
      security: [{Basic: []}]
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Plant"}}}}
  /fences/{fence}:
    parameters: [{name: "a b", in: header, required: true, schema: {type: fence}}]
    put:
      operationId: paintFence
      tags: [fences]
      parameters: [{name: fence, in: path, required: true, schema: {$ref: "#/components/schemas/Fence"}}]
      responses: {"200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Gone"}}}}}
    delete: no operation
  /shed: no path
webhooks:
  wilted:
    post:
      operationId: wilted
      tags: [plants]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Wilted"}}}}
      responses: {"204": {description: Read.}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: key}
    Basic: {type: http, scheme: basic}
  schemas:
    Bed: {type: object, properties: {soil: {$ref: "#/components/schemas/Soil"}}}
    Soil: {type: object, properties: {acid: {type: boolean}}}
    Plant: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Rose: {allOf: [{$ref: "#/components/schemas/Plant"}, {type: object, properties: {thorns: {type: integer}}}]}
    Fence: {type: fence}
    Wilted: {type: object, properties: {plant: {type: string}}}
    Unused: {type: object, properties: {soil: {$ref: "#/components/schemas/Soil"}}}
"""
WITHOUT_FENCES = {"exclude_paths": ["/fences/*", "/shed"]}


def patterns(**texts: list[str]) -> dict[str, tuple[Pattern, ...]]:
    return {key: tuple(Pattern(text, Source(f"--{key}")) for text in values) for key, values in texts.items()}


def read(folder: Path, document: str, **texts: list[str]) -> tuple[Api | None, list[str]]:
    """The API, and all problems."""
    spec = folder / "garden.yaml"
    spec.write_text(document, encoding="utf-8")
    problems = Problems(strict=False)
    package = single_package(spec, "garden-client", problems, file="garden.yaml", options=Options(**patterns(**texts)))  # type: ignore[arg-type]
    return package.api if package else None, [str(problem) for problem in problems]


def calls(api: Api | None) -> list[str]:
    assert api is not None
    return [f"{operation.method} {operation.path}" for operation in api.operations]


def classes(api: Api | None) -> set[str]:
    assert api is not None
    return {model.name for model in api.models}


LIST, MAKE, PLANTS = "GET /beds", "POST /beds", "GET /beds/{bed}/plants/"


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"include_tags": ["beds"]}, [LIST, MAKE, PLANTS]),
        ({"include_tags": ["plants"]}, [PLANTS]),
        ({"include_tags": ["beds"], "exclude_tags": ["plants"]}, [LIST, MAKE]),
        ({"include_operations": ["makeBed"]}, [MAKE]),
        ({"include_operations": ["makeBed"], "include_tags": ["plants"]}, [MAKE, PLANTS]),
        ({"include_paths": ["/beds"]}, [LIST, MAKE]),
        ({"include_paths": ["/beds/"]}, [LIST, MAKE]),
        ({"include_paths": ["GET /beds/**"]}, [LIST, PLANTS]),
        ({"include_paths": ["get /beds"]}, [LIST]),
        ({"include_paths": ["/beds/{name}/*"]}, [PLANTS]),
        ({"include_paths": ["/beds/*/plants"]}, [PLANTS]),
        ({"include_paths": ["/**/plants"]}, [PLANTS]),
        ({"include_paths": ["/b*/*/pl*ts"]}, [PLANTS]),
        ({"include_paths": ["/be*"], "exclude_operations": ["listBeds"]}, [MAKE]),
        ({"exclude_paths": ["/fences/**", "/shed", "POST /**"]}, [LIST, PLANTS]),
    ],
)
def test_patterns_choose_operations_and_nothing_else_is_reported(
    chosen: dict[str, list[str]], expected: list[str], tmp_path: Path
) -> None:
    api, problems = read(tmp_path, GARDEN, **chosen)
    assert (calls(api), problems) == (expected, [])


def test_what_only_cut_operations_need_goes_with_them(tmp_path: Path) -> None:
    api, _ = read(tmp_path, GARDEN, include_operations=["listBeds"])
    assert api
    assert classes(api) == {"Bed", "Soil"}
    assert ([scheme.name for scheme in api.schemes], api.operations_cut, api.webhooks_cut) == (["Key"], 3, 1)
    api, _ = read(tmp_path, GARDEN, include_paths=["/beds/{bed}/plants"])
    assert api
    assert "Rose" in classes(api)  # nothing refers to it, but the discriminator of a plant may name it
    assert [scheme.name for scheme in api.schemes] == ["Basic"]


def test_components_that_no_operation_needs_stay_where_nothing_is_included(tmp_path: Path) -> None:
    api, _ = read(tmp_path, GARDEN, exclude_paths=["/fences/*", "/shed", "/beds"])
    assert {"Unused", "Soil", "Wilted"} < classes(api)
    assert "Bed" not in classes(api)
    api, _ = read(tmp_path, GARDEN, include_paths=["/beds"])
    assert classes(api) == {"Bed", "Soil"}


@pytest.mark.parametrize(
    ("chosen", "webhooks"),
    [
        ({"include_paths": ["/beds"]}, 0),
        ({"include_paths": ["/beds"], "include_operations": ["wilted"]}, 1),
        ({"include_tags": ["plants"]}, 1),
        (WITHOUT_FENCES, 1),
        ({**WITHOUT_FENCES, "exclude_tags": ["plants"]}, 0),
    ],
)
def test_a_webhook_is_chosen_by_its_tags_and_its_operation_id(
    chosen: dict[str, list[str]], webhooks: int, tmp_path: Path
) -> None:
    api, _ = read(tmp_path, GARDEN, **chosen)
    assert api
    assert len(api.webhooks) == webhooks
    assert ("Wilted" in classes(api)) == bool(webhooks)


def test_patterns_that_name_nothing_are_errors_all_at_once(tmp_path: Path) -> None:
    api, problems = read(
        tmp_path,
        GARDEN,
        include_tags=["bed"],
        include_paths=["/fence/*", "DELETE /beds", "beds/*", "FETCH /beds"],
        exclude_operations=["makeBeds", "GET /beds"],
    )
    assert api is None
    assert problems == [
        "--exclude_operations: error[unmatched-pattern]: no operation has the operationId 'GET /beds'\n"
        "    hint: operations are named by method and path among the paths to include or exclude",
        "--exclude_operations: error[unmatched-pattern]: no operation has the operationId 'makeBeds'\n"
        "    hint: did you mean makeBed?",
        "--include_paths: error[bad-pattern]: 'FETCH /beds' is not a path, nor a method and a path\n"
        "    hint: such as /beds/**, or 'GET /beds/{id}'; a path begins with '/', and * stands for one segment",
        "--include_paths: error[bad-pattern]: 'beds/*' is not a path, nor a method and a path\n"
        "    hint: such as /beds/**, or 'GET /beds/{id}'; a path begins with '/', and * stands for one segment",
        "--include_paths: error[unmatched-pattern]: no operation has a path like '/fence/*'\n"
        "    hint: there are: /beds, /beds/{bed}/plants/, /fences/{fence}",
        "--include_paths: error[unmatched-pattern]: no operation has a path like 'DELETE /beds'\n"
        "    hint: the paths like this have the methods GET, POST",
        "--include_tags: error[unmatched-pattern]: no operation has the tag 'bed'\n    hint: did you mean beds?",
    ]


def test_a_cut_that_leaves_nothing_is_an_error(tmp_path: Path) -> None:
    api, problems = read(tmp_path, GARDEN, include_operations=["makeBed"], exclude_tags=["beds"])
    assert api is None
    assert problems == [
        "--exclude_tags: error[nothing-left]: no operation is left: each is excluded\n"
        "    hint: what is excluded is in no package, whatever includes it: take a pattern out"
    ]


def test_mistakes_in_what_is_left_are_still_reported(tmp_path: Path) -> None:
    api, problems = read(tmp_path, GARDEN, include_tags=["fences"])
    assert api is None
    type_hint = "one of array, boolean, integer, null, number, object, string"
    assert sorted(problems) == [
        "garden.yaml:23: error[bad-header]: 'a b' is not a name for a header (RFC 9110, section 5.6.2)\n"
        "    hint: correct or remove it by an overlay action",
        "garden.yaml:23: warning[unknown-type]: type: 'fence' is not a JSON type; read as any type\n"
        f"    hint: {type_hint}",
        "garden.yaml:28: warning[dangling-reference]: #/components/schemas/Gone does not exist; read as a schema that "
        "allows everything\n    hint: correct it by an overlay action; with --strict it is an error",
        "garden.yaml:47: warning[unknown-type]: type: 'fence' is not a JSON type; read as any type\n"
        f"    hint: {type_hint}",
    ]


SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Garden", "version": "1"},
    "basePath": "/v1",
    "paths": {
        "/beds": {
            "get": {
                "tags": ["beds"],
                "responses": {"200": {"description": "x", "schema": {"$ref": "#/definitions/Bed"}}},
            },
            "put": {"tags": ["x"], "responses": {"200": {"description": "x", "schema": {"$ref": "#/definitions/Odd"}}}},
        }
    },
    "definitions": {"Bed": {"type": "object", "properties": {"a": {"type": "string"}}}, "Odd": {"type": "odd"}},
}


def test_patterns_match_the_paths_of_swagger_without_its_base_path(tmp_path: Path) -> None:
    api, problems = read(tmp_path, json.dumps(SWAGGER), include_paths=["GET /beds"])
    assert (calls(api), classes(api), len(problems)) == (["GET /beds"], {"Bed"}, 1)
    assert "error" not in problems[0]
    api, problems = read(tmp_path, json.dumps(SWAGGER), include_paths=["/v1/beds"])
    assert api is None
    assert "no operation has a path like '/v1/beds'" in "\n".join(problems)


SHARED = """\
openapi: 3.0.3
info: {title: Garden, version: "1"}
paths:
  /beds: {$ref: "paths.yaml#/beds"}
  /sheds: {$ref: "paths.yaml#/sheds"}
  /borrowed:
    get:
      tags: [borrowed]
      parameters: [{$ref: "#/paths/~1lender/get/parameters/0"}]
      responses: {"200": {$ref: "#/paths/~1lender/get/responses/200"}}
  /lender:
    get:
      parameters: [{name: length, in: query, schema: {type: integer}}]
      responses: {"200": {description: It., content: {application/json: {schema: {type: string}}}}}
"""
PATHS = """\
beds:
  get: {tags: [beds], responses: {"200": {description: It., content: {application/json: {schema: {$ref: "#/Bed"}}}}}}
  put: {tags: [odd], responses: {"200": {description: It., content: {application/json: {schema: {$ref: "#/Odd"}}}}}}
sheds:
  get: {tags: [sheds], parameters: [{name: 5, in: nowhere}], responses: {"204": {description: It.}}}
Bed: {type: object, properties: {a: {type: string}}}
Odd: {type: odd}
"""


def test_paths_in_other_files_are_cut_and_what_cut_operations_lend_is_copied(tmp_path: Path) -> None:
    (tmp_path / "paths.yaml").write_text(PATHS)
    api, problems = read(tmp_path, SHARED, include_tags=["beds"])
    assert (calls(api), classes(api), problems) == (["GET /beds"], {"Bed"}, [])
    api, problems = read(tmp_path, SHARED, include_tags=["borrowed"])
    assert (calls(api), problems) == (["GET /borrowed"], [])
    assert api
    assert [parameter.name for parameter in api.operations[0].parameters] == ["length"]


def test_what_callbacks_and_parameters_take_from_a_cut_path_is_copied(tmp_path: Path) -> None:
    document = """\
openapi: 3.1.0
info: {title: Garden, version: "1"}
paths:
  /beds:
    post:
      operationId: makeBed
      callbacks: {dug: {"{$request.query.url}": {$ref: "#/paths/~1dug"}}}
      parameters: [{$ref: "#/paths/~1dug/parameters/0"}]
      responses: {"204": {description: Made.}}
  /dug:
    parameters: [{name: url, in: query, schema: {type: string}}]
    post:
      operationId: dug
      callbacks: {again: {"{$request.query.url}": {$ref: "#/paths/~1dug"}}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Dug"}}}}
      responses: {"204": {description: Read.}}
components:
  schemas:
    Dug: {type: object, properties: {depth: {type: integer}}}
"""
    api, problems = read(tmp_path, document, exclude_paths=["/dug"])
    assert (calls(api), classes(api), problems) == (["POST /beds"], {"Dug"}, [])
    assert api
    assert [webhook.name for webhook in api.webhooks] == ["make_bed_dug"]
    assert [parameter.name for parameter in api.operations[0].parameters] == ["url"]


def test_groups_are_those_of_the_whole_document(tmp_path: Path) -> None:
    paths = {
        f"/{kind}/{n}": {"get": {"tags": [kind], "responses": {}}} for kind in ("beds", "plants") for n in range(25)
    }
    document = json.dumps({"openapi": "3.0.3", "info": {"title": "Garden", "version": "1"}, "paths": paths})
    api, _ = read(tmp_path, document, include_tags=["beds"])
    assert api
    assert ([group.name for group in api.groups], api.options.groups) == (["beds"], True)


# The commands


def client(folder: Path, *options: str) -> Run:
    return command("client", "garden.yaml", "--name", "garden-client", "--out", "out", *options, cwd=folder)


def test_the_choice_stands_in_the_package_until_the_command_line_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "garden.yaml").write_text(GARDEN)
    package = tmp_path / "out/garden-client"
    run = client(tmp_path, "--include-tag", "beds", "--exclude-operation", "makeBed", "--exclude-tag", "plants")
    assert (run.status, run.err) == (0, "")
    assert "Cut by the options to include and exclude: 3 operations, 1 webhook\n" in run.out

    def options() -> dict[str, Any]:
        table: dict[str, Any] = tomllib.loads((package / "pyproject.toml").read_text())["tool"]
        return {key: value for key, value in table["workflow-client-generator"].items() if key != "groups"}

    cut = {"include-tags": ["beds"], "exclude-tags": ["plants"], "exclude-operations": ["makeBed"]}
    assert options() == cut
    sentence = "This is a part of the API; `pyproject.toml` says which. Operations that are not in it: 3."
    assert sentence in (package / "README.md").read_text().splitlines()
    assert client(tmp_path).out.startswith("out/garden-client: 0 files written or removed")
    assert client(tmp_path, "--exclude-operation", "").status == 0
    assert options() == {"include-tags": ["beds"], "exclude-tags": ["plants"]}
    file = package / "pyproject.toml"
    file.write_text(file.read_text().replace('"beds"', '"bed"'))
    line = file.read_text().splitlines().index('include-tags = ["bed"]') + 1
    before = file.read_bytes()
    run = client(tmp_path)
    assert (run.status, file.read_bytes()) == (1, before)
    assert run.err == (
        f"out/garden-client/pyproject.toml:{line}: error[unmatched-pattern]: no operation has the tag 'bed'\n"
        "    hint: did you mean beds?\n1 problem; nothing was written.\n"
    )


def test_what_is_decided_about_an_operation_that_is_cut_stays(tmp_path: Path) -> None:
    (tmp_path / "garden.yaml").write_text(GARDEN)
    assert client(tmp_path, "--include-operation", "makeBed").status == 0
    file = tmp_path / "out/garden-client/pyproject.toml"
    file.write_text(f'{file.read_text()}pagination = {{listBeds = false, "PUT /fences/{{fence}}" = false}}\n')
    before = file.read_bytes()
    run = client(tmp_path)
    assert (run.status, run.err, file.read_bytes()) == (0, "", before)


def test_diff_makes_the_cut_of_a_package_in_both_versions(tmp_path: Path) -> None:
    (tmp_path / "garden.yaml").write_text(GARDEN)
    assert client(tmp_path, "--include-operation", "makeBed", "--include-operation", "listBeds").status == 0
    (tmp_path / "new.yaml").write_text(
        GARDEN.replace("makeBed", "digBed").replace("paintFence", "washFence").replace("acid", "sour")
    )
    run = command("diff", "garden.yaml", "new.yaml", "--package", "out/garden-client", cwd=tmp_path)
    assert (run.status, run.err) == (1, "")
    assert "POST /beds" in run.out
    assert "sour" in run.out
    assert "ence" not in run.out
    (tmp_path / "old.yaml").write_text(GARDEN.replace("makeBed", "turnBed"))
    run = command("diff", "old.yaml", "new.yaml", "--package", "out/garden-client", cwd=tmp_path)
    assert run.status == 2
    assert "error[unmatched-pattern]: no operation has the operationId 'makeBed'\n" in run.err
