"""The program that all commands belong to, as typer reads it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .. import PROGRAM, TOOL, VERSION
from ..printing import show, show_error
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


def run() -> None:
    """Run the command that was called, and exit: status 2 where the call is wrong."""
    try:
        sys.exit(app(prog_name=PROGRAM, standalone_mode=False))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        if message := error.format_message():  # there is none when no arguments at all have shown the help
            if context is not None:
                show_error(context.get_usage(), f"Try '{context.command_path} --help' for help.")
            show_error(f"Error: {message}")
        sys.exit(error.exit_code)
