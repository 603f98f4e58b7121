"""The command line: a module for each group of commands, and here the program that they belong to.

A command parses its call, and prints; what it does is the work of the stages, which it imports when it runs, so that
`generate` ends at once where there is nothing to do.
"""

from __future__ import annotations

import sys

import typer

from ..printing import failures_reported, show_error
from .client_package import client
from .comparing import diff, explain
from .generating import check, generate

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Generate typed client packages from OpenAPI documents.",
)
for command in (generate, check, client, diff, explain):
    app.command()(command)


def main() -> None:
    """Run the command line. Exit status 0: done; 1: problems, printed; 2: a wrong call."""
    with failures_reported("nothing was written", 1):
        try:
            sys.exit(app(standalone_mode=False))
        except typer.TyperException as error:
            context = getattr(error, "ctx", None)
            if message := error.format_message():  # there is none when no arguments at all have shown the help
                if context is not None:
                    show_error(context.get_usage(), f"Try '{context.command_path} --help' for help.")
                show_error(f"Error: {message}")
            sys.exit(error.exit_code)
