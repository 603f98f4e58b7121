"""A `Finding` is a difference between two versions; a `Change` is a finding with what it means for callers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..document.problems import Source
from .notice import Notice

Layer = Literal["wire", "python", "normalized", "lagging"]
Severity = Literal["breaking", "attention", "safe", "docs"]
Bump = Literal["major", "minor", "patch", "none"]
LAYERS: tuple[Layer, ...] = ("normalized", "python", "wire", "lagging")
"""In the order in which a reviewer reads them."""
SEVERITIES: tuple[Severity, ...] = ("breaking", "attention", "safe", "docs")
"""The worst first."""
BUMPS: tuple[Bump, ...] = ("major", "minor", "patch", "none")
"""The largest first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference."""

    rule: str
    """The id of the rule for differences of this kind."""
    place: str
    """Where it is, in words that stay when lines move: "answer 200 /data/status", "RunState.status"."""
    before: str
    """A short text of the old side, such as its type; "" where there is nothing."""
    after: str
    old: Source | None
    """Where the old version says so; None where it says nothing."""
    new: Source | None
    operation: str = ""
    """Its method and path, with unnamed path parameters: "GET /runs/{}"; "" where it belongs to no operation."""
    identity: str = ""
    """What tells the finding from others at its place where `after` is a message, whose wording may change; "" where
    `before` and `after` do."""


@dataclass(frozen=True, slots=True)
class Change:
    """A finding as its rule judges it."""

    rule: str
    layer: Layer
    severity: Severity
    bump: Bump
    package: str
    """The distribution that it is about; on the wire that is the client."""
    operation: str
    place: str
    pointer: str
    """RFC 6901, in the new version; in the old one where the new one does not mention it."""
    old: Source | None
    new: Source | None
    before: str
    after: str
    notice: Notice
    identity: str = ""
    """See `Finding`."""
    accepted: str = ""
    """The reason for which it was accepted; "" when it was not."""

    @property
    def fingerprint(self) -> str:
        """The same for the same change, wherever its lines are: 12 hexadecimal digits."""
        difference = (self.identity,) if self.identity else (self.before, self.after)
        parts = (self.rule, self.layer, self.package, self.operation, self.place, *difference)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The changes in the order of the JSON report, in whichever order they were found."""
    return sorted(changes, key=_key)


def _key(change: Change) -> tuple[object, ...]:
    nowhere = Source("")
    return (
        LAYERS.index(change.layer),
        *(change.package, change.operation, change.place),
        SEVERITIES.index(change.severity),
        *(change.rule, change.before, change.after),
        *(change.new or nowhere, change.old or nowhere, str(change.notice)),
    )
