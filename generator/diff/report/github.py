"""The report as workflow commands of GitHub Actions, which show each cause at its line of the pull request.

GitHub shows ten annotations of each level for a step. So the worst come first, and the tenth names those that are not
shown; the log holds all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from ...document.problems import Problem, Source
from ..causes.cause import Cause
from .model import Report, by_rule, counted, felt_in, sources, summary, visible
from .repository_paths import in_repository, new_place

Command = Literal["error", "warning", "notice"]
Annotation = tuple[str, Source | None, str]
"""A title, a place in the new version and a message."""
_SHOWN = 10
_NAMED = 50
"""Causes that one annotation names at most."""


def github(report: Report, *, everything: bool = False) -> str:
    """The verdict as a line of the log, then the annotations of each level.

    What needs no decision is counted; with `everything` it is annotated, too, apart from documentation.
    """
    lines = [f"{report.verdict} ({visible(report.old)} -> {visible(report.new)})"]
    accepted = [cause for cause in report.accepted if cause.severity in ("breaking", "attention") or everything]
    safe = [_cause(cause) for cause in report.safe] if everything else list(_counts(report.safe))
    warnings = [problem for problem in report.warnings if problem.severity == "warning"]
    levels: dict[Command, list[Annotation]] = {
        "error": [*map(_problem, report.errors), *map(_cause, report.breaking)],
        "warning": [*map(_cause, report.attention), *map(_problem, warnings)],
        "notice": [*map(_cause, (cause for cause in accepted if cause.severity != "docs")), *safe],
    }
    for command, of_level in levels.items():
        lines += [_command(command, *annotation) for annotation in _with_rest(of_level)]
    return "\n".join(lines) + "\n"


def _with_rest(annotations: Sequence[Annotation]) -> list[Annotation]:
    """All annotations; where GitHub shows only some, the last of these names the others."""
    if len(annotations) <= _SHOWN:
        return [*annotations]
    shown, rest = annotations[: _SHOWN - 1], annotations[_SHOWN - 1 :]
    names = [title for title, _, _ in rest[:_NAMED]]
    if len(rest) > _NAMED:
        names.append(f"and {len(rest) - _NAMED:,} more")
    return [*shown, (f"{len(rest):,} more (the log has them all)", None, "\n".join(names)), *rest]


def _cause(cause: Cause) -> Annotation:
    lines = [
        visible(str(cause.notice), 1_000),
        f"hint: {visible(cause.hint, 1_000)}" if cause.hint else "",
        felt_in(cause),
        ", ".join(f"{version} {visible(source)}" for version, source in sources(cause)),
        f"{', '.join(map(visible, cause.packages))}, rule {visible(cause.rule)}, fingerprint {cause.fingerprint}",
        f"Accepted: {visible(cause.accepted, 1_000)}" if cause.accepted else "",
    ]
    title = f"{'accepted' if cause.accepted else cause.severity}: {summary(cause)}"
    return title, new_place(cause), "\n".join(filter(None, lines))


def _counts(safe: Sequence[Cause]) -> Iterator[Annotation]:
    if safe:
        rules = [f"{len(causes):,} {visible(rule)}" for rule, causes in by_rule(safe)]
        yield f"{counted(len(safe), 'safe change')} (--all lists them)", None, "\n".join(rules)


def _problem(problem: Problem) -> Annotation:
    lines = [visible(problem.message, 1_000), visible(problem.hint, 1_000)]
    return problem.id, problem.source, "\n".join(filter(None, lines))


def _command(command: Command, title: str, source: Source | None, message: str) -> str:
    """A workflow command. Without a source in the new version it names no file, as any line would be wrong."""
    file = in_repository(source.file) if source else ""
    line = str(source.line) if source and file and source.line else ""
    properties = {"file": file, "line": line, "title": title}
    assignments = ",".join(f"{name}={_property(visible(value, 1_000))}" for name, value in properties.items() if value)
    return f"::{command} {assignments}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
