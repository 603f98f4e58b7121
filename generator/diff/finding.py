"""What comparing finds, and what the rules make of it."""

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
    """One difference, by the rule that it falls under.

    - `operation`: "GET /runs/{}", with path variables unnamed; "" where it belongs to none.
    - `place`: where it is, in words that stay when lines move: "answer 200 /data/status", "parameter query limit",
      "RunState.status", "DifyClient.get_run(run_id)".
    - `before`, `after`: short texts of the two sides; "" where there is nothing.
    - `old`, `new`: where the two versions say so; None where one of them says nothing.
    - `identity`: what tells the finding from others at its place when `after` is a message, whose wording may change;
      "" where `before` and `after` do.
    """

    rule: str
    operation: str
    place: str
    before: str
    after: str
    old: Source | None
    new: Source | None
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that was judged."""

    rule: str
    layer: Layer
    severity: Severity
    bump: Bump
    package: str
    """The distribution that it is about; for the wire the client's."""
    operation: str
    place: str
    pointer: str
    """RFC 6901, in the new version where it says something of it, else in the old one."""
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
