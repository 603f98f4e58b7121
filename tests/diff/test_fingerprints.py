"""A fingerprint stays where lines move and paths hold parentheses, in findings of the spec and of the mapping alike."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.diff.compare import compare_versions
from generator.diff.finding import LAYERS, Change
from generator.diff.versions import read_versions

DIFY = Path(__file__).parent / "dify" / "01-first"
UNIFIED = Path(__file__).parents[2] / "specs" / "workflow-run.yaml"
OPERATION = "GET /reports(latest)/{workflow_run_id}"
BY_ROUTE = {"operation: getWorkflowRunDetail": f"operation: {OPERATION}"}
NEW_NAMES = {"operationId: getWorkflowRunDetail": "operationId: getLatest", "- stopped": "- halted", "outputs:": "out:"}


def tree(folder: Path, spec: dict[str, str], mapping: dict[str, str], comment: str = "") -> str:
    """A tree of specs with one provider, whose operation has parentheses in its path; texts are replaced in its files.

    A comment moves the lines of both files.
    """
    provider = folder / "dify"
    shutil.copytree(DIFY, provider)
    shutil.copy(UNIFIED, folder)
    for name, replacements in (
        ("openapi.yaml", {"/workflows/run/{": "/reports(latest)/{", **spec}),
        ("normalization.yaml", mapping),
    ):
        text = (provider / name).read_text("utf-8")
        for old, new in replacements.items():
            text = text.replace(old, new)
        (provider / name).write_text(comment + text, "utf-8")
    return str(folder)


def changes(old: str, new: str) -> list[Change]:
    before, after, _ = read_versions(old, new)
    return compare_versions(before, after)


def compared(folder: Path, mapping: dict[str, str], spec: dict[str, str]) -> list[Change]:
    """The changes from the first version, after it was checked that no fingerprint moves with the lines."""
    old = tree(folder / "old", {}, {})
    new = changes(old, tree(folder / "new", spec, mapping))
    moved = changes(old, tree(folder / "moved", spec, mapping, "# (a)\n# (b)\n"))
    lines = [[change.new.line for change in side if change.new] for side in (new, moved)]
    assert lines[1] == [line + 2 for line in lines[0]]
    assert [change.fingerprint for change in moved] == [change.fingerprint for change in new]
    assert len({change.fingerprint for change in new}) == len(new)
    return new


def test_fingerprints_stay_where_a_mapping_no_longer_fits(tmp_path: Path) -> None:
    differences = compared(tmp_path, {**BY_ROUTE, "workflow_run_id: run_id": "id: run_id"}, NEW_NAMES)
    misfits = [change for change in differences if change.rule == "normalized-call-misfit"]
    assert sorted(change.place for change in misfits) == ["dify parameters", "dify parameters id"]
    assert any(OPERATION in change.after for change in misfits)
    assert {change.layer for change in differences} == {*LAYERS}


def test_fingerprints_stay_where_the_operation_is_gone(tmp_path: Path) -> None:
    differences = compared(tmp_path, {}, NEW_NAMES)
    assert [change.place for change in differences if change.rule == "normalized-call-misfit"] == ["dify operation"]


def test_fingerprints_stay_where_the_response_is_gone(tmp_path: Path) -> None:
    differences = compared(tmp_path, BY_ROUTE, {"'200'": "'302'"})
    (misfit,) = (change for change in differences if change.rule == "normalized-answer-misfit")
    assert OPERATION in misfit.after
