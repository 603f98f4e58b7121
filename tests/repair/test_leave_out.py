"""What cannot be generated: all of it is reported in one run, can be left out on demand, and is never silent."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from generator.document.loading import parse
from generator.document.problems import Problems
from generator.project.packages import single_package
from tests.commands import Run
from tests.generator.command_line import command

SPEC = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /good/{id}:
    get:
      operationId: getGood
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/Good"}}}}
    post:
      operationId: wrongType
      parameters: [{name: id, in: path, required: true, schema: {type: words}}]
      responses: {"204": {description: Done.}}
  /far:
    get:
      operationId: far
      responses:
        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/Holder"}}}}
    put: [no, operation]
    delete:
      operationId: deleteFar
      responses: {"204": {description: Done.}}
  /none: no path item
  /late:
    get:
      operationId: late
      parameters: [{name: "a b", in: header, required: true, schema: {type: string}}]
      responses: {"204": {description: Done.}}
components:
  schemas:
    Good: {type: object, properties: {id: {type: string}}}
    Holder: {allOf: [{$ref: "#/components/schemas/Deep"}, {$ref: "#/components/schemas/Own"}]}
    Deep: {type: object, properties: {gone: {$ref: "#/components/schemas/Gone"}}}
    Own: {type: object, properties: {a: {type: string}}}
    Unused: {type: object, properties: {own: {$ref: "#/components/schemas/Good"}, what: {type: unknown}}}
    Spare: {type: object, properties: {a: {type: string}}}
"""


def client(folder: Path, text: str, *options: str) -> Run:
    (folder / "api.yaml").write_text(text, encoding="utf-8")
    return command("client", "api.yaml", "--name", "x-client", "--out", "out", "--strict", *options, cwd=folder)


def test_one_run_finds_the_errors_of_all_stages_and_writes_nothing(tmp_path: Path) -> None:
    run = client(tmp_path, SPEC)
    assert run.status == 1
    reported = re.findall(r"^api.yaml:(\d+): error\[([a-z-]+)\]", run.err, flags=re.MULTILINE)
    assert reported == [
        ("12", "unknown-type"),
        ("19", "not-openapi"),
        ("23", "not-openapi"),
        ("27", "bad-header"),
        ("33", "dangling-reference"),
        ("35", "unknown-type"),
    ]
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_generated_is_left_out_on_demand_and_listed(tmp_path: Path) -> None:
    run = client(tmp_path, SPEC, "--skip-unsupported")
    assert (run.status, run.err.count("error[")) == (0, 0)
    assert run.err.count("; what needs it is left out\n") == 6
    listed = ["/paths//none", "GET /far", "GET /late", "POST /good/{id}", "PUT /far", "components/schemas/Unused"]
    _, _, summary = run.out.partition(f"Left out, as it cannot be generated ({len(listed)}):\n")
    assert sorted(line.strip().partition(" (")[0] for line in summary.splitlines()[: len(listed)]) == listed
    readme = (tmp_path / "out/x-client/README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition("## Not in this client\n")
    section = section.partition("\n## ")[0]
    assert sorted(re.findall(r"^- `([^`]*)`: ", section, flags=re.MULTILINE)) == listed
    assert str(tmp_path) not in readme


def test_components_that_only_operations_left_out_need_are_not_generated(tmp_path: Path) -> None:
    client(tmp_path, SPEC, "--skip-unsupported")
    package = tmp_path / "out/x-client/x_client"
    methods = {
        n.name for n in ast.walk(ast.parse((package / "client.py").read_text())) if isinstance(n, ast.FunctionDef)
    }
    assert methods >= {"get_good", "delete_far"}
    assert not methods & {"far", "late", "wrong_type", "put_far"}
    models = ast.parse((package / "models.py").read_text()).body
    assert [node.name for node in models if isinstance(node, ast.ClassDef)] == ["Good", "Spare"]


def test_an_error_that_concerns_no_operation_stays_one(tmp_path: Path) -> None:
    text = SPEC.replace("paths:\n", "servers: [{url: 'ftp://example.com'}]\npaths:\n", 1)
    run = client(tmp_path, text, "--skip-unsupported")
    assert run.status == 1
    assert "error[bad-server]" in run.err
    assert not (tmp_path / "out").exists()


def test_nothing_is_left_out_of_what_can_be_generated(tmp_path: Path) -> None:
    text = SPEC[: SPEC.index("    post:")] + SPEC[SPEC.index("components:") : SPEC.index("    Holder:")]
    run = client(tmp_path, text, "--skip-unsupported")
    assert (run.status, run.err) == (0, "")
    assert "Left out" not in run.out
    assert "Not in this client" not in (tmp_path / "out/x-client/README.md").read_text(encoding="utf-8")


def test_the_actions_that_problems_suggest_correct_the_document(tmp_path: Path) -> None:
    text = SPEC
    for _ in range(3):  # a correction can bring what it hid to light
        run = client(tmp_path, text)
        lines = re.findall(r"^    overlay: (.*)$", run.err, flags=re.MULTILINE)
        actions = [action for line in dict.fromkeys(lines) for action in parse(line, "actions.yaml")]
        for action in actions:
            if "$ref" in action.get("update", {}):
                action["update"]["$ref"] = "#/components/schemas/Good"
            elif "/none" in action["target"] or "name" in action.get("update", {}):
                action.clear()
        if run.status == 0:
            break
        overlay = {"overlay": "1.0.0", "info": {"title": "T", "version": "1"}, "actions": [a for a in actions if a]}
        (tmp_path / "overlay.json").write_text(json.dumps(overlay), encoding="utf-8")
        text = SPEC.replace("  /none: no path item\n", "").replace('"a b"', "a-b")
        run = client(tmp_path, text, "--overlay", "overlay.json")
    assert run.status == 0, run.err


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_broken_operation_in_another_file_is_left_out_where_it_is_used(method: str, tmp_path: Path) -> None:
    (tmp_path / "item.yaml").write_text(
        f"{method}: {{responses: {{'200': {{$ref: '#/gone'}}}}}}\n"
        "delete: {operationId: deleteIt, responses: {'204': {description: Done.}}}\n"
    )
    text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: item.yaml}\n"
    run = client(tmp_path, text, "--skip-unsupported")
    assert run.status == 0, run.err
    assert f"{method.upper()} /a (item.yaml:1): dangling-reference" in run.out
    assert "def delete_it(" in (tmp_path / "out/x-client/x_client/client.py").read_text()


def test_a_broken_webhook_is_left_out_and_not_what_another_one_needs(tmp_path: Path) -> None:
    text = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things: {get: {operationId: list, responses: {"204": {description: None.}}}}
webhooks:
  watered:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Plant"}}}}
      responses: {"204": {description: Read.}}
  wilted:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Wilted"}}}}
      responses: {"204": {description: Read.}}
components:
  schemas:
    Plant: {type: object, properties: {name: {type: string}}}
    Wilted: {allOf: [{$ref: "#/components/schemas/Plant"}, {$ref: "#/components/schemas/Why"}]}
    Why: {type: object, properties: {heat: {$ref: "#/components/schemas/Gone"}}}
"""
    (tmp_path / "api.yaml").write_text(text, encoding="utf-8")
    problems = Problems(strict=True)
    package = single_package(tmp_path / "api.yaml", "x-client", problems, file="api.yaml", skip_unsupported=True)
    assert package
    assert [webhook.name for webhook in package.api.webhooks] == ["watered"]
    assert [model.name for model in package.api.models] == ["Plant"]
    assert [item.what for item in package.api.left_out] == ["the webhook wilted"]
    assert [str(problem) for problem in problems] == [
        "api.yaml:18: warning[dangling-reference]: #/components/schemas/Gone does not exist; what needs it is left out"
    ]
