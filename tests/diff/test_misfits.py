"""What a new document has outgrown is a finding; a provider that cannot be read hides nothing of the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.diff.commands import difference_report
from generator.diff.finding import Change
from generator.diff.report.model import Report, summary
from tests.copies import copy_specs
from tests.diff.repositories import BROKEN, SPEC, refusal, write_provider

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("work")
BREAKING = SPEC.replace("size: {type: integer}", "size: {type: string}")
HEAD = "overlay: 1.0.0\ninfo: {title: Corrections, version: 1.0.0}\nactions:\n"


def overlay(*actions: str) -> str:
    return HEAD + "".join(f"  - {{description: why, {action}}}\n" for action in actions)


def compared(work: Path, spec: str, old_overlay: str, new_overlay: str | None = None) -> Report:
    """The report on two providers, `things` and `others`, of which the second has a breaking change."""
    write_provider(work / "old/things", overlay=old_overlay)
    write_provider(work / "new/things", spec, overlay=old_overlay if new_overlay is None else new_overlay)
    write_provider(work / "old/others")
    write_provider(work / "new/others", BREAKING)
    return difference_report("old", "new")


def misfits(report: Report) -> list[Change]:
    return [change for change in report.changes if change.rule == "provider-misfit"]


def rules_of(report: Report, provider: str) -> set[str]:
    return {change.rule for change in report.changes if change.package == f"workflow-client-{provider}"}


def errors(report: Report) -> list[str]:
    return [str(problem) for problem in report.warnings if problem.severity == "error"]


WIDEN = "target: $.components.schemas.Thing.properties.status, update: {enum: [three]}"
NOTE = "target: $.components.schemas.Thing, update: {description: A thing.}"
GONE = SPEC.replace("status: {type: string, enum: [one, two]}", "state: {type: string, enum: [one, two]}")
OUTGROWN = [
    (
        *(WIDEN, GONE, "'$.components.schemas.Thing.properties.status' matches nothing"),
        "the published document changed, or the target is misspelled; correct or delete the action",
    ),
    (
        *(NOTE, SPEC.replace("Thing:\n", "Thing:\n      description: A thing.\n")),
        "the update of '$.components.schemas.Thing' changes nothing",
        "the published document now has this value itself; delete the action",
    ),
    (
        *(WIDEN, SPEC.replace("enum: [one, two]", "enum: one")),
        "'enum' has another JSON type in the document",
        "remove it first, in a separate action",
    ),
    (
        *("target: $.components.schemas.Thing.properties.size, update: {minimum: 1}",),
        *(SPEC.replace("size: {type: integer}", "size: true"),),
        "'$.components.schemas.Thing.properties.size' selects a value that is not a mapping or a list",
        "target the mapping that contains it, and update its key",
    ),
]


@pytest.mark.parametrize(("action", "spec", "message", "hint"), OUTGROWN)
def test_an_action_that_no_longer_fits_is_a_finding_with_its_remedy(
    action: str, spec: str, message: str, hint: str, work: Path
) -> None:
    report = compared(work, spec, overlay("target: $.info, update: {x-a: 1}", action))
    if "enum: one" in spec:  # which is not OpenAPI either
        assert [error.partition("\n")[0] for error in errors(report)][-1] == (
            "new/things/overlay.yaml:5: error[overlay-incompatible]: 'enum' has another JSON type in the document"
        )
        return
    (misfit,) = misfits(report)
    assert (misfit.severity, misfit.bump, misfit.package) == ("attention", "none", "workflow-client-things")
    assert (misfit.after, misfit.hint, str(misfit.new), misfit.old) == (
        message,
        hint,
        "new/things/overlay.yaml:5",
        None,
    )
    assert misfit.place == f"overlay {action.partition(' ')[2].partition(',')[0]}"
    assert "response-property-type-changed" in rules_of(report, "others")
    assert errors(report) == []


def test_what_an_action_corrected_is_compared_without_it(work: Path) -> None:
    report = compared(work, GONE, overlay(WIDEN))
    assert {"provider-misfit", "response-optional-property-removed"} <= rules_of(report, "things")


def test_a_misfit_that_both_versions_have_or_that_the_new_one_corrects_is_no_news(work: Path) -> None:
    stale = overlay("target: $.gone, remove: true")
    assert misfits(compared(work, SPEC, stale)) == []
    later = overlay(NOTE, "target: $.gone, remove: true")
    assert misfits(compared(work, SPEC, stale, later)) == [], "whatever its line"
    assert misfits(compared(work, SPEC, stale, overlay(NOTE))) == []
    report = compared(work, SPEC, stale, overlay("target: $.gone, remove: true", "target: $.other, remove: true"))
    assert [misfit.after for misfit in misfits(report)] == ["'$.other' matches nothing"]


def test_a_misfit_is_accepted_and_keeps_its_fingerprint_whatever_its_line_and_its_message(work: Path) -> None:
    before = misfits(compared(work, GONE, overlay(WIDEN)))
    after = misfits(compared(work, GONE, overlay(WIDEN), overlay(NOTE, WIDEN)))
    assert before[0].fingerprint == after[0].fingerprint
    (work / "new/things/accepted.yaml").write_text(
        f"- {{rule: provider-misfit, fingerprint: '{before[0].fingerprint}', reason: later}}\n"
    )
    assert [change.accepted for change in misfits(difference_report("old", "new"))] == ["later"]


def test_an_option_that_names_nothing_any_more_is_a_finding(work: Path) -> None:
    for version, spec in (("old", SPEC), ("new", SPEC.replace("/things/{id}", "/things/{id}/now"))):
        write_provider(work / version / "things", spec)
        facts = work / version / "things/provider.yaml"
        facts.write_text(facts.read_text() + "exclude-paths: ['/things/{id}']\n" * (version == "new"))
    (misfit,) = misfits(difference_report("old", "new"))
    assert (misfit.place, misfit.after) == ("options", "no operation has a path like '/things/{id}'")
    assert (str(misfit.new), misfit.hint) == ("new/things/provider.yaml:3", "did you mean /things/{id}/now?")


def test_a_mapping_s_misfit_has_the_remedy_that_generating_prints(work: Path) -> None:
    copy_specs(work / "specs")
    spec = work / "specs/dify/openapi.yaml"
    assert "stopped" in spec.read_text()
    spec.write_text(spec.read_text().replace("- stopped", "- halted"))
    report = difference_report(str(ROOT / "specs/dify"), "specs/dify")
    assert summary(report.breaking[0]) == "schema WorkflowRunDetailResponse /status: stopped -> halted"
    by_rule = {change.rule: change for change in report.changes}
    unmapped = by_rule["normalized-status-unmapped"]
    assert unmapped.after == "'halted' of /status has no RunStatus"
    assert unmapped.hint == "add it under `words`: halted: STATUS, or STATUS/result"


# Providers that cannot be read


def test_a_mistake_in_an_overlay_is_an_error_of_its_provider_alone(work: Path) -> None:
    report = compared(work, SPEC, overlay(NOTE), overlay("target: '$[', remove: true", "target: $.gone, remove: true"))
    assert [error.partition("\n")[0] for error in errors(report)] == [
        "new/things/overlay.yaml:4: error[overlay-target]: '$[' is not an RFC 9535 JSONPath: unbalanced brackets, "
        "line 1, column 2",
        "new/things/overlay.yaml:5: error[overlay-no-match]: '$.gone' matches nothing",
    ]
    assert rules_of(report, "things") == set()
    assert "response-property-type-changed" in rules_of(report, "others")
    assert [bump.package for bump in report.bumps] == ["workflow-client-others"]


@pytest.mark.parametrize("sides", [("old", "new"), ("new", "old")], ids=["new", "old"])
def test_a_document_that_cannot_be_read_hides_no_other_provider(sides: tuple[str, str], work: Path) -> None:
    for version, spec in zip(sides, (SPEC, BROKEN), strict=True):
        write_provider(work / version / "things", spec)
    write_provider(work / "old/others")
    write_provider(work / "new/others", BREAKING)
    report = difference_report("old", "new")
    (error,) = errors(report)
    assert error.startswith(f"{sides[1]}/things/openapi.yaml:11: error[dangling-reference]: ")
    assert {change.package for change in report.changes} == {"workflow-client-others"}
    shutil.rmtree(work / sides[0] / "things")  # a provider that came, or went
    assert errors(difference_report("old", "new")) == [error]


def test_a_folder_without_a_document_and_entries_that_accept_nothing_hide_no_other_provider(work: Path) -> None:
    for version in ("old", "new"):
        for name in ("a", "b", "others"):
            write_provider(work / version / name)
    (work / "new/a/openapi.yaml").unlink()
    (work / "new/b/accepted.yaml").write_text("x\n")
    (work / "new/others/accepted.yaml").write_text("- {rule: a, fingerprint: '0123456789ab', reason: r}\n")
    report = difference_report("old", "new")
    assert [error.partition("\n")[0] for error in errors(report)] == [
        "new/a: error[missing-spec]: this provider's folder has no openapi.yaml",
        "new/b/accepted.yaml:1: error[accepted-shape]: the file is not a list of {rule, fingerprint, reason}",
    ]
    assert "unknown-rule" in {problem.id for problem in report.warnings}


def test_where_no_provider_can_be_read_nothing_is_compared(work: Path) -> None:
    for version in ("old", "new"):
        for name in ("things", "others"):
            write_provider(work / version / name, BROKEN)
    lines = [line.partition(":")[0] for line in refusal("old", "new") if "dangling-reference" in line]
    assert lines == [f"{version}/{name}/openapi.yaml" for version in ("new", "old") for name in ("others", "things")]


def test_the_unified_model_is_compared_although_no_provider_can_be(work: Path) -> None:
    shutil.copytree(ROOT / "specs", work / "old", ignore=shutil.ignore_patterns("*.yaml"))
    for version, spec in (("old", SPEC), ("new", BROKEN)):
        write_provider(work / version / "things", spec)
        shutil.copy(ROOT / "specs/workflow-run.yaml", work / version)
    write_provider(work / "new/others")
    report = difference_report("old", "new")
    assert {change.package for change in report.changes} == {"workflow-client-others"}
