"""The command line: a module for each group of commands, and in `program.py` the program that they belong to.

A command parses its call, and prints; what it does is the work of the stages, which it imports when it runs, so that
`generate` ends at once where there is nothing to do.
"""

from __future__ import annotations

import sys

from ..printing import failures_reported


def main() -> None:
    """Run the command line. Exit status 0: done; 1: problems, printed; 2: a wrong call."""
    with failures_reported("nothing was written", 1):
        if sys.argv[1:] == ["generate"]:
            from ..resources import repository_folder
            from .without_options import generate

            generate(repository_folder() / "specs", repository_folder() / "generated")
        else:
            from .program import run

            run()
