"""What is copied from a git revision, and how a revision that git lacks can be had."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from generator.diff import revisions
from generator.diff.versions import read_versions
from tests.copies import copy_specs
from tests.diff.repositories import SPEC, WIDER, commit, document_file, enum_values, git, refusal, write_provider

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("work")


# What is read of a revision


@pytest.mark.parametrize(
    "revision", ["HEAD~1", "main~1", "v1.0", "light", "HEAD~1:specs", "v1.0:specs/", "HEAD~1^{tree}:specs"]
)
def test_a_revision_is_what_was_committed(revision: str, repository: Path) -> None:
    git(repository, "tag", "--annotate", "--message=m", "v1.0")
    git(repository, "tag", "light")
    write_provider(repository / "specs/things", WIDER)
    commit(repository)
    old, new, _ = read_versions(revision, "specs")
    assert (enum_values(old["things"]), enum_values(new["things"])) == (["one", "two"], ["one", "two", "three"])
    name = f"{revision.rstrip('/')}{'' if ':' in revision else ':specs'}"
    assert document_file(old["things"]) == f"{name}/things/openapi.yaml"


def test_names_with_spaces_and_other_letters_come_out_of_a_revision(repository: Path) -> None:
    folder = repository / "spécs mit Leerraum"
    write_provider(folder / "Dinge")
    (folder / "größe 1.yaml").write_bytes(SPEC.replace("\n", "\r\n").encode())
    commit(repository)
    old, _, _ = read_versions("HEAD:spécs mit Leerraum/größe 1.yaml", "specs/things")
    assert document_file(old["things"]) == "HEAD:spécs mit Leerraum/größe 1.yaml"
    assert enum_values(old["things"]) == ["one", "two"]
    old, _, _ = read_versions("HEAD:spécs mit Leerraum/Dinge", "specs/things")
    assert document_file(old["things"]) == "HEAD:spécs mit Leerraum/Dinge/openapi.yaml"


def test_a_folder_of_a_revision_has_the_unified_model_above_it(work: Path) -> None:
    copy_specs(work / "specs")
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
        "HEAD:specs/things/overlay.yaml: error[symbolic-link]: this is a symbolic link, which is not followed",
        "    hint: commit the file itself",
    ]


def test_a_folder_that_is_a_link_is_not_a_folder_in_a_revision(repository: Path, tmp_path: Path) -> None:
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


# What git does not have


def test_a_revision_without_specs_says_so(repository: Path) -> None:
    git(repository, "rm", "-r", "--quiet", "specs")
    commit(repository)
    write_provider(repository / "specs/things")
    assert refusal("HEAD", "specs") == [
        "HEAD: error[no-such-path]: the revision has no specs",
        "    hint: name another path: HEAD:path",
    ]
    assert refusal("HEAD:specs", "specs")[0] == "HEAD:specs: error[no-such-path]: the revision HEAD has no specs"


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
