"""What the commands take: arguments and options, and what their texts mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from .._polling.arguments import seconds_of
from .describing import complete_provider, complete_ref
from .messages import NAME, CommandError
from .references import References
from .results import Format

Texts = list[str] | None


def _show_version(asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(f"{NAME} {version('workflow-runs')}")
    except PackageNotFoundError:
        typer.echo(f"{NAME}, which is not installed as a package")
    raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Show the version, and end.", callback=_show_version, is_eager=True)
]
Refs = Annotated[
    Texts,
    typer.Argument(
        metavar="REF...",
        help="Which runs, such as dify:5b1f0c9e; `-` reads more of them from standard input, one a line.",
        show_default=False,
        autocompletion=complete_ref,
    ),
]
RefsFiles = Annotated[
    Texts,
    typer.Option(
        "--refs",
        metavar="FILE",
        help="A file with a reference a line, or JSON that has it as `ref`; may be repeated.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON: the run, or a list where several are asked for.")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="Write JSON, a value a line.")]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Write to this file, which is there as a whole at the end, or not at all.",
        show_default=False,
    ),
]
CallTimeout = Annotated[
    str | None,
    typer.Option("--timeout", metavar="TIME", help="How long a request may take: 10s, 1m30s.", show_default=False),
]
AllowServer = Annotated[
    Texts,
    typer.Option(
        metavar="PROVIDER=URL",
        help="A server of your own that references may name as base_url; credentials are sent there. May be repeated.",
        show_default=False,
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")]
ProviderName = Annotated[
    str,
    typer.Argument(
        metavar="PROVIDER",
        help="Whose response it is, such as dify.",
        show_default=False,
        autocompletion=complete_provider,
    ),
]
Names = Annotated[
    Texts,
    typer.Argument(
        metavar="PROVIDER...", help="Which ones; else all.", show_default=False, autocompletion=complete_provider
    ),
]
File = Annotated[str, typer.Argument(metavar="FILE", help="The file with it; `-` is standard input.")]
OfRun = Annotated[
    str | None,
    typer.Option(
        "--ref",
        metavar="REF",
        help="Which run it is; it gives the identifiers that the response lacks.",
        show_default=False,
    ),
]
Event = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The event whose body it is; `providers` lists their names.", show_default=False),
]


def references_of(refs: Texts, files: Texts) -> References:
    """The references of a call.

    Raises:
        CommandError: there are none, or they cannot be read.
    """
    if not refs and not files:
        raise CommandError("name a run, such as dify:5b1f0c9e, or - for references from standard input")
    return References(refs or [], files or [])


def format_of(as_json: bool, as_lines: bool) -> Format:
    """How to write runs.

    Raises:
        CommandError: both are asked for.
    """
    if as_json and as_lines:
        raise CommandError("--json and --jsonl exclude each other: give one of them")
    if as_json:
        return Format.JSON
    return Format.JSON_LINES if as_lines else Format.TEXT


def seconds(text: str, option: str = "--timeout") -> float:
    """A duration in seconds.

    Raises:
        CommandError: it is not written as one.
    """
    try:
        return seconds_of(text, option)
    except ValueError as error:
        raise CommandError(str(error)) from error


def seconds_or_none(text: str | None) -> float | None:
    """The same; None where it is not given."""
    return None if text is None else seconds(text)


def allowed_servers(texts: Sequence[str] | None) -> dict[str, list[str]]:
    """The servers that references may name, by provider.

    Raises:
        CommandError: a text is not PROVIDER=URL.
    """
    allowed = dict[str, list[str]]()
    for text in texts or ():
        provider, equals, url = text.partition("=")
        if not (provider and equals and url):
            raise CommandError(f"--allow-server must look like dify=https://host/path, not {text!r}")
        allowed.setdefault(provider, []).append(url)
    return allowed
