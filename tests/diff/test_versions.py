"""What OLD and NEW may be: files, folders, trees and git revisions, and what is said when they are none of it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from generator.diff import revisions
from generator.diff.versions import Version, read_versions
from generator.document.loading import load
from generator.document.problems import ProblemsFound
from tests.diff.repositories import BROKEN, GIT, SPEC, commit, git, write_provider

ROOT = Path(__file__).parents[2]
WIDER = SPEC.replace("[one, two]", "[one, two, three]")


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder; git knows no settings there but ours."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def repository(work: Path) -> Path:
    """A repository with one provider in specs/ and one commit."""
    write_provider(work / "specs/things")
    commit(work)
    return work


def words(version: Version) -> list[object]:
    """The words of the only enum: what the versions here differ in."""
    assert version.package is not None
    return [member.value for member in version.package.api.enums[0].values]


def file(version: Version) -> str:
    assert version.package is not None
    return version.package.api.source.file


def refusal(old: str, new: str) -> list[str]:
    with pytest.raises(ProblemsFound) as refused:
        read_versions(old, new)
    return str(refused.value).splitlines()


# Single files


def test_two_files_are_two_versions_of_one_thing_whatever_they_are_called(work: Path) -> None:
    (work / "before.yaml").write_text(SPEC)
    (work / "after.yaml").write_text(WIDER)
    old, new, warnings = read_versions("before.yaml", "after.yaml")
    assert [*old] == [*new] == ["after"]
    assert (words(old["after"]), words(new["after"])) == (["one", "two"], ["one", "two", "three"])
    assert old["after"].package is not None
    assert (old["after"].package.distribution, old["after"].package.client) == ("after-client", "After")
    assert (file(old["after"]), file(new["after"]), warnings) == ("before.yaml", "after.yaml", [])


def test_a_file_may_be_json_have_windows_line_ends_and_any_name(work: Path) -> None:
    (work / "a").mkdir()
    (work / "old.yaml").write_text(SPEC)
    (work / "a/Mein Dienst und v2.json").write_text(json.dumps(load(work / "old.yaml")))
    (work / "a/ünïcode.yml").write_bytes(SPEC.replace("\n", "\r\n").encode())
    old, new, _ = read_versions("a/Mein Dienst und v2.json", "a/ünïcode.yml")
    ((name, before),) = old.items()
    ((_, after),) = new.items()
    assert name == "n-code"
    assert before.package is not None
    assert after.package is not None
    assert before.package.api.operations[0].name == after.package.api.operations[0].name
    assert (file(before), file(after)) == ("a/Mein Dienst und v2.json", "a/ünïcode.yml")


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("Things", "things"),
        ("things.v2", "things-v2"),
        ("2things", "api-2things"),
        ("日本", "api"),
        ("core", "api-core"),
    ],
)
def test_a_file_s_name_becomes_one_that_a_package_can_have(stem: str, name: str, work: Path) -> None:
    (work / f"{stem}.yaml").write_text(SPEC)
    assert [*read_versions(f"{stem}.yaml", f"{stem}.yaml")[1]] == [name]


# Folders


def test_a_provider_s_folder_is_read_with_its_overlay_and_its_facts(work: Path) -> None:
    overlay = (
        "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\nactions:\n"
        "  - {target: $.components.schemas.Thing.properties.status, description: why, update: {enum: [three]}}\n"
    )
    write_provider(work / "specs/things", overlay=overlay)
    old, new, _ = read_versions("specs/things/", "./specs/things")
    version = new["things"]
    assert words(version) == words(old["things"]) == ["one", "two", "three"]
    assert version.package is not None
    assert version.package.distribution == "workflow-client-things"
    assert version.package.api.schemes[0].argument == "api_key"
    assert file(version) == "specs/things/openapi.yaml"


@pytest.mark.parametrize("sides", [("{0}", "new.yaml"), ("new.yaml", "{0}")], ids=["old", "new"])
def test_a_file_against_a_provider_s_folder_is_another_document_for_that_provider(
    sides: tuple[str, str], work: Path
) -> None:
    write_provider(work / "specs/things")
    (work / "new.yaml").write_text(WIDER)
    old, new = (side.format("specs/things") for side in sides)
    before, after, _ = read_versions(old, new)
    read = dict(zip(sides, (before["things"], after["things"]), strict=True))
    folder, document = read["{0}"], read["new.yaml"]
    assert (words(folder), words(document)) == (["one", "two"], ["one", "two", "three"])
    assert (file(folder), file(document)) == ("specs/things/openapi.yaml", "new.yaml")
    assert folder.package is not None
    assert document.package is not None
    assert folder.package.distribution == document.package.distribution
    assert [one.argument for one in document.package.api.schemes] == ["api_key"], "as its provider.yaml says"


def test_two_folders_of_other_names_are_one_provider(work: Path) -> None:
    write_provider(work / "specs/things")
    write_provider(work / "under review/Dinge 2", WIDER)
    old, new, _ = read_versions("specs/things", "under review/Dinge 2")
    assert [*old] == [*new] == ["dinge-2"]
    assert file(old["dinge-2"]) == "specs/things/openapi.yaml"
    assert file(new["dinge-2"]) == "under review/Dinge 2/openapi.yaml"


def test_the_current_folder_is_a_folder(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_provider(work / "specs/things")
    commit(work)
    monkeypatch.chdir(work / "specs/things")
    old, new, _ = read_versions("HEAD", ".")
    assert (file(old["things"]), file(new["things"])) == ("HEAD:specs/things/openapi.yaml", "./openapi.yaml")


def test_a_tree_s_providers_are_paired_by_their_folders(work: Path) -> None:
    for name in ("old/kept", "old/gone", "new/kept", "new/added"):
        write_provider(work / name)
    (work / "old/.hidden").mkdir()
    write_provider(work / "old/__pycache__")
    (work / "old/notes").mkdir()
    old, new, _ = read_versions("old", "new")
    assert ([*old], [*new]) == (["gone", "kept"], ["added", "kept"])


def test_a_provider_s_folder_is_compared_with_the_one_of_its_name_in_a_tree(work: Path) -> None:
    for name in ("specs/things", "specs/others", "review/things"):
        write_provider(work / name)
    old, new, _ = read_versions("specs", "review/things")
    assert [*old] == [*new] == ["things"]
    assert refusal("specs", "review/../specs/things/openapi.yaml") == [
        "specs: error[no-such-provider]: there is no provider 'openapi' here to compare with",
        "    hint: there are: others, things",
    ]


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


def test_a_mapping_is_read_with_the_unified_model_above_the_folder(work: Path) -> None:
    shutil.copytree(ROOT / "specs", work / "specs")
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
    shutil.copytree(ROOT / "specs", work / "specs")
    shutil.copytree(ROOT / "specs/dify", work / "elsewhere/dify")
    _, new, warnings = read_versions(old, "elsewhere/dify")
    assert new["dify"].mapping is not None
    assert warnings == []


def test_a_mapping_that_does_not_fit_ends_nothing(work: Path) -> None:
    shutil.copytree(ROOT / "specs", work / "specs")
    mapping = work / "specs/dify/normalization.yaml"
    mapping.write_text(mapping.read_text().replace("at: /status", "at: /state"))
    _, new, _ = read_versions("specs/dify", "specs/dify")
    assert new["dify"].package is not None
    assert new["dify"].mapping is None
    assert {problem.source.file for problem in new["dify"].problems} == {"specs/dify/normalization.yaml"}


def test_a_mapping_that_is_no_yaml_is_a_problem(work: Path) -> None:
    shutil.copytree(ROOT / "specs", work / "specs")
    (work / "specs/dify/normalization.yaml").write_text("operation: [\n")
    assert refusal("specs/juo", "specs/dify")[0].startswith("specs/dify/normalization.yaml:2: error[invalid-yaml]: ")


def test_a_broken_unified_model_is_a_problem(work: Path) -> None:
    shutil.copytree(ROOT / "specs", work / "specs")
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


# Revisions


@pytest.mark.parametrize(
    "revision", ["HEAD~1", "main~1", "v1.0", "light", "HEAD~1:specs", "v1.0:specs/", "HEAD~1^{tree}:specs"]
)
def test_a_revision_is_what_was_committed(revision: str, repository: Path) -> None:
    git(repository, "tag", "--annotate", "--message=m", "v1.0")
    git(repository, "tag", "light")
    write_provider(repository / "specs/things", WIDER)
    commit(repository)
    old, new, _ = read_versions(revision, "specs")
    assert (words(old["things"]), words(new["things"])) == (["one", "two"], ["one", "two", "three"])
    name = f"{revision.rstrip('/')}{'' if ':' in revision else ':specs'}"
    assert file(old["things"]) == f"{name}/things/openapi.yaml"


def test_the_working_tree_is_what_is_there_committed_or_not(repository: Path) -> None:
    write_provider(repository / "specs/things", WIDER)
    write_provider(repository / "specs/unknown-to-git")
    (repository / ".gitignore").write_text("*\n")
    old, new, _ = read_versions("HEAD", "specs")
    assert ([*old], [*new]) == (["things"], ["things", "unknown-to-git"])
    assert len(words(new["things"])) == 3
    old, new, _ = read_versions("HEAD", "HEAD")
    assert words(old["things"]) == words(new["things"])


def test_a_revision_without_a_path_means_that_of_the_other_side(repository: Path) -> None:
    write_provider(repository / "specs/others")
    commit(repository)
    assert [*read_versions("HEAD", "specs/things")[0]] == ["things"]
    assert [*read_versions("HEAD:specs/others", "HEAD")[1]] == ["others"]
    old, _, _ = read_versions("HEAD", "specs/things/openapi.yaml")
    assert file(old["openapi"]) == "HEAD:specs/things/openapi.yaml"


def test_a_revision_beside_a_path_of_nowhere_means_specs(repository: Path, tmp_path: Path) -> None:
    write_provider(tmp_path / "elsewhere/things", WIDER)
    old, new, _ = read_versions("main", str(tmp_path / "elsewhere/things"))
    assert ([*old], [*new]) == (["things"], ["things"])
    assert file(old["things"]) == "main:specs/things/openapi.yaml"


@pytest.mark.parametrize("folder", ["specs", "specs/things", "other/deep"])
def test_a_revision_is_the_same_from_any_folder_of_the_repository(
    folder: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(repository / folder)
    old, new, _ = read_versions("HEAD", str(repository / "specs"))
    assert ([*old], [*new]) == (["things"], ["things"])
    assert [*read_versions("HEAD", "HEAD")[0]] == ["things"]


def test_outside_of_a_repository_the_revision_is_looked_up_where_the_path_is(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert file(read_versions("HEAD", "work/specs/things")[0]["things"]) == "HEAD:specs/things/openapi.yaml"


def test_a_path_of_a_revision_may_be_told_from_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "specs")
    assert file(read_versions("HEAD:./things", "things")[0]["things"]) == "HEAD:./things/openapi.yaml"


def test_a_path_that_exists_wins_over_a_revision_of_its_name(repository: Path) -> None:
    git(repository, "branch", "specs")
    write_provider(repository / "specs/things", WIDER)
    assert len(words(read_versions("specs", "HEAD")[0]["things"])) == 3
    assert len(words(read_versions("refs/heads/specs", "HEAD")[0]["things"])) == 2


def test_names_with_spaces_and_other_letters_come_out_of_a_revision(repository: Path) -> None:
    folder = repository / "spécs mit Leerraum"
    write_provider(folder / "Dinge")
    (folder / "größe 1.yaml").write_bytes(SPEC.replace("\n", "\r\n").encode())
    commit(repository)
    old, _, _ = read_versions("HEAD:spécs mit Leerraum/größe 1.yaml", "specs/things")
    assert file(old["things"]) == "HEAD:spécs mit Leerraum/größe 1.yaml"
    assert words(old["things"]) == ["one", "two"]
    old, _, _ = read_versions("HEAD:spécs mit Leerraum/Dinge", "specs/things")
    assert file(old["things"]) == "HEAD:spécs mit Leerraum/Dinge/openapi.yaml"


def test_a_folder_of_a_revision_has_the_unified_model_above_it(work: Path) -> None:
    shutil.copytree(ROOT / "specs", work / "specs")
    commit(work)
    shutil.rmtree(work / "specs")
    old, _, _ = read_versions("HEAD:specs/dify", "HEAD:specs/dify")
    assert old["dify"].mapping is not None
    assert old["dify"].unified is not None
    assert old["dify"].unified.api.source.file == "HEAD:specs/workflow-run.yaml"


def test_a_bare_repository_is_a_repository(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", "work", "bare.git")
    monkeypatch.chdir(tmp_path / "bare.git")
    assert [*read_versions("main", "main~0")[0]] == ["things"]


def test_nothing_is_left_in_the_repository_or_the_temporary_folder(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    before = sorted(repository.rglob("*"))
    read_versions("HEAD", "specs")
    refusal("HEAD", "gone")
    assert sorted(repository.rglob("*")) == before
    assert [*(tmp_path / "temporary").iterdir()] == []


def test_a_link_in_a_revision_is_not_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(SPEC)
    (repository / "specs/things/overlay.yaml").symlink_to(tmp_path / "secret.yaml")
    commit(repository)
    assert refusal("HEAD", "HEAD:specs/things") == [
        "HEAD:specs/things/overlay.yaml: error[symbolic-link]: a link, which is not followed",
        "    hint: commit the file itself",
    ]


def test_a_folder_that_is_a_link_is_no_folder_in_a_revision(repository: Path, tmp_path: Path) -> None:
    write_provider(tmp_path / "elsewhere")
    (repository / "specs/others").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    commit(repository)
    assert [*read_versions("HEAD", "HEAD")[0]] == ["things"]


def test_a_tree_may_be_large_but_not_without_end(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MAX_FILES", 1)
    assert refusal("HEAD", "specs")[0].startswith("HEAD:specs: error[too-large]: more than 1 files of specs, ")
    monkeypatch.setattr(revisions, "MAX_FILES", 100)
    for index in range(100):
        (repository / f"specs/things/{index}.yaml").write_text("{}")
    commit(repository)
    assert [*read_versions("HEAD", "specs")[0]] == ["things"]


# What is neither


def test_what_does_not_exist_is_told_of_both_sides(repository: Path) -> None:
    message = "error[no-such-version]: neither a file or folder, nor a revision that git knows here"
    hint = "    hint: if the revision is on a server, `git fetch` it first"
    assert refusal("gone.yaml", "v9") == [f"gone.yaml: {message}", hint, f"v9: {message}", hint]


@pytest.mark.parametrize(
    "text", ["", "-h", "--upload-pack=touch x", "HEAD:", ":", "HEAD HEAD", "a\nb", "0" * 40, "a\0b"]
)
def test_odd_arguments_are_refused(text: str, repository: Path) -> None:
    lines = refusal(text, "specs")
    assert "error[no-s" in lines[0]
    assert sorted(path.name for path in repository.iterdir()) == [".git", "specs"]


def test_a_remote_s_branch_that_was_not_fetched_can_be(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "work", "clone")
    git(repository, "branch", "next")
    os.chdir(tmp_path / "clone")
    lines = refusal("origin/next", "specs")
    assert lines[1] == "    hint: fetch it: `git fetch origin next:refs/remotes/origin/next`"
    git(tmp_path / "clone", "fetch", "origin", "next:refs/remotes/origin/next")
    assert [*read_versions("origin/next", "specs")[0]] == ["things"]


def test_a_shallow_clone_says_how_to_get_more(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "clone")
    git(repository, "branch", "next")
    os.chdir(tmp_path / "clone")
    assert [*read_versions("HEAD", "specs")[0]] == ["things"]
    assert refusal("HEAD~1", "specs")[1] == (
        "    hint: this clone is shallow; `git fetch --unshallow` gets the rest of it"
    )
    lines = refusal("origin/next", "specs")
    assert lines[1] == "    hint: fetch it: `git fetch --depth=1 origin next:refs/remotes/origin/next`"
    git(tmp_path / "clone", "fetch", "--depth=1", "origin", "next:refs/remotes/origin/next")
    assert [*read_versions("origin/next", "specs")[0]] == ["things"]


def test_a_partial_clone_downloads_nothing(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--no-checkout", f"file://{repository}", "clone")
    os.chdir(tmp_path / "clone")
    lines = refusal("HEAD", "HEAD")
    assert lines[0].startswith("HEAD:specs: error[git-failed]: ")


def test_outside_of_a_repository_git_has_the_word(work: Path) -> None:
    write_provider(work / "specs/things")
    lines = refusal("HEAD", "specs")
    assert lines[0] == "HEAD: error[no-such-version]: neither a file or folder, nor a revision that git knows here"
    assert lines[1].startswith("    hint: here git says: not a git repository")


def test_without_git_there_are_still_files(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_provider(work / "specs/things")
    monkeypatch.setenv("PATH", str(work))
    assert [*read_versions("specs", "specs")[0]] == ["things"]
    assert refusal("HEAD", "specs") == [
        "git: error[git-failed]: the git command is not installed",
        "    hint: name files or folders, which need no git",
    ]


def test_a_revision_without_specs_says_so(repository: Path) -> None:
    git(repository, "rm", "-r", "--quiet", "specs")
    commit(repository)
    write_provider(repository / "specs/things")
    assert refusal("HEAD", "specs") == [
        "HEAD: error[no-such-path]: the revision has no specs",
        "    hint: name another path: HEAD:path",
    ]
    assert refusal("HEAD:specs", "specs")[0] == "HEAD:specs: error[no-such-path]: the revision HEAD has no specs"


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
        "specs/things: error[missing-spec]: a provider's folder without openapi.yaml",
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


def test_a_file_that_is_no_spec_is_a_problem(work: Path) -> None:
    (work / "a.yaml").write_text(SPEC)
    (work / "b.yaml").write_text("openapi: 2\n")
    assert refusal("a.yaml", "b.yaml")[0].startswith("b.yaml:1: error[")
    (work / "b.yaml").write_bytes(b"\xff\xfe")
    assert refusal("b.yaml", "a.yaml")[0] == "b.yaml: error[not-utf-8]: not UTF-8: byte 0 cannot be decoded"
