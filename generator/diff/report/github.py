"""The report as workflow commands of GitHub Actions, which show each change at its line of the pull request.

GitHub shows ten annotations of each level for a step, so the worst come first; the log holds all of them.
"""

from __future__ import annotations

import os

from ...document.problems import Problem, Source
from ..causes.cause import Cause
from .model import Report, felt_in, sources, transition, visible

_COMMANDS = {"breaking": "error", "attention": "warning", "safe": "notice"}


def github(report: Report) -> str:
    """The verdict as a line of the log, then a command for everything that is not documentation."""
    lines = [f"{report.verdict} ({visible(report.old)} -> {visible(report.new)})"]
    lines += [_cause(cause) for cause in (*report.decisions, *report.safe)]
    lines += [_problem(problem) for problem in report.warnings]
    lines += [_cause(cause) for cause in report.accepted if cause.severity != "docs"]
    return "\n".join(lines) + "\n"


def _cause(cause: Cause) -> str:
    lines = [
        visible(str(cause.notice), 1_000),
        f"hint: {visible(cause.hint, 1_000)}" if cause.hint else "",
        visible(cause.subject),
        transition(visible(cause.before), visible(cause.after), "->"),
        felt_in(cause),
        ", ".join(f"{version} {visible(source)}" for version, source in sources(cause)),
        f"{', '.join(map(visible, cause.packages))}, fingerprint {cause.fingerprint}",
        f"Accepted: {visible(cause.accepted, 1_000)}" if cause.accepted else "",
    ]
    command = "notice" if cause.accepted else _COMMANDS[cause.severity]
    return _command(command, cause.new, f"{cause.severity}: {cause.rule}", "\n".join(filter(None, lines)))


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
