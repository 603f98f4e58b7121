"""A revision, and what a person decides -> the next release of each package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path

from .. import resources
from ..diff.bump import next_version
from ..diff.commands import difference_report
from ..diff.compare import RUNS
from ..diff.finding import Bump
from ..diff.report.model import Report
from ..document.field_reader import name_hint
from ..document.problems import Problems, Source
from ..escaping import shown_path
from ..interpreter.fast_dataclasses import dataclass
from ..output.formatting import formatted
from ..output.section import FILE
from ..project.files import generated_files
from ..project.releases import Releases, read_releases
from ..python.quoting import code
from ..versions import CORE, is_compatible, numbers
from .changes import CLIENT_PREFIX, changes_of, largest, ways_to_decide
from .model import Decisions, NextRelease, Plan
from .released import Released, project_of, released_at


def plan(base: str, specs: Path, out: Path, decisions: Decisions) -> Plan:
    """The next releases of the packages in `out`, since the revision `base`. Raises ProblemsFound."""
    released = released_at(base, out)
    _check_names(decisions, released, specs)
    report = difference_report(f"{base}:{released.repository.path_below_root(specs)}", shown_path(specs))
    problems = Problems()
    _check_unread(report, decisions, problems)
    current = read_releases(specs, shown_path(specs), problems)
    texts = generated_files(specs, problems)
    problems.stop_on_errors()
    problems.clear()  # of warnings, which `make generate` prints
    planner = _Planner(released, report, formatted(texts), current, decisions, problems)
    releases = [planner.release(package) for package in planner.in_order]
    problems.stop_on_errors()
    removed = [NextRelease(package, "none", released.versions[package], "") for package in planner.removed]
    return Plan(
        base,
        tuple(release for release in (*releases, *removed) if release.old != release.new),
        tuple(release.package for release in releases if release.old == release.new),
        versions=planner.versions,
        needs={package: planner.needs(package) for package in sorted(planner.packages) if planner.uses[package]},
        current=current,
        uncommitted=released.uncommitted(specs, resources.templates_folder(), resources.package_folder()),
    )


@dataclass(frozen=True)
class _Planner:
    """Plans one package after the other: first those that others use."""

    released: Released
    report: Report
    texts: Mapping[str, str]
    current: Releases
    decisions: Decisions
    problems: Problems
    versions: dict[str, str] = field(default_factory=dict)
    """The versions of packages that have been planned."""
    levels: dict[str, Bump] = field(default_factory=dict)

    @cached_property
    def packages(self) -> set[str]:
        """The packages that are generated now."""
        return {path.partition("/")[0] for path in self.texts if path.count("/") == 1 and path.endswith(FILE)}

    @property
    def removed(self) -> list[str]:
        """The packages that are no longer generated."""
        return sorted(self.released.versions.keys() - self.packages)

    @property
    def in_order(self) -> list[str]:
        """The packages; each comes after those that it uses."""
        return sorted(self.packages, key=lambda package: (package != CORE, package == RUNS, package))

    @cached_property
    def uses(self) -> dict[str, list[str]]:
        """For each package those of our others that it asks for."""
        uses = dict[str, list[str]]()
        for package in self.packages:
            project = project_of(self.texts[f"{package}/{FILE}"])
            extras = project.get("optional-dependencies", {}).values()
            texts = [*project["dependencies"], *(text for extra in extras for text in extra)]
            names = {text.partition(">=")[0].partition("[")[0] for text in texts}
            uses[package] = sorted(names & self.packages)
        return uses

    def release(self, package: str) -> NextRelease:
        """The next release of a package, which is then planned."""
        old = self.released.versions.get(package, "")
        if not old:
            return self._planned(
                NextRelease(package, "none", "", self.current.version(package), ("The first version.",))
            )
        changes = changes_of(package, self.released, self.report, self.texts)
        required = largest(changes.level, *(level for level, _ in self._needed(package)))
        decided = self.decisions.kinds.get(package, required)
        if largest(decided, required) != decided:
            hint = "`release-notes` says why: name a larger kind, or none"
            message = f"the next release of {package} is at least {required}"
            self.problems.error("release-kind", Source(f"--{decided}"), message, hint)
        is_decided = package in self.decisions.kinds or package in self.decisions.versions
        remarks = () if is_decided and changes.undecided else changes.remarks
        entries = (*changes.entries, *(entry for _, entry in self._needed(package))) or ("Nothing but the version.",)
        release = NextRelease(package, decided, old, next_version(old, decided), entries, remarks)
        return self._planned(replace(release, undecided=changes.undecided and not is_decided))

    def _planned(self, release: NextRelease) -> NextRelease:
        """The release, in the version that a person has decided."""
        package = release.package
        if version := self.decisions.versions.get(package):
            least = release.new if release.new != release.old else next_version(release.old, "patch")
            if numbers(version) < numbers(least):
                message = f"the next version of {package} is at least {least}, not {version}"
                self.problems.error("release-version", Source("--to"), message)
            says_break = release.level != "none" and not is_compatible(release.old, version)
            release = replace(release, new=version, level="major" if says_break else largest(release.level, "patch"))
        self.versions[package], self.levels[package] = release.new, release.level
        return release

    def _needed(self, package: str) -> Iterator[tuple[Bump, str]]:
        """The kind of release that a new version of another package asks for, where this one does not work with it.

        What the core changes for callers, its clients change for theirs: its errors and options are theirs, too.
        """
        for used in self.uses[package]:
            least, new = self._least(package, used), self.versions[used]
            if new != least and not is_compatible(least, new):
                level = self.levels[used] if used == CORE else "minor"
                yield level, f"Works with {code(used)} {new} and later, no longer with {least}."

    def _least(self, package: str, used: str) -> str:
        """The least version of another package that a package works with now."""
        known = self.current.needs.get(package, {}).get(used) or self.released.versions.get(used)
        return known or self.versions[used]

    def needs(self, package: str) -> dict[str, str]:
        """The least versions of others that a package works with after the releases, all of which are planned."""
        is_released = self.versions[package] != self.released.versions.get(package)
        return {used: self.versions[used] if is_released else self._least(package, used) for used in self.uses[package]}


def _check_unread(report: Report, decisions: Decisions, problems: Problems) -> None:
    """Report providers that cannot be compared, unless a person says what kind of release theirs is."""
    packages = [f"{CLIENT_PREFIX}{name}" for name in report.unread]
    for package in (name for name in packages if name not in decisions.kinds and name not in decisions.versions):
        message = f"{package} cannot be compared, as {report.old} or {report.new} cannot be read"
        hint = f"correct it; where it is {report.old}, decide with `bump`: {ways_to_decide(package)}"
        problems.error("release-unread", Source("bump"), message, hint)
    if problems:
        problems += report.errors
    problems.stop_on_errors()


def _check_names(decisions: Decisions, released: Released, specs: Path) -> None:
    """Report packages that a person decides on, and that are not generated. Raises ProblemsFound."""
    problems, providers = Problems(), [folder.name for folder in specs.glob("*/")]
    packages = {CORE, RUNS, *released.versions, *(f"{CLIENT_PREFIX}{provider}" for provider in providers)}
    for option, names in (("--to", decisions.versions), *((f"--{kind}", [p]) for p, kind in decisions.kinds.items())):
        for name in names:
            if name not in packages:
                hint = name_hint(name, [*packages])
                problems.error("release-kind", Source(option), f"there is no package {name!r}", hint)
    problems.stop_on_errors()
