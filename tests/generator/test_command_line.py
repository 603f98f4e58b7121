"""The commands `generate` and `check`, run as a maintainer runs them, and wrong calls: output, files and status."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands import Run
from tests.copies import PROVIDERS, copy_specs
from tests.generator.command_line import CORE, command, contents, names


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    folder = tmp_path_factory.mktemp("generated")
    copy_specs(folder / "specs")
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
        f"changed {runs}/_providers/registry.py",
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
        "out/workflow-runs/workflow_runs/_providers/registry.py: stale",
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
