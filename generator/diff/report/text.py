"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...document.problems import Problem, abridged
from ...escaping import one_line
from ..causes.cause import Cause
from ..finding import Change
from .model import (
    TITLES,
    PackageBump,
    Report,
    added,
    also,
    by_rule,
    counted,
    felt_in,
    sources,
    summary,
    transition,
    visible,
)

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"breaking": "bold red", "attention": "yellow", "safe": "green", "docs": "dim"}
_ENDLESS = 1_000_000
"""Columns without a terminal: lines are not broken, so that none begins with a piece of a spec."""
_FIRST = 7
"""Things to decide that the report begins with."""
_PAGE = 18
"""Lines for things to decide in detail; the others have a line or two."""
_BREAKING = 120
"""Things that break callers that are listed, unless everything is."""
_ACCEPTED = 10
_WARNINGS = 5
_RULES = 6
_EXAMPLES = 3
_Line = tuple[int, tuple[str | tuple[str, str], ...]]
"""Indentation, and texts with their styles."""


def text(report: Report, console: Console | None = None, *, everything: bool = False) -> str:
    """The report for `console`, by default standard output; only a terminal gets colors, and lines of its width.

    `everything`: whether to list also what needs no decision, and all that is felt of each cause.
    """
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    if console is None:
        console = Console()
        if not console.file.isatty():  # for rich a log is a terminal, too, where FORCE_COLOR is set
            console = Console(width=_ENDLESS, force_terminal=console.is_terminal)
    with console.capture() as captured:
        for indent, parts in _lines(report, everything):
            console.print(
                Padding(Text.assemble(*map(_escaped, parts)), (0, 0, 0, indent), expand=False) if parts else ""
            )
    shown = captured.get()
    return shown.encode(console.encoding, "backslashreplace").decode(console.encoding)


def in_file(report: Report, *, everything: bool = False) -> str:
    """The report without colors, in UTF-8, its lines as long as they are."""
    from io import StringIO

    from rich.console import Console

    return text(
        report, Console(file=StringIO(), width=_ENDLESS, force_terminal=False, color_system=None), everything=everything
    )


def _escaped(part: str | tuple[str, str]) -> str | tuple[str, str]:
    return one_line(part) if isinstance(part, str) else (one_line(part[0]), part[1])


def _lines(report: Report, everything: bool) -> Iterator[_Line]:
    yield 0, ((report.verdict, "bold red" if report.breaking or report.unread else "bold"),)
    if len(report.decisions) > 1:
        yield from _decisions(report.decisions)
    yield 0, (f"{visible(report.old)} -> {visible(report.new)}",)
    yield from map(_release, report.releases)
    warnings = report.warnings if everything else report.warnings[:_WARNINGS]
    for problem in warnings:
        yield from _warning(problem)
    if len(warnings) < len(report.warnings):
        yield 2, (f"... and {counted(len(report.warnings) - len(warnings), 'more warning')}; --all lists them",)
    yield from _details(report, everything)
    yield from _folded("Safe", report.safe, everything)
    if report.accepted:
        yield from _title(f"Accepted: {len(report.accepted):,}")
        shown = report.accepted if everything else report.accepted[:_ACCEPTED]
        for cause in shown:
            yield _brief(cause)
            yield 4, (f"accepted: {visible(cause.accepted, 1_000)}",)
        yield from _more(len(report.accepted) - len(shown))
    if everything:
        yield from _folded("Documentation", report.documentation, everything)
    elif report.documentation:
        yield from _title(f"Documentation: {len(report.documentation):,}  (--all lists them)")


def _decisions(causes: Sequence[Cause]) -> Iterator[_Line]:
    """The first things to decide, a line for each."""
    for number, cause in enumerate(causes[:_FIRST], 1):
        yield 2, (f"{number}. ", (cause.severity, _STYLES[cause.severity]), f"  {summary(cause)}")
    if len(causes) > _FIRST:
        yield 2, (f"... and {len(causes) - _FIRST:,} more, below",)


def _details(report: Report, everything: bool) -> Iterator[_Line]:
    """What breaks, then what deserves attention: as many in detail as a page has room for."""
    room = _PAGE
    for title, causes in (("Breaking", report.breaking), ("Attention", report.attention)):
        if causes:
            yield from _title(f"{title}: {len(causes):,}")
        brief = list[Cause]()
        for cause in causes:
            entry = list(_cause(cause, everything))
            room -= len(entry)
            if everything or room >= 0:
                yield from entry
            else:
                brief.append(cause)
        yield from _briefly(brief)


def _briefly(causes: Sequence[Cause]) -> Iterator[_Line]:
    """Causes in a line or two each: first what breaks; of what deserves attention by one rule, many are a line."""
    breaking = [cause for cause in causes if cause.severity == "breaking"]
    for cause in breaking[:_BREAKING]:
        yield _brief(cause)
        if cause.notice.pieces:
            yield 4, (visible(str(cause.notice), 1_000),)
    yield from _more(len(breaking) - _BREAKING)
    for rule, items in by_rule(cause for cause in causes if cause.severity != "breaking"):
        if len(items) > _EXAMPLES:
            yield _counted(rule, items)
        else:
            yield from map(_brief, items)


def _counted(rule: str, causes: Sequence[Cause]) -> _Line:
    """Causes with the same rule in a line: their number, and examples."""
    examples = abridged((visible(cause.title) for cause in causes), _EXAMPLES)
    where = " on servers that were not updated" if all(cause.lead.layer == "lagging" for cause in causes) else ""
    return 2, (f"{len(causes):,} ", (visible(rule), "dim"), f"{where}  {examples}")


def _more(number: int) -> Iterator[_Line]:
    if number > 0:
        yield 2, (f"... and {number:,} more; --all lists them",)


def _folded(title: str, causes: Sequence[Cause], everything: bool) -> Iterator[_Line]:
    """Causes that need no decision: counted by rule, with examples."""
    if not causes:
        return
    yield from _title(f"{title}: {len(causes):,}{'' if everything else '  (--all lists them)'}")
    if everything:
        for cause in causes:
            yield from _cause(cause, everything)
        return
    rules = by_rule(causes)
    for rule, items in rules[:_RULES]:
        yield _counted(rule, items)
    if len(rules) > _RULES:
        yield 2, (f"... and {sum(len(items) for _, items in rules[_RULES:]):,} by {len(rules) - _RULES} more rules",)


def _release(bump: PackageBump) -> _Line:
    versions = transition(visible(bump.current), visible(bump.proposed), "->", "ends with", "begins with")
    return 2, (f"{visible(bump.package)}: ", (bump.level, "bold"), f" ({versions})" if versions else "")


def _warning(problem: Problem) -> Iterator[_Line]:
    message = f"[{visible(problem.id)}]: {visible(problem.message, 1_000)}"
    label = (problem.severity, "red" if problem.severity == "error" else "yellow")
    yield 0, (f"{visible(str(problem.source))}: ", label, message)
    if problem.hint:
        yield 4, (f"hint: {visible(problem.hint, 1_000)}",)


def _title(title: str) -> Iterator[_Line]:
    yield 0, ()
    yield 0, ((title, "bold underline"),)


def _brief(cause: Cause) -> _Line:
    severity = (cause.severity, _STYLES[cause.severity])
    return 2, (severity, f"  {summary(cause)}  ", (f"{visible(cause.rule)} {cause.fingerprint}", "dim"))


def _cause(cause: Cause, everything: bool) -> Iterator[_Line]:
    """A cause in at most five lines, or with everything that is felt of it."""
    subject = (visible(cause.title), "bold")
    became = transition(visible(cause.before), visible(cause.after), "->", added=added(cause))
    yield 2, ((cause.severity, _STYLES[cause.severity]), "  ", subject, f": {became}" if became else "")
    if cause.notice.pieces:
        yield 4, (visible(str(cause.notice), 1_000),)
    if cause.hint:
        yield 4, (f"hint: {visible(cause.hint, 1_000)}",)
    where = felt_in(cause, len(cause.operations) if everything else 3)
    felt = "; ".join([where] * bool(where) + ([] if everything else [*_also(cause)]))
    if felt:
        yield 4, (felt,)
    if everything:
        yield from (_change(change) for change in cause.changes if change is not cause.lead)
    lines = ", ".join(f"{version} {visible(source)}" for version, source in sources(cause))
    yield 4, (f"{lines}  " if lines else "", (f"{visible(cause.rule)} {cause.fingerprint}", "dim"))
    if cause.accepted:
        yield 4, (f"accepted: {visible(cause.accepted, 1_000)}",)


def _also(cause: Cause) -> Iterator[str]:
    """What else is felt, in a few words for each layer."""
    for layer, change, more in also(cause):
        became = transition(visible(change.before, 60), visible(change.after, 60), "->", added=added(change))
        further = f"(and {more:,} more)" if more else ""
        yield " ".join(filter(None, (f"{TITLES[layer]}: {visible(change.place)}", became, further)))


def _change(change: Change) -> _Line:
    place = " ".join(part for part in (visible(change.operation), visible(change.place)) if part)
    became = transition(visible(change.before), visible(change.after), "->", added=added(change))
    text = f"{TITLES[change.layer]}: {place}{': ' if became else ''}{became}  "
    return 6, (text, (f"{change.severity} {visible(change.rule)} {change.fingerprint}", "dim"))
