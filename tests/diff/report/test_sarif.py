"""`--format sarif`: valid SARIF 2.1.0, with a result for each thing to decide, which GitHub's code scanning takes."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator, FormatChecker

from generator.diff.causes.grouping import group
from generator.diff.finding import SEVERITIES, Change
from generator.diff.report import render
from generator.diff.report.model import Report
from generator.diff.report.sarif import MOST_RESULTS, ROOM
from generator.document.problems import Problem, Source
from tests.diff.report.reports import CASES, long, read
from tests.diff.report.test_formats import REPORTS

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
VALIDATOR = Draft4Validator(SCHEMA, format_checker=FormatChecker())
SEVERAL = next(read(case) for case in CASES if case.name == "several-layers")
PATTERN = next(change for change in SEVERAL.changes if change.rule == "new-required-request-property")


def run(report: Report, *, everything: bool = False) -> dict[str, Any]:
    """The only run of the report's SARIF."""
    (only,) = json.loads(render(report, "sarif", everything=everything))["runs"]
    assert isinstance(only, dict)
    return only


def result(*changes: Change) -> dict[str, Any]:
    """The only result of changes that have one cause."""
    (only,) = run(Report("old", "specs", group(changes)))["results"]
    assert isinstance(only, dict)
    return only


def place(location: dict[str, Any]) -> tuple[str, str, int]:
    """The root, the URI and the line of a location."""
    physical = location["physicalLocation"]
    artifact = physical["artifactLocation"]
    return artifact.get("uriBaseId", ""), artifact["uri"], physical["region"]["startLine"]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("report", [*map(read, CASES), long(40)], ids=[*(case.name for case in CASES), "long"])
def test_every_report_is_valid(report: Report, everything: bool) -> None:
    VALIDATOR.validate(json.loads(render(report, "sarif", everything=everything)))


@given(report=REPORTS)
@settings(max_examples=25)
def test_hostile_texts_are_valid_too(report: Report) -> None:
    VALIDATOR.validate(json.loads(render(report, "sarif", everything=True)))


def test_a_cause_is_a_result_and_says_all_that_a_reviewer_needs() -> None:
    change = dataclasses.replace(
        PATTERN, old=Source("HEAD:specs/a b.yaml", "/x", 7), new=Source("specs/a b.yaml", "/x", 9)
    )
    shown = result(change)
    assert (shown["ruleId"], shown["level"]) == ("new-required-request-property", "error")
    assert shown["message"]["text"].startswith("POST /runs body /user: added str. The new server refuses ")
    (location,) = shown["locations"]
    assert place(location) == ("%SRCROOT%", "specs/a%20b.yaml", 9)
    (before,) = shown["relatedLocations"]
    assert place(before) == ("%OLDROOT%", "specs/a%20b.yaml", 7)
    assert before["message"] == {"text": "Before: HEAD:specs/a b.yaml:7"}
    fingerprint = change.fingerprint
    assert shown["partialFingerprints"] == {
        "cause/v1": fingerprint, "primaryLocationLineHash": f"{fingerprint}:1"
    }  # fmt: skip
    properties = shown["properties"]
    assert (properties["layer"], properties["package"]) == ("wire", "workflow-client-example")
    assert (properties["bump"], properties["operations"]) == (change.bump, ["POST /runs"])
    assert "suppressions" not in shown


def test_a_rule_is_described_once_and_results_point_at_it() -> None:
    shown = run(SEVERAL)
    rules = shown["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({result["ruleId"] for result in shown["results"]})
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in shown["results"])
    (rule,) = (rule for rule in rules if rule["id"] == "new-required-request-property")
    assert rule["name"] == "NewRequiredRequestProperty"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["help"]["text"].startswith(f"{rule['id']}\n{rule['shortDescription']['text']}\n")
    assert rule["help"]["markdown"].startswith(rule["fullDescription"]["text"])
    assert rule["properties"] == {"tags": ["wire", "breaking"], "problem.severity": "error"}


def test_what_is_accepted_is_suppressed_with_its_reason() -> None:
    shown = result(dataclasses.replace(PATTERN, accepted="It is meant."))
    assert shown["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "It is meant."}]
    assert shown["level"] == "error"


def test_levels_follow_severities_and_what_needs_no_decision_is_counted() -> None:
    changes = [
        dataclasses.replace(PATTERN, severity=severity, place=severity, new=Source("specs/a.yaml", f"/{severity}", 1))
        for severity in SEVERITIES
    ]
    report = Report("old", "specs", group(changes))
    levels = {result["properties"]["severity"]: result["level"] for result in run(report)["results"]}
    assert levels == {"breaking": "error", "attention": "warning"}
    (note,) = run(report)["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "2 changes without a result: nothing to decide. --all lists them."
    levels = {result["properties"]["severity"]: result["level"] for result in run(report, everything=True)["results"]}
    assert levels == {"breaking": "error", "attention": "warning", "safe": "note", "docs": "note"}
    assert run(report, everything=True)["invocations"][0]["toolExecutionNotifications"] == []


def test_what_is_gone_is_in_the_new_version_of_its_file() -> None:
    shown = result(dataclasses.replace(PATTERN, old=Source("HEAD:specs/a.yaml", "/x", 7), new=None))
    assert place(shown["locations"][0]) == ("%SRCROOT%", "specs/a.yaml", 1)
    assert place(shown["relatedLocations"][0]) == ("%OLDROOT%", "specs/a.yaml", 7)
    shown = result(dataclasses.replace(PATTERN, old=Source("old", "/x", 7), new=None))
    assert place(shown["locations"][0]) == ("%SRCROOT%", "specs", 1)
    shown = result(dataclasses.replace(PATTERN, old=None, new=None))
    assert place(shown["locations"][0]) == ("%SRCROOT%", "specs", 1)


def test_a_file_outside_of_the_repository_has_an_absolute_address(tmp_path: Path) -> None:
    shown = result(dataclasses.replace(PATTERN, old=None, new=Source(f"{tmp_path}/#a?.yaml", "/x", 0)))
    assert place(shown["locations"][0]) == ("", f"file://{tmp_path}/%23a%3F.yaml", 1)


def test_paths_begin_at_the_root_of_the_repository_wherever_diff_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "apis").mkdir()
    (tmp_path / "apis/odd:name.yaml").touch()
    monkeypatch.chdir(tmp_path / "apis")
    for file, expected in {
        "a.yaml": "apis/a.yaml",
        "../a.yaml": "a.yaml",
        "HEAD:apis/a.yaml": "apis/a.yaml",
        "HEAD:./a.yaml": "apis/a.yaml",
        "main@{10:00}:apis/a.yaml": "apis/a.yaml",
        "odd:name.yaml": "apis/odd%3Aname.yaml",
    }.items():
        shown = result(dataclasses.replace(PATTERN, old=None, new=Source(file, "/x", 2)))
        assert place(shown["locations"][0]) == ("%SRCROOT%", expected, 2)


def test_a_cause_lists_the_places_at_which_it_is_felt_up_to_twenty() -> None:
    changes = [
        dataclasses.replace(PATTERN, rule="python-method-renamed", operation=f"GET /beds/{at}", place=f"Client.get{at}",
                            new=Source("specs/a.yaml", f"/beds/{at}", at + 1), old=None)
        for at in range(30)
    ]  # fmt: skip
    shown = result(*changes)
    assert len(shown["relatedLocations"]) == len(shown["properties"]["operations"]) == 20
    assert shown["properties"]["operationCount"] == 30
    assert [location["id"] for location in shown["relatedLocations"]] == [*range(1, 21)]
    assert "(30 operations)" in shown["message"]["text"]


def test_no_text_of_a_document_is_a_placeholder_or_a_link() -> None:
    shown = result(dataclasses.replace(PATTERN, place="{0} [a](1)", new=None, old=None))
    assert "{{0}} [a] (1)" in shown["message"]["text"]


def test_warnings_are_notifications() -> None:
    warning = Problem("stale", Source("specs/a.yaml", line=3), "It is old.", "renew it", "warning")
    (shown,) = run(Report("old", "specs", (), (), (warning,)))["invocations"][0]["toolExecutionNotifications"]
    assert (shown["level"], shown["descriptor"], shown["message"]) == (
        "warning", {"id": "stale"}, {"text": "It is old. renew it."}
    )  # fmt: skip
    assert place(shown["locations"][0]) == ("%SRCROOT%", "specs/a.yaml", 3)


def test_code_scanning_takes_a_report_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (ROOM, MOST_RESULTS) == (9_000_000, 25_000)
    report = long(30)
    decisions = [cause.fingerprint for cause in report.decisions]
    for name, limit in (("MOST_RESULTS", 10), ("ROOM", 20_000)):
        with monkeypatch.context() as patch:
            patch.setattr(f"generator.diff.report.sarif.{name}", limit)
            shown = run(report)
        assert 5 <= len(shown["results"]) <= 20
        assert {result["level"] for result in shown["results"]} == {"error"}
        fingerprints = [result["partialFingerprints"]["cause/v1"] for result in shown["results"]]
        assert fingerprints == decisions[: len(fingerprints)]
        notes = [note["message"]["text"] for note in shown["invocations"][0]["toolExecutionNotifications"]]
        assert any(note.endswith("left out: code scanning takes no more.") for note in notes)


def test_the_room_is_that_of_the_printed_results() -> None:
    shown = render(long(30), "sarif")
    results = run(long(30))["results"]
    printed = shown.index('\n   "properties"') - shown.index('"results"')
    counted = sum(len(text) + 4 * text.count("\n") + 6 for text in (json.dumps(result, indent=1) for result in results))
    assert abs(printed - counted) < 40
