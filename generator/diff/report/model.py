"""The report on two versions, and what all formats need of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from ...document.problems import Problem, abridged
from ...escaping import one_line
from ...interpreter.fast_dataclasses import dataclass
from ..causes.cause import Cause
from ..finding import Bump, Change, Layer, Severity, shown_place

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
    causes: tuple[Cause, ...]
    """The worst first."""
    bumps: tuple[PackageBump, ...] = ()
    warnings: tuple[Problem, ...] = ()
    """The errors of providers that cannot be read, and what else is worth a look."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The texts of the files of both versions, by the names that sources have for them."""

    calls: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The methods of operations, as "client.runs.get", by package and route."""
    unread: tuple[str, ...] = ()
    """The providers that cannot be read in one of the versions, so that nothing of them is compared."""

    @property
    def errors(self) -> list[Problem]:
        """Why providers are not compared."""
        return [problem for problem in self.warnings if problem.severity == "error"]

    @property
    def decisions(self) -> tuple[Cause, ...]:
        """What a person has to decide on: what breaks callers, then what deserves attention."""
        return tuple(cause for cause in self.causes if cause.decides)

    @property
    def breaking(self) -> tuple[Cause, ...]:
        """The causes that break callers and were not accepted: with any of them the comparison fails."""
        return self._open("breaking")

    @property
    def attention(self) -> tuple[Cause, ...]:
        """The causes that deserve attention and were not accepted."""
        return self._open("attention")

    @property
    def safe(self) -> tuple[Cause, ...]:
        """The causes that callers may notice, and that break nothing."""
        return self._open("safe")

    @property
    def documentation(self) -> tuple[Cause, ...]:
        """The causes that change nothing but documentation."""
        return self._open("docs")

    @property
    def accepted(self) -> tuple[Cause, ...]:
        """The causes that were accepted, with a reason."""
        return tuple(cause for cause in self.causes if cause.accepted)

    @property
    def changes(self) -> list[Change]:
        """What is felt of all causes, in all layers and operations."""
        return [change for cause in self.causes for change in cause.changes]

    def _open(self, severity: Severity) -> tuple[Cause, ...]:
        return tuple(cause for cause in self.causes if cause.severity == severity and not cause.accepted)

    @property
    def releases(self) -> tuple[PackageBump, ...]:
        """The packages that deserve a release."""
        return tuple(bump for bump in self.bumps if bump.level != "none")

    @property
    def unfit(self) -> tuple[str, ...]:
        """What does not fit its spec: a mapping, an overlay, or options. The rules about that ask for no release, as
        nobody knows what a correction will make of the change."""
        changes = [change for cause in self.causes if not cause.accepted for change in cause.changes]
        places = {change.place.partition(" ")[0] for change in changes if change.rule == "provider-misfit"}
        if any(c.layer == "normalized" and c.bump == "none" and c.severity != "safe" for c in changes):
            places.add("mapping")
        return tuple(sorted(places))

    @property
    def verdict(self) -> str:
        """The outcome in a sentence, or two."""
        accepted = f" {counted(len(self.accepted), 'change')} accepted." if self.accepted else ""
        places = self.unfit
        verb = "fits" if places in (("mapping",), ("overlay",)) else "fit"
        unfit = f" Nothing can be generated before the {' and the '.join(places)} {verb}." if places else ""
        names = " and ".join(map(visible, self.unread))
        unread = f" Not compared, as {'it' if len(self.unread) == 1 else 'they'} cannot be read: {names}."
        return self._outcome + accepted + unfit + (unread if self.unread else "")

    @property
    def _outcome(self) -> str:
        decisions, breaking, attention = map(len, (self.decisions, self.breaking, self.attention))
        if decisions:
            breaks = f"{breaking:,} {'breaks' if breaking == 1 else 'break'} callers" if breaking else "nothing breaks"
            deserves = f", {attention:,} {'deserves' if attention == 1 else 'deserve'} attention" if attention else ""
            return f"{counted(decisions, 'thing')} to decide: {breaks}{deserves}."
        if self.safe:
            return f"Nothing to decide: {counted(len(self.safe), 'safe change')}."
        if self.accepted:
            return "Nothing new for callers."
        return "No change for callers: documentation only." if self.documentation else "No change for callers."


def summary(cause: Cause, arrow: str = "->") -> str:
    """A cause in one line: what changed, how, and in how many operations."""
    became = transition(visible(cause.before, 60), visible(cause.after, 60), arrow, added=added(cause))
    title = visible(cause.title)
    number = len(cause.operations)
    operations = f" ({number:,} operations)" if number > 1 else ""
    repeats = became.removeprefix("removed ").removeprefix("added ") == visible(cause.subject)
    if repeats:
        return f"{title}: {became.partition(' ')[0]}{operations}"
    return f"{title}: {became}{operations}" if became else f"{title}{operations}"


def felt_in(cause: Cause, shown: int = 3) -> str:
    """The operations in which a cause is felt, if its subject does not name the only one: "in 2 operations: ..."."""
    names = cause.operations
    if not names or (len(names) == 1 and cause.subject.startswith(names[0])):
        return ""
    if len(names) == 1:
        return f"in {visible(names[0])}"
    return f"in {len(names):,} operations: {abridged(map(visible, names), shown)}"


def also(cause: Cause) -> list[tuple[Layer, Change, int]]:
    """For each layer the worst change that the lead does not report, and how many more there are."""
    reported = {(c.rule, c.layer, c.before, c.after) for c in (cause.lead, cause.described)}
    by_layer: dict[Layer, list[Change]] = {}
    for change in cause.changes:
        key = (change.rule, change.layer, change.before, change.after)
        if key not in reported and change.severity != "docs":
            reported.add(key)
            by_layer.setdefault(change.layer, []).append(change)
    return [(layer, items[0], len(items) - 1) for layer, items in by_layer.items()]


def by_rule(causes: Iterable[Cause]) -> list[tuple[str, tuple[Cause, ...]]]:
    """The causes by the rule of what leads, the most frequent rule first."""
    grouped: dict[str, list[Cause]] = {}
    for cause in causes:
        grouped.setdefault(cause.rule, []).append(cause)
    return sorted(((rule, tuple(items)) for rule, items in grouped.items()), key=lambda item: -len(item[1]))


def added(item: Cause | Change) -> str:
    """The word for what only the new version has; none where that is a message."""
    change = item.described if isinstance(item, Cause) else item
    return "" if change.identity and item.after == change.after else "added"


def transition(before: str, after: str, arrow: str, removed: str = "removed", added: str = "added") -> str:
    """What `before` became: "text → integer", "added text"; "" where both are empty."""
    if before and after:
        return f"{before} {arrow} {after}"
    return f"{removed} {before}" if before else f"{added} {after}".lstrip() if after else ""


def sources(item: Cause | Change) -> list[tuple[str, str]]:
    """Where each version mentions it: ("old", "specs/example/openapi.yaml:12") and ("new", ...).

    What is gone has only its old place.
    """
    new = item.new if shown_place(item) is item.new else None
    return [(version, str(source)) for version, source in (("old", item.old), ("new", new)) if source]


def visible(text: str, limit: int = 200) -> str:
    """A text of a spec on one line: what does not print is escaped, and what is long is cut."""
    shown = one_line(text[:limit])
    return shown if len(text) <= limit else f"{shown}... ({len(text) - limit:,} more characters)"


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 thing", "1,200 things"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
