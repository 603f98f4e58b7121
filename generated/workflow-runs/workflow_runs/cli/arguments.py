"""What the commands take: arguments and options, and what their texts mean."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from .._form.models import RunStatus
from .._polling.arguments import seconds_of, statuses_of
from .._version import __version__
from .describing import complete_event, complete_provider, complete_ref, complete_status
from .display.messages import NAME, CommandError
from .output import refuse_to_overwrite
from .references import STDIN, References
from .results import Format

if TYPE_CHECKING:
    from .watching import Call

Texts = list[str] | None
USUAL_PER_PROVIDER = 8


def _show_version(asked: bool) -> None:
    if not asked:
        return
    typer.echo(f"{NAME} {__version__}")
    raise typer.Exit


def _file_of_output(name: str | None) -> str | None:
    return None if name == STDIN else name


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
JsonOfProviders = Annotated[bool, typer.Option("--json", help="Write JSON: a list of the providers.")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="Write JSON, a value a line.")]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Write to this file, which is there as a whole at the end, or not at all; `-` is standard output.",
        show_default=False,
        callback=_file_of_output,
    ),
]
CallTimeout = Annotated[
    str | None,
    typer.Option("--timeout", metavar="TIME", help="How long a request may take: 10s, 1m30s.", show_default=False),
]
Timeout = Annotated[
    str, typer.Option("--timeout", metavar="TIME", help="How long to wait at most, such as 90s, 10m or 1h30m.")
]
Until = Annotated[
    Texts,
    typer.Option(
        metavar="STATUS",
        help="A status to wait for, such as running; may be repeated. What has ended is never waited for. Else: until"
        " it has ended, or needs somebody.",
        show_default=False,
        autocompletion=complete_status,
    ),
]
StoreFile = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FILE",
        help="Remember here how far the runs are, and go on from it; without references, with those that are in it.",
        show_default=False,
    ),
]
PerProvider = Annotated[int, typer.Option(min=1, help="The most requests at once to a server.")]
Pace = Annotated[float, typer.Option(min=0.01, max=1000.0, help="How slow the runs are; 1 takes about ten seconds.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress on standard error.")]
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
    typer.Option(
        metavar="NAME",
        help="The event whose body it is; `providers` lists their names.",
        show_default=False,
        autocompletion=complete_event,
    ),
]


def references_of(refs: Texts, files: Texts, output: str | None, store: str | None = None) -> References:
    """The references of a call; there may be none where a store has them.

    Raises:
        CommandError: there are none, or they cannot be read, or the output would overwrite them.
    """
    if not (refs or files or store):
        raise CommandError("name a run, such as dify:5b1f0c9e, or - for references from standard input")
    is_new = store and not os.path.exists(store) and os.path.isdir(os.path.dirname(store) or ".")
    if is_new and not (refs or files):
        raise CommandError(f"there is no store {store}: name runs that it is to have, or another file")
    refuse_to_overwrite(output, [store, *(files or ())])
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


def statuses(texts: Sequence[str] | None) -> frozenset[RunStatus]:
    """The statuses of these names.

    Raises:
        CommandError: a text is not a status.
    """
    try:
        return statuses_of([RunStatus(_status(text)) for text in texts]) if texts else frozenset()
    except ValueError as error:
        raise CommandError(f"--{error}") from error


def _status(text: str) -> str:
    return text.lower().replace("-", "_").replace(" ", "_")


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


class Options(NamedTuple):
    """The options of `wait` and `watch`."""

    timeout: str
    until: Texts
    store: str | None
    as_json: bool
    as_lines: bool
    out: str | None
    quiet: bool
    per_provider: int
    allow_server: Texts
    debug: bool


def call_of(name: str, refs: Texts, files: Texts, options: Options) -> Call:
    """What `wait` or `watch` is to do.

    Raises:
        CommandError: an option or a reference cannot be used.
    """
    from .watching import Call

    call = Call(
        name=name,
        format_=format_of(options.as_json, options.as_lines),
        seconds=seconds(options.timeout),
        until=statuses(options.until),
        allowed=allowed_servers(options.allow_server),
        references=references_of(refs, files, options.out, options.store),
        per_provider=options.per_provider,
        output=options.out,
        store=options.store,
        is_quiet=options.quiet,
        debug=options.debug,
        options=tuple(_words(options)),
        sources=(*(refs or ()), *(word for file in files or () for word in ("--refs", file))),
    )
    if call.shows_changes and call.output is not None and call.store is not None:
        raise CommandError(
            "an interruption would lose the changes that the store takes for told, as --out is written at the end"
            " alone; leave it out, and append the output to a file: >> FILE"
        )
    return call


def _words(options: Options) -> Iterator[str]:
    """The options as they are written on a command line, the store apart."""
    yield from ("--timeout", options.timeout)
    for name, texts in (("--until", options.until), ("--allow-server", options.allow_server)):
        for text in texts or ():
            yield from (name, text)
    if options.out is not None:
        yield from ("--out", options.out)
    if options.per_provider != USUAL_PER_PROVIDER:
        yield from ("--per-provider", str(options.per_provider))
    flags = {"--json": options.as_json, "--jsonl": options.as_lines, "--quiet": options.quiet}
    yield from (name for name, is_set in (flags | {"--debug": options.debug}).items() if is_set)
