"""The history of one real API as a chain of updates, and what a careful reviewer would say of each.

`dify/` has a provider's folder for each version. Its `expected.json` lists the findings on the way there from the one
before: derived by thought, from what callers would notice, and not from what `diff` gives. `because` is for readers.
"""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from generator.diff.compare import compare_versions
from generator.diff.finding import Bump, Change
from generator.diff.versions import read_versions

HISTORY = sorted(path for path in (Path(__file__).parent / "dify").iterdir() if path.is_dir())
UNIFIED = Path(__file__).parents[2] / "specs" / "workflow-run.yaml"
STEPS = list(pairwise(HISTORY))
Row = tuple[str, str, str, str]


def changes(old: Path, new: Path, folder: Path) -> list[Change]:
    """What `diff` finds between two versions, each in a tree of specs of its own."""
    trees = []
    for name, version in (("old", old), ("new", new)):
        tree = folder / name
        shutil.copytree(version, tree / "dify")
        shutil.copy(UNIFIED, tree)
        trees.append(str(tree))
    before, after, warnings = read_versions(*trees)
    assert warnings == []
    return compare_versions(before, after)


def row(change: Change) -> Row:
    return change.layer, change.severity, change.rule, change.place


def expected(version: Path) -> list[Row]:
    entries = json.loads((version / "expected.json").read_text(encoding="utf-8"))
    assert all(entry.keys() - {"because"} == {"rule", "layer", "severity", "place"} for entry in entries)
    return sorted((entry["layer"], entry["severity"], entry["rule"], entry["place"]) for entry in entries)


@pytest.mark.parametrize(("old", "new"), STEPS, ids=lambda version: version.name)
def test_an_update_is_judged_as_a_careful_reviewer_would(old: Path, new: Path, tmp_path: Path) -> None:
    """And every change says where it is, and what a caller notices."""
    update = changes(old, new, tmp_path)
    assert sorted(map(row, update)) == expected(new)
    for change in update:
        assert change.old or change.new, change
        assert all(source.file and source.line for source in (change.old, change.new) if source), change
        assert change.notice.pieces, change


@pytest.mark.parametrize("version", HISTORY, ids=lambda version: version.name)
def test_a_version_is_no_change_from_itself(version: Path, tmp_path: Path) -> None:
    assert changes(version, version, tmp_path) == []


def test_what_only_the_package_decides_raises_its_version(tmp_path: Path) -> None:
    def level(step: str) -> set[Bump]:
        old, new = next(pair for pair in STEPS if pair[1].name == step)
        return {change.bump for change in changes(old, new, tmp_path / step) if change.layer == "python"}

    assert "major" in level("10-operation-ids")
    assert level("07-tag-renamed") == set()
    assert level("08-outputs-never-null") == {"minor"}
