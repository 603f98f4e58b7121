"""`--root`: the folder up to which a document may refer to other files, and names that do not depend on it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from generator import cli
from generator.document.problems import Problems
from generator.project.packages import single_package
from generator.render.package import client_files

DOCUMENT = """\
openapi: 3.0.3
info: {title: Garden, version: "1"}
servers: [{url: https://garden.example}]
paths:
  /beds: {get: {$ref: ../shared/beds.yaml}}
  /plants:
    get:
      operationId: listPlants
      responses:
        "200": {description: A plant., content: {application/json: {schema: {$ref: parts/plant.yaml}}}}
        "404": {description: A tree., content: {application/json: {schema: {$ref: ../shared/plant.yaml}}}}
        "409": {description: A herb., content: {application/json: {schema: {$ref: plant.yaml}}}}
"""
BEDS = """\
operationId: listBeds
responses:
  "200": {description: A bed., content: {application/json: {schema: {$ref: "./plant.yaml"}}}}
  "404": {description: A bed., content: {application/json: {schema: {$ref: "../api/parts/plant.yaml#"}}}}
"""
OUT_OF_THE_FOLDER = """\
{file}:5: error[external-reference]: ../shared/beds.yaml is not read: it leads out of {folder}
    hint: --root DIR allows references up to a wider folder; or bundle the files into one document, or replace the \
reference by an overlay action"""


def garden(folder: Path) -> Path:
    """The document, in a folder beside one with files that it shares with others."""
    for name, text in (("api/openapi.yaml", DOCUMENT), ("shared/beds.yaml", BEDS)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name in ("api/plant", "api/parts/plant", "shared/plant"):
        path = folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{{type: object, properties: {{{name.replace('/', '_')}: {{type: string}}}}}}")
    return folder / "api" / "openapi.yaml"


def generated(spec: Path, root: Path | None) -> dict[str, str]:
    problems = Problems()
    package = single_package(spec, "garden-client", problems, root=root)
    assert package is not None, "\n".join(map(str, problems))
    return client_files(package)


def refusal(spec: Path, root: Path | None) -> list[str]:
    problems = Problems()
    assert single_package(spec, "garden-client", problems, root=root) is None
    return [str(problem) for problem in problems.errors]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["generator", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


def test_a_reference_out_of_the_folder_is_refused_with_a_hint_on_root(tmp_path: Path) -> None:
    spec = garden(tmp_path)
    assert OUT_OF_THE_FOLDER.format(file=spec, folder="the document's folder") in refusal(spec, None)


def test_a_root_allows_references_up_to_it(tmp_path: Path) -> None:
    files = generated(garden(tmp_path), tmp_path)
    models = files["garden-client/garden_client/models.py"]
    assert [line for line in models.splitlines() if line.startswith(("class ", "    "))] == [
        "class PartsPlant(Struct, frozen=True, kw_only=True):",
        "    api_parts_plant: str | UnsetType = UNSET",
        "class Plant(Struct, frozen=True, kw_only=True):",
        "    api_plant: str | UnsetType = UNSET",
        "class SharedPlant(Struct, frozen=True, kw_only=True):",
        "    shared_plant: str | UnsetType = UNSET",
    ]


def test_names_depend_neither_on_the_root_nor_on_where_the_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one", tmp_path / "plant" / "two"
    expected = generated(garden(one), one)
    assert generated(garden(two), tmp_path) == expected
    monkeypatch.chdir(two / "shared")
    assert generated(Path("../api/openapi.yaml"), Path("..")) == expected


def test_nothing_outside_of_the_root_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    spec = garden(inside)
    (tmp_path / "beds.yaml").write_text(BEDS)
    for target in ("../../beds.yaml", "../shared/link.yaml", "../shared/folder/beds.yaml"):
        spec.write_text(DOCUMENT.replace("../shared/beds.yaml", target))
        for link, to in (("link.yaml", tmp_path / "beds.yaml"), ("folder", tmp_path)):
            if not (inside / "shared" / link).is_symlink():
                os.symlink(to, inside / "shared" / link)
        expected = OUT_OF_THE_FOLDER.format(file=spec, folder="the folder of --root")
        assert refusal(spec, inside) == [expected.replace("../shared/beds.yaml", target)]


@pytest.mark.parametrize("root", ["elsewhere", "gone", "api/openapi.yaml"])
def test_a_root_contains_the_document(root: str, tmp_path: Path) -> None:
    spec = garden(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    assert refusal(spec, tmp_path / root) == [
        f"{tmp_path / root}: error[bad-root]: the document {spec} is not in this folder\n"
        "    hint: name a folder that contains the document and the files to which it refers"
    ]


def test_client_and_diff_take_a_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = garden(tmp_path / "old"), garden(tmp_path / "new")
    (tmp_path / "new" / "shared" / "beds.yaml").write_text(BEDS.replace("listBeds", "getBeds"))
    out = str(tmp_path / "out")
    assert run(monkeypatch, "client", str(new), "--name", "garden-client", "--out", out, "--root", str(tmp_path)) == 0
    assert run(monkeypatch, "diff", str(old), str(new)) == 2
    assert "--root DIR allows references up to a wider folder" in capsys.readouterr().err
    assert run(monkeypatch, "diff", str(old), str(new), "--root", str(tmp_path)) == 1
    assert "list_beds" in capsys.readouterr().out
