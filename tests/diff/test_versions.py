"""What is read of each provider in two versions: packages, mappings, servers, and their problems."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.diff.compare import compare_versions
from generator.diff.versions import read_versions
from tests.copies import copy_specs
from tests.diff.repositories import BROKEN, SPEC, commit, document_file, enum_values, refusal, write_provider

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("work")


# Providers


def test_a_provider_s_folder_is_read_with_its_overlay_and_its_facts(work: Path) -> None:
    overlay = (
        "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\nactions:\n"
        "  - {target: $.components.schemas.Thing.properties.status, description: why, update: {enum: [three]}}\n"
    )
    write_provider(work / "specs/things", overlay=overlay)
    old, new, _ = read_versions("specs/things/", "./specs/things")
    version = new["things"]
    assert enum_values(version) == enum_values(old["things"]) == ["one", "two", "three"]
    assert version.package is not None
    assert version.package.distribution == "workflow-client-things"
    assert version.package.api.schemes[0].argument == "api_key"
    assert document_file(version) == "specs/things/openapi.yaml"


def test_a_spec_under_review_is_compared_before_its_facts_are_recorded(work: Path) -> None:
    write_provider(work / "specs/things")
    changed = SPEC.replace("Key: []", "Token: []").replace("Key: {type: apiKey", "Token: {type: apiKey")
    write_provider(work / "specs/things", changed)
    old, new, warnings = read_versions("specs", "specs")
    assert [*old] == [*new] == ["things"]
    assert [(problem.id, problem.severity, str(problem.source)) for problem in warnings] == [
        ("vendored-spec-changed", "warning", "specs/things/provider.yaml:1"),
        ("provider-stale", "warning", "specs/things/provider.yaml:2"),
        ("provider-incomplete", "warning", "specs/things/provider.yaml:2"),
    ]


def test_the_warnings_are_those_of_the_new_version(work: Path) -> None:
    write_provider(work / "old/things", SPEC.replace("[one, two]", "[one, two, one]"))
    write_provider(work / "new/things")
    assert read_versions("old", "new")[2] == []
    assert [problem.id for problem in read_versions("new", "old")[2]] == ["enum-repeats"]


# Mappings


def test_a_value_of_text_may_lose_or_get_quotes_and_is_the_same(tmp_path: Path) -> None:
    for name, value in (("old", "[01, 1.10]"), ("new", "['01', '1.10']")):
        text = SPEC.replace("enum: [one, two]", f"default: {value[1:-1].partition(',')[0]}, enum: {value}")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    old, new, _ = read_versions(str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"))
    assert enum_values(*old.values()) == enum_values(*new.values()) == ["01", "1.10"]
    assert compare_versions(old, new) == []


def test_a_mapping_is_read_with_the_unified_model_above_the_folder(work: Path) -> None:
    copy_specs(work / "specs")
    _, tree, _ = read_versions("specs", "specs")
    _, folder, _ = read_versions("specs/dify", "specs/dify")
    for version in (tree["dify"], folder["dify"]):
        assert version.mapping is not None
        assert version.unified is not None
        assert (version.mapping.provider, version.self_hosted, version.problems) == ("dify", True, ())
        assert version.mapping.source.file == "specs/dify/normalization.yaml"
        assert version.unified.api.source.file == "specs/workflow-run.yaml"
    assert not tree["juo"].self_hosted


@pytest.mark.parametrize("old", ["specs/dify", "elsewhere/dify"])
def test_a_folder_that_lies_elsewhere_goes_by_the_other_side_s_model_or_by_ours(old: str, work: Path) -> None:
    copy_specs(work / "specs")
    shutil.copytree(ROOT / "specs/dify", work / "elsewhere/dify")
    _, new, warnings = read_versions(old, "elsewhere/dify")
    assert new["dify"].mapping is not None
    assert warnings == []


def test_a_mapping_that_does_not_fit_ends_nothing(work: Path) -> None:
    copy_specs(work / "specs")
    mapping = work / "specs/dify/normalization.yaml"
    mapping.write_text(mapping.read_text().replace("at: /status", "at: /state"))
    _, new, _ = read_versions("specs/dify", "specs/dify")
    assert new["dify"].package is not None
    assert new["dify"].mapping is None
    assert {problem.source.file for problem in new["dify"].problems} == {"specs/dify/normalization.yaml"}


def test_a_mapping_that_is_not_yaml_is_a_problem(work: Path) -> None:
    copy_specs(work / "specs")
    (work / "specs/dify/normalization.yaml").write_text("operation: [\n")
    assert refusal("specs/juo", "specs/dify")[0].startswith("specs/dify/normalization.yaml:2: error[invalid-yaml]: ")


def test_a_broken_unified_model_is_a_problem(work: Path) -> None:
    copy_specs(work / "specs")
    (work / "specs/workflow-run.yaml").write_text("[]\n")
    message = "specs/workflow-run.yaml:1: error[not-a-mapping]: the document's root is not a mapping"
    assert refusal("specs/juo", "specs/juo") == [message]


# Self-hosted servers


@pytest.mark.parametrize(
    ("server", "is_self_hosted"),
    [
        ("{url: '{base}', variables: {base: {default: https://example.com}}}", True),
        ("{url: 'https://{base}', variables: {base: {default: example.com}}}", True),
        ("{url: 'https://{base}:8080/v1', variables: {base: {default: example.com}}}", True),
        ("{url: 'https://{base}.example.com', variables: {base: {default: eu}}}", False),
        ("{url: 'https://example.com/{base}', variables: {base: {default: v1}}}", False),
        ("{url: 'https://{base}', variables: {base: {default: a.example.com, enum: [a.example.com]}}}", False),
        ("{url: https://example.com}", False),
    ],
)
def test_a_server_is_self_hosted_when_anybody_may_choose_its_host(
    server: str, is_self_hosted: bool, work: Path
) -> None:
    (work / "things.yaml").write_text(SPEC.replace("{url: https://things.example.com}", server))
    assert read_versions("things.yaml", "things.yaml")[1]["things"].self_hosted is is_self_hosted


# Problems


def test_a_folder_without_specs_says_so(repository: Path) -> None:
    (repository / "docs").mkdir()
    (repository / "docs/notes.md").write_text("x")
    commit(repository)
    assert [line for line in refusal("HEAD:docs", "docs") if not line.startswith(" ")] == [
        "HEAD:docs: error[no-specs]: there is no provider's folder here",
        "docs: error[no-specs]: there is no provider's folder here",
    ]


def test_a_folder_with_facts_and_no_document_says_so(repository: Path) -> None:
    (repository / "specs/things/openapi.yaml").rename(repository / "specs/things/openapi.json")
    assert refusal("HEAD", "specs") == [
        "specs/things: error[missing-spec]: this provider's folder has no openapi.yaml",
        "    hint: call the document openapi.yaml (JSON is YAML, too), or remove the folder",
    ]


def test_problems_of_a_spec_are_told_by_the_names_as_given_and_of_both_sides(repository: Path) -> None:
    write_provider(repository / "specs/things", BROKEN)
    commit(repository)
    lines = [line for line in refusal("HEAD", "specs") if "dangling-reference" in line]
    assert [line.partition(" ")[0] for line in lines] == [
        "HEAD:specs/things/openapi.yaml:11:",
        "specs/things/openapi.yaml:11:",
    ]


def test_a_file_that_is_not_a_spec_is_a_problem(work: Path) -> None:
    (work / "a.yaml").write_text(SPEC)
    (work / "b.yaml").write_text("openapi: 2\n")
    assert refusal("a.yaml", "b.yaml")[0].startswith("b.yaml:1: error[")
    (work / "b.yaml").write_bytes(b"\xff\xfe")
    assert refusal("b.yaml", "a.yaml")[0] == "b.yaml: error[not-utf-8]: the file is not UTF-8: byte 0 cannot be decoded"
