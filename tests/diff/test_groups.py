"""Moving a method into a group renames it for callers, and changes nothing on the wire."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from generator.diff.python import api as python_api
from generator.diff.python.package_surface import surface
from generator.diff.versions import read_versions
from generator.diff.wire import api as wire
from generator.document.problems import Problems
from generator.ir.model import Package
from generator.options import Options
from generator.project.packages import single_package

ANSWER = {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "integer"}}}}}


def package(folder: Path, tag: str, *, groups: bool) -> Package:
    run = {"operationId": "runs_get", "tags": [tag], "responses": ANSWER}
    health = {"operationId": "health", "responses": ANSWER}
    paths = {"/runs": {"get": run}, "/health": {"get": health}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    read = single_package(folder / "openapi.json", "things-client", Problems(), options=Options(groups=groups))
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        (("runs", False), ("runs", True), "runs_get", "runs.get"),
        (("runs", True), ("flows", True), "runs.get", "flows.runs_get"),
        (("flows", True), ("flows", False), "flows.runs_get", "runs_get"),
    ],
)
def test_a_method_that_moves_is_renamed(
    tmp_path: Path, old: tuple[str, bool], new: tuple[str, bool], before: str, after: str
) -> None:
    before_package, after_package = (package(tmp_path, tag, groups=groups) for tag, groups in (old, new))
    findings = [*python_api.compare(before_package, after_package)]
    assert [(finding.rule, finding.place, finding.before, finding.after) for finding in findings] == [
        ("python-method-renamed", f"ThingsClient.{before}", before, after)
    ]
    wire_rules = {finding.rule for finding in wire.compare(before_package, after_package)}
    assert wire_rules <= {
        "api-tag-added",
        "api-tag-removed",
    }


def test_a_method_of_a_group_has_the_group_in_its_name(tmp_path: Path) -> None:
    assert [method.name for method in surface(package(tmp_path, "runs", groups=True)).methods] == ["health", "runs.get"]


def test_the_environment_variable_of_the_base_url_is_an_interface(tmp_path: Path) -> None:
    old = package(tmp_path, "runs", groups=False)
    new = replace(old, api=replace(old.api, base_url_environment="OTHER_BASE_URL"))
    assert [(f.rule, f.place, f.before, f.after) for f in python_api.compare(old, new)] == [
        ("python-constructor-environment-changed", "ThingsClient(base_url)", "THINGS_BASE_URL", "OTHER_BASE_URL")
    ]


def described(count: int, tags: int) -> str:
    """A document of so many operations, with so many different tags; none for 0."""
    paths = {
        f"/{'ab'[i % 2]}/{i}/x": {
            "get": {"operationId": f"get{i}", "responses": ANSWER} | ({"tags": [f"t{i % tags}"]} if tags else {})
        }
        for i in range(count)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})


@pytest.mark.parametrize("tags", [0, 1, 2])
@pytest.mark.parametrize(("old", "new"), [(39, 40), (40, 39)])
def test_files_of_two_sizes_differ_in_what_changed_alone(tmp_path: Path, old: int, new: int, tags: int) -> None:
    for name, count in (("old", old), ("new", new)):
        (tmp_path / f"{name}.json").write_text(described(count, tags))
    before, after, _ = read_versions(str(tmp_path / "old.json"), str(tmp_path / "new.json"))
    packages = [version.package for versions in (before, after) for version in versions.values()]
    assert packages[0] is not None
    assert packages[1] is not None
    assert packages[1].api.options == packages[0].api.options
    assert [bool(package.api.groups) for package in packages if package] == [old == 40 and tags != 1] * 2
    method = "b.get39" if old == 40 and tags == 0 else "t1.get39" if old == 40 and tags == 2 else "get39"
    (finding,) = python_api.compare(packages[0], packages[1])
    assert (finding.rule, finding.before or finding.after or finding.place) == (
        ("python-method-added", f"{method}") if new == 40 else ("python-method-removed", method)
    )


def test_options_that_rename_all_methods_are_a_warning(tmp_path: Path) -> None:
    source = "source: {url: https://example.com, retrieved: 2026-11-22, sha256: '00', transcribed: false}\n"
    for version, text in (("old", source), ("new", f"{source}groups: true\n")):
        folder = tmp_path / version / "specs" / "things"
        folder.mkdir(parents=True)
        (folder / "openapi.yaml").write_text(described(2, 2), "utf-8")
        (folder / "provider.yaml").write_text(text, "utf-8")
    old, new = (str(tmp_path / version / "specs") for version in ("old", "new"))
    messages = [problem.message for problem in read_versions(old, new)[2] if problem.id == "groups-changed"]
    assert messages == [
        "the methods of things are in groups now, as its options say: callers find them under other names"
    ]
    messages = [problem.message for problem in read_versions(new, old)[2] if problem.id == "groups-changed"]
    assert messages == [
        "the methods of things are no longer in groups, as its options say: callers find them under other names"
    ]
    assert not [problem for problem in read_versions(new, new)[2] if problem.id == "groups-changed"]
