"""What cannot be read of a document costs no more than its own place, unless reading is strict."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.document.loading import parse
from generator.document.problems import Problems, ProblemsFound, Source
from generator.project.packages import single_package
from tests.commands import Run
from tests.generator.command_line import command

SPEC = """\
openapi: 3.1.0
info: {title: Garden, version: "1"}
servers: [{url: https://garden.example}]
paths:
  /beds:
    get:
      operationId: listBeds
      parameters: [{name: state, in: query, schema: {type: string, enum: []}}]
      responses:
        "200": {$ref: "#/components/responses/Gone"}
    post:
      operationId: addBed
      requestBody:
        required: true
        content: {"application/json, garden-version=1": {schema: {$ref: "#/components/schemas/Bed"}}}
      responses:
        "200": {description: Added., content: {application/json: {schema: {$ref: "#/components/schemas/Bed"}}}}
    put:
      operationId: putBeds
      requestBody: {$ref: "#/components/requestBodies/Gone"}
      responses: {"204": {description: Done.}}
    patch:
      operationId: addPhotos
      requestBody:
        content: {multipart/form-data: {schema: {type: array, items: {type: string, format: binary}}}}
      responses: {"204": {description: Done.}}
    delete:
      operationId: removeBeds
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: string}}}}
      responses: {"204": {description: Done.}}
components:
  schemas:
    Bed:
      type: object
      properties:
        soil: {$ref: "#/components/schemas/Gone"}
        size: {type: string}
        size: {type: integer}
"""
LOST = {
    8: "not-openapi",
    10: "dangling-reference",
    15: "bad-media-type",
    20: "dangling-reference",
    25: "nameless-parts",
    29: "nameless-parts",
    36: "dangling-reference",
    38: "duplicate-key",
}
"""The ids of what is lost, by line."""


def client(folder: Path, text: str, *options: str) -> Run:
    (folder / "api.yaml").write_text(text, encoding="utf-8")
    return command("client", "api.yaml", "--name", "garden-client", "--out", "out", *options, cwd=folder)


def reported(run: Run, severity: str) -> dict[int, str]:
    lines = re.findall(rf"^api.yaml:(\d+): {severity}\[([a-z-]+)\]", run.err, flags=re.MULTILINE)
    return {int(line): id for line, id in lines}


def test_a_client_is_made_with_a_warning_for_each_loss_and_lists_them(tmp_path: Path) -> None:
    run = client(tmp_path, SPEC)
    assert (run.status, reported(run, "error")) == (0, {})
    assert reported(run, "warning") == LOST
    assert run.err.count("\n    hint: ") == len(LOST)
    readme = (tmp_path / "out/garden-client/README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition("## Read differently from the API's description\n")
    section = section.partition("\n## ")[0]
    assert [int(line) for line in re.findall(r"^- `api.yaml:(\d+)`: ", section, flags=re.MULTILINE)] == [*LOST]
    assert (
        "- `api.yaml:38`: the mapping has the key 'size' twice; this one counts, and the one on line 37, with type is "
        "not read.\n"
    ) in section
    assert str(tmp_path) not in readme


def test_strict_refuses_each_loss_and_writes_nothing(tmp_path: Path) -> None:
    without_duplicate = SPEC.replace("        size: {type: string}\n", "")
    run = client(tmp_path, without_duplicate, "--strict")
    assert run.status == 1
    assert reported(run, "error") == {line: id for line, id in LOST.items() if id != "duplicate-key"}
    run = client(tmp_path, SPEC, "--strict")
    assert (run.status, reported(run, "error")) == (1, {38: "duplicate-key"})
    assert not (tmp_path / "out").exists()


def test_a_provider_s_folder_is_read_strictly(tmp_path: Path) -> None:
    provider = tmp_path / "specs/garden"
    provider.mkdir(parents=True)
    (provider / "openapi.yaml").write_text(SPEC, encoding="utf-8")
    (provider / "provider.yaml").write_text("{}", encoding="utf-8")
    run = command("generate", "--specs", "specs", "--out", "out", cwd=tmp_path)
    assert run.status == 1
    assert "specs/garden/openapi.yaml:38: error[duplicate-key]: the mapping has the key 'size' twice\n" in run.err
    run = command("diff", "specs/garden", "specs/garden", cwd=tmp_path)
    assert (run.status, run.err.count("error[duplicate-key]")) == (2, 1)


def test_diff_reads_plain_files_as_client_does(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "new.yaml").write_text(SPEC.replace("enum: []", "enum: [wet, dry]"), encoding="utf-8")
    run = command("diff", "old.yaml", "new.yaml", cwd=tmp_path)
    assert (run.status, run.err) == (1, "")
    assert "state" in run.out


def test_it_is_an_error_when_no_operation_is_left(tmp_path: Path) -> None:
    text = """\
openapi: 3.1.0
info: {title: Garden, version: "1"}
paths:
  /beds:
    get: {parameters: [{name: "a b", in: header, required: true, schema: {}}], responses: {"204": {description: Done.}}}
"""
    run = client(tmp_path, text, "--skip-unsupported")
    assert run.status == 1
    assert "api.yaml:1: error[nothing-left]: no operation is left, as none can be generated\n" in run.err
    assert "error[bad-header]" in run.err
    assert not (tmp_path / "out").exists()


def test_a_document_without_operations_has_nothing_to_leave_out(tmp_path: Path) -> None:
    run = client(tmp_path, 'openapi: 3.1.0\ninfo: {title: Garden, version: "1"}\npaths: {}\n', "--skip-unsupported")
    assert (run.status, run.err) == (0, "")


# Keys that are there twice


@pytest.mark.parametrize("text", ["{'a': 1, 'b': 2, 'a': [3]}", '{"a": 1, "b": 2,\n"a": [3]}', "a: 1\nb: 2\na: [3]\n"])
def test_the_last_of_two_keys_counts(text: str) -> None:
    problems = Problems(strict=False)
    assert parse(text, "garden.yaml", problems) == {"a": [3], "b": 2}
    (problem,) = problems
    assert (problem.id, problem.severity, problem.source.pointer) == ("duplicate-key", "warning", "/a")


def test_what_is_lost_of_a_key_is_named_up_to_a_number() -> None:
    problems = Problems(strict=False)
    parse("a: {b: 1, c: 2, d: 3, e: 4, f: 5, g: 6, h: 7}\na: {}\n", "garden.yaml", problems)
    (problem,) = problems
    assert "; this one counts, and the one on line 1, with b, c, d, e, f and 2 more is not read" in problem.message


def test_a_file_whose_losses_nobody_takes_is_read_strictly() -> None:
    with pytest.raises(ProblemsFound, match="the mapping has the key 'a' twice"):
        parse("a: 1\na: 2\n", "garden.yaml")


def test_a_loss_in_another_file_names_that_file(tmp_path: Path) -> None:
    bed = "Bed:\n  type: object\n  properties: {a: {type: string}, a: {$ref: '#/Gone'}}\n"
    (tmp_path / "beds.yaml").write_text(bed)
    text = SPEC.replace('"#/components/schemas/Bed"', "beds.yaml#/Bed")
    run = client(tmp_path, text)
    assert run.status == 0, run.err
    lost = re.findall(r"^beds.yaml:(\d+): warning\[([a-z-]+)\]", run.err, flags=re.MULTILINE)
    assert lost == [("3", "duplicate-key"), ("3", "dangling-reference")]
    assert "- `beds.yaml:3`: " in (tmp_path / "out/garden-client/README.md").read_text(encoding="utf-8")


def test_another_file_that_cannot_be_read_costs_what_refers_to_it(tmp_path: Path) -> None:
    (tmp_path / "beds.yaml").write_text("Bed: [\n")
    text = SPEC.replace('"#/components/schemas/Bed"', "beds.yaml#/Bed")
    run = client(tmp_path, text)
    assert run.status == 0, run.err
    assert "beds.yaml:2: warning[invalid-yaml]: not valid YAML or JSON: " in run.err
    assert "; this file is not read\n" in run.err
    without_duplicate = text.replace("        size: {type: string}\n", "")
    assert "beds.yaml:2: error[invalid-yaml]" in client(tmp_path, without_duplicate, "--strict").err


# Where nothing would be certain


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("paths: {/beds: {$ref: '#/components/pathItems/Gone'}}", "#/components/pathItems/Gone does not exist"),
        ("paths: {/beds: {$ref: beds.yaml}}", "beds.yaml is not read: there is no such file"),
        ("paths: {/beds: {get: 5}}", "an operation must be a mapping"),
        ("paths: {/beds: 5}", "a path item must be a mapping"),
        ("paths: 5", "`paths` must be a mapping"),
        ("paths: {/beds: {get: {security: 5, responses: {'204': {description: ''}}}}}", "`security` must be a list"),
        ("paths: {/beds: {get: {parameters: [{in: query, required: true}]}}}", "a parameter needs a name, and `in`: "),
    ],
)
def test_a_loss_that_leaves_nothing_certain_stays_an_error(part: str, error: str, tmp_path: Path) -> None:
    problems = Problems(strict=False)
    (tmp_path / "api.yaml").write_text(f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{part}\n", encoding="utf-8")
    single_package(tmp_path / "api.yaml", "garden-client", problems)
    assert [problem.message for problem in problems.errors if problem.message.startswith(error)] != []


def test_a_loss_is_as_strict_as_the_input_of_which_it_is_a_part() -> None:
    for strict, severity in ((True, "error"), (False, "warning")):
        part = Problems(strict=strict).of_part()
        part.loss("not-openapi", Source("garden.yaml"), "this cannot be read", "left out")
        part.loss("not-openapi", Source("garden.yaml"), "neither can this", "")
        assert [problem.severity for problem in part] == [severity, "error"]
