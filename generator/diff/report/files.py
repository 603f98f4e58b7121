"""`--write FORMAT=FILE`: the report in files, so that one comparison serves all who read it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...document.problems import Problems, Source
from . import FORMATS, Format, render
from .model import Report

OPTION = "--write"


def report_files(texts: Iterable[str]) -> list[tuple[Format, Path]]:
    """The format and the path of each file, as the command line names them. Raises ProblemsFound."""
    problems, files = Problems(), list[tuple[Format, Path]]()
    for text in texts:
        name, _, path = text.partition("=")
        format = next((known for known in FORMATS if known == name), None)
        if format and path:
            files.append((format, Path(path)))
        else:
            message = f"{text!r} is not a format and a file, such as markdown=comment.md"
            problems.error("report-file", Source(OPTION), message, f"one of {', '.join(FORMATS)}, `=`, and a path")
    problems.stop_on_errors()
    return files


def write_reports(report: Report, files: Iterable[tuple[Format, Path]], *, everything: bool = False) -> None:
    """Write the report to each file, in UTF-8; folders that do not exist are made. Raises OSError."""
    for format, path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(report, format, terminal=False, everything=everything), encoding="utf-8", newline="\n")
