"""Changes -> the next release of each package, by Semantic Versioning 2.0.0."""

from __future__ import annotations

from collections.abc import Iterable

from .finding import BUMPS, Bump, Change


def bumps(changes: Iterable[Change], packages: Iterable[str]) -> dict[str, Bump]:
    """The release that each package's largest change asks for, by the packages in alphabetical order.

    Accepted changes count: callers notice them all the same. A change of documentation is a patch on every layer, as
    docstrings show it. A server that lags behind changes no package.
    """
    levels: dict[str, Bump] = dict.fromkeys(sorted(packages), "none")
    asked = {(change.package, change.severity, change.bump) for change in changes if change.layer != "lagging"}
    for package, severity, bump in sorted(asked):
        level: Bump = "patch" if severity == "docs" and bump == "none" else bump
        levels[package] = min(levels.get(package, "none"), level, key=BUMPS.index)
    return levels


def next_version(version: str, level: Bump) -> str:
    """The version after `version`, which is `major.minor.patch`.

    Below 1.0 Semantic Versioning promises nothing. By convention, which the version ranges of most tools follow, a
    breaking change then raises the second number, and every other change the third.
    """
    major, minor, patch = map(int, version.split("."))
    if level == "none":
        return version
    if level == "major":
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    return f"{major}.{minor + 1}.0" if level == "minor" and major else f"{major}.{minor}.{patch + 1}"
