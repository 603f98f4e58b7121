"""The command line: a module for each group of commands, and here the program that they belong to.

A command parses its call, and prints; what it does is the work of the stages, which it imports when it runs, so that
`generate` ends at once where there is nothing to do.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .. import PROGRAM, TOOL, VERSION
from ..printing import failures_reported, show, show_error
from ..resources import is_installed
from .client_package import client, core
from .comparing import diff, explain
from .generating import check, generate
from .new import new
from .releasing import bump, release_notes
from .vendor import vendor

app = typer.Typer(
    add_completion=is_installed(),  # shells complete programs, not modules of an interpreter
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Generate typed client packages from OpenAPI documents.",
)
for command in (generate, check, new, vendor, client, core, diff, explain, release_notes, bump):
    app.command()(command)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        show(f"{TOOL} {VERSION}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """What holds for all commands."""


def main() -> None:
    """Run the command line. Exit status 0: done; 1: problems, printed; 2: a wrong call."""
    with failures_reported("nothing was written", 1):
        try:
            sys.exit(app(prog_name=PROGRAM, standalone_mode=False))
        except typer.TyperException as error:
            context = getattr(error, "ctx", None)
            if message := error.format_message():  # there is none when no arguments at all have shown the help
                if context is not None:
                    show_error(context.get_usage(), f"Try '{context.command_path} --help' for help.")
                show_error(f"Error: {message}")
            sys.exit(error.exit_code)
