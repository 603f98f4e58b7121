"""`diff` and `explain`, run as a reviewer runs them: what they print, and the status they end with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Run, generator
from tests.copies import copy_specs
from tests.diff.repositories import BROKEN, GIT, SPEC, commit, write_provider

ROOT = Path(__file__).parents[2]
BREAKING = SPEC.replace("size: {type: integer}", "size: {type: string}")
ATTENTION = SPEC.replace("[one, two]", "[one, two, three]")
DESCRIBED = SPEC.replace("operationId: getThing", "operationId: getThing\n      description: Get it.")
EQUAL = SPEC.replace("size: {type: integer}\n        status:", "status:").replace(
    "enum: [one, two]}", "enum: [two, one]}\n        size: {type: integer} # a comment"
)


def command(*arguments: str, cwd: Path, **environment: str) -> Run:
    own = {**GIT, "GIT_CEILING_DIRECTORIES": "/", **environment}
    return generator(*arguments, cwd=cwd, without=("GIT_", "GITHUB_"), **own)


def diff(folder: Path, old: str = "HEAD", new: str = "specs", *options: str, **environment: str) -> Run:
    return command("diff", old, new, *options, cwd=folder, **environment)


def report(folder: Path, old: str = "HEAD", new: str = "specs") -> dict[str, Any]:
    """The report as JSON, the changes of all its causes, and the status that came with it."""
    run = diff(folder, old, new, "--format", "json")
    assert (run.status in (0, 1), run.err) == (True, "")
    document = json.loads(run.out)
    changes = [change for cause in document["causes"] for change in cause["changes"]]
    return {"status": run.status, "changes": changes, **document}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one provider in specs/ and one commit."""
    write_provider(tmp_path / "specs/things")
    commit(tmp_path)
    return tmp_path


# The exit status


@pytest.mark.parametrize("spec", [SPEC, EQUAL, SPEC.replace("\n", "\r\n")], ids=["same", "equal", "line ends"])
def test_nothing_changed_ends_with_0(spec: str, repository: Path) -> None:
    write_provider(repository / "specs/things", spec)
    run = diff(repository)
    assert (run.status, run.err) == (0, "")
    assert run.out.splitlines()[0] == "No change for callers."
    result = report(repository)
    assert (result["changes"], result["bump"]) == ([], {"workflow-client-things": "none"})


def test_what_breaks_ends_with_1(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING)
    run = diff(repository)
    assert (run.status, run.err) == (1, "")
    assert run.out.startswith("1 thing to decide: 1 breaks callers.\n")
    result = report(repository)
    assert result["bump"] == {"workflow-client-things": "major"}
    assert result["versions"]["workflow-client-things"] == {"current": "0.1.0", "proposed": "0.2.0"}
    wire = [change for change in result["changes"] if change["layer"] == "wire"]
    assert [(change["rule"], change["severity"]) for change in wire] == [("response-property-type-changed", "breaking")]
    assert wire[0]["old"] == {"file": "HEAD:specs/things/openapi.yaml", "line": 19}
    assert wire[0]["new"] == {"file": "specs/things/openapi.yaml", "line": 19}


def test_what_deserves_attention_ends_with_0(repository: Path) -> None:
    write_provider(repository / "specs/things", ATTENTION)
    result = report(repository)
    assert result["status"] == 0
    assert "attention" in {change["severity"] for change in result["changes"]}


def test_documentation_ends_with_0_and_is_a_patch(repository: Path) -> None:
    write_provider(repository / "specs/things", DESCRIBED)
    result = report(repository)
    assert {change["severity"] for change in result["changes"]} == {"docs"}
    assert result["bump"] == {"workflow-client-things": "patch"}
    assert result["status"] == 0


def test_what_breaks_a_server_that_lags_behind_alone_ends_with_0(tmp_path: Path) -> None:
    server = "[{url: '{base}', variables: {base: {default: https://things.example.com}}}]"
    spec = SPEC.replace("[{url: https://things.example.com}]", server)
    status = "status: {type: string, enum: [one, two]}"
    (tmp_path / "old.yaml").write_text(spec.replace(f"        {status}\n", ""))
    (tmp_path / "new.yaml").write_text(spec.replace("type: object", "type: object\n      required: [status]"))
    result = report(tmp_path, "old.yaml", "new.yaml")
    assert {change["severity"] for change in result["changes"] if change["layer"] == "lagging"} == {"attention"}
    assert result["status"] == 0


def test_a_provider_that_went_breaks_and_one_that_came_does_not(repository: Path) -> None:
    write_provider(repository / "specs/others")
    result = report(repository)
    assert result["status"] == 0
    assert result["versions"]["workflow-client-others"] == {"current": None, "proposed": "0.1.0"}
    commit(repository)
    shutil.rmtree(repository / "specs/others")
    result = report(repository)
    assert result["versions"]["workflow-client-others"] == {"current": "0.1.0", "proposed": None}
    assert result["status"] == 1


def test_versions_are_those_of_the_old_version(repository: Path) -> None:
    versions = repository / "specs/versions.yaml"
    versions.write_text("versions: {workflow-client-things: 1.4.2}\n", "utf-8")
    commit(repository)
    versions.write_text("versions: {workflow-client-things: 1.5.0}\n", "utf-8")
    write_provider(repository / "specs/things", BREAKING)
    for old, new in (("HEAD", "specs"), ("HEAD:specs/things", "specs/things")):
        assert report(repository, old, new)["versions"] == {
            "workflow-client-things": {"current": "1.4.2", "proposed": "2.0.0"}
        }
    versions.write_text("versions: {workflow-client-things: 1.5}\n", "utf-8")
    run = diff(repository)
    assert (run.status, run.out) == (2, "")
    message = "specs/versions.yaml:1: error[versions-shape]: workflow-client-things: '1.5' is not three numbers\n"
    assert message in run.err


def test_the_package_of_a_file_has_the_version_that_its_options_say(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SPEC)
    (tmp_path / "new.yaml").write_text(BREAKING)
    (tmp_path / "pyproject.toml").write_text('[tool.workflow-client-generator]\nversion = "2.1.0"\n')
    run = diff(tmp_path, "old.yaml", "new.yaml", "--package", ".")
    assert "  things-client: major (2.1.0 -> 3.0.0)" in run.out.splitlines()


def test_bad_input_ends_with_2_at_its_line(repository: Path) -> None:
    write_provider(repository / "specs/things", BROKEN)
    run = diff(repository)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("specs/things/openapi.yaml:11: error[dangling-reference]: ")
    assert run.err.endswith("1 problem; nothing was compared.\n")
    commit(repository)
    run = diff(repository, "HEAD~1", "HEAD")
    assert run.status == 2
    assert run.err.startswith("HEAD:specs/things/openapi.yaml:11: error[dangling-reference]: ")


def test_the_problems_of_both_sides_are_told_at_once(repository: Path) -> None:
    (repository / "a b.yaml").write_text("openapi: [\n")
    (repository / "ü.json").write_text('{"openapi":\r\n "2.0"}')
    run = diff(repository, "a b.yaml", "ü.json")
    assert run.status == 2
    heads = [line.partition("]")[0] for line in run.err.splitlines() if ": error[" in line]
    assert heads == ["a b.yaml:2: error[invalid-yaml", "ü.json:1: error[not-openapi"]
    assert run.err.endswith("2 problems; nothing was compared.\n")


@pytest.mark.parametrize("format", ["text", "json"])
def test_an_unknown_revision_ends_with_2_in_every_format(format: str, repository: Path) -> None:
    run = diff(repository, "origin/main", "specs", "--format", format)
    assert (run.status, run.out) == (2, "")
    assert run.err == (
        "origin/main: error[no-such-version]: neither a file or folder, nor a revision that git knows here\n"
        "    hint: if the revision is on a server, `git fetch` it first\n"
        "1 problem; nothing was compared.\n"
    )


def test_a_revision_without_specs_ends_with_2(repository: Path) -> None:
    shutil.rmtree(repository / "specs")
    (repository / "README.md").write_text("x")
    commit(repository)
    write_provider(repository / "specs/things")
    run = diff(repository)
    assert run.status == 2
    assert run.err.startswith("HEAD: error[no-such-path]: the revision has no specs\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user who may not read everything")
def test_what_may_not_be_read_ends_with_2(repository: Path) -> None:
    (repository / "specs").chmod(0)
    try:
        assert diff(repository, "HEAD", "specs").status == 2
    finally:
        (repository / "specs").chmod(0o755)


def test_what_cannot_be_read_ends_with_2(repository: Path) -> None:
    (repository / "specs/things/overlay.yaml").mkdir()
    run = diff(repository, "HEAD", "specs")
    assert run.status == 2
    assert run.err.startswith("specs/things/overlay.yaml: error[unreadable-file]: cannot read the file: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("diff",),
        ("diff", "HEAD"),
        ("diff", "HEAD", "specs", "more"),
        ("diff", "HEAD", "specs", "--format", "xml"),
        ("diff", "HEAD", "specs", "--fast"),
        ("explain",),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_word_of_help(arguments: tuple[str, ...], repository: Path) -> None:
    run = command(*arguments, cwd=repository)
    assert (run.status, run.out) == (2, "")
    assert "Usage: " in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize("old", ["", "--", "HEAD:", "HEAD..main"])
def test_odd_arguments_end_with_2(old: str, repository: Path) -> None:
    run = command("diff", "--", old, "specs", cwd=repository)
    assert (run.status, run.out) == (2, "")
    assert run.err.endswith("; nothing was compared.\n")
    assert "Traceback" not in run.err


# What is compared


def test_the_working_tree_is_compared_with_its_overlays_committed_or_not(repository: Path) -> None:
    overlay = (
        "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\nactions:\n"
        "  - {target: $.components.schemas.Thing.properties.size, description: why, update: {type: string}}\n"
    )
    write_provider(repository / "specs/things", overlay=overlay)
    result = report(repository)
    assert result["status"] == 1
    assert {change["new"]["file"] for change in result["changes"]} <= {
        "specs/things/openapi.yaml",
        "specs/things/overlay.yaml",
    }


def test_single_files_are_compared_without_anything_beside_them(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SPEC)
    (tmp_path / "new spec ß.json").write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "2"}}))
    result = report(tmp_path, "old.yaml", "new spec ß.json")
    assert list(result["bump"]) == ["things-client"]
    assert result["status"] == 1
    run = diff(tmp_path, "old.yaml", "new spec ß.json", "--name", "plants-client")
    assert run.status == 1
    assert "  plants-client: major (0.1.0 -> 0.2.0)" in run.out.splitlines()


def test_this_repository_s_own_specs_do_not_differ_from_themselves() -> None:
    run = command("diff", "specs", "specs", "--format", "json", cwd=ROOT)
    assert run.status == 0, run.err
    result = json.loads(run.out)
    assert result["causes"] == result["warnings"] == []
    assert set(result["bump"].values()) == {"none"}
    assert "workflow-runs" in result["bump"]


def test_the_hash_seed_changes_no_byte(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING.replace("[one, two]", "[three]"))
    write_provider(repository / "specs/others", ATTENTION)
    for format in ("text", "json"):
        runs = {diff(repository, "HEAD", "specs", "--format", format, PYTHONHASHSEED=seed) for seed in ("1", "77")}
        assert len(runs) == 1


def test_nothing_is_written(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING)
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    diff(repository)
    assert {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()} == before


def test_warnings_are_a_part_of_the_report(repository: Path) -> None:
    with (repository / "specs/things/openapi.yaml").open("a") as spec:
        spec.write("# Edited.\n")
    assert [problem["id"] for problem in report(repository)["warnings"]] == ["vendored-spec-changed"]
    run = diff(repository)
    assert (run.status, run.err) == (0, "")
    assert "warning[vendored-spec-changed]" in run.out


def test_what_cannot_be_printed_is_escaped(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING.replace("size:", "größe:"))
    run = diff(repository, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert run.status in (0, 1)
    assert "Traceback" not in run.err
    assert "gr\\xf6\\xdfe" in run.out


# What is accepted


def accept(folder: Path, changes: list[dict[str, Any]]) -> None:
    entries = [{"rule": change["rule"], "fingerprint": change["fingerprint"], "reason": "meant"} for change in changes]
    (folder / "specs/things/accepted.yaml").write_text(json.dumps(entries))


def test_what_breaks_and_is_accepted_ends_with_0(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING)
    accept(repository, [change for change in report(repository)["changes"] if change["severity"] == "breaking"])
    result = report(repository)
    assert result["status"] == 0
    assert {change["accepted"] for change in result["changes"] if change["severity"] == "breaking"} == {"meant"}
    assert result["bump"] == {"workflow-client-things": "major"}
    assert [problem["id"] for problem in result["warnings"]] == ["vendored-spec-changed"]


def test_what_is_accepted_in_part_ends_with_1(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING)
    accept(repository, [change for change in report(repository)["changes"] if change["layer"] == "wire"])
    assert diff(repository).status == 1


def test_what_is_accepted_is_written_and_the_new_verdict_told(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING)
    (cause,) = report(repository)["causes"]
    options = ("--accept", cause["fingerprint"], "--reason", "It is meant.")
    run = diff(repository, "HEAD", "specs", "--accept", cause["fingerprint"])
    assert (run.status, run.out) == (2, "")
    assert run.err.endswith("1 problem; nothing was accepted.\n")
    run = diff(repository, "HEAD", "specs", *options, "--write", "json=report.json")
    assert (run.status, run.err) == (0, "")
    assert run.out == (
        f"specs/things/accepted.yaml: accepts {cause['rule']} {cause['fingerprint']}: schema Thing /size: "
        "integer -> text\nNothing new for callers. 1 change accepted.\n"
    )
    assert json.loads((repository / "report.json").read_text())["causes"][0]["accepted"] == "It is meant."
    run = diff(repository, "HEAD", "specs", *options)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(
        f"--accept: error[accept-again]: {cause['fingerprint']} is accepted already: It is meant."
    )
    (repository / "specs/things/accepted.yaml").unlink()
    run = diff(repository, "HEAD", "specs", *options, "--format", "json")
    assert (run.status, json.loads(run.out)["decisions"]) == (0, [])
    assert run.err.startswith("specs/things/accepted.yaml: accepts ")


def test_what_was_accepted_in_the_old_version_does_not_count(repository: Path) -> None:
    write_provider(repository / "specs/things", BREAKING)
    accept(repository, report(repository)["changes"])
    commit(repository)
    (repository / "specs/things/accepted.yaml").unlink()
    write_provider(repository / "specs/things", SPEC)
    result = report(repository)
    assert (result["status"], result["warnings"]) == (1, [])


def test_what_accepts_nothing_is_a_warning(repository: Path) -> None:
    accept(repository, [{"rule": "response-property-type-changed", "fingerprint": "0" * 12}])
    result = report(repository)
    assert [(warning["id"], warning["where"]) for warning in result["warnings"]] == [
        ("unused-acceptance", {"file": "specs/things/accepted.yaml", "line": 1})
    ]
    assert result["status"] == 0


def test_a_malformed_acceptance_ends_with_2(repository: Path) -> None:
    (repository / "specs/things/accepted.yaml").write_text("- {rule: a, fingerprint: 1}\n")
    run = diff(repository)
    assert run.status == 2
    assert run.err.splitlines()[0] == (
        "specs/things/accepted.yaml:1: error[accepted-shape]: `fingerprint` is not text of 12 hexadecimal digits"
    )


def test_the_unified_model_and_providers_that_went_are_accepted_by_any_provider(tmp_path: Path) -> None:
    copy_specs(tmp_path / "specs")
    commit(tmp_path)
    shutil.rmtree(tmp_path / "specs/juo")
    model = tmp_path / "specs/workflow-run.yaml"
    model.write_text(model.read_text().replace("x-terminal: [", "x-terminal: [suspended, "))
    (tmp_path / "specs/things").mkdir()
    shutil.copytree(tmp_path / "specs/dify", tmp_path / "specs/things", dirs_exist_ok=True)
    result = report(tmp_path)
    assert result["status"] == 1
    accept(tmp_path, [change for change in result["changes"] if change["severity"] == "breaking"])
    result = report(tmp_path)
    assert (result["status"], result["warnings"]) == (0, [])


# explain


def test_a_rule_is_explained(tmp_path: Path) -> None:
    run = command("explain", "response-property-type-changed", cwd=tmp_path)
    assert (run.status, run.err) == (0, "")
    assert run.out.splitlines()[0] == "response-property-type-changed"
    assert "Witness" in run.out


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("response-property-type-change", "did you mean response-property-type-changed"),
        ("zzz", "`diff` names the rule of each change"),
        ("", "`diff` names the rule of each change"),
        ("../finding", "`diff` names the rule of each change"),
    ],
)
def test_an_unknown_rule_ends_with_2_and_its_neighbors(name: str, hint: str, tmp_path: Path) -> None:
    run = command("explain", name, cwd=tmp_path)
    assert (run.status, run.out) == (2, "")
    lines = run.err.splitlines()
    assert lines[0] == f"explain: error[unknown-rule]: there is no rule {name!r}"
    assert lines[1].startswith(f"    hint: {hint}")
    assert lines[2] == "1 problem; nothing was explained."


# make diff


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_diff_compares_specs_with_base() -> None:
    run = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "diff", "BASE=v1 0", "FORMAT=json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines()[-1] == ".venv/bin/python -m generator diff 'v1 0' specs --format 'json'"
