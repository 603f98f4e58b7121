"""`vendor`: what a provider published, brought into its folder."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from ..document.problems import Problems, ProblemsFound
from ..escaping import shown_path
from ..printing import show, show_problems, show_report
from .options import REPOSITORY, Sources, Specs, Texts

_NOT_COMPARED = 2


def vendor(
    provider: Annotated[str, typer.Argument(help="The name of a provider's folder in specs/.", show_default=False)],
    sources: Sources,
    operation: Annotated[
        Texts,
        typer.Option(
            metavar="NAME",
            help="Keep this operation and what it reaches, such as 'GET /runs/{id}' or its operationId; may be "
            "repeated. If not given, what provider.yaml records holds; '' keeps all.",
        ),
    ] = None,
    specs: Specs = REPOSITORY / "specs",
) -> None:
    """Bring a provider's published description into its folder, record where it came from, and show what it changes.

    Exit status 2: it is written, but cannot be read, so that it is not compared.
    """
    from ..options import given_patterns
    from ..vendor.command import vendor_into

    problems = Problems(strict=False)
    folder = specs / provider
    name = shown_path(folder)
    today = datetime.now(UTC).date().isoformat()
    outcome = vendor_into(folder, name, sources, given_patterns("--operation", operation), today, problems)
    show_problems(problems)
    if not outcome.written:
        show(f"{outcome.document} is what the source says: nothing has changed, and nothing was written.")
    show(*(f"{'written':8}{name}/{file}" for file in outcome.written))
    if outcome.written and outcome.before == outcome.vendored.text:
        show(f"{outcome.document} is as before; only the record of where it came from has changed.")
    elif outcome.before is not None and outcome.before != outcome.vendored.text:
        _show_difference(outcome.before, outcome.document, name)


def _show_difference(before: bytes, document: str, name: str) -> None:
    """Show what changed from a document to that of a provider's folder; end the run where that cannot be said."""
    from ..diff.commands import comparison
    from ..diff.report import render
    from ..output.temporary import temporary_folder

    with temporary_folder() as folder:
        old = folder / "openapi.yaml"
        old.write_bytes(before)
        try:
            report = comparison(str(old), name, old_name=f"before:{document}").report
        except ProblemsFound as error:
            show_problems(Problems(error.problems), "it was written, but not compared", _NOT_COMPARED)
            sys.exit(_NOT_COMPARED)
    show_report(render(report, "text"))
