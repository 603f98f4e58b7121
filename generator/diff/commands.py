"""What `diff` and `explain` do, apart from printing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from .. import VERSION
from ..document.problems import Problem, Problems, ProblemsFound, Source
from .accepted import check_acceptances
from .bump import bumps, next_version
from .compare import RUNS, compare_versions
from .finding import Change
from .report.explain import explain
from .report.model import PackageBump, Report
from .rules import load_rule, load_rules
from .versions import Versions, read_versions


def difference_report(old: str, new: str) -> Report:
    """The report on two versions, as the command line names them. Raises ProblemsFound."""
    rules = load_rules()
    before, after, warnings = read_versions(old, new)
    changes = compare_versions(before, after, rules)
    problems = Problems(warnings)
    acceptances = [acceptance for version in after.values() for acceptance in version.accepted]
    check_acceptances(changes, acceptances, rules, problems)
    return Report(old, new, tuple(changes), tuple(_package_bumps(changes, before, after)), tuple(problems))


def explanation(name: str) -> str:
    """A rule as text for a terminal. Raises ProblemsFound where no rule has the name."""
    if rule := load_rule(name):
        return explain(rule)
    rules = load_rules()
    close = get_close_matches(name, rules, 3, 0.5) or [id for id in rules if name and name in id][:3]
    hint = f"did you mean {' or '.join(close)}?" if close else f"`diff` names the rule of each change (of {len(rules)})"
    raise ProblemsFound([Problem("unknown-rule", Source("explain"), f"there is no rule {name!r}", hint)])


def _package_bumps(changes: Iterable[Change], old: Versions, new: Versions) -> Iterator[PackageBump]:
    before, after = _packages(old), _packages(new)
    for package, level in bumps(changes, before | after).items():
        current = VERSION if package in before else ""
        proposed = "" if package not in after else next_version(current, level) if current else VERSION
        yield PackageBump(package, level, current, proposed)


def _packages(versions: Versions) -> set[str]:
    """The distributions that a version generates."""
    clients = {version.package.distribution for version in versions.values() if version.package}
    return clients | {RUNS for version in versions.values() if version.unified}
