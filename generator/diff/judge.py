"""Findings and rules -> changes: what a difference means, in a sentence and a severity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..document.problems import Source
from .finding import LAYERS, SEVERITIES, Change, Finding
from .rules import Rule

_SIDES = {"client": "a client that was generated before", "server": "the new server"}
_LAGGING_SIDES = {"client": "the new client", "server": "a server that was not updated"}


def judge(
    findings: Iterable[Finding], rules: Mapping[str, Rule], package: str, *, lagging: bool = False
) -> list[Change]:
    """What the findings mean for callers of `package`, in order, each once.

    `lagging`: the findings are those of the wire with the sides swapped: a client of the new version meets a server of
    the old one. What breaks there is for somebody to look at, as it lasts until the server is updated and nothing in
    the new version can mend it; what works there is not worth a line. `before` and `after` still tell of the old and
    the new version, whichever side is which.
    """
    changes = (_change(finding, _rule(finding, rules), package, lagging) for finding in findings)
    return in_order(change for change in changes if not lagging or change.severity == "attention")


def in_order(changes: Iterable[Change]) -> list[Change]:
    """As a reviewer reads them, whatever the order in which they were found: by layer, the worst first; each once."""
    first: dict[str, Change] = {}
    for change in sorted(changes, key=_key):
        first.setdefault(change.fingerprint, change)
    return list(first.values())


def _rule(finding: Finding, rules: Mapping[str, Rule]) -> Rule:
    try:
        return rules[finding.rule]
    except KeyError:
        # A defect of the generator, which its tests find: every rule that a comparison names is in a table.
        raise LookupError(f"no table in generator/diff/rules has the rule {finding.rule}: {finding}") from None


def _change(finding: Finding, rule: Rule, package: str, lagging: bool) -> Change:
    sides = _LAGGING_SIDES if lagging else _SIDES
    notice = rule.notice.format(
        **sides, place=finding.place, before=finding.before or "nothing", after=finding.after or "nothing"
    )
    if rule.notice.startswith(("{client}", "{server}")):  # what else it begins with may be a name, as it is written
        notice = notice[0].upper() + notice[1:]
    old, new, before, after = finding.old, finding.new, finding.before, finding.after
    severity = rule.severity
    if lagging:
        old, new, before, after = new, old, after, before
        severity = "attention" if severity == "breaking" else severity
    place = new or old
    return Change(
        rule=rule.id,
        layer="lagging" if lagging else rule.layer,
        severity=severity,
        bump="none" if lagging else rule.bump,
        package=package,
        operation=finding.operation,
        place=finding.place,
        pointer=place.pointer if place else "",
        old=old,
        new=new,
        before=before,
        after=after,
        notice=notice,
    )


def _key(change: Change) -> tuple[object, ...]:
    nowhere = Source("")
    return (
        LAYERS.index(change.layer),
        SEVERITIES.index(change.severity),
        *(change.package, change.operation, change.place, change.rule, change.before, change.after),
        *(change.new or nowhere, change.old or nowhere, change.notice),
    )
