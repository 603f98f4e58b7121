"""Documents in several files: what they refer to is read of the same revision, offline, and nothing else is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from generator.diff import revisions
from generator.diff.compare import compare_versions
from generator.diff.versions import Versions, read_versions
from generator.document.problems import ProblemsFound
from tests.diff.repositories import commit, document_file, git, refusal, write_provider

pytestmark = pytest.mark.usefixtures("work")

SPEC = """\
openapi: 3.0.3
info: {title: Garden, version: "1"}
servers: [{url: https://garden.example.com}]
security: [{Key: []}]
paths:
  /beds: {$ref: parts/beds.yaml}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
"""
BEDS = """\
get:
  operationId: listBeds
  responses:
    "200": {description: All beds., content: {application/json: {schema: {$ref: 'models/bed.yaml#/Bed'}}}}
"""
BED = "Bed: {type: object, properties: {length: {$ref: '../sizes.yaml#/Length'}}}\n"
SIZES = "Length: {type: object, properties: {inches: {type: string}}}\n"
WIDER = SIZES.replace("string", "integer")
FILES = {"parts/beds.yaml": BEDS, "parts/models/bed.yaml": BED, "parts/sizes.yaml": SIZES}


def write(folder: Path, document: str = "api.yaml", spec: str = SPEC, **texts: str) -> None:
    """The document and its parts; `texts` by the stems of the parts."""
    for path, text in {document: spec, **FILES}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(texts.get(Path(path).stem, text), "utf-8")


@pytest.fixture
def garden(work: Path) -> Path:
    """The current folder as a repository with a document in several files, of which one has changed since."""
    write(work)
    commit(work)
    (work / "parts/sizes.yaml").write_text(WIDER)
    return work


def changes(old: Versions, new: Versions) -> list[tuple[str, str, str]]:
    """What changed on the wire, and where the two versions say so."""
    return [(c.rule, str(c.old), str(c.new)) for c in compare_versions(old, new) if c.layer == "wire"]


def compared(old: str, new: str, root: Path | None = None) -> list[tuple[str, str, str]]:
    before, after, warnings = read_versions(old, new, root=root)
    assert [str(warning) for warning in warnings if warning.is_loss] == []
    return changes(before, after)


def retyped(old: str, new: str) -> list[tuple[str, str, str]]:
    return [("response-property-type-changed", f"{old}:1", f"{new}:1")]


@pytest.mark.parametrize(
    "revision", ["HEAD:api.yaml", "HEAD", "main@{0}:api.yaml", "HEAD^{tree}:api.yaml", "HEAD^{/m}:./api.yaml"]
)
def test_the_parts_are_those_of_the_revision(revision: str, garden: Path) -> None:
    prefix = {"HEAD": "HEAD:", "HEAD^{/m}:./api.yaml": "HEAD^{/m}:./"}.get(revision, revision.removesuffix("api.yaml"))
    assert compared(revision, "api.yaml") == retyped(f"{prefix}parts/sizes.yaml", "parts/sizes.yaml")
    assert compared("api.yaml", revision) == retyped("parts/sizes.yaml", f"{prefix}parts/sizes.yaml")


def test_two_revisions_are_compared_whatever_is_checked_out(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(garden / "deep down/gärten", "api v1.json", json.dumps({**load(SPEC)}))
    commit(garden)
    write(garden / "deep down/gärten", "api v1.json", json.dumps({**load(SPEC)}), sizes=WIDER)
    commit(garden)
    for path in [*garden.rglob("*.yaml"), *garden.rglob("*.json")]:
        path.unlink()
    expected = retyped("HEAD~1:deep down/gärten/parts/sizes.yaml", "HEAD:deep down/gärten/parts/sizes.yaml")
    assert compared("HEAD~1:deep down/gärten/api v1.json", "HEAD:deep down/gärten/api v1.json") == expected
    monkeypatch.chdir(garden / "deep down")
    assert compared("HEAD~1:deep down/gärten/api v1.json", "HEAD:deep down/gärten/api v1.json") == expected
    expected = retyped("HEAD~1:./gärten/parts/sizes.yaml", "HEAD:./gärten/parts/sizes.yaml")
    assert compared("HEAD~1:./gärten/api v1.json", "HEAD:./gärten/api v1.json") == expected
    monkeypatch.chdir(garden / "deep down/gärten/parts")
    expected = retyped("HEAD~1:../parts/sizes.yaml", "HEAD:../parts/sizes.yaml")
    assert compared("HEAD~1:../api v1.json", "HEAD:../api v1.json") == expected


def load(text: str) -> dict[str, object]:
    import yaml

    loaded = yaml.safe_load(text)
    assert isinstance(loaded, dict)
    return loaded


def test_a_bare_repository_has_the_parts_as_well(garden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(garden)
    git(tmp_path, "clone", "--quiet", "--bare", "work", "bare.git")
    monkeypatch.chdir(tmp_path / "bare.git")
    expected = retyped("main~1:parts/sizes.yaml", "main:parts/sizes.yaml")
    assert compared("main~1:api.yaml", "main:api.yaml") == expected


def test_swagger_in_several_files_comes_out_of_a_revision(work: Path) -> None:
    spec = SPEC.partition("openapi")[0] + (
        'swagger: "2.0"\ninfo: {title: Garden, version: "1"}\nhost: garden.example.com\npaths:\n'
        "  /beds: {get: {responses: {'200': {description: d, schema: {$ref: 'parts/models/bed.yaml#/Bed'}}}}}\n"
    )
    write(work, spec=spec)
    commit(work)
    write(work, spec=spec, sizes=WIDER)
    assert compared("HEAD:api.yaml", "api.yaml") == retyped("HEAD:parts/sizes.yaml", "parts/sizes.yaml")


# Providers


@pytest.mark.parametrize(
    ("old", "new", "prefixes"),
    [
        ("HEAD", "specs", ("HEAD:specs/garden/", "specs/garden/")),
        ("HEAD:specs", "specs/garden", ("HEAD:specs/garden/", "specs/garden/")),
        ("HEAD:specs/garden", "specs", ("HEAD:specs/garden/", "specs/garden/")),
        ("HEAD", "specs/garden", ("HEAD:specs/garden/", "specs/garden/")),
        ("HEAD^{tree}:specs/garden", "specs/garden", ("HEAD^{tree}:specs/garden/", "specs/garden/")),
        ("HEAD:specs/garden/openapi.yaml", "specs/garden", ("HEAD:specs/garden/", "specs/garden/")),
        ("HEAD:specs/garden", "specs/garden/openapi.yaml", ("HEAD:specs/garden/", "specs/garden/")),
        ("HEAD:api.yaml", "specs/garden", ("HEAD:", "specs/garden/")),
    ],
)
def test_a_provider_in_several_files_is_compared(old: str, new: str, prefixes: tuple[str, str], work: Path) -> None:
    for folder, document in ((work / "specs/garden", "openapi.yaml"), (work, "api.yaml")):
        write(folder, document)
    write_provider(work / "specs/garden", SPEC)
    write_provider(work / "specs/things")
    commit(work)
    (work / "specs/garden/parts/sizes.yaml").write_text(WIDER)
    expected = retyped(*(f"{prefix}parts/sizes.yaml" for prefix in prefixes))
    assert compared(old, new) == expected


def test_the_id_of_a_folder_is_enough_for_a_provider(work: Path) -> None:
    write(work / "garden", "openapi.yaml")
    write_provider(work / "garden", SPEC)
    commit(work)
    tree = git(work, "rev-parse", "HEAD:garden")
    (work / "garden/parts/sizes.yaml").write_text(WIDER)
    assert compared(tree, "garden") == retyped(f"{tree}/parts/sizes.yaml", "garden/parts/sizes.yaml")


# Folders


def test_a_wider_folder_is_that_of_the_revision(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(work / "specs/garden", bed=BED.replace("../sizes", "../../../../shared/sizes"))
    (work / "specs/garden/parts/sizes.yaml").unlink()
    (work / "shared").mkdir()
    (work / "shared/sizes.yaml").write_text(SIZES)
    commit(work)
    (work / "shared/sizes.yaml").write_text(WIDER)
    sides = ("HEAD:specs/garden/api.yaml", "specs/garden/api.yaml")
    _, _, warnings = read_versions(*sides)
    assert [warning.message for warning in warnings if warning.is_loss] == [
        "../../../../shared/sizes.yaml#/Length is not read: it leads out of the document's folder; "
        "read as a schema that allows everything"
    ]
    assert compared(*sides, root=Path()) == retyped("HEAD:shared/sizes.yaml", "shared/sizes.yaml")
    monkeypatch.chdir(work / "specs/garden")
    sides = ("HEAD:./api.yaml", "api.yaml")
    assert compared(*sides, root=work) == retyped("HEAD:../../shared/sizes.yaml", "../../shared/sizes.yaml")
    assert compared(*sides, root=Path("../..")) == retyped("HEAD:../../shared/sizes.yaml", "../../shared/sizes.yaml")


def test_a_wider_folder_that_does_not_have_the_document_is_refused(garden: Path, tmp_path: Path) -> None:
    hint = "    hint: name a folder that contains the document and the files to which it refers"
    for root in (Path("parts"), tmp_path / "elsewhere", Path("gone")):
        with pytest.raises(ProblemsFound) as refused:
            read_versions("HEAD:api.yaml", "HEAD:api.yaml", root=root)
        message = f"{root}: error[bad-root]: the document HEAD:api.yaml is not in this folder"
        assert str(refused.value).splitlines() == [message, hint]


# What is not read


def test_nothing_else_of_the_revision_is_copied(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(3):
        (garden / f"parts/{index}.yaml").write_text("x: 1\n")
    commit(garden)
    copied = list[str]()
    copy = revisions._copy

    def note(repository: object, files: dict[str, str], *others: object) -> None:
        copied.extend(files)
        copy(repository, files, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(revisions, "_copy", note)
    compared("HEAD:api.yaml", "api.yaml")
    assert sorted(copied) == ["api.yaml", *sorted(FILES)]


def test_a_file_that_is_missing_in_the_revision_alone_is_told_of_it(garden: Path) -> None:
    (garden / "parts/sizes.yaml").unlink()
    commit(garden)
    write(garden)
    _, _, warnings = read_versions("api.yaml", "HEAD:api.yaml")
    assert [str(warning).splitlines()[0] for warning in warnings if warning.is_loss] == [
        "HEAD:parts/models/bed.yaml:1: warning[external-reference]: ../sizes.yaml#/Length is not read: "
        "there is no such file; read as a schema that allows everything"
    ]


@pytest.mark.parametrize("link", ["parts/sizes.yaml", "parts/models", "parts", "api.yaml"])
def test_links_are_not_followed_wherever_they_lead(link: str, garden: Path, tmp_path: Path) -> None:
    (garden / link).rename(tmp_path / "moved")
    (garden / link).symlink_to(tmp_path / "moved")
    commit(garden)
    (garden / link).unlink()
    (tmp_path / "moved").rename(garden / link)
    name = {"parts": "parts/beds.yaml", "parts/models": "parts/models/bed.yaml"}.get(link, link)
    assert refusal("HEAD:api.yaml", "api.yaml") == [
        f"HEAD:{name}: error[symbolic-link]: this is a symbolic link, which is not followed",
        "    hint: commit the file itself",
    ]


def test_a_submodule_has_no_files(garden: Path) -> None:
    head = git(garden, "rev-parse", "HEAD")
    git(garden, "rm", "-r", "--quiet", "--cached", "parts")
    git(garden, "update-index", "--add", "--cacheinfo", f"160000,{head},parts")
    git(garden, "commit", "--quiet", "--message=m")
    lines = refusal("HEAD:api.yaml", "api.yaml")
    assert lines[0] == "HEAD:api.yaml:6: error[external-reference]: parts/beds.yaml is not read: there is no such file"


def test_the_parts_may_be_large_but_not_without_end(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MAX_BYTES", 400)
    assert refusal("HEAD:api.yaml", "api.yaml") == [
        "HEAD:parts/models/bed.yaml: error[too-large]: with this file, what is read has more than 400 bytes"
    ]


def test_a_partial_clone_downloads_no_part(garden: Path, tmp_path: Path) -> None:
    git(garden, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--no-checkout", f"file://{garden}", "clone")
    os.chdir(tmp_path / "clone")
    git(tmp_path / "clone", "cat-file", "blob", "HEAD:api.yaml")  # this one is downloaded
    assert refusal("HEAD:api.yaml", "HEAD:api.yaml")[0].startswith("HEAD:parts/beds.yaml: error[git-failed]: ")


def test_the_id_of_a_file_says_nothing_of_others(garden: Path) -> None:
    blob = git(garden, "rev-parse", "HEAD:api.yaml")
    assert refusal(blob, "api.yaml")[0] == (
        f"{blob}:6: error[external-reference]: parts/beds.yaml is not read: there is no such file"
    )
    assert document_file(next(iter(read_versions("HEAD:api.yaml", "api.yaml")[0].values()))) == "HEAD:api.yaml"
