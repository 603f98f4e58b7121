"""The commands, with their arguments and options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from .arguments import (
    USUAL_PER_PROVIDER,
    AllowServer,
    CallTimeout,
    Debug,
    Event,
    File,
    Json,
    JsonLines,
    JsonOfProviders,
    Names,
    OfRun,
    Options,
    Out,
    Pace,
    PerProvider,
    ProviderName,
    Quiet,
    Refs,
    RefsFiles,
    StoreFile,
    Texts,
    Timeout,
    Until,
    Version,
    allowed_servers,
    call_of,
    format_of,
    references_of,
    seconds_or_none,
)
from .calling import carried_out
from .describing import describe, show_schema
from .display.messages import NAME, say_error
from .display.terminal import discard_streams, printable
from .ending import Ending

if TYPE_CHECKING:
    from .watching import Session

_HOUR = "1h"

_EXIT = (
    "Exit status: 0 succeeded, 1 failed or cancelled, 2 wrong call, 3 waits for input or is suspended, 4 the time has"
    " passed, 5 the provider did not say how it is, 130 interrupted. Of several runs the first of 2, 5, 4, 1, 3 counts."
)
_EXIT_WITHOUT_RUNS = "Exit status: 0 done, 2 wrong call, 130 interrupted."

app = typer.Typer(
    name=NAME,
    help="Runs of workflow products: how they are, and when they are done.\n\n"
    "Credentials come from the environment: `providers` says from which variables.",
    epilog=_EXIT,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; the exit status."""
    try:
        return int(app(list(arguments), standalone_mode=False, prog_name=NAME) or 0)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else NAME
        message = " ".join(printable(line).strip() for line in error.format_message().splitlines())
        say_error(f"{message.rstrip('.')}; see {path} --help")
        return Ending.WRONG_CALL
    except typer.Abort:
        return Ending.INTERRUPTED
    except OSError as error:  # of typer, which has written help, or the version
        discard_streams()
        say_error(f"the output: {error.strerror}")
        return Ending.WRONG_CALL


def _examples(*lines: str, status: str = _EXIT) -> str:
    """Examples for the end of a help text, each on its line, and what the exit status means."""
    return "\n".join(("\b", "Examples:", *(f"  {NAME} {line}" for line in lines))) + f"\n\n{status}"


@app.callback(invoke_without_command=True)
def _any(context: typer.Context, version: Version = False) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(Ending.WRONG_CALL)


@app.command(
    epilog=_examples(
        "get dify:5b1f0c9e", "get --json anon:7 | jq .outputs", "get --jsonl --refs runs.txt --out runs.jsonl"
    )
)
def get(
    refs: Refs = None,
    refs_files: RefsFiles = None,
    as_json: Json = False,
    as_lines: JsonLines = False,
    out: Out = None,
    timeout: CallTimeout = None,
    allow_server: AllowServer = None,
    debug: Debug = False,
) -> int:
    """Say how runs are now.

    The exit status is 0 also for a run that goes on; `wait` waits until it has ended.
    """

    def action() -> Ending:
        from .getting import get

        return get(
            references_of(refs, refs_files, out),
            out,
            format_of(as_json, as_lines),
            timeout=seconds_or_none(timeout),
            allowed=allowed_servers(allow_server),
            debug=debug,
        )

    return carried_out(action, debug=debug)


@app.command(
    epilog=_examples(
        "wait dify:5b1f0c9e --timeout 10m && echo done", "wait anon:7 --until running", "wait --json anon:7 anon:8"
    )
)
def wait(
    refs: Refs = None,
    refs_files: RefsFiles = None,
    timeout: Timeout = _HOUR,
    until: Until = None,
    store: StoreFile = None,
    as_json: Json = False,
    as_lines: JsonLines = False,
    out: Out = None,
    quiet: Quiet = False,
    per_provider: PerProvider = USUAL_PER_PROVIDER,
    allow_server: AllowServer = None,
    debug: Debug = False,
) -> int:
    """Wait until runs have ended or need somebody, and say how they are then."""
    options = Options(timeout, until, store, as_json, as_lines, out, quiet, per_provider, allow_server, debug)
    return _watched("wait", refs, refs_files, options)


@app.command(
    epilog=_examples(
        "watch dify:5b1f0c9e anon:7",
        "watch --refs runs.txt --timeout 2h --store runs.db",
        "watch --store runs.db",
        "watch - --jsonl < runs.txt > changes.jsonl",
    )
)
def watch(
    refs: Refs = None,
    refs_files: RefsFiles = None,
    timeout: Timeout = _HOUR,
    until: Until = None,
    store: StoreFile = None,
    as_json: Json = False,
    as_lines: JsonLines = False,
    out: Out = None,
    quiet: Quiet = False,
    per_provider: PerProvider = USUAL_PER_PROVIDER,
    allow_server: AllowServer = None,
    debug: Debug = False,
) -> int:
    """Show each change of runs until they have ended or need somebody: in a live table on a terminal, else in lines.

    With --jsonl each line is a change, with --json there is a list of the runs in the end.
    """
    options = Options(timeout, until, store, as_json, as_lines, out, quiet, per_provider, allow_server, debug)
    return _watched("watch", refs, refs_files, options)


def _watched(name: str, refs: Texts, files: Texts, options: Options) -> int:
    session: list[Session] = []

    def action() -> Ending:
        from .watching import Session

        session.append(Session(call_of(name, refs, files, options)))
        return session[0].carry_out()

    def after_interruption() -> str:
        return session[0].after_interruption() if session else ""

    return carried_out(action, debug=options.debug, after_interruption=after_interruption)


@app.command(
    epilog=_examples(
        "normalize dify response.json --ref dify:5b1f0c9e",
        "normalize dify --event workflow_finished < body.json",
    )
)
def normalize(
    provider: ProviderName,
    file: File = "-",
    ref: OfRun = None,
    event: Event = None,
    as_json: Json = False,
    as_lines: JsonLines = False,
    out: Out = None,
    debug: Debug = False,
) -> int:
    """Make a run of a response that you have already. Nothing is sent."""

    def action() -> Ending:
        from .getting import normalize_file

        return normalize_file(provider, file, out, format_of(as_json, as_lines), ref=ref, event=event)

    return carried_out(action, debug=debug)


@app.command(name="providers", epilog=_examples("providers", "providers dify --json", status=_EXIT_WITHOUT_RUNS))
def show_providers(names: Names = None, as_json: JsonOfProviders = False, out: Out = None, debug: Debug = False) -> int:
    """Say what each provider can tell, how its references look, and which credentials are set; not their values."""
    return carried_out(lambda: describe(names or (), out, as_json=as_json), debug=debug)


@app.command(epilog=_examples("demo", status=_EXIT_WITHOUT_RUNS))
def demo(pace: Pace = 1.0, debug: Debug = False) -> int:
    """Watch made-up runs, to see what it looks like. No account is needed, and nothing leaves this machine."""

    def action() -> Ending:
        from .demo import demo

        return demo(pace)

    return carried_out(action, debug=debug)


@app.command(epilog=_examples("schema --out workflow-run.schema.json", status=_EXIT_WITHOUT_RUNS))
def schema(out: Out = None, debug: Debug = False) -> int:
    """Show the JSON Schema of the runs that --json writes."""
    return carried_out(lambda: show_schema(out), debug=debug)
