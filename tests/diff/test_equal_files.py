"""Spec files with the same bytes: they are not read any further, unless what they refer to can differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.diff.commands import difference_report
from generator.diff.versions import read_versions
from generator.document.problems import ProblemsFound

BEDS = """\
openapi: 3.1.0
info: {title: Garden beds, version: '1'}
paths:
  /beds:
    get:
      responses:
        '200': {description: All., content: {application/json: {schema: SCHEMA}}}
components: {schemas: {Bed: {type: object, properties: {width: {type: integer}}}}}
"""
LOCAL = BEDS.replace("SCHEMA", "{$ref: '#/components/schemas/Bed'}")
PART = "{type: object, properties: {width: {type: TYPE}}}\n"


def write(folder: Path, document: str, **parts: str) -> str:
    folder.mkdir()
    for name, text in {"beds.yaml": document, **{f"{name}.yaml": text for name, text in parts.items()}}.items():
        (folder / name).write_text(text)
    return str(folder / "beds.yaml")


def as_json(document: str) -> str:
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Garden beds", "version": "1"}, "paths": {}})


@pytest.mark.parametrize("document", [LOCAL, as_json(LOCAL)], ids=["YAML", "JSON"])
def test_equal_files_end_with_no_change_and_the_names_of_both_packages(document: str, work: Path) -> None:
    old, new = write(work / "old", document), write(work / "new", document)
    report = difference_report(old, new)
    assert (report.verdict, report.causes, report.warnings) == ("No change for callers.", (), ())
    assert [(bump.package, bump.level, bump.current, bump.proposed) for bump in report.bumps] == [
        ("garden-beds-client", "none", "0.1.0", "0.1.0")
    ]
    assert [bump.package for bump in difference_report(old, new, name="plots").bumps] == ["plots"]
    assert [
        version.package for versions in read_versions(old, new, skip_equal=True)[:2] for version in versions.values()
    ] == [None] * 2


@pytest.mark.parametrize(
    "schema",
    [
        "{$ref: part.yaml}",
        '{"\\x24ref": part.yaml}',
        "{oneOf: [{$ref: '#/components/schemas/Bed'}], discriminator: {propertyName: kind, mapping: {a: part.yaml}}}",
    ],
    ids=["reference", "escaped", "mapping"],
)
def test_files_that_refer_to_others_are_read(schema: str, work: Path) -> None:
    document = BEDS.replace("SCHEMA", schema)
    old = write(work / "old", document, part=PART.replace("TYPE", "integer"))
    new = write(work / "new", document, part=PART.replace("TYPE", "string"))
    assert [version.package is None for version in read_versions(old, new, skip_equal=True)[1].values()] == [False]
    if "mapping" not in schema:
        assert difference_report(old, new).breaking
    assert [version.package for version in read_versions(new, new, skip_equal=True)[1].values()] == [None]


@pytest.mark.parametrize("document", ["{openapi: 3.1.0", "[]", '{"openapi": ' * 100_000], ids=["cut", "list", "deep"])
def test_what_is_not_a_document_is_told_of_both_versions(document: str, work: Path) -> None:
    old, new = write(work / "old", document), write(work / "new", document)
    with pytest.raises(ProblemsFound) as raised:
        read_versions(old, new, skip_equal=True)
    assert {problem.source.file for problem in raised.value.problems} == {old, new}
