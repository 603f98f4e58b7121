"""Versions never go down, changelogs keep what they have, and so does versions.yaml."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import resources
from generator.diff.bump import next_version
from generator.diff.finding import BUMPS, Bump
from generator.document.loading import parse
from generator.document.problems import ProblemsFound
from generator.project.releases import NO_RELEASES
from generator.releasing.bump import bumped
from generator.releasing.model import NextRelease, Plan
from generator.releasing.notes import with_entry
from generator.releasing.released import public_names
from generator.versions import FIRST_VERSION, is_compatible, numbers

VERSIONS = st.tuples(*[st.integers(0, 30)] * 3).map(lambda parts: ".".join(map(str, parts)))
NAMES = st.from_regex(r"\A[a-z]{1,3}(-[a-z]{1,3})?\Z")
TABLES = st.dictionaries(NAMES, VERSIONS, min_size=1)
THINGS = "workflow-client-things"


@given(VERSIONS, st.lists(st.sampled_from(BUMPS[:3]), max_size=8))
def test_versions_go_up(first: str, levels: list[Bump]) -> None:
    version = first
    for level in levels:
        following = next_version(version, level)
        assert numbers(following) > numbers(version)
        assert is_compatible(version, following) == (level != "major")
        version = following


def planned(*releases: NextRelease, versions: dict[str, str], needs: dict[str, dict[str, str]] | None = None) -> Plan:
    return Plan("v1", releases, (), versions, needs or {}, NO_RELEASES, uncommitted=False)


@settings(max_examples=30)
@given(TABLES, st.dictionaries(NAMES, TABLES))
def test_what_people_write_in_versions_yaml_stays(
    tmp_path_factory: pytest.TempPathFactory, versions: dict[str, str], needs: dict[str, dict[str, str]]
) -> None:
    specs = tmp_path_factory.mktemp("specs")
    around = ("# Ours.\n", "\nurls:  # of all\n  Repository: https://code.example\n\n\n# End.\n")
    tables = "versions:\n  a: 0.1.0\n\n  # a comment in a table\nneeds: {a: {b: 0.1.0}}\n"
    (specs / "versions.yaml").write_text(tables.join(around), "utf-8")
    release = NextRelease(THINGS, "patch", FIRST_VERSION, "0.1.1", ("A change.",))
    written = {
        file.path.name: file.text for file in bumped(planned(release, versions=versions, needs=needs), specs, "D")
    }
    text = written["versions.yaml"]
    assert (text.startswith(around[0]), text.endswith(around[1])) == (True, True)
    assert parse(text, "f") == {"versions": versions, "needs": needs, "urls": {"Repository": "https://code.example"}}


def test_tables_in_a_form_that_cannot_be_extended_are_for_people(tmp_path: Path) -> None:
    (tmp_path / "versions.yaml").write_text("{versions: {a: 0.1.0}}\n", "utf-8")
    release = NextRelease(THINGS, "patch", FIRST_VERSION, "0.1.1", ("A change.",))
    with pytest.raises(ProblemsFound) as refused:
        bumped(planned(release, versions={THINGS: "0.1.1"}), tmp_path, "2026-11-29")
    assert "error[versions-shape]" in str(refused.value) or "error[invalid-yaml]" in str(refused.value)


def test_a_plan_without_releases_changes_nothing(tmp_path: Path) -> None:
    assert bumped(planned(versions={THINGS: "0.1.1"}), tmp_path, "2026-11-29") == []


def test_a_version_has_one_entry_in_a_changelog(tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "things/CHANGELOG.md").write_text("# Ours\n\n## 0.1.1 (2026-11-28)\n\n## 0.1.0\n", "utf-8")
    for version, refused in (("0.1.1", True), ("0.1.0", True), ("0.1.10", False)):
        release = NextRelease(THINGS, "patch", FIRST_VERSION, version, ("A change.",))
        with pytest.raises(ProblemsFound) if refused else nullcontext() as refusal:
            bumped(planned(release, versions={THINGS: version}), tmp_path, "2026-11-29")
        message = f"error[release-repeated]: the changelog has an entry for {version} already"
        assert refusal is None or message in str(refusal.value)


def test_an_installed_generator_releases_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "is_installed", lambda: True)
    release = NextRelease(THINGS, "patch", FIRST_VERSION, "0.1.1", ("A change.",))
    with pytest.raises(ProblemsFound) as refused:
        bumped(planned(release, versions={THINGS: "0.1.1"}), tmp_path, "2026-11-29")
    assert str(refused.value).startswith("bump: error[release-installed]: the core and the templates of an installed")


@given(st.lists(VERSIONS, unique=True, max_size=5), st.sampled_from(["", "# Ours\n\nWords.\n", "Words\n# A title\n"]))
def test_entries_of_changelogs_stay_below_new_ones(versions: list[str], text: str) -> None:
    start = text.strip() or f"# Changelog of {THINGS}"
    for version in versions:
        text = with_entry(text, NextRelease(THINGS, "patch", "", version, ("One.", "Two.")), "2026-11-29")
    entries = [f"## {version} (2026-11-29)\n\n- One.\n- Two.\n" for version in reversed(versions)]
    assert text == "\n".join([f"{start}\n", *entries]) or not versions


def test_public_names_are_those_that_a_module_says() -> None:
    assert public_names('from .a import b\n__version__ = "1"\n__all__ = ["b", "C"]\n') == {"b", "C"}
    assert public_names("") == set()
