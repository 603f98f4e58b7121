"""Changes -> the next release of each package, by Semantic Versioning 2.0.0."""

from __future__ import annotations

from collections.abc import Iterable

from .finding import BUMPS, Bump, Change


def bumps(changes: Iterable[Change], packages: Iterable[str]) -> dict[str, Bump]:
    """How much each package changes, in alphabetical order: as much as its largest change.

    What was accepted counts as well: that somebody wants a change makes it no smaller for callers. Documentation is a
    patch wherever it changes, as it stands in the package's docstrings. A server that lags behind changes no package.
    """
    levels: dict[str, Bump] = dict.fromkeys(sorted(packages), "none")
    for change in changes:
        if change.layer != "lagging":
            level: Bump = "patch" if change.severity == "docs" and change.bump == "none" else change.bump
            levels[change.package] = min(levels.get(change.package, "none"), level, key=BUMPS.index)
    return levels


def next_version(version: str, level: Bump) -> str:
    """The version after `version`, which is `major.minor.patch`.

    Below 1.0 Semantic Versioning promises nothing; by convention, and for the ranges of most tools, the second number
    then stands for the first: what breaks raises it, and all else raises the third.
    """
    major, minor, patch = map(int, version.split("."))
    if level == "none":
        return version
    if level == "major":
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    return f"{major}.{minor + 1}.0" if level == "minor" and major else f"{major}.{minor}.{patch + 1}"
