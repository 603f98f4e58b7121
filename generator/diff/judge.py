"""Findings and rules -> changes: what a difference means, in a sentence and a severity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .finding import Change, Finding, in_order
from .notice import fill
from .rules import Rule

_SIDES = {"client": "a client that was generated before", "server": "the new server"}
_LAGGING_SIDES = {"client": "the new client", "server": "a server that was not updated"}


def judge(
    findings: Iterable[Finding], rules: Mapping[str, Rule], package: str, *, lagging: bool = False
) -> list[Change]:
    """What the findings mean for callers of `package`.

    `lagging`: the findings are those of the wire with the sides swapped: a client of the new version meets a server of
    the old one. What breaks there is for somebody to look at, as it lasts until the server is updated and nothing in
    the new version can mend it; what works there is not worth a line. `before` and `after` still tell of the old and
    the new version, whichever side is which.
    """
    changes = [_change(finding, _rule(finding, rules), package, lagging) for finding in findings]
    return [change for change in changes if not lagging or change.severity == "attention"]


def without_repetitions(changes: Iterable[Change]) -> list[Change]:
    """The changes in order; of those with the same fingerprint, which stand in several lines, the first."""
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


def _change(finding: Finding, rule: Rule, package: str, lagging: bool) -> Change:
    quotes = {"place": finding.place, "before": finding.before, "after": finding.after}
    notice = fill(rule.notice, _LAGGING_SIDES if lagging else _SIDES, quotes)
    old, new, before, after = finding.old, finding.new, finding.before, finding.after
    severity = rule.severity
    if lagging:
        old, new, before, after = new, old, after, before
        severity = "attention" if severity == "breaking" else severity
    source = new or old
    return Change(
        rule=rule.id,
        layer="lagging" if lagging else rule.layer,
        severity=severity,
        bump="none" if lagging else rule.bump,
        package=package,
        operation=finding.operation,
        place=finding.place,
        pointer=source.pointer if source else "",
        old=old,
        new=new,
        before=before,
        after=after,
        notice=notice,
        identity=finding.identity,
    )
