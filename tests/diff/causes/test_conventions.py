"""Which changes have one cause though the document says each of them at a place of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.causes.grouping import group
from generator.diff.finding import Change
from generator.diff.judge import judge
from generator.diff.python.api import compare as compare_packages
from generator.diff.rules import load_rules
from generator.diff.wire.api import compare as compare_wire
from generator.document.problems import Source
from generator.ir.model import Package
from tests.diff.judging import change
from tests.diff.rules.documents import read


def changes(count: int, **facts: Any) -> list[Change]:
    """The same change in some operations, each at a place of its own."""
    paths = [f"/beds{number}" for number in range(count)]
    return [
        change(**{"operation": f"GET {path}", "new": Source("new.yaml", f"/paths/~1{path[1:]}/get/1"), **facts})
        for path in paths
    ]


def subjects(changes: list[Change]) -> list[str]:
    return [cause.subject for cause in group(changes)]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("request-parameter-became-required", "parameter query depth"),
        ("request-body-became-required", "body"),
        ("response-non-success-status-added", "answer 429"),
    ],
)
def test_the_same_change_of_a_parameter_body_or_answer_of_three_operations_is_one_cause(rule: str, place: str) -> None:
    assert subjects(changes(3, rule=rule, place=place)) == [place]
    assert len(subjects(changes(2, rule=rule, place=place))) == 2
    # Values inside may have the same name by chance.
    assert len(subjects(changes(3, rule=rule, place=f"{place} /name"))) == 3


def test_a_description_does_not_tell_what_breaks() -> None:
    place = {"operation": "GET /beds", "new": Source("new.yaml", "/paths/~1beds/get/responses/200")}
    described = change(**place, rule="response-description-changed", place="answer 200", severity="docs", before="A.")
    breaking = change(**place, layer="python", rule="python-return-type-changed", before="Bed", after="Pot")
    (cause,) = group([described, breaking])
    assert (cause.severity, cause.before, cause.after) == ("breaking", "Bed", "Pot")


def test_other_changes_of_the_same_parameter_have_other_causes() -> None:
    rule, place = "request-parameter-min-set", "parameter query depth"
    raised = changes(3, rule=rule, place=place, after="at least 1")
    lifted = changes(3, rule=rule, place=place, after="at least 2", new=None, operation="GET /pots")
    assert len(group([*raised, *lifted])) == 2


def test_a_status_is_one_cause_whether_it_was_in_default_before_or_not() -> None:
    facts = {"layer": "python", "rule": "python-exception-added", "after": "429"}
    wire = {"rule": "response-non-success-status-added", "place": "answer 429", "after": "429"}
    first, *rest = changes(4, **wire)
    raised = [
        change(**facts, operation=each.operation, new=each.new, place=f"raises {number}")
        for number, each in enumerate((first, *rest))
    ]
    assert len(group([first, *raised])) == 1


def test_a_new_name_of_a_parameter_in_three_paths_is_one_cause() -> None:
    facts = {"layer": "python", "rule": "python-parameter-renamed", "before": "id", "after": "bed_id"}
    renamed = [
        change(**facts, operation=f"GET /beds{n}", place=f"get{n}(bed_id)", new=Source("new.yaml", f"/paths/{n}/0"))
        for n in range(3)
    ]
    assert len(group(renamed)) == 1
    assert len(group(renamed[:2])) == 2


def test_the_headers_of_an_answer_that_is_gone_have_its_cause(tmp_path: Path) -> None:
    def grown(answers: dict[str, Any]) -> Package:
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Left", "X-Wait")}
        answers = {status: {"description": "A.", "headers": headers} for status in answers}
        components = {"headers": {name: {"schema": {"type": "integer"}} for name in headers}}
        operation = {"responses": answers}
        return read({"operation": operation, "document": {"components": components}}, tmp_path / "-".join(answers))

    old, new = grown({"200": {}, "204": {}}), grown({"200": {}})
    findings = [*compare_wire(old, new), *compare_packages(old, new)]
    causes = group(judge(findings, load_rules(), "things-client"))
    assert [(cause.subject.partition("} ")[2], len(cause.changes)) for cause in causes] == [("answer 204", 3)]


def renamed(*names: tuple[str, str]) -> list[Change]:
    return [
        change(
            rule="python-method-renamed",
            layer="python",
            before=before,
            after=after,
            place=after,
            operation=f"GET /{after}",
            new=Source("new.yaml", f"/paths/{after}/get"),
        )
        for before, after in names
    ]


def test_names_in_which_the_same_words_are_others_have_one_cause() -> None:
    fetched = renamed(("get_bed", "fetch_bed"), ("get_pot", "fetch_pot"), ("beds.get", "beds.fetch"))
    assert len(group(fetched)) == 1
    assert len(group([*fetched, *renamed(("list_all_beds", "list_beds"))])) == 2
    assert len(group(renamed(("get_bed", "find"), ("list_pots", "pots"), ("sow", "sow_all")))) == 3


def test_many_new_names_have_one_cause_whatever_they_are() -> None:
    names = [(f"{chr(97 + number)}_old", f"new_{number}") for number in range(10)]
    assert len(group(renamed(*names))) == 1
    assert len(group(renamed(*names[1:]))) == 9
