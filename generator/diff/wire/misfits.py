"""Overlay actions and options that the new document has outgrown: nothing is generated before they are corrected."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.problems import Problem
from ...ir.model import Package
from ..finding import Finding


def compare_misfits(old: Package, new: Package) -> Iterator[Finding]:
    """The misfits of the new version that the old one did not have."""
    known = {_identity(problem) for problem in old.misfits}
    for problem in new.misfits:
        if _identity(problem) not in known:
            place = f"overlay {problem.subject}" if problem.id.startswith("overlay-") else "options"
            yield Finding(
                rule="provider-misfit",
                place=place.rstrip(),
                before="",
                after=problem.message,
                old=None,
                new=problem.source,
                identity=_identity(problem),
                hint=problem.hint,
            )


def _identity(problem: Problem) -> str:
    return f"{problem.id} {problem.subject or problem.message}"
