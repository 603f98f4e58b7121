"""The report as workflow commands of GitHub Actions, which show each change at its line of the pull request.

GitHub shows ten annotations of each level for a step, so the worst come first; the log holds all of them.
"""

from __future__ import annotations

import os

from ...document.problems import Problem, Source
from ..finding import Change
from .model import Report, sources, transition, visible, worst_first

_COMMANDS = {"breaking": "error", "attention": "warning", "safe": "notice"}


def github(report: Report) -> str:
    """The verdict as a line of the log, then a command for everything that is not documentation."""
    lines = [f"{report.verdict} ({visible(report.old)} -> {visible(report.new)})"]
    lines += [_change(change) for change in worst_first(report.open)]
    lines += [_problem(problem) for problem in report.warnings]
    lines += [_change(change) for change in worst_first(report.accepted) if change.severity != "docs"]
    return "\n".join(lines) + "\n"


def _change(change: Change) -> str:
    lines = [
        visible(str(change.notice), 1_000),
        " ".join(part for part in (visible(change.operation), visible(change.place)) if part),
        transition(visible(change.before), visible(change.after), "->"),
        ", ".join(f"{version} {visible(source)}" for version, source in sources(change)),
        f"{visible(change.package)}, fingerprint {change.fingerprint}",
        f"Accepted: {visible(change.accepted, 1_000)}" if change.accepted else "",
    ]
    command = "notice" if change.accepted else _COMMANDS[change.severity]
    return _command(command, change.new, f"{change.severity}: {change.rule}", "\n".join(filter(None, lines)))


def _problem(problem: Problem) -> str:
    lines = [visible(problem.message, 1_000), visible(problem.hint, 1_000)]
    return _command("warning", problem.source, problem.id, "\n".join(filter(None, lines)))


def _command(command: str, source: Source | None, title: str, message: str) -> str:
    """A workflow command. Without a source in the new version it names no file, as any line would be wrong."""
    file = _in_repository(source.file) if source else ""
    line = str(source.line) if source and file and source.line else ""
    properties = {"file": file, "line": line, "title": title}
    assignments = ",".join(f"{name}={_property(visible(value, 1_000))}" for name, value in properties.items() if value)
    return f"::{command} {assignments}::{_data(message)}"


def _in_repository(file: str) -> str:
    """The path from the root of the repository, in which `diff` runs; "" for a file elsewhere.

    The file of a revision, `REVISION:PATH`, is the part after the colon.
    """
    try:
        path = os.path.relpath(file.rpartition(":")[2]).replace(os.sep, "/")
    except ValueError:  # on another drive, or not a path
        return ""
    return "" if path == ".." or path.startswith("../") else path


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
