"""An update as large as a month of a large API: one schema that 500 operations share, of which 60 properties change."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from generator.diff.commands import difference_report
from generator.diff.report import render
from generator.diff.report.model import Report

OPERATIONS = 500
PROPERTIES = 60


def document(type_: str) -> dict[str, Any]:
    """An API whose operations all answer with a `Garden`, in which each bed is of the type."""
    properties: dict[str, Any] = {f"bed{number:02}": {"type": type_} for number in range(PROPERTIES)}
    if type_ == "integer":  # and something new, which needs no decision
        properties |= {f"path{number:02}": {"type": "string"} for number in range(10)}
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Garden"}}}
    operation = {"responses": {"200": {"description": "A garden.", "content": answer}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gardens", "version": "1"},
        "servers": [{"url": "https://gardens.example.com"}],
        "paths": {f"/gardens{number}": {"get": operation} for number in range(OPERATIONS)},
        "components": {"schemas": {"Garden": {"type": "object", "properties": properties}}},
    }


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("large")
    for name, type_ in (("old", "string"), ("new", "integer")):
        (folder / f"{name}.json").write_text(json.dumps(document(type_), indent=1))
    return difference_report(str(folder / "old.json"), str(folder / "new.json"))


def test_each_property_is_one_thing_to_decide(report: Report) -> None:
    assert len(report.changes) > OPERATIONS * PROPERTIES
    assert len(report.breaking) == len(report.decisions) == PROPERTIES
    assert {len(cause.operations) for cause in report.breaking} == {OPERATIONS}
    assert {cause.layers for cause in report.breaking} == {("python", "wire")}
    assert sorted(cause.subject for cause in report.breaking)[:2] == ["schema Garden /bed00", "schema Garden /bed01"]


def test_the_text_is_short_and_names_each_of_them(report: Report) -> None:
    lines = render(report, "text").splitlines()
    assert len(lines) < 400
    assert lines[0] == "60 things to decide: 60 break callers."
    assert lines[8] == "  ... and 53 more, below"
    assert {cause.fingerprint for cause in report.breaking} <= set(re.findall(r"\b[0-9a-f]{12}\b", "\n".join(lines)))
    assert "  10 response-optional-property-added  schema Garden /path00, schema Garden /path01" in "\n".join(lines)


def test_a_comment_holds_all_that_breaks(report: Report) -> None:
    shown = render(report, "markdown")
    assert len(shown) < 65_536
    assert {cause.fingerprint for cause in report.breaking} <= set(re.findall(r"\b[0-9a-f]{12}\b", shown))


def test_programs_get_every_place(report: Report) -> None:
    cause = report.causes[0]
    assert cause.operations[:2] == ("GET /gardens0", "GET /gardens1")
    assert len(cause.changes) == OPERATIONS + 1
