"""`versions.yaml`: how it is read, and what packages say because of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from generator.document.problems import Problems
from generator.project.files import generated_files
from generator.project.releases import CHANGELOG, NO_RELEASES, Releases, read_releases
from generator.versions import CORE, FIRST_VERSION, Release, core_version, numbers, requirement
from tests.diff.repositories import write_provider

THINGS = "workflow-client-things"


def read(folder: Path, text: str) -> tuple[Releases, str]:
    """What a versions.yaml says, and the problems that it has."""
    (folder / "versions.yaml").write_text(text, "utf-8")
    problems = Problems()
    return read_releases(folder, "specs", problems), "\n".join(map(str, problems))


def test_a_package_that_is_not_there_has_the_first_version(tmp_path: Path) -> None:
    assert read_releases(tmp_path, "specs", Problems()) == NO_RELEASES
    assert NO_RELEASES.version(THINGS) == FIRST_VERSION
    assert NO_RELEASES.release(THINGS, tmp_path / CHANGELOG) == Release()


def test_the_core_says_its_version_itself(tmp_path: Path) -> None:
    assert NO_RELEASES.version(CORE) == core_version()
    _, problems = read(tmp_path, f"versions: {{{CORE}: 0.2.0}}\n")
    assert problems == (
        "specs/versions.yaml:1: error[versions-shape]: the version of the core is not here: the core has it itself\n"
        "    hint: take it out; it is in templates/runtime/workflow_client_core/__init__.py"
    )


def test_all_that_is_wrong_with_it_is_told_at_once(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path,
        "version: {}\nversions:\n  a: 1.0\n  b: 1.0.0\n  c: 01.0.0\nneeds: {a: {b: next}}\n"
        "urls: {Repository: code.example, 'What?': https://a.example, Changelog: https://a.example/ä}\n",
    )
    assert [line for line in problems.splitlines() if not line.startswith("    hint: ")] == [
        "specs/versions.yaml:1: error[versions-shape]: unknown field 'version'",
        "specs/versions.yaml:3: error[versions-shape]: a: '1.0' is not three numbers",
        "specs/versions.yaml:5: error[versions-shape]: c: '01.0.0' is not three numbers",
        "specs/versions.yaml:6: error[versions-shape]: b: 'next' is not three numbers",
        "specs/versions.yaml:7: error[versions-shape]: Repository: 'code.example' is not the URL of a page",
        "specs/versions.yaml:7: error[versions-shape]: 'What?' says not what the page is in at most 32 letters, "
        "digits, spaces and hyphens",
        "specs/versions.yaml:7: error[versions-shape]: Changelog: 'https://a.example/ä' is not the URL of a page",
    ]


def test_packages_say_their_versions_pages_and_changes(tmp_path: Path) -> None:
    write_provider(tmp_path / "specs/things")
    (tmp_path / "specs/things/CHANGELOG.md").write_text("# Changes\n", "utf-8")
    (tmp_path / "specs/versions.yaml").write_text(
        f"versions: {{{THINGS}: 1.4.2}}\n"
        f"needs: {{{THINGS}: {{{CORE}: 0.0.7}}}}\n"
        "urls: {Changelog: 'https://code.example/{package}/CHANGELOG.md'}\n",
        "utf-8",
    )
    files = generated_files(tmp_path / "specs", Problems())
    project = tomllib.loads(files[f"{THINGS}/pyproject.toml"])
    assert project["project"]["version"] == "1.4.2"
    assert project["project"]["dependencies"][0] == f"{CORE}>=0.0.7,<0.1"
    assert project["project"]["urls"] == {
        "Changelog": f"https://code.example/{THINGS}/CHANGELOG.md",
        "Documentation": "https://things.example.com/docs",
    }
    assert "Development Status :: 5 - Production/Stable" in project["project"]["classifiers"]
    assert files[f"{THINGS}/CHANGELOG.md"] == "# Changes\n"
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"CHANGELOG.md": "workflow_client_things/CHANGELOG.md"}
    assert "__version__ = '1.4.2'" in files[f"{THINGS}/workflow_client_things/__init__.py"]
    assert tomllib.loads(files[f"{CORE}/pyproject.toml"])["project"]["urls"] == {
        "Changelog": f"https://code.example/{CORE}/CHANGELOG.md"
    }


def test_a_version_is_not_an_option_of_a_provider(tmp_path: Path) -> None:
    write_provider(tmp_path / "specs/things")
    with (tmp_path / "specs/things/provider.yaml").open("a") as file:
        file.write("version: 0.2.0\n")
    problems = Problems()
    generated_files(tmp_path / "specs", problems)
    assert "unknown field 'version'" in str([*problems])


VERSIONS = st.tuples(*[st.integers(0, 30)] * 3).map(lambda parts: ".".join(map(str, parts)))


@given(VERSIONS, VERSIONS)
def test_a_range_has_what_follows_without_a_break(least: str, version: str) -> None:
    specifier = Requirement(requirement("a", least, "b")).specifier
    first = numbers(least)
    breaking = (0, first[1] + 1, 0) if first[0] == 0 else (first[0] + 1, 0, 0)
    assert specifier.contains(version) == (first <= numbers(version) < breaking)


@pytest.mark.parametrize(("least", "text"), [("0.1.0", "a>=0.1.0,<0.2"), ("1.2.3", "a>=1.2.3,<2")])
def test_ranges_end_before_the_next_break(least: str, text: str) -> None:
    assert requirement("a", least) == text
