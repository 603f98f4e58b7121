"""`release-notes` and `bump` with what is not a release: messages, and the status they end with."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.releasing import release_notes
from generator.document.problems import ProblemsFound
from tests.commands import Run, generator
from tests.diff.repositories import GIT, commit, git, write_provider

OPTIONS = ("--specs", "specs", "--out", "generated")


def command(folder: Path, *arguments: str) -> Run:
    environment = {**GIT, "GIT_CEILING_DIRECTORIES": "/"}
    return generator(*arguments, *OPTIONS, cwd=folder, without=("GIT_",), **environment)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a provider, of which nothing has been generated."""
    write_provider(tmp_path / "specs/things")
    commit(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("v9", "v9: error[no-such-version]: neither a file or folder, nor a revision that git knows here"),
        ("HEAD:specs", "HEAD:specs: error[release-base]: this is not a revision"),
        (
            "HEAD",
            "HEAD: error[release-base]: the revision has no folder generated, in which the packages are",
        ),
    ],
)
def test_a_base_that_is_not_a_release(
    base: str, message: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    specs, out = repository / "specs", repository / "generated"
    with pytest.raises(ProblemsFound) as refused:
        release_notes(base, specs, out)
    assert str(refused.value).startswith(message)


def test_a_folder_outside_of_a_repository(tmp_path: Path) -> None:
    write_provider(tmp_path / "specs/things")
    run = command(tmp_path, "bump", "--base", "v1")
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("v1: error[no-such-version]: ")


def test_all_that_is_wrong_with_a_call_is_told_at_once(repository: Path) -> None:
    options = ("--major", "a", "--minor", "a", "--to", "a", "--to", "b=1.0.0", "--to", "b=1.0.1", "--date", "today")
    run = command(repository, "bump", "--base", "HEAD", *options)
    assert (run.status, run.out) == (1, "")
    assert run.err.splitlines() == [
        "--date: error[release-date]: 'today' is not a date",
        "    hint: write 2026-11-29, such as",
        "--minor: error[release-kind]: a is --major already",
        "    hint: name it once",
        "--to: error[release-version]: 'a' is not PACKAGE=VERSION",
        "    hint: write workflow-client-example=1.0.0, such as",
        "--to: error[release-version]: b has two versions",
        "    hint: name it once",
        "4 problems; nothing was written.",
    ]


def test_a_description_that_cannot_be_read_is_not_released(repository: Path) -> None:
    (repository / "generated/x").mkdir(parents=True)
    (repository / "generated/x/y").write_text("z")
    commit(repository)
    git(repository, "tag", "v1")
    (repository / "specs/things/openapi.yaml").write_text("openapi: [\n")
    run = command(repository, "release-notes", "--base", "v1")
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("specs/things/openapi.yaml:2: error[invalid-yaml]: ")
