"""Which files OLD and NEW mean: paths and revisions, and what is said when they are neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.diff.compare import compare_versions
from generator.diff.versions import read_versions
from generator.document.loading import load
from tests.diff.repositories import SPEC, WIDER, commit, document_file, enum_values, git, refusal, write_provider

pytestmark = pytest.mark.usefixtures("work")


# Single files


def test_two_files_are_two_versions_of_one_thing_whatever_they_are_called(work: Path) -> None:
    (work / "before.yaml").write_text(SPEC)
    (work / "after.yaml").write_text(WIDER)
    old, new, warnings = read_versions("before.yaml", "after.yaml")
    assert [*old] == [*new] == ["after"]
    assert (enum_values(old["after"]), enum_values(new["after"])) == (["one", "two"], ["one", "two", "three"])
    assert old["after"].package is not None
    assert (old["after"].package.distribution, old["after"].package.client) == ("things-client", "Things")
    assert (document_file(old["after"]), document_file(new["after"]), warnings) == ("before.yaml", "after.yaml", [])


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
    assert (document_file(before), document_file(after)) == ("a/Mein Dienst und v2.json", "a/ünïcode.yml")


NAMES = [
    ("Things", "things"),
    ("things.v2", "things-v2"),
    ("2things", "api-2things"),
    ("日本", "api"),
    ("core", "api-core"),
]


@pytest.mark.parametrize(("stem", "name"), NAMES)
def test_a_file_s_name_becomes_one_that_a_package_can_have(stem: str, name: str, work: Path) -> None:
    (work / f"{stem}.yaml").write_text(SPEC)
    assert [*read_versions(f"{stem}.yaml", f"{stem}.yaml")[1]] == [name]


# The name of the package of two files


def distributions(old: str, new: str, name: str | None = None, package: Path | None = None) -> tuple[str, str]:
    """The names of the packages of two files, and of their clients."""
    (before,), (after,) = (v.values() for v in read_versions(old, new, name=name, package=package)[:2])
    assert before.package
    assert after.package
    assert (before.package.distribution, before.package.client) == (after.package.distribution, after.package.client)
    return after.package.distribution, after.package.client


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        *((title, f"{name}-client") for title, name in NAMES),
        ('Garden API (v2), "beds"', "garden-api-v2-beds-client"),
        ("garden " * 100, f"{('garden-' * 100)[:60].rstrip('-')}-client"),
        ("../../{{ x }}'\"", "x-client"),
    ],
)
def test_it_is_called_after_the_title_of_the_old_document(title: str, expected: str, work: Path) -> None:
    (work / "a.yaml").write_text(SPEC.replace("title: Things", f"title: {json.dumps(title)}"))
    (work / "b.yaml").write_text(SPEC)
    assert distributions("a.yaml", "b.yaml")[0] == expected
    assert distributions("b.yaml", "a.yaml") == ("things-client", "Things")


def test_it_is_called_as_the_package_is_whose_options_hold_or_as_one_says(work: Path) -> None:
    (work / "a.yaml").write_text(SPEC)
    (work / "p").mkdir()
    (work / "p/pyproject.toml").write_text('[project]\nname = "Beds.Client"\n')
    assert distributions("a.yaml", "a.yaml", package=Path("p")) == ("Beds.Client", "BedsClient")
    assert distributions("a.yaml", "a.yaml", "plants-client", Path("p")) == ("plants-client", "Plants")
    assert distributions("a.yaml", "a.yaml", "plants") == ("plants", "Plants")
    (work / "p/pyproject.toml").write_text('project = "Beds"\n')
    assert distributions("a.yaml", "a.yaml", package=Path("p")) == ("things-client", "Things")


@pytest.mark.parametrize("name", [None, "plants-client"])
def test_no_fingerprint_depends_on_what_files_are_called(name: str | None, work: Path) -> None:
    fingerprints = []
    for old, new in (("old.yaml", "new.yaml"), ("a b/Version 1.yml", "a b/Version 2.yml")):
        for path, text in ((old, SPEC), (new, WIDER.replace("size: {type: integer}", "size: {type: string}"))):
            (work / path).parent.mkdir(exist_ok=True)
            (work / path).write_text(text)
        before, after, _ = read_versions(old, new, name=name)
        fingerprints.append([change.fingerprint for change in compare_versions(before, after)])
    assert fingerprints[0] == fingerprints[1]
    assert len(fingerprints[0]) > 3


@pytest.mark.parametrize("sides", [("specs", "specs"), ("specs/things", "a.yaml"), ("a.yaml", "specs")])
def test_a_name_is_for_files(sides: tuple[str, str], work: Path) -> None:
    write_provider(work / "specs/things")
    (work / "a.yaml").write_text(SPEC)
    assert refusal(*sides, name="things-client") == [
        "--name: error[bad-name]: this is for two spec files",
        "    hint: the packages of providers are called after their folders",
    ]


@pytest.mark.parametrize("name", ["", "a b", "msgspec", "é", "-h"])
def test_a_name_that_no_package_can_have_is_refused_as_that_of_client(name: str, work: Path) -> None:
    (work / "a.yaml").write_text("[")  # which is not looked at
    assert refusal("a.yaml", "a.yaml", name=name) == [
        f"--name: error[bad-name]: {name!r} is not a name for a distribution and a module",
        "    hint: letters, digits and single '-', first a letter, and unused by other packages: example-client",
    ]


# Folders


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
    assert (enum_values(folder), enum_values(document)) == (["one", "two"], ["one", "two", "three"])
    assert (document_file(folder), document_file(document)) == ("specs/things/openapi.yaml", "new.yaml")
    assert folder.package is not None
    assert document.package is not None
    assert folder.package.distribution == document.package.distribution
    assert [scheme.argument for scheme in document.package.api.schemes] == ["api_key"], "as its provider.yaml says"


def test_two_folders_of_other_names_are_one_provider(work: Path) -> None:
    write_provider(work / "specs/things")
    write_provider(work / "under review/Dinge 2", WIDER)
    old, new, _ = read_versions("specs/things", "under review/Dinge 2")
    assert [*old] == [*new] == ["dinge-2"]
    assert document_file(old["dinge-2"]) == "specs/things/openapi.yaml"
    assert document_file(new["dinge-2"]) == "under review/Dinge 2/openapi.yaml"


def test_the_current_folder_is_a_folder(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_provider(work / "specs/things")
    commit(work)
    monkeypatch.chdir(work / "specs/things")
    old, new, _ = read_versions("HEAD", ".")
    assert (document_file(old["things"]), document_file(new["things"])) == (
        "HEAD:specs/things/openapi.yaml",
        "./openapi.yaml",
    )


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


# Revisions


def test_a_revision_without_a_path_means_that_of_the_other_side(repository: Path) -> None:
    write_provider(repository / "specs/others")
    commit(repository)
    assert [*read_versions("HEAD", "specs/things")[0]] == ["things"]
    assert [*read_versions("HEAD:specs/others", "HEAD")[1]] == ["others"]
    old, _, _ = read_versions("HEAD", "specs/things/openapi.yaml")
    assert document_file(old["openapi"]) == "HEAD:specs/things/openapi.yaml"


def test_a_revision_beside_a_path_of_nowhere_means_specs(repository: Path, tmp_path: Path) -> None:
    write_provider(tmp_path / "elsewhere/things", WIDER)
    old, new, _ = read_versions("main", str(tmp_path / "elsewhere/things"))
    assert ([*old], [*new]) == (["things"], ["things"])
    assert document_file(old["things"]) == "main:specs/things/openapi.yaml"


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
    assert document_file(read_versions("HEAD", "work/specs/things")[0]["things"]) == "HEAD:specs/things/openapi.yaml"


def test_a_path_of_a_revision_may_be_told_from_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "specs")
    assert document_file(read_versions("HEAD:./things", "things")[0]["things"]) == "HEAD:./things/openapi.yaml"


def test_a_path_that_exists_wins_over_a_revision_of_its_name(repository: Path) -> None:
    git(repository, "branch", "specs")
    write_provider(repository / "specs/things", WIDER)
    assert len(enum_values(read_versions("specs", "HEAD")[0]["things"])) == 3
    assert len(enum_values(read_versions("refs/heads/specs", "HEAD")[0]["things"])) == 2


def test_the_working_tree_is_what_is_there_committed_or_not(repository: Path) -> None:
    write_provider(repository / "specs/things", WIDER)
    write_provider(repository / "specs/unknown-to-git")
    (repository / ".gitignore").write_text("*\n")
    old, new, _ = read_versions("HEAD", "specs")
    assert ([*old], [*new]) == (["things"], ["things", "unknown-to-git"])
    assert len(enum_values(new["things"])) == 3
    old, new, _ = read_versions("HEAD", "HEAD")
    assert enum_values(old["things"]) == enum_values(new["things"])


# Neither a path nor a revision


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
        "    hint: install git, or compare files or folders, which do not need it",
    ]
