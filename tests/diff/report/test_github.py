"""`--format github`: an annotation for each thing to decide, though GitHub shows ten of each level for a step."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from generator.diff.causes.grouping import group
from generator.diff.finding import Severity
from generator.diff.report import render
from generator.diff.report.model import Report
from generator.document.problems import Problem, Source
from tests.diff.report.reports import CASES, read

SEVERAL = next(read(case) for case in CASES if case.name == "several-layers")
PATTERN = next(change for change in SEVERAL.changes if change.rule == "new-required-request-property")


def report(severity: Severity, count: int, warnings: int = 0) -> Report:
    """A report of causes of one severity, each at a place of its own."""
    changes = [
        dataclasses.replace(
            PATTERN,
            severity=severity,
            operation="PUT /beds",
            place=f"body /{at:03}",
            new=Source("specs/a.yaml", f"/{at}", at + 1),
        )
        for at in range(count)
    ]
    problems = [Problem("stale", Source("specs/a.yaml", line=1), "It is old.", "", "warning")] * warnings
    return Report("old", "specs", group(changes), (), tuple(problems))


def commands(shown: str, command: str) -> list[str]:
    """The commands of a level, in the order in which GitHub shows the first ten of them."""
    return [line for line in shown.splitlines() if line.startswith(f"::{command} ")]


def test_an_annotation_says_what_changed_and_in_how_many_operations() -> None:
    changes = [dataclasses.replace(PATTERN, operation=f"PUT /beds/{at}", place="body /user") for at in range(30)]
    cause, *others = render(Report("old", "specs", group(changes)), "github").splitlines()[1:]
    assert others == []
    assert cause.startswith("::error file=specs/example/openapi.yaml,line=70,title=breaking%3A ")
    title, _, message = cause.removeprefix("::").partition("::")
    assert title.endswith("%3A added str (30 operations)")
    assert message.split("%0A")[:2] == [
        "The new server refuses what a client that was generated before sends.",
        "in 30 operations: PUT /beds/0, PUT /beds/1, PUT /beds/10 and 27 more",
    ]


@pytest.mark.parametrize(("severity", "command"), [("breaking", "error"), ("attention", "warning")])
@pytest.mark.parametrize("count", [9, 10, 11, 200])
def test_the_tenth_annotation_names_those_that_are_not_shown(severity: Severity, command: str, count: int) -> None:
    shown = commands(render(report(severity, count), "github"), command)
    assert len(shown) == (count if count <= 10 else count + 1)
    if count > 10:
        rest = count - 9
        title, *names = shown.pop(9).split("%0A")
        head, _, first = title.removeprefix("::").partition("::")
        assert head == f"{command} title={rest} more (the log has them all)"
        assert len(names) == min(rest, 51) - 1
        assert first == f"{severity}: PUT /beds body /009: added str"
        assert names[-1] == (f"and {rest - 50} more" if rest > 50 else f"{severity}: PUT /beds body /010: added str")
    assert [line.partition("line=")[2].partition(",")[0] for line in shown] == [str(at + 1) for at in range(count)]


def test_warnings_about_inputs_come_after_the_causes_of_their_level() -> None:
    shown = commands(render(report("attention", 9, warnings=2), "github"), "warning")
    assert shown[9] == "::warning title=2 more (the log has them all)::stale%0Astale"
    assert len(shown) == 12


def test_what_needs_no_decision_is_counted() -> None:
    (line,) = commands(render(report("safe", 30), "github"), "notice")
    assert line == "::notice title=30 safe changes (--all lists them)::30 new-required-request-property"
    assert len(commands(render(report("safe", 9), "github", everything=True), "notice")) == 9
    assert Counter(line[:7] for line in render(report("docs", 3), "github", everything=True).splitlines()[1:]) == {}


def test_what_is_accepted_is_a_notice_with_its_reason() -> None:
    accepted = dataclasses.replace(PATTERN, accepted="It is meant.")
    (line,) = render(Report("old", "specs", group([accepted])), "github").splitlines()[1:]
    assert line.startswith("::notice file=specs/example/openapi.yaml,line=70,title=accepted%3A ")
    assert line.endswith("%0AAccepted: It is meant.")


def test_what_is_gone_is_at_what_changed_with_it() -> None:
    removed = dataclasses.replace(
        PATTERN, before="one", after="", old=Source("HEAD:specs/a.yaml", "/x/enum/1", 7), new=None
    )
    added = dataclasses.replace(
        removed, severity="safe", before="", after="two", new=Source("specs/a.yaml", "/x/enum/1", 8)
    )
    added = dataclasses.replace(added, old=Source("HEAD:specs/a.yaml", "/x", 6))
    report = Report("old", "specs", group([removed, added]))
    (line,) = render(report, "github").splitlines()[1:]
    assert line.startswith("::error file=specs/a.yaml,line=8,title=breaking%3A ")
    assert "%3A removed one::" in line
    (alone,) = render(Report("old", "specs", group([removed])), "github").splitlines()[1:]
    assert alone.startswith("::error title=breaking%3A ")
