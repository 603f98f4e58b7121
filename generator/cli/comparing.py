"""`diff` and `explain`: what a new version of a spec means for callers."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..diff.report import Format
from ..document.problems import Problems
from ..printing import failures_reported, show, show_error, show_problems, show_report
from .options import Accept, Everything, PackageFolder, PackageName, Root, Write

_WRONG_CALL = 2
"""The exit status of `diff` and `explain` when there is nothing to compare or to explain; 1 is a result of `diff`."""


def diff(
    old: Annotated[str, typer.Argument(help="A spec file, a provider's folder, a folder of these, REV or REV:PATH.")],
    new: Annotated[str, typer.Argument(help="The same for the new version.")],
    format: Annotated[
        Format,
        typer.Option(help="For a terminal, a pull request, a program, GitHub Actions, code scanning, or a browser."),
    ] = "text",
    root: Root = None,
    package: PackageFolder = None,
    name: PackageName = None,
    write: Write = None,
    everything: Everything = False,
    accept: Accept = None,
    reason: Annotated[str | None, typer.Option(help="Why what --accept names is meant.")] = None,
) -> None:
    """Show what changed from OLD to NEW, and what it means for callers: on the wire, in Python, in WorkflowRun.

    Exit status 1: something breaks, and no accepted.yaml of NEW accepts it; 2: OLD or NEW cannot be read, or one of
    several providers in them, while the report is about the others.
    """
    with failures_reported(f"nothing was {'accepted' if accept or reason else 'compared'}", _WRONG_CALL):
        from ..diff.accepting.command import accept_in_files, checked_reason
        from ..diff.commands import comparison
        from ..diff.report.files import report_files, write_reports

        files, reason = report_files(write or ()), checked_reason(accept, reason)
        compared = comparison(old, new, root, package, name)
        report, written = accept_in_files(compared, accept, reason) if accept else (compared.report, [])
        write_reports(report, files, everything=everything)
    from ..diff.report import render

    if written and format == "text":
        show(*written, report.verdict)
    else:
        show_error(*written)
        show_report(render(report, format, everything=everything))
    show_problems(Problems(report.errors), "the other providers were compared", _WRONG_CALL)
    if report.breaking:
        sys.exit(1)


def explain(
    rule: Annotated[str, typer.Argument(help="The id of a rule, as `diff` prints it.", show_default=False)],
) -> None:
    """Explain a rule of `diff`: which changes it reports, why they matter, and an example."""
    with failures_reported("nothing was explained", _WRONG_CALL):
        from ..diff.report.explain import explanation

        text = explanation(rule)
    show(*text.rstrip("\n").split("\n"))
