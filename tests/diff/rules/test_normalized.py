"""What comparing two versions of a mapping finds, and what it does not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.diff.judge import judge
from generator.diff.normalized.mapping import compare
from generator.diff.normalized.unified import compare_unified
from generator.diff.rules import load_rules
from generator.diff.versions import Version, read_versions
from generator.document.loading import load
from tests.copies import copy_specs
from tests.diff.rules.layers import sides, version

ROOT = Path(__file__).parents[3]
Rows = list[tuple[str, str, str, str]]
CASES: dict[str, dict[str, Any]] = load(Path(__file__).with_name("normalized.yaml"))


def rows(old: Version, new: Version) -> Rows:
    """The findings: rule without its prefix, place, before, after."""
    findings = [*compare_unified(old.unified, new.unified), *compare(old, new)]
    return [(f.rule.removeprefix("normalized-"), f.place, f.before, f.after) for f in findings]


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name: str, tmp_path: Path) -> None:
    before, after = sides(CASES[name])
    findings = rows(version(before, tmp_path / "before"), version(after, tmp_path / "after"))
    assert sorted(findings) == sorted(map(tuple, CASES[name]["finds"]))


def test_fingerprints_of_misfits_go_by_what_they_are_about_and_not_by_words(tmp_path: Path) -> None:
    states = {"status": {"enum": ["running", "done", "paused", "lost"]}}
    before, after = sides({"after": {"properties": {**states, "total": {"type": "integer"}}}})
    old, new = version(before, tmp_path / "before"), version(after, tmp_path / "after")
    reworded = replace(new, problems=tuple(replace(problem, message="Other words.") for problem in new.problems))
    fingerprints = [
        [change.fingerprint for change in judge(compare(old, later), load_rules(), "workflow-runs")]
        for later in (new, reworded)
    ]
    assert len({*fingerprints[0]}) == len(new.problems) == 3  # two words, and a property that is not mapped
    assert fingerprints[0] == fingerprints[1]


def test_the_real_providers_do_not_differ_from_themselves(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    old, new, _ = read_versions(str(ROOT / "specs"), str(tmp_path / "specs"))
    assert len(old) >= 5
    assert all(version.mapping for version in old.values())
    for name, old_version in old.items():
        assert rows(old_version, new[name]) == []


def test_the_order_of_keys_does_not_matter(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    for path in (tmp_path / "specs").glob("*/normalization.yaml"):
        path.write_text(json.dumps(_reversed(load(path))), "utf-8")
    old, new, _ = read_versions(str(ROOT / "specs"), str(tmp_path / "specs"))
    for name, old_version in old.items():
        assert rows(old_version, new[name]) == []


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [_reversed(item) for item in value[::-1]]
    return value


def test_a_provider_under_a_new_name_is_a_new_one(tmp_path: Path) -> None:
    copy_specs(tmp_path / "old")
    copy_specs(tmp_path / "specs")
    (tmp_path / "specs" / "juo").rename(tmp_path / "specs" / "julia")
    old, new, _ = read_versions(str(tmp_path / "old"), str(tmp_path / "specs"))
    form = "{run_id}?tenant={tenant}"
    assert rows(old["juo"], Version("juo")) == [("provider-removed", "provider", form, "")]
    assert rows(Version("julia"), new["julia"]) == [("provider-added", "provider", "", form)]


def test_a_reason_is_found_at_its_line(tmp_path: Path) -> None:
    copy_specs(tmp_path / "old")
    copy_specs(tmp_path / "specs")
    path = tmp_path / "specs" / "dify" / "normalization.yaml"
    reason = "because: Usage is counted in tokens and steps."
    line = path.read_text("utf-8").splitlines().index(f"    {reason}")  # in the entry that begins one line above
    path.write_text("# More.\n" + path.read_text("utf-8").replace(reason, "because: There is none."), "utf-8")
    old, new, _ = read_versions(str(tmp_path / "old"), str(tmp_path / "specs"))
    (finding,) = compare(old["dify"], new["dify"])
    assert finding.old is not None
    assert finding.new is not None
    assert (finding.place, finding.old.line, finding.new.line) == ("absent usage.credits", line, line + 1)


def test_a_single_file_says_nothing_about_a_mapping(tmp_path: Path) -> None:
    whole = version(sides({})[0], tmp_path)
    alone = Version("acme", whole.package)
    assert rows(whole, alone) == rows(alone, whole) == []
