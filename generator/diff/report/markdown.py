"""The report for a pull request: first what a reviewer must decide on, then, folded, what is for the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from ... import PROGRAM
from ...document.problems import abridged
from ...python.quoting import cell, code
from ...python.quoting import markdown as quoted
from ..causes.cause import Cause
from ..finding import Severity
from ..notice import Notice, Quote
from .model import TITLES, Report, added, also, by_rule, felt_in, sources, summary, transition, visible

ROOM = 60_000
"""Characters. A comment on GitHub holds 65,536; the rest is for whatever a bot adds to it."""
_RESERVED = 2_000
"""Of these, for the titles of sections and the counts of what is left out."""
_WARNINGS = 20
_FIRST = 7
"""Things to decide that the report begins with."""
_RULES = 10
_EXAMPLES = 3
_MARKS: dict[Severity, str] = {"breaking": "🔴", "attention": "🟡", "safe": "🟢", "docs": "⚪"}
BELOW_ONE = (
    "Below 1.0 semantic versioning promises nothing. The proposal follows the usual convention: the minor number for "
    "what breaks, the patch number for everything else."
)
_HOW_TO_ACCEPT = (
    "To accept a deliberate change, run `diff` with `--accept FINGERPRINT --reason TEXT`, and commit `accepted.yaml`. "
    f"`{PROGRAM} explain RULE` says what is behind a rule."
)


def markdown(report: Report, *, everything: bool = False) -> str:
    """The report as GitHub Flavored Markdown, in at most `ROOM` characters, whatever its size.

    What breaks is never left out as long as a line for each fits; `everything`: whether to list what needs no decision.
    """
    lines = [*_head(report), *_warnings(report)]
    room = _Room(ROOM - _RESERVED - _size(lines))
    lines += _decided("Breaking", report.breaking, room, reserved=_size(map(_brief, report.attention)))
    lines += _decided("Attention", report.attention, room)
    lines += _listed("Safe", report.safe, room) if everything else _counted("Safe", report.safe)
    lines += _listed("Accepted", report.accepted, room)
    lines += (
        _listed("Documentation", report.documentation, room)
        if everything
        else _counted("Documentation", report.documentation)
    )
    return "\n".join(lines).rstrip() + "\n"


@dataclass(slots=True)
class _Room:
    """The characters that are left."""

    left: int

    def take(self, text: str) -> bool:
        """Whether a text fits; if it does, it takes its characters."""
        fits = len(text) + 1 <= self.left
        self.left -= len(text) + 1 if fits else 0
        return fits


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _head(report: Report) -> Iterator[str]:
    yield f"## {quoted(report.verdict)}"
    yield ""
    if len(report.decisions) > 1:
        for number, cause in enumerate(report.decisions[:_FIRST], 1):
            yield f"{number}. {_MARKS[cause.severity]} {code(summary(cause, '→'))}"
        if len(report.decisions) > _FIRST:
            yield f"{_FIRST + 1}. … and {len(report.decisions) - _FIRST:,} more, below"
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
            yield BELOW_ONE
            yield ""
    if report.breaking:
        yield _HOW_TO_ACCEPT
        yield ""


def _warnings(report: Report) -> Iterator[str]:
    if not report.warnings:
        return
    yield "### Errors and warnings" if report.errors else "### Warnings"
    yield ""
    for problem in report.warnings[:_WARNINGS]:
        hint = f"; hint: {sentence_markup(problem.hint)}" if problem.hint else ""
        where = f"{code(visible(str(problem.source)))} {code(visible(problem.id))}"
        label = "**error** " if problem.severity == "error" else ""
        yield f"- {label}{where}: {sentence_markup(problem.message)}{hint}"
    if len(report.warnings) > _WARNINGS:
        yield f"- … and {len(report.warnings) - _WARNINGS:,} more."
    yield ""


def _decided(title: str, causes: Sequence[Cause], room: _Room, reserved: int = 0) -> Iterator[str]:
    """What a person has to decide on: as many as fit in detail, after a line for each of the others."""
    if not causes:
        return
    yield f"### {title}: {len(causes):,}"
    yield ""
    brief = [_brief(cause) for cause in causes]
    spare = room.left - reserved - _size(brief)
    shown = 0
    for cause, line in zip(causes, brief, strict=True):
        entry = _entry(cause)
        spare -= len(entry) - len(line)
        text = entry if spare >= 0 else line
        if not room.take(text):
            break
        shown += 1
        yield text
    if shown < len(causes):
        yield f"- … and {len(causes) - shown:,} more: a comment holds no more. `--format json` has them all."
    yield ""


def _counted(title: str, causes: Sequence[Cause]) -> Iterator[str]:
    """Causes that need no decision, counted by rule."""
    if not causes:
        return
    yield "<details>"
    yield f"<summary>{title}: {len(causes):,}</summary>"
    yield ""
    rules = by_rule(causes)
    for rule, items in rules[:_RULES]:
        examples = abridged((code(visible(cause.title, 100)) for cause in items), _EXAMPLES)
        yield f"- {len(items):,} {code(visible(rule))}: {examples}"
    if len(rules) > _RULES:
        yield f"- … and {sum(len(items) for _, items in rules[_RULES:]):,} by {len(rules) - _RULES} more rules"
    yield ""
    yield "</details>"
    yield ""


def _listed(title: str, causes: Sequence[Cause], room: _Room) -> Iterator[str]:
    if not causes:
        return
    yield "<details>"
    yield f"<summary>{title}: {len(causes):,}</summary>"
    yield ""
    entries = list(takewhile(room.take, map(_entry, causes)))
    yield from entries
    if len(entries) < len(causes):
        yield f"- … and {len(causes) - len(entries):,} more, left out here."
    yield ""
    yield "</details>"
    yield ""


def _brief(cause: Cause) -> str:
    """A cause in a line."""
    return (
        f"- {_MARKS[cause.severity]} {code(visible(cause.rule))} {code(summary(cause, '→'))} {code(cause.fingerprint)}"
    )


def _entry(cause: Cause) -> str:
    """A cause as an item of a list. A backslash ends a line in comments and files alike."""
    before, after = (text and code(visible(text)) for text in (cause.before, cause.after))
    became = transition(before, after, "→", added=added(cause))
    packages = "" if len(cause.packages) > 1 else f" of {code(visible(cause.packages[0]))}"
    head = f"- {_MARKS[cause.severity]} **{cause.severity}** {code(visible(cause.subject))}{packages}"
    lines = [f"{head}: {became}" if became else head]
    if where := felt_in(cause):
        lines.append(code(where))
    if cause.notice.pieces:
        lines.append(notice_markup(cause.notice))
    if cause.hint:
        lines.append(f"Hint: {sentence_markup(cause.hint)}")
    lines += _also(cause)
    source_lines = [f"{version} {code(visible(source))}" for version, source in sources(cause)]
    lines.append(", ".join([*source_lines, f"{code(visible(cause.rule))} {code(cause.fingerprint)}"]))
    if cause.accepted:
        lines.append(f"Accepted: {sentence_markup(cause.accepted)}")
    return "\\\n  ".join(lines)


def _also(cause: Cause) -> Iterator[str]:
    """A line for each layer in which something else is felt."""
    for layer, change, more in also(cause):
        before, after = (text and code(visible(text, 100)) for text in (change.before, change.after))
        became = transition(before, after, "→", added=added(change))
        further = f" (and {more:,} more)" if more else ""
        yield f"{TITLES[layer]}: {code(visible(change.place))}{' ' if became else ''}{became}{further}"


def notice_markup(notice: Notice) -> str:
    """The sentence on what a caller notices; its quotes as code.

    Neighbors are joined before they are escaped: two code spans side by side are another code span, and what GitHub
    makes links of could be in two pieces.
    """
    markup = ""
    for is_quote, pieces in groupby(filter(str, notice.pieces), lambda piece: isinstance(piece, Quote)):
        text = "".join(piece.text if isinstance(piece, Quote) else piece for piece in pieces)
        markup += code(visible(text)) if is_quote else sentence_markup(text)
    return _LINE_START.sub("&#8203;", markup)


_LINE_START = re.compile(r"^\s*(?=:?-|[+=]|[0-9]+[.)])")
"""Before what makes a list, a heading or a table of a line that begins with it."""
_INERT = {"@": "@&#8203;", "\\#": "\\#&#8203;", "://": ":&#8203;//", "www.": "www&#8203;.", "$": "<span>$</span>"}
"""What GitHub makes mentions, references, links and formulas of, even where Markdown has escaped it."""


def sentence_markup(text: str) -> str:
    """Prose that stays prose: no markup, and nobody is mentioned."""
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    inner = quoted(visible(text.strip(), 1_000).replace("&", "&amp;"))
    return (" " if start else "") + re.sub(r"@|\\#|://|www\.|\$", lambda m: _INERT[m[0]], inner) + (" " if end else "")
