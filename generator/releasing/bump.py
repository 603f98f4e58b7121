"""A plan -> the files that make it so: versions.yaml, the core's version, and the changelogs of what is released."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from .. import resources
from ..diff.compare import RUNS
from ..document.loading import parse
from ..document.problems import Problems, ProblemsFound, Source
from ..document.tree import Object
from ..escaping import shown_path
from ..output.rewriting import Rewritten
from ..project.releases import CHANGELOG, VERSIONS
from ..versions import CORE, CORE_FILE, CORE_VERSION
from .changes import CLIENT_PREFIX, ways_to_decide
from .model import NextRelease, Plan
from .notes import with_entry

_HEAD = """\
# The version of each package, and the least versions of our others that it works with: `bump` writes both tables. What
# is not here has never been released; the core has its version in itself. `urls`, for people to write, has pages of all
# packages: {Repository: https://..., Changelog: https://.../{package}/CHANGELOG.md}
"""


def bumped(plan: Plan, specs: Path, date: str) -> list[Rewritten]:
    """The files that have to be written, with their new texts. Raises ProblemsFound, with all that forbids it."""
    problems = Problems()
    if resources.is_installed():
        message = "the core and the templates of an installed generator are released by those who write it"
        hint = "run `python -m generator bump` in a clone of its repository"
        problems.error("release-installed", Source("bump"), message, hint)
    for release in plan.releases:
        _check(release, plan, specs, problems)
    problems.stop_on_errors()
    if not plan.releases:
        return []
    released = [release for release in plan.releases if release.new]
    files = [_with_versions(specs / VERSIONS, plan)]
    for release in released:
        path = _changelog(release.package, specs)
        files.append(Rewritten(path, with_entry(_text(path), release, date)))
        if release.package == CORE:
            path = resources.templates_folder() / CORE_FILE
            files.append(Rewritten(path, CORE_VERSION.sub(f'__version__ = "{release.new}"', _text(path), count=1)))
    return [file for file in files if file.text != _text(file.path)]


def _check(release: NextRelease, plan: Plan, specs: Path, problems: Problems) -> None:
    """Report a version that was already raised or released, and what a person has to decide first."""
    package, old, new = release.package, release.old, release.new
    now, changelog = plan.current.version(package), _changelog(package, specs)
    if old and new and now != old:
        file = f"templates/{CORE_FILE}" if package == CORE else shown_path(specs / VERSIONS)
        hint = "name the revision of its last release with --base; to bump anew, take that back with git first"
        message = f"{package} has the version {now} already, while {plan.base} has {old}"
        problems.error("release-repeated", Source(file), message, hint)
    elif new and re.search(rf"^## {re.escape(new)}(\s|$)", _text(changelog), re.MULTILINE):
        message = f"the changelog has an entry for {new} already"
        problems.error("release-repeated", Source(shown_path(changelog)), message, "a version is released once")
    elif release.undecided:
        message = f"the code of {package} has changed, and no description says what that means for callers"
        problems.error("release-undecided", Source("bump"), message, f"decide: {ways_to_decide(package)}")


def _changelog(package: str, specs: Path) -> Path:
    """Where the changelog of a package is written."""
    templates = resources.templates_folder()
    folders = {CORE: templates / "runtime", RUNS: templates / "normalization"}
    return folders.get(package, specs / package.removeprefix(CLIENT_PREFIX)) / CHANGELOG


def _text(path: Path) -> str:
    return path.read_bytes().decode() if path.is_file() else ""


def _with_versions(path: Path, plan: Plan) -> Rewritten:
    """versions.yaml as it is after the releases; what people wrote in it stays. Raises ProblemsFound."""
    file = shown_path(path)
    versions = {package: plan.versions[package] for package in sorted(plan.versions) if package != CORE}
    expected = {"versions": versions, "needs": plan.needs}
    text = _text(path) or _HEAD
    before = parse(text, file) or Object()
    for key, lines in (("versions", _table(versions)), ("needs", _tables(plan.needs))):
        block = [*lines]
        text = _with_block(text, key, [f"{key}:", *block] if block else [f"{key}: {{}}"])
    after = parse(text, file)
    if after != {**before, **expected}:
        message, hint = "the tables of versions cannot be written into a file of this form", "write it in block style"
        problems = Problems()
        problems.error("versions-shape", Source(file), message, hint)
        raise ProblemsFound(problems)
    return Rewritten(path, text)


def _table(entries: Mapping[str, str], indent: str = "  ") -> Iterator[str]:
    for key, value in entries.items():
        yield f"{indent}{key}: {value}"


def _tables(entries: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for key, table in entries.items():
        yield f"  {key}:"
        yield from _table(table, "    ")


def _with_block(text: str, key: str, block: list[str]) -> str:
    """A YAML text in which an entry of its root is this block, in its old place or else at the end."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(rf"{key}\s*:", line)), len(lines))
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t"):
        end += 1
    while start < end <= len(lines) and not lines[end - 1].strip():
        end -= 1
    return "".join(f"{line}\n" for line in (*lines[:start], *block, *lines[end:]))
