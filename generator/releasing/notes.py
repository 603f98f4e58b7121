"""A plan -> Markdown: what is released next, and why; and the entries of changelogs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..diff.report.markdown import BELOW_ONE
from ..diff.report.model import transition
from ..python.quoting import code
from .model import NextRelease, Plan


def notes(plan: Plan) -> str:
    """What is released next, by package."""
    lines = [*_head(plan)]
    for release in plan.releases:
        lines += _section(release)
    if plan.unchanged:
        lines += [f"Without a new version: {', '.join(map(code, plan.unchanged))}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _head(plan: Plan) -> Iterator[str]:
    yield f"# Releases since {code(plan.base)}"
    yield ""
    if not plan.releases:
        yield "Nothing has changed in any package."
        yield ""
        return
    yield "| Package | Release | Version |"
    yield "|---|---|---|"
    for release in plan.releases:
        yield f"| {code(release.package)} | {_kind(release)} | {_versions(release)} |"
    yield ""
    if any(release.old.startswith("0.") for release in plan.releases):
        yield BELOW_ONE
        yield ""
    if plan.uncommitted:
        yield "Changes that are not committed yet are a part of this."
        yield ""


def _kind(release: NextRelease) -> str:
    """What kind of release it is, for people."""
    if release.undecided:
        return f"at least **{release.level}**"
    return "new" if not release.old else "removed" if not release.new else f"**{release.level}**"


def _versions(release: NextRelease) -> str:
    return transition(release.old, release.new, "→", "ends with", "begins with")


def _section(release: NextRelease) -> Iterator[str]:
    """The section of a package: its versions, what to know, and the entry of its changelog."""
    yield f"## {code(release.package)} {release.new}".rstrip()
    yield ""
    yield f"{_kind(release)[0].upper()}{_kind(release)[1:]}: {_versions(release)}."
    yield ""
    for remark in release.remarks:
        yield remark
        yield ""
    if release.entries:
        yield from items(release.entries)
        yield ""


def items(entries: Sequence[str]) -> list[str]:
    """The items of a list in Markdown."""
    return [f"- {entry}" for entry in entries]


def with_entry(changelog: str, release: NextRelease, date: str) -> str:
    """The text of a changelog with the entry of a release above those of earlier ones; without a text, a new one."""
    title, *entries = re.split("^(?=## )", changelog, flags=re.MULTILINE)
    title = title.strip() or f"# Changelog of {release.package}"
    entry = "\n".join([f"## {release.new} ({date})", "", *items(release.entries), "", ""])
    return f"{title}\n\n{entry}{''.join(entries)}".rstrip() + "\n"
