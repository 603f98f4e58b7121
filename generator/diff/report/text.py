"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...document.problems import Problem
from ...escaping import one_line
from ..finding import LAYERS, Change
from .model import TITLES, Group, PackageBump, Report, counts, groups, sources, transition, visible

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"breaking": "bold red", "attention": "yellow", "safe": "green", "docs": "dim"}
_ENDLESS = 1_000_000
"""Columns without a terminal: lines are not broken, so that none begins with a piece of a spec."""
_Line = tuple[int, tuple[str | tuple[str, str], ...]]
"""Indentation, and texts with their styles."""


def text(report: Report, console: Console | None = None) -> str:
    """The report for `console`, by default standard output; only a terminal gets colors, and lines of its width."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    if console is None:
        console = Console()
        if not console.file.isatty():  # for rich a log is a terminal, too, where FORCE_COLOR is set
            console = Console(width=_ENDLESS, force_terminal=console.is_terminal)
    with console.capture() as captured:
        for indent, parts in _lines(report):
            console.print(
                Padding(Text.assemble(*map(_escaped, parts)), (0, 0, 0, indent), expand=False) if parts else ""
            )
    shown = captured.get()
    return shown.encode(console.encoding, "backslashreplace").decode(console.encoding)


def in_file(report: Report) -> str:
    """The report without colors, in UTF-8, its lines as long as they are."""
    from io import StringIO

    from rich.console import Console

    return text(report, Console(file=StringIO(), width=_ENDLESS, force_terminal=False, color_system=None))


def _escaped(part: str | tuple[str, str]) -> str | tuple[str, str]:
    return one_line(part) if isinstance(part, str) else (one_line(part[0]), part[1])


def _lines(report: Report) -> Iterator[_Line]:
    yield 0, ((report.verdict, "bold red" if report.breaking else "bold"),)
    yield 0, (f"{visible(report.old)} -> {visible(report.new)}",)
    yield from map(_release, report.releases)
    for problem in report.warnings:
        yield from _warning(problem)
    for layer in LAYERS:
        yield from _layer(TITLES[layer], groups(report, layer))
    if report.accepted:
        yield from _title(f"Accepted: {len(report.accepted):,}")
        for change in report.accepted:
            yield from _change(change, alone=True)
    if report.documentation:
        yield from _title(f"Documentation: {len(report.documentation):,}")
        for change in report.documentation:
            yield 2, ((visible(change.rule), "dim"), f"  {visible(change.operation)} {visible(change.place)}")


def _release(bump: PackageBump) -> _Line:
    versions = transition(visible(bump.current), visible(bump.proposed), "->", "ends with", "begins with")
    return 2, (f"{visible(bump.package)}: ", (bump.level, "bold"), f" ({versions})" if versions else "")


def _warning(problem: Problem) -> Iterator[_Line]:
    message = f"[{visible(problem.id)}]: {visible(problem.message, 1_000)}"
    yield 0, (f"{visible(str(problem.source))}: ", ("warning", "yellow"), message)
    if problem.hint:
        yield 4, (f"hint: {visible(problem.hint, 1_000)}",)


def _layer(title: str, layer_groups: Sequence[Group]) -> Iterator[_Line]:
    if layer_groups:
        yield from _title(f"{title}: {counts(change for group in layer_groups for change in group.changes)}")
    for group in layer_groups:
        heading = f"{group.operation} of {group.package}" if group.operation else group.package
        yield 0, ((visible(heading), "bold"),)
        for change in group.changes:
            yield from _change(change)


def _title(title: str) -> Iterator[_Line]:
    yield 0, ()
    yield 0, ((title, "bold underline"),)


def _change(change: Change, alone: bool = False) -> Iterator[_Line]:
    """`alone`: without its group's title."""
    place = change.place
    if alone:
        place += "".join(f" of {owner}" for owner in (change.operation, change.package) if owner)
    yield 2, ((change.severity, _STYLES[change.severity]), f"  {visible(change.rule)}  {visible(place)}")
    if shown := transition(visible(change.before), visible(change.after), "->"):
        yield 4, (shown,)
    if change.notice.pieces:
        yield 4, (visible(str(change.notice), 1_000),)
    lines = ", ".join(f"{version} {visible(source)}" for version, source in sources(change))
    yield 4, (f"{lines}  " if lines else "", (f"fingerprint {change.fingerprint}", "dim"))
    if change.accepted:
        yield 4, (f"accepted: {visible(change.accepted, 1_000)}",)
