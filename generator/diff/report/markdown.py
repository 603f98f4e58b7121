"""The report for a pull request: first what a reviewer must decide on, then, folded, what is for the record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import groupby

from ...python.quoting import cell, code
from ...python.quoting import markdown as quoted
from ..finding import LAYERS, Change, Severity
from ..notice import Notice, Quote
from .model import TITLES, Group, Report, counts, groups, sources, transition, visible, worst_first

ROOM = 60_000
"""Characters. A comment on GitHub holds 65,536; the rest is for whatever a bot adds to it."""
_RESERVED = 2_000
"""Of these, for the titles of sections and the counts of what is left out."""
_WARNINGS = 20
_MARKS: dict[Severity, str] = {"breaking": "🔴", "attention": "🟡", "safe": "🟢", "docs": "⚪"}
_BELOW_ONE = (
    "Below 1.0 semantic versioning promises nothing. The proposal follows the usual convention: the minor number for "
    "what breaks, the patch number for everything else."
)
_HOW_TO_ACCEPT = (
    "To accept a deliberate change, add its rule, its fingerprint and a reason to the provider's `accepted.yaml`. "
    "`python -m generator explain RULE` says what is behind a rule."
)


def markdown(report: Report) -> str:
    """The report as GitHub Flavored Markdown, in at most `ROOM` characters: what does not fit is counted."""
    sections = {layer: groups(report, layer) for layer in LAYERS}
    lines = [*_head(report), *_warnings(report)]
    room = ROOM - _RESERVED - sum(len(line) + 1 for line in lines)
    shown = _what_fits(report, [group for layer_groups in sections.values() for group in layer_groups], room)
    if len(shown) < len(set(report.changes)):
        part = f"{len(shown):,} of {len(report.changes):,} changes, the worst first"
        lines += [f"These are {part}: a comment holds no more. `--format json` has them all.", ""]
    for layer, layer_groups in sections.items():
        lines += _section(TITLES[layer], layer_groups, shown)
    lines += _folded("Accepted", report.accepted, shown)
    lines += _folded("Documentation", report.documentation, shown)
    return "\n".join(lines).rstrip() + "\n"


def _head(report: Report) -> Iterator[str]:
    yield f"## {quoted(report.verdict)}"
    yield ""
    yield f"From {code(visible(report.old))} to {code(visible(report.new))}."
    yield ""
    if report.releases:
        yield "| Package | Release | Version |"
        yield "|---|---|---|"
        for bump in report.releases:
            current, proposed = (version and cell(visible(version)) for version in (bump.current, bump.proposed))
            versions = transition(current, proposed, "→", "ends with", "begins with")
            yield f"| {cell(visible(bump.package))} | **{bump.level}** | {versions} |"
        yield ""
        if any(bump.current.startswith("0.") for bump in report.releases):
            yield _BELOW_ONE
            yield ""
    if report.breaking:
        yield _HOW_TO_ACCEPT
        yield ""


def _warnings(report: Report) -> Iterator[str]:
    if not report.warnings:
        return
    yield "### Warnings"
    yield ""
    for problem in report.warnings[:_WARNINGS]:
        hint = f"; hint: {_sentence(problem.hint)}" if problem.hint else ""
        yield f"- {code(visible(str(problem.source)))} {code(visible(problem.id))}: {_sentence(problem.message)}{hint}"
    if len(report.warnings) > _WARNINGS:
        yield f"- … and {len(report.warnings) - _WARNINGS:,} more."
    yield ""


def _what_fits(report: Report, all_groups: Sequence[Group], room: int) -> Set[Change]:
    """The changes that fit: the open ones, the worst first, then the accepted ones, then documentation."""
    titles = {change: _title(group) for group in all_groups for change in group.changes}
    counted_titles: set[str] = {""}
    shown: set[Change] = set()
    for change in (*worst_first(report.open), *report.accepted, *report.documentation):
        title = titles.get(change, "")
        room -= len(_entry(change, alone=not title)) + 1 + (0 if title in counted_titles else len(title) + 2)
        if room < 0:
            break
        counted_titles.add(title)
        shown.add(change)
    return shown


def _section(title: str, layer_groups: Sequence[Group], shown: Set[Change]) -> Iterator[str]:
    changes = [change for group in layer_groups for change in group.changes]
    if not changes:
        return
    yield f"### {title}: {counts(changes)}"
    yield ""
    for group in layer_groups:
        entries = [_entry(change) for change in group.changes if change in shown]
        if entries:
            yield from (_title(group), "", *entries, "")
    yield from _left_out(changes, shown)


def _folded(title: str, changes: Sequence[Change], shown: Set[Change]) -> Iterator[str]:
    if not changes:
        return
    yield "<details>"
    yield f"<summary>{title}: {len(changes):,}</summary>"
    yield ""
    yield from (_entry(change, alone=True) for change in changes if change in shown)
    yield ""
    yield from _left_out(changes, shown)
    yield "</details>"
    yield ""


def _left_out(changes: Sequence[Change], shown: Set[Change]) -> Iterator[str]:
    if left_out := [change for change in changes if change not in shown]:
        yield f"… and {len(left_out):,} more, left out here: {counts(left_out)}."
        yield ""


def _title(group: Group) -> str:
    package = code(visible(group.package))
    return f"#### {code(visible(group.operation))} of {package}" if group.operation else f"#### {package}"


def _entry(change: Change, alone: bool = False) -> str:
    """An item of a list; `alone`: without its group's title. A backslash ends a line in comments and files alike."""
    place = f"{code(visible(change.rule))} at {code(visible(change.place))}"
    if alone:
        place += "".join(f" of {code(visible(owner))}" for owner in (change.operation, change.package) if owner)
    before, after = (text and code(visible(text)) for text in (change.before, change.after))
    became = transition(before, after, "→")
    lines = [f"- {_MARKS[change.severity]} **{change.severity}** {place}{': ' if became else ''}{became}"]
    if change.notice.pieces:
        lines.append(_notice(change.notice))
    source_lines = [f"{version} {code(visible(source))}" for version, source in sources(change)]
    lines.append(", ".join([*source_lines, f"fingerprint {code(change.fingerprint)}"]))
    if change.accepted:
        lines.append(f"Accepted: {_sentence(change.accepted)}")
    return "\\\n  ".join(lines)


def _notice(notice: Notice) -> str:
    """The sentence on what a caller notices; its quotes as code.

    Neighbors are joined before they are escaped: two code spans side by side are another code span, and what GitHub
    makes links of could be in two pieces.
    """
    markup = ""
    for is_quote, pieces in groupby(filter(str, notice.pieces), lambda piece: isinstance(piece, Quote)):
        text = "".join(piece.text if isinstance(piece, Quote) else piece for piece in pieces)
        markup += code(visible(text)) if is_quote else _sentence(text)
    return _LINE_START.sub("&#8203;", markup)


_LINE_START = re.compile(r"^\s*(?=:?-|[+=]|[0-9]+[.)])")
"""Before what makes a list, a heading or a table of a line that begins with it."""
_INERT = {"@": "@&#8203;", "\\#": "\\#&#8203;", "://": ":&#8203;//", "www.": "www&#8203;.", "$": "<span>$</span>"}
"""What GitHub makes mentions, references, links and formulas of, even where Markdown has escaped it."""


def _sentence(text: str) -> str:
    """Prose that stays prose: no markup, and nobody is mentioned."""
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    inner = quoted(visible(text.strip(), 1_000).replace("&", "&amp;"))
    return (" " if start else "") + re.sub(r"@|\\#|://|www\.|\$", lambda m: _INERT[m[0]], inner) + (" " if end else "")
