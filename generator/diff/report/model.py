"""The report on two versions, and what all formats need of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...document.problems import Problem
from ...escaping import one_line
from ..finding import SEVERITIES, Bump, Change, Layer, in_order

TITLES: dict[Layer, str] = {
    "normalized": "Normalized layer",
    "python": "Python",
    "wire": "Wire",
    "lagging": "Servers that were not updated",
}


@dataclass(frozen=True, slots=True)
class PackageBump:
    """The release that a package's changes ask for; `current` is "" for a new package, `proposed` for a removed one."""

    package: str
    level: Bump
    current: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Report:
    """What changed from `old` to `new`: the two inputs as the user named them."""

    old: str
    new: str
    changes: tuple[Change, ...]
    bumps: tuple[PackageBump, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that break callers and were not accepted: with any of them the comparison fails."""
        return tuple(change for change in self.open if change.severity == "breaking")

    @property
    def open(self) -> tuple[Change, ...]:
        """The changes that nobody has accepted, apart from documentation."""
        return tuple(c for c in in_order(self.changes) if not c.accepted and c.severity != "docs")

    @property
    def accepted(self) -> tuple[Change, ...]:
        """The changes that were accepted, with a reason."""
        return tuple(change for change in in_order(self.changes) if change.accepted)

    @property
    def documentation(self) -> tuple[Change, ...]:
        """The changes of documentation that nobody has accepted."""
        return tuple(c for c in in_order(self.changes) if not c.accepted and c.severity == "docs")

    @property
    def releases(self) -> tuple[PackageBump, ...]:
        """The packages that deserve a release."""
        return tuple(bump for bump in self.bumps if bump.level != "none")

    @property
    def unfit(self) -> bool:
        """Whether a mapping does not fit its spec. The rules about that ask for no release, as nobody knows what a
        corrected mapping will make of the change."""
        return any(c.layer == "normalized" and c.bump == "none" and c.severity != "safe" for c in self.open)

    @property
    def verdict(self) -> str:
        """The outcome in a sentence, or two."""
        return self._outcome + (" Nothing can be generated before the mapping fits." if self.unfit else "")

    @property
    def _outcome(self) -> str:
        accepted = f" {_count(len(self.accepted), 'change')} accepted." if self.accepted else ""
        if self.breaking:
            return f"Breaking: {_count(len(self.breaking), 'change')} can make callers fail or misread.{accepted}"
        attention = sum(change.severity == "attention" for change in self.open)
        if attention:
            verb = "deserves" if attention == 1 else "deserve"
            return f"Nothing breaks; {_count(attention, 'change')} {verb} attention.{accepted}"
        if self.open:
            return f"Nothing breaks: {_count(len(self.open), 'safe change')}.{accepted}"
        if self.accepted:
            return f"Nothing new for callers:{accepted}"
        return "No change for callers: documentation only." if self.documentation else "No change for callers."


@dataclass(frozen=True, slots=True)
class Group:
    """Open changes of a layer: those of an operation, or of a package."""

    package: str
    operation: str
    changes: tuple[Change, ...]


def groups(report: Report, layer: Layer) -> list[Group]:
    """A layer's open changes: the wire by operation, the rest by package; the group with the worst change first."""
    changes_by_key: dict[tuple[str, str], list[Change]] = {}
    for change in report.open:
        if change.layer == layer:
            operation = change.operation if layer in ("wire", "lagging") else ""
            changes_by_key.setdefault((change.package, operation), []).append(change)
    unsorted = [Group(*key, tuple(sorted(changes, key=_severity))) for key, changes in changes_by_key.items()]
    return sorted(unsorted, key=lambda group: (_severity(group.changes[0]), group.package, group.operation))


def worst_first(changes: Iterable[Change]) -> list[Change]:
    """The order in which a reader with little time should see them."""
    return sorted(in_order(changes), key=_severity)


def counts(changes: Iterable[Change]) -> str:
    """The number of changes of each severity: "2 breaking, 1 safe"."""
    present = [change.severity for change in changes]
    return ", ".join(f"{present.count(severity):,} {severity}" for severity in SEVERITIES if severity in present)


def transition(before: str, after: str, arrow: str, removed: str = "removed", added: str = "added") -> str:
    """What `before` became: "text → integer", "added text"; "" where both are empty."""
    if before and after:
        return f"{before} {arrow} {after}"
    return f"{removed} {before}" if before else f"{added} {after}" if after else ""


def sources(change: Change) -> list[tuple[str, str]]:
    """Where each version mentions it: ("old", "specs/example/openapi.yaml:12") and ("new", ...)."""
    return [(version, str(source)) for version, source in (("old", change.old), ("new", change.new)) if source]


def visible(text: str, limit: int = 200) -> str:
    """A text of a spec on one line: what does not print is escaped, and what is long is cut."""
    shown = one_line(text[:limit])
    return shown if len(text) <= limit else f"{shown}... ({len(text) - limit:,} more characters)"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _severity(change: Change) -> int:
    return SEVERITIES.index(change.severity)
