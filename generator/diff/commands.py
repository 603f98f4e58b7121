"""What `diff` does, apart from printing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ..document.loading import texts_collected
from ..document.problems import Problems
from ..interpreter.fast_dataclasses import dataclass
from ..versions import FIRST_VERSION
from .accepted import Acceptance, accept, check_acceptances
from .bump import bumps, next_version
from .causes.cause import Cause
from .causes.grouping import group
from .compare import RUNS, compare_versions
from .finding import Change
from .report.model import PackageBump, Report
from .rules import load_rules
from .versions import Versions, read_versions, unread_providers, without_packages


@dataclass(frozen=True, slots=True)
class Comparison:
    """The report on two versions, and what it takes to accept more of it."""

    report: Report
    causes: tuple[Cause, ...]
    """Those of the report, before anything is accepted."""
    acceptances: tuple[Acceptance, ...]
    """What the new version accepts."""
    providers: Versions
    """The new version."""

    def accepting(self, acceptances: Iterable[Acceptance]) -> Report:
        """The report as it is where these are accepted as well."""
        return replace(self.report, causes=accept(self.causes, (*self.acceptances, *acceptances)))


def difference_report(
    old: str, new: str, root: Path | None = None, package: Path | None = None, name: str | None = None
) -> Report:
    """The report on two versions, as the command line names them; see `comparison`."""
    return comparison(old, new, root, package, name).report


def comparison(
    old: str,
    new: str,
    root: Path | None = None,
    package: Path | None = None,
    name: str | None = None,
    old_name: str | None = None,
) -> Comparison:
    """Two versions, as the command line names them, compared; for the other arguments see `read_versions`.

    Raises ProblemsFound.
    """
    rules = load_rules()
    with texts_collected() as texts:
        before, after, warnings = read_versions(
            *(old, new), root=root, package=package, name=name, old_name=old_name, skip_equal=True
        )
    unread = unread_providers(before, after)
    before, after = (without_packages(versions, unread) for versions in (before, after))
    # Any provider may accept any change: the unified model and removed providers have no accepted.yaml, and no two
    # providers have the same fingerprints.
    acceptances = tuple(acceptance for version in after.values() for acceptance in version.accepted)
    changes = compare_versions(before, after, rules)
    causes = tuple(group(changes))
    problems = Problems([*chain.from_iterable(unread.values()), *warnings])
    check_acceptances(causes, acceptances, rules, problems)
    bumps = _package_bumps(changes, before, after)
    report = Report(
        old_name or old, new, accept(causes, acceptances), tuple(bumps), tuple(problems), texts, _calls(before, after)
    )
    report = replace(report, unread=tuple(sorted(unread)))
    return Comparison(report, causes, acceptances, after)


def _calls(*versions: Versions) -> dict[tuple[str, str], str]:
    """The method of each operation, by package and route; the first of the versions that has it tells."""
    calls: dict[tuple[str, str], str] = {}
    packages = [version.package for providers in versions for version in providers.values() if version.package]
    for package in packages:
        for operation in package.api.operations:
            calls.setdefault((package.distribution, operation.route), f"client.{operation.dotted_name}")
    return calls


def _package_bumps(changes: Iterable[Change], old: Versions, new: Versions) -> Iterator[PackageBump]:
    before, after = _packages(old), _packages(new)
    for package, level in bumps(changes, before | after).items():
        current = before.get(package, "")
        proposed = next_version(current, level) if current else after[package]
        yield PackageBump(package, level, current, proposed if package in after else "")


def _packages(versions: Versions) -> dict[str, str]:
    """The distributions that a version generates, with the version of each."""
    packages = {v.distribution: FIRST_VERSION for v in versions.values() if v.distribution}
    packages |= {v.package.distribution: v.package.release.version for v in versions.values() if v.package}
    for version in versions.values():
        if version.unified:
            packages[RUNS] = version.releases.version(RUNS)
    return packages
