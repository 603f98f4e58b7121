"""Moving a method into a group renames it for callers, and changes nothing on the wire."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.diff.python import api as python_api
from generator.diff.python.package_surface import surface
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
