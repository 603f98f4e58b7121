"""What has changed in one package, by `diff` and by its generated files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import resources
from ..diff.compare import RUNS
from ..diff.finding import BUMPS, Bump
from ..diff.report.model import Report
from ..document.problems import abridged
from ..interpreter.fast_dataclasses import dataclass
from ..normalization.render.package import MODULE
from ..python.quoting import code
from ..versions import CORE
from .entries import api_entries, commit_entries, name_entries
from .released import Released, public_names

_MODULES = {CORE: "workflow_client_core", RUNS: MODULE}
"""The packages with modules that are written by hand, of which no description tells, and their names for imports."""
_TEMPLATES = {CORE: "runtime", RUNS: "normalization"}
"""The folders of the templates from which these modules are copied."""
CLIENT_PREFIX = "workflow-client-"
"""What the names of providers' packages begin with, before the name of the provider."""
_SHOWN = 5
_OTHERWISE = "If callers notice more than a fix, say so: `bump --minor` or `bump --major`."


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in a package: see `NextRelease`."""

    level: Bump
    entries: Sequence[str]
    remarks: tuple[str, ...] = ()
    undecided: bool = False


def changes_of(package: str, released: Released, report: Report, texts: Mapping[str, str]) -> Changes:
    """What has changed in a package since a revision; `texts` are the files that are generated now."""
    level: Bump = next((bump.level for bump in report.bumps if bump.package == package), "none")
    entries, changed = api_entries(report, package), released.changed(package, texts)
    if package in _MODULES:
        return _with_code(package, Changes(level, entries), changed, released, texts)
    if not changed or level != "none":
        return Changes(level, entries)
    if package.removeprefix(CLIENT_PREFIX) in report.unread:
        return Changes("patch", [f"Changed, without a comparison: {_listed(changed)}."])
    remark = f"Its API has not changed, but {len(changed)} of its files have: {_listed(changed)}. {_OTHERWISE}"
    return Changes("patch", ["Generated anew: nothing of the API has changed."], (remark,))


def _with_code(
    package: str, reported: Changes, changed: Sequence[str], released: Released, texts: Mapping[str, str]
) -> Changes:
    """What has changed in a package whose modules are, for a part, written by hand."""
    path = f"{package}/{_MODULES[package]}/__init__.py"
    before, after = public_names(released.text(path)), public_names(texts[path])
    by_names: Bump = "major" if before - after else "minor" if after - before else "none"
    level = largest(reported.level, by_names, "patch" if changed else "none")
    entries = [*reported.entries, *name_entries(before - after, after - before)]
    folder = resources.templates_folder() / _TEMPLATES[package]
    by_hand = [path for path in changed if path.endswith(".py") and _is_copied(package, path, folder, texts)]
    if by_hand:
        entries += commit_entries(released.subjects(folder)) or [f"Changed: {_listed(by_hand)}."]
    if changed and not entries:
        entries = ["Generated anew: nothing of its code has changed."]
    if not by_hand or level == "major":
        return Changes(level, entries)
    remark = f"Code has changed, and no description says what that means for callers: {_listed(by_hand)}."
    return Changes(level, entries, (f"{remark} Decide with `bump`: {ways_to_decide(package)}.",), undecided=True)


def ways_to_decide(package: str) -> str:
    """The options by which a person says what kind of release it is."""
    return f"`--patch {package}`, or `--minor` (it offers more), or `--major` (it breaks callers)"


def _is_copied(package: str, path: str, folder: Path, texts: Mapping[str, str]) -> bool:
    """Whether a module of a package is copied from `folder`, or is no longer there."""
    return f"{package}/{path}" not in texts or (folder / path).exists()


def _listed(paths: Sequence[str]) -> str:
    return abridged(map(code, paths), _SHOWN)


def largest(*levels: Bump) -> Bump:
    """The largest of several kinds of releases."""
    return min(levels, key=BUMPS.index)
