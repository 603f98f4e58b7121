"""The release that changes deserve, also before 1.0."""

from __future__ import annotations

import pytest

from generator.diff.bump import bumps, next_version
from generator.diff.finding import Bump
from tests.diff.judging import change


@pytest.mark.parametrize(
    ("version", "level", "proposed"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "none", "1.2.3"),
        ("0.1.0", "major", "0.2.0"),
        ("0.1.9", "minor", "0.1.10"),
        ("0.1.9", "patch", "0.1.10"),
        ("0.1.0", "none", "0.1.0"),
        ("0.0.1", "major", "0.1.0"),
        ("9.9.9", "major", "10.0.0"),
    ],
)
def test_the_next_version(version: str, level: Bump, proposed: str) -> None:
    assert next_version(version, level) == proposed


def test_a_package_s_level_is_that_of_its_largest_change() -> None:
    changes = [
        change(layer="python", package="b", bump="patch", severity="safe"),
        change(layer="python", package="b", bump="major"),
        change(layer="python", package="b", bump="minor", severity="safe"),
        change(layer="normalized", package="c", bump="minor", severity="safe"),
    ]
    assert bumps(changes, ["c", "a", "b"]) == {"a": "none", "b": "major", "c": "minor"}


def test_the_packages_are_in_alphabetical_order() -> None:
    assert list(bumps([], {"c", "a", "b"})) == ["a", "b", "c"]


def test_documentation_is_a_patch_on_any_layer_as_it_stands_in_docstrings() -> None:
    assert bumps([change(severity="docs")], ["things-client"]) == {"things-client": "patch"}


def test_the_wire_alone_changes_no_package() -> None:
    assert bumps([change(severity="breaking"), change(severity="safe")], ["things-client"]) == {"things-client": "none"}


def test_a_server_that_lags_behind_changes_no_package() -> None:
    assert bumps([change(layer="lagging", severity="docs")], ["things-client"]) == {"things-client": "none"}


def test_what_was_accepted_is_as_large_as_before() -> None:
    changes = [change(layer="python", bump="major", accepted="meant")]
    assert bumps(changes, ["things-client"]) == {"things-client": "major"}
