"""What a person decides of releases, and what follows for each package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..diff.finding import Bump
from ..interpreter.fast_dataclasses import dataclass
from ..project.releases import Releases


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decides: the least kind of release for some packages, or their versions."""

    kinds: Mapping[str, Bump] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextRelease:
    """What becomes of a package; `old` is "" for a new one, `new` for one that is no longer generated."""

    package: str
    level: Bump
    old: str
    new: str
    entries: tuple[str, ...] = ()
    """What it changes, as items of a list in Markdown."""
    remarks: tuple[str, ...] = ()
    """What the person who releases it has to know, in Markdown."""
    undecided: bool = False
    """Whether a person has to say which kind of release it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The next releases of all packages that have one, and the others."""

    base: str
    releases: tuple[NextRelease, ...]
    unchanged: tuple[str, ...]
    versions: Mapping[str, str]
    """The version of each package after that."""
    needs: Mapping[str, Mapping[str, str]]
    """For each package the least versions of our others that it then works with."""
    current: Releases
    """What versions.yaml says now."""
    uncommitted: bool
