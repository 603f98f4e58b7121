"""`generate` and `check`: the packages of all providers, for the maintainers of a repository."""

from __future__ import annotations

import sys

from .. import GENERATE
from ..document.problems import Problems
from ..escaping import shown_path
from ..output.manifest import differences_of, manifest_is_current
from ..printing import show, show_problems
from ..project.files import generated_files, input_digests
from . import without_options
from .options import REPOSITORY, Out, Specs


def generate(specs: Specs = REPOSITORY / "specs", out: Out = REPOSITORY / "generated") -> None:
    """Generate the core and a client package per provider; finish at once when nothing changed."""
    without_options.generate(specs, out)


def check(specs: Specs = REPOSITORY / "specs", out: Out = REPOSITORY / "generated") -> None:
    """List generated files that are stale, edited, missing or unknown; write nothing. Exit status 1 if any."""
    from ..output.formatting import formatted

    problems = Problems()
    files = generated_files(specs, problems)
    show_problems(problems)
    expected = formatted(files)
    differences = differences_of(out, expected)
    for path, state in differences.items():
        show(f"{shown_path(out)}/{path}: {state}")
    if differences:
        states = ", ".join(sorted(set(differences.values())))
        show(f"{len(differences)} of {len(expected)} files differ ({states}): run `{GENERATE}` and commit the result.")
        sys.exit(1)
    if not manifest_is_current(out, input_digests(specs), expected):
        show(f"{shown_path(out)} is what its inputs give, but its manifest is stale: run `{GENERATE}` and commit it.")
        sys.exit(1)
    show(f"{shown_path(out)} is what its inputs give ({len(expected)} files).")
