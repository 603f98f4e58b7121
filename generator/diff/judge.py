"""Findings and rules -> changes: what a difference means, in a sentence and a severity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from ..document.problems import Source
from ..interpreter.fast_dataclasses import dataclass
from .finding import Change, Finding, in_order, shown_place
from .notice import Texts, fill
from .rules import Rule

SIDES = (("client", "a client that was generated before"), ("server", "the new server"))
"""How a notice calls the two, as a rule's `{client}` and `{server}`."""
_LAGGING_SIDES = (("client", "the new client"), ("server", "a server that was not updated"))
Routes = Mapping[str, str]
"""The routes of operations with the names of their variables, by those without."""
_NO_ROUTES: Routes = {}


def judge(
    findings: Iterable[Finding], rules: Mapping[str, Rule], package: str, routes: Routes = _NO_ROUTES
) -> list[Change]:
    """What the findings mean for callers of `package`; an operation that is not in `routes` has no variables."""
    as_change = _Judge(package, routes, SIDES).change
    return [as_change(finding, _rule(finding, rules)) for finding in findings]


def judge_lagging(
    findings: Iterable[Finding], rules: Mapping[str, Rule], package: str, routes: Routes = _NO_ROUTES
) -> Iterator[Change]:
    """What findings of the wire with the sides swapped mean: a client of the new version meets a server of the old one.

    What breaks deserves attention: it lasts until the server is updated, and the new version cannot correct it. What
    works is left out.
    """
    as_change = _Judge(package, routes, _LAGGING_SIDES).change
    for finding in findings:
        change = as_change(finding, _rule(finding, rules))
        if change.severity in ("breaking", "attention"):
            source = change.old or change.new
            yield replace(
                change,
                layer="lagging",
                severity="attention",
                bump="none",
                pointer=source.pointer if source else "",
                # Swapped back: these are the old and the new version.
                old=change.new,
                new=change.old,
                before=change.after,
                after=change.before,
            )


def without_repetitions(changes: Iterable[Change]) -> list[Change]:
    """The changes in order; of those with the same fingerprint, which differ in their lines, only the first."""
    by_fingerprint: dict[str, Change] = {}
    for change in in_order(changes):
        by_fingerprint.setdefault(change.fingerprint, change)
    return list(by_fingerprint.values())


def _rule(finding: Finding, rules: Mapping[str, Rule]) -> Rule:
    try:
        return rules[finding.rule]
    except KeyError:
        # A defect of the generator, which its tests find: every rule that a comparison names is in a table.
        raise LookupError(f"no table in generator/diff/rules has the rule {finding.rule}: {finding}") from None


@dataclass(frozen=True, slots=True)
class _Judge:
    """Makes changes of findings about a package."""

    package: str
    routes: Routes
    sides: Texts
    _pointers: dict[int, tuple[Source, str]] = field(default_factory=dict)
    """The pointers of sources, by their identities: many operations share a source."""

    def change(self, finding: Finding, rule: Rule) -> Change:
        """What a finding means by its rule."""
        quotes = (("place", finding.place), ("before", finding.before), ("after", finding.after))
        return Change(
            rule=rule.id,
            layer=rule.layer,
            severity=rule.severity,
            bump=rule.bump,
            package=self.package,
            operation=self.routes.get(finding.operation, finding.operation),
            place=finding.place,
            pointer=self._pointer(shown_place(finding)),
            old=finding.old,
            new=finding.new,
            before=finding.before,
            after=finding.after,
            notice=fill(rule.notice, self.sides, quotes),
            identity=finding.identity,
            hint=finding.hint,
            follows=finding.follows,
        )

    def _pointer(self, source: Source | None) -> str:
        if source is None:
            return ""
        if id(source) not in self._pointers:
            self._pointers[id(source)] = source, source.pointer
        return self._pointers[id(source)][1]
