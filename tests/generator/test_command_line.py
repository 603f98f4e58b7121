"""The commands, run as a maintainer runs them: what they print, what they leave, and the status they end with."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import VERSION
from generator.document.loading import load
from generator.upstream.second_reading import MAX_READ_TWICE
from tests.corpus.run import problems

ROOT = Path(__file__).parents[2]
CORE = "workflow-client-core"
PROVIDERS = ("anon", "copyai", "dify", "juo", "tamtam")
SPEC = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  schemas:
    Thing: {type: object, properties: {id: {type: string}, status: {type: string, enum: [one, two]}}}
"""


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    status: int
    out: str
    err: str


def command(*arguments: str, cwd: Path, **environment: str) -> Run:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONHASHSEED"}
    env = {**clean, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1", **environment}
    run = subprocess.run(
        [sys.executable, "-m", "generator", *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    return Run(run.returncode, run.stdout, run.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    folder = tmp_path_factory.mktemp("generated")
    shutil.copytree(ROOT / "specs", folder / "specs")
    return folder, command("generate", "--specs", "specs", "--out", "out", cwd=folder)


@pytest.fixture
def folder(generated: tuple[Path, Run], tmp_path: Path) -> Path:
    """A folder with specs/ and what was generated from it in out/."""
    shutil.copytree(generated[0], tmp_path / "work")
    return tmp_path / "work"


def generate(folder: Path) -> Run:
    return command("generate", "--specs", "specs", "--out", "out", cwd=folder)


def check(folder: Path) -> Run:
    return command("check", "--specs", "specs", "--out", "out", cwd=folder)


def change_a_description(folder: Path) -> None:
    """The smallest change of an input that changes a generated file: an overlay's, as a spec is never edited."""
    overlay = folder / "specs/juo/overlay.yaml"
    overlay.write_text(overlay.read_text().replace("title: Juo Customer API", "title: Juo Shop API"))


def break_a_reference(folder: Path, provider: str) -> None:
    overlay = folder / "specs" / provider / "overlay.yaml"
    head = "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\nactions:\n"
    text = overlay.read_text() if overlay.exists() else head
    text += "  - target: $.components.schemas\n    description: why\n"
    overlay.write_text(text + "    update: {Broken: {type: array, items: {$ref: '#/components/schemas/Gone'}}}\n")


# generate


def test_a_first_run_writes_every_file_and_says_how_many(generated: tuple[Path, Run]) -> None:
    folder, run = generated
    assert (run.status, run.err) == (0, "")
    assert run.out == f"out: {len(contents(folder / 'out'))} files written.\n"
    packages = {CORE, "workflow-runs", *(f"workflow-client-{provider}" for provider in PROVIDERS)}
    assert names(folder / "out") == {*packages, "PROVIDERS.md"}
    assert names(folder) == {"specs", "out", ".out.manifest.json"}


def test_nothing_changed_is_up_to_date(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (folder / "out").rglob("*")}
    assert generate(folder) == Run(0, "out is up to date.\n", "")
    assert {path: path.stat().st_mtime_ns for path in (folder / "out").rglob("*")} == before


def test_a_changed_description_changes_the_files_that_say_it(folder: Path) -> None:
    change_a_description(folder)
    run = generate(folder)
    module, runs = "out/workflow-client-juo/workflow_client_juo", "out/workflow-runs/workflow_runs"
    assert run.out.splitlines()[:-1] == [
        "changed out/PROVIDERS.md",
        "changed out/workflow-client-juo/README.md",
        "changed out/workflow-client-juo/pyproject.toml",
        f"changed {module}/__init__.py",
        f"changed {module}/client.py",
        f"changed {module}/models.py",
        "changed out/workflow-runs/README.md",
        f"changed {runs}/_registry.py",
        f"changed {runs}/adapters/juo.py",
        f"changed {runs}/runs.py",
    ]
    assert run.out.splitlines()[-1].startswith("out: 10 files written or removed, ")
    assert (run.status, run.err) == (0, "")
    assert check(folder).status == 0


def test_the_package_of_a_removed_provider_is_removed(folder: Path) -> None:
    shutil.rmtree(folder / "specs/juo")
    run = generate(folder)
    assert "removed out/workflow-client-juo/workflow_client_juo/client.py" in run.out.splitlines()
    assert "workflow-client-juo" not in names(folder / "out")


def test_an_input_that_changes_no_file_changes_the_manifest_alone(folder: Path) -> None:
    overlay = folder / "specs/juo/overlay.yaml"
    overlay.write_text(overlay.read_text() + "# A remark.\n")
    assert (
        check(folder).out
        == "out is what its inputs give, but its manifest is stale: run `make generate` and commit it.\n"
    )
    run = generate(folder)
    assert run.out == f"out: 0 files written or removed, {len(contents(folder / 'out'))} as before.\n"
    assert check(folder).status == 0


def test_generate_repairs_what_was_edited_and_keeps_a_copy(folder: Path, generated: tuple[Path, Run]) -> None:
    module = "workflow-client-juo/workflow_client_juo"
    (folder / "out" / module / "client.py").write_text("edited = True\n")
    (folder / "out" / module / "models.py").unlink()
    (folder / "out/notes.txt").write_text("mine\n")
    run = generate(folder)
    assert run.status == 0
    assert sorted(run.err.splitlines()) == [
        "out/notes.txt was unknown and has been replaced; a copy is kept in .out.kept/notes.txt",
        f"out/{module}/client.py was edited and has been replaced; a copy is kept in .out.kept/{module}/client.py",
    ]
    assert contents(folder / "out") == contents(generated[0] / "out")
    assert (folder / ".out.kept" / module / "client.py").read_text() == "edited = True\n"
    assert (folder / ".out.kept/notes.txt").read_text() == "mine\n"


# check


def test_check_is_content_with_what_generate_wrote(folder: Path) -> None:
    assert check(folder) == Run(0, f"out is what its inputs give ({len(contents(folder / 'out'))} files).\n", "")


def test_check_names_what_is_stale_edited_missing_and_unknown(folder: Path) -> None:
    change_a_description(folder)
    dify = folder / "out/workflow-client-dify/workflow_client_dify"
    (dify / "client.py").write_text("edited = True\n")
    (dify / "models.py").unlink()
    (folder / "out/notes.txt").write_text("mine\n")
    before = contents(folder)
    run = check(folder)
    lines = run.out.splitlines()
    assert lines[:-1] == [
        "out/PROVIDERS.md: stale",
        "out/notes.txt: unknown",
        "out/workflow-client-dify/workflow_client_dify/client.py: edited",
        "out/workflow-client-dify/workflow_client_dify/models.py: missing",
        "out/workflow-client-juo/README.md: stale",
        "out/workflow-client-juo/pyproject.toml: stale",
        "out/workflow-client-juo/workflow_client_juo/__init__.py: stale",
        "out/workflow-client-juo/workflow_client_juo/client.py: stale",
        "out/workflow-client-juo/workflow_client_juo/models.py: stale",
        "out/workflow-runs/README.md: stale",
        "out/workflow-runs/workflow_runs/_registry.py: stale",
        "out/workflow-runs/workflow_runs/adapters/juo.py: stale",
        "out/workflow-runs/workflow_runs/runs.py: stale",
    ]
    total = len(contents(folder / "out"))
    assert lines[-1] == (
        f"13 of {total} files differ (edited, missing, stale, unknown): run `make generate` and commit the result."
    )
    assert run.status == 1
    assert contents(folder) == before


def test_check_of_a_folder_that_is_not_there_misses_every_file(folder: Path) -> None:
    run = command("check", "--specs", "specs", "--out", "gone", cwd=folder)
    assert run.status == 1
    assert {line.rpartition(": ")[2] for line in run.out.splitlines()[:-1]} == {"missing"}
    assert not (folder / "gone").exists()


# Problems


@pytest.mark.parametrize("verb", ["generate", "check"])
def test_problems_of_all_providers_are_reported_at_once_and_nothing_is_touched(verb: str, folder: Path) -> None:
    break_a_reference(folder, "dify")
    break_a_reference(folder, "tamtam")
    with (folder / "specs/anon/openapi.yaml").open("a") as spec:
        spec.write("# Edited by hand.\n")
    before = contents(folder / "out")
    run = command(verb, "--specs", "specs", "--out", "out", cwd=folder)
    heads = [line.partition("]")[0].partition(" error[") for line in run.err.splitlines() if not line.startswith(" ")]
    assert [(where.rpartition(":")[0].partition(":")[0], id) for where, _, id in heads[:-1]] == [
        ("specs/anon/provider.yaml", "vendored-spec-changed"),
        ("specs/dify/overlay.yaml", "dangling-reference"),
        ("specs/tamtam/overlay.yaml", "dangling-reference"),
    ]
    assert run.err.endswith("3 problems; nothing was written.\n")
    assert (run.status, run.out) == (1, "")
    assert contents(folder / "out") == before


def test_a_broken_spec_leaves_no_folder_behind(folder: Path) -> None:
    break_a_reference(folder, "dify")
    run = command("generate", "--specs", "specs", "--out", "new/out", cwd=folder)
    assert run.status == 1
    assert not (folder / "new").exists()


def test_a_provider_without_its_facts_is_a_problem(folder: Path) -> None:
    (folder / "specs/juo/provider.yaml").unlink()
    run = generate(folder)
    assert run.status == 1
    assert run.err.startswith("specs/juo/provider.yaml: error[unreadable-file]: cannot read the file: No such file")


@pytest.mark.parametrize("specs", ["empty", "gone"])
def test_a_folder_without_specs_is_a_problem(specs: str, folder: Path) -> None:
    (folder / "empty").mkdir()
    run = command("generate", "--specs", specs, "--out", "new", cwd=folder)
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        f"{specs}: error[no-specs]: there is no provider's folder here\n"
        "    hint: each provider has a folder with openapi.yaml and provider.yaml\n"
        "1 problem; nothing was written.\n"
    )
    assert not (folder / "new").exists()


@pytest.mark.parametrize("there", [["provider.yaml"], ["openapi.yml", "provider.yaml"], ["openapi.json"]])
def test_a_provider_without_its_document_is_a_problem(there: list[str], folder: Path) -> None:
    provider = folder / "specs/new"
    provider.mkdir()
    for name in there:
        (provider / name).write_text("{}")
    before = contents(folder / "out")
    run = generate(folder)
    assert run.status == 1
    assert run.err == (
        "specs/new: error[missing-spec]: this provider's folder has no openapi.yaml\n"
        "    hint: call the document openapi.yaml (JSON is YAML, too), or remove the folder\n"
        "1 problem; nothing was written.\n"
    )
    assert contents(folder / "out") == before


def test_a_provider_cannot_take_the_place_of_the_core(folder: Path) -> None:
    (folder / "specs/juo").rename(folder / "specs/core")
    run = generate(folder)
    assert (run.status, run.err.partition(":")[0]) == (1, "specs/core")
    assert "error[bad-name]" in run.err


def test_a_folder_that_is_not_ours_is_left_alone(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine/thesis.txt").write_text("years of work\n")
    run = command("generate", "--specs", "specs", "--out", "mine", cwd=folder)
    assert run.status == 1
    assert "error[foreign-directory]" in run.err
    assert contents(folder / "mine") == {"thesis.txt": b"years of work\n"}


# The same bytes


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_the_hash_seed_changes_no_byte(seed: str, folder: Path, generated: tuple[Path, Run]) -> None:
    run = command("generate", "--specs", "specs", "--out", "again", cwd=folder, PYTHONHASHSEED=seed)
    assert run.status == 0
    assert contents(folder / "again") == contents(generated[0] / "out")
    assert (folder / ".again.manifest.json").read_bytes() == (folder / ".out.manifest.json").read_bytes()


def test_the_working_directory_changes_no_byte(folder: Path, generated: tuple[Path, Run]) -> None:
    elsewhere = folder / "a" / "b"
    elsewhere.mkdir(parents=True)
    run = command("generate", "--specs", "../../specs", "--out", "../../again", cwd=elsewhere)
    assert run.status == 0
    assert contents(folder / "again") == contents(generated[0] / "out")
    assert (folder / ".again.manifest.json").read_bytes() == (folder / ".out.manifest.json").read_bytes()


def test_absolute_paths_change_no_byte(folder: Path, generated: tuple[Path, Run]) -> None:
    run = command("generate", "--specs", str(folder / "specs"), "--out", str(folder / "again"), cwd=Path("/"))
    assert run.status == 0
    assert contents(folder / "again") == contents(generated[0] / "out")
    assert (folder / ".again.manifest.json").read_bytes() == (folder / ".out.manifest.json").read_bytes()


# client


def client(spec: Path, *arguments: str, name: str = "things-client", cwd: Path | None = None) -> Run:
    return command("client", spec.name, "--name", name, "--out", "out", *arguments, cwd=cwd or spec.parent)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "things.yaml"
    path.write_text(SPEC)
    return path


def test_a_client_of_any_file_is_a_package(spec: Path) -> None:
    run = client(spec)
    assert (run.status, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[:-1] == [
        "out/things-client: 6 files written.",
        "things-client: 1 operation, 1 model, 1 enum",
    ]
    assert lines[-1].startswith("Install it beside the core: pip install ")
    assert lines[-1].endswith("generated/workflow-client-core out/things-client")
    assert {path for path in contents(spec.parent / "out/things-client") if not path.startswith("LICENSE")} == {
        "README.md",
        "pyproject.toml",
        "things_client/__init__.py",
        "things_client/client.py",
        "things_client/models.py",
        "things_client/py.typed",
    }


def test_a_second_run_changes_nothing(spec: Path) -> None:
    client(spec)
    before = contents(spec.parent)
    assert "out/things-client: 0 files written or removed, 6 as before." in client(spec).out
    assert contents(spec.parent) == before


def test_a_client_of_a_json_file_is_the_same_as_of_yaml(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "json").mkdir()
    json_spec = tmp_path / "json" / "things.json"
    json_spec.write_text(json.dumps(load(spec), indent="\t"))
    assert client(spec).status == client(json_spec).status == 0
    from_yaml, from_json = (contents(path.parent / "out" / "things-client") for path in (spec, json_spec))
    assert {path: text.replace(b"things.json", b"things.yaml") for path, text in from_json.items()} == from_yaml


@pytest.mark.parametrize(
    ("name", "module", "class_name"),
    [
        ("things-client", "things_client", "Things"),
        ("My.Things", "my_things", "MyThings"),
        ("a1_b", "a1_b", "A1B"),
    ],
)
def test_a_name_is_a_distribution_a_module_and_a_class(name: str, module: str, class_name: str, spec: Path) -> None:
    assert client(spec, name=name).status == 0
    package = spec.parent / "out" / name
    assert f'name = "{name}"' in (package / "pyproject.toml").read_text()
    offered = (package / module / "__init__.py").read_text().partition("__all__ = ")[2]
    assert set(ast.literal_eval(offered)) == {f"{class_name}Client", f"Async{class_name}Client"}


@pytest.mark.parametrize(
    "name", ["", "-a", "1things", "a b", "../a", "class", "a\nb", "a--b", "json", "msgspec", "workflow-client-core"]
)
def test_an_invalid_name_is_a_problem(name: str, spec: Path) -> None:
    run = command("client", spec.name, f"--name={name}", "--out", "out", cwd=spec.parent)
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        f"--name: error[bad-name]: {name!r} is not a name for a distribution and a module\n"
        "    hint: letters, digits and single '-', first a letter, and unused by other packages: example-client\n"
        "1 problem; nothing was written.\n"
    )
    assert names(spec.parent) == {"things.yaml"}


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    run = client(tmp_path / "gone.yaml")
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        "gone.yaml: error[unreadable-file]: cannot read the file: No such file or directory\n"
        "1 problem; nothing was written.\n"
    )
    assert names(tmp_path) == set()


def test_an_address_is_not_read_as_a_file(tmp_path: Path) -> None:
    run = command("client", "https://example.com/api.yaml", "--name", "x-client", "--out", "out", cwd=tmp_path)
    assert (run.status, run.out) == (1, "")
    assert (
        "error[unreadable-file]: this is not a file, and the generator downloads nothing\n    hint: download it first"
        in run.err
    )


def test_a_file_that_is_not_an_openapi_document_is_a_problem(spec: Path) -> None:
    spec.write_text("hello: 1\n")
    run = client(spec)
    assert run.status == 1
    assert run.err.startswith("things.yaml:1: error[not-openapi]: the document has no `openapi`")


def test_the_example_of_a_readme_gives_a_credential_that_the_client_takes(spec: Path) -> None:
    schemes = "  securitySchemes: {Tls: {type: mutualTLS}, OAuth2Password: {type: http, scheme: bearer}}\n"
    path_item = "  /a: {get: {security: [Tls: []], responses: {'204': {description: D}}}}\n"
    text = SPEC.replace("components:\n", f"components:\n{schemes}").replace("paths:\n", f"paths:\n{path_item}")
    spec.write_text(f"security: [OAuth2Password: []]\n{text}")
    assert client(spec).status == 0
    readme = (spec.parent / "out/things-client/README.md").read_text()
    assert 'with ThingsClient(oauth2_password="...", base_url="https://...") as client:' in readme


def test_a_client_with_warnings_is_written_and_they_are_printed(spec: Path) -> None:
    spec.write_text(SPEC.replace("enum: [one, two]", "enum: [one, two, one]"))
    run = client(spec)
    assert run.status == 0
    assert run.err == "things.yaml:12: warning[enum-repeats]: the enum lists a value twice\n"
    assert (spec.parent / "out/things-client/pyproject.toml").exists()


def test_repeated_warnings_are_printed_as_one_with_all_their_lines(spec: Path) -> None:
    spec.write_text(SPEC + "".join(f"    W{n}: {{type: string, enum: [a, b, a]}}\n" for n in range(4)))
    run = client(spec)
    assert run.status == 0
    first = len(SPEC.splitlines()) + 1
    assert run.err == (
        f"things.yaml:{first}: warning[enum-repeats]: the enum lists a value twice\n"
        f"    the same on 3 other lines: {first + 1}, {first + 2}, {first + 3}\n"
    )
    assert "things-client: 1 operation, 1 model, 5 enums, 4 warnings" in run.out
    assert [place for place, *_ in problems(run.err)] == [f"things.yaml:{first + n}" for n in range(4)]


def test_the_second_reader_can_be_left_out(spec: Path) -> None:
    client(spec)
    before = contents(spec.parent / "out/things-client")
    assert client(spec, "--no-second-reader").status == 0
    assert contents(spec.parent / "out/things-client") == before


def test_a_large_document_is_read_once_unless_somebody_asks_for_more(spec: Path) -> None:
    models = "".join(
        f"    M{i}: {{type: object, properties: {{a: {{type: string}}}}}}\n" for i in range(MAX_READ_TWICE)
    )
    assert "It was read once" not in client(spec).out
    spec.write_text(SPEC + models)
    message = "It was read once, as it is large: --second-reader has openapi-python-client read it too, and compares.\n"
    assert message in client(spec).out
    before = contents(spec.parent / "out/things-client")
    for option in ("--second-reader", "--no-second-reader"):
        run = client(spec, option)
        assert (run.status, message in run.out) == (0, False)
    assert contents(spec.parent / "out/things-client") == before


def test_the_place_of_the_file_changes_no_byte(spec: Path, tmp_path: Path) -> None:
    client(spec)
    elsewhere = tmp_path / "deep" / "er"
    elsewhere.mkdir(parents=True)
    command("client", str(spec), "--name", "things-client", "--out", "out", cwd=elsewhere)
    assert contents(elsewhere / "out") == contents(spec.parent / "out")


def test_a_client_names_the_version_of_the_core_that_it_needs(spec: Path) -> None:
    client(spec)
    assert f'"{CORE}=={VERSION}"' in (spec.parent / "out/things-client/pyproject.toml").read_text()


# Calls


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish",),
        ("generate", "specs"),
        ("client", "things.yaml", "--name", "things"),
        ("client", "a.yaml", "b.yaml", "--name", "things", "--out", "out"),
    ],
)
def test_a_wrong_call_ends_with_status_2_and_points_to_the_help(arguments: tuple[str, ...], spec: Path) -> None:
    run = command(*arguments, cwd=spec.parent)
    assert run.status == 2
    assert "Usage: " in run.err
    assert "Traceback" not in run.err
    assert names(spec.parent) == {"things.yaml"}


def test_help_names_the_three_commands(tmp_path: Path) -> None:
    run = command("--help", cwd=tmp_path)
    assert run.status == 0
    assert {word for word in ("generate", "check", "client") if word in run.out} == {"generate", "check", "client"}
