"""`release-notes` and `bump`: the next versions of the packages of a repository, for its maintainers."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Annotated

import typer

from .. import GENERATE
from ..document.problems import Problems, Source
from ..escaping import shown_path
from ..printing import show, show_problems, show_report
from .options import REPOSITORY, Out, Specs, Texts

if TYPE_CHECKING:
    from ..diff.finding import Bump
    from ..releasing.model import Decisions

Base = Annotated[str, typer.Option(metavar="REV", help="The revision of the last releases, such as a tag.")]
Major = Annotated[Texts, typer.Option(metavar="PACKAGE", help="This package breaks callers; may be repeated.")]
Minor = Annotated[Texts, typer.Option(metavar="PACKAGE", help="This package offers more than before.")]
Patch = Annotated[Texts, typer.Option(metavar="PACKAGE", help="Nothing but corrections in this package.")]
To = Annotated[Texts, typer.Option(metavar="PACKAGE=VERSION", help="The next version of a package, such as 1.0.0.")]


def release_notes(
    base: Base = "origin/main", specs: Specs = REPOSITORY / "specs", out: Out = REPOSITORY / "generated"
) -> None:
    """Draft what is released next, as Markdown: for each package its version and the entry of its changelog."""
    from ..releasing.model import Decisions
    from ..releasing.notes import notes
    from ..releasing.plan import plan

    show_report(notes(plan(base, specs, out, Decisions())))


def bump(
    base: Base,
    major: Major = None,
    minor: Minor = None,
    patch: Patch = None,
    to: To = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The date in changelogs.", show_default="today")
    ] = None,
    specs: Specs = REPOSITORY / "specs",
    out: Out = REPOSITORY / "generated",
) -> None:
    """Write the next version of each package that has changed, and the draft of its changelog: all, or nothing."""
    from ..output.rewriting import rewrite
    from ..releasing.bump import bumped
    from ..releasing.plan import plan

    problems = Problems()
    decisions = _decisions({"major": major, "minor": minor, "patch": patch}, to or [], problems)
    day = _day(date, problems)
    show_problems(problems)
    planned = plan(base, specs, out, decisions)
    files = bumped(planned, specs, day)
    rewrite(files)
    for release in planned.releases:
        versions = " -> ".join(filter(None, (release.old, release.new))) if release.new else f"{release.old}, removed"
        show(f"{release.package}: {versions}")
    if not files:
        show("Nothing has changed in any package.")
        return
    for file in files:
        show(f"changed {shown_path(file.path)}")
    show(f"The changelogs are drafts: edit them. Then run `{GENERATE}`, and commit all of it.")


def _decisions(kinds: dict[Bump, Texts], versions: list[str], problems: Problems) -> Decisions:
    """What the options decide; a package on which two of them do is a problem."""
    from ..releasing.model import Decisions
    from ..versions import VERSION_PATTERN

    of_kinds: dict[str, Bump] = {}
    for kind, packages in kinds.items():
        for package in packages or ():
            if of_kinds.setdefault(package, kind) != kind:
                message = f"{package} is --{of_kinds[package]} already"
                problems.error("release-kind", Source(f"--{kind}"), message, "name it once")
    of_versions = dict[str, str]()
    for text in versions:
        package, _, version = text.partition("=")
        if not VERSION_PATTERN.fullmatch(version):
            hint = "write workflow-client-example=1.0.0, such as"
            problems.error("release-version", Source("--to"), f"{text!r} is not PACKAGE=VERSION", hint)
        elif of_versions.setdefault(package, version) != version:
            problems.error("release-version", Source("--to"), f"{package} has two versions", "name it once")
    return Decisions(of_kinds, of_versions)


def _day(text: str | None, problems: Problems) -> str:
    """The date as changelogs have it: the given one, or that of today in UTC."""
    if text is None:
        return datetime.datetime.now(datetime.UTC).date().isoformat()
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    problems.error("release-date", Source("--date"), f"{text!r} is not a date", "write 2026-11-29, such as")
    return ""
