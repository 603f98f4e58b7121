"""The command line: `generate` and `check` for the maintainers of this repository, `client` for any OpenAPI file.

`diff` and `explain` are for those who review a new version of either.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import resources
from .diff.report import Format
from .document.problems import Problems
from .output.manifest import differences_of, digests_of, manifest_is_current, unchanged
from .output.section import FILE
from .printing import (
    failures_reported,
    package_summary,
    show,
    show_error,
    show_problems,
    show_report,
    show_written,
)
from .project.files import generated_files, input_digests, shown_path

_REPOSITORY = resources.repository_folder()
_WRONG_CALL = 2
"""The exit status of `diff` and `explain` when there is nothing to compare or to explain; 1 is a result of `diff`."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Generate typed client packages from OpenAPI documents.",
)
Specs = Annotated[Path, typer.Option(help="The folder that contains a folder per provider.", show_default="specs")]
Out = Annotated[Path, typer.Option(help="The folder that contains the packages.", show_default="generated")]

Spec = Annotated[Path, typer.Argument(help="An OpenAPI 3 or Swagger 2.0 document, YAML or JSON.", show_default=False)]
SecondReader = Annotated[
    bool | None,
    typer.Option(
        help="Have openapi-python-client read the document as well, and compare; the default if it is not large."
    ),
]
Groups = Annotated[
    bool | None,
    typer.Option(
        help="Make groups of methods, from tags or paths: client.runs.get(); if not given, what was decided before "
        "holds, and else 40 operations make groups."
    ),
]
OverlayFile = Annotated[
    Path | None, typer.Option(help="Corrections of the document: an OpenAPI Overlay 1.0 file.", show_default=False)
]
SkipUnsupported = Annotated[
    bool, typer.Option("--skip-unsupported", help="Leave out operations that cannot be generated, and list them.")
]
Root = Annotated[
    Path | None,
    typer.Option(
        help="The folder up to which a document may refer to other files; the default is its own.", show_default=False
    ),
]
Texts = list[str] | None
IncludeTag = Annotated[
    Texts, typer.Option(metavar="TAG", help="Generate the operations with this tag, and none that nothing includes.")
]
IncludePath = Annotated[
    Texts,
    typer.Option(
        metavar="PATTERN",
        help="The same by path, and method if you like: 'GET /repos/**'. `*` is one segment, `**` any number.",
    ),
]
IncludeOperation = Annotated[Texts, typer.Option(metavar="ID", help="The same by operationId.")]
ExcludeTag = Annotated[
    Texts, typer.Option(metavar="TAG", help="Generate no operation with this tag, whatever includes it.")
]
ExcludePath = Annotated[Texts, typer.Option(metavar="PATTERN", help="The same by path, and method if you like.")]
ExcludeOperation = Annotated[Texts, typer.Option(metavar="ID", help="The same by operationId.")]
PackageFolder = Annotated[
    Path | None,
    typer.Option(help="The folder of a package of `client`: its options, such as groups, hold for both versions."),
]
PackageName = Annotated[
    str | None,
    typer.Option(
        help="What the package of two spec files is called, as with `client`; else as --package is, or after the title "
        "of OLD."
    ),
]
Accept = Annotated[
    Texts,
    typer.Option(
        metavar="CAUSE",
        help="Write to the accepted.yaml of NEW that this is meant: a fingerprint of the report, or at least four "
        "digits of it; may be repeated.",
    ),
]
Everything = Annotated[
    bool, typer.Option("--all", help="List also what needs no decision, and all that is felt of each cause.")
]
Write = Annotated[
    Texts,
    typer.Option(
        metavar="FORMAT=FILE",
        help="Write the report to a file as well, in this format, such as markdown=comment.md; may be repeated.",
    ),
]
TemplatesFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Templates of your own, which replace those of templates/client by name.",
        show_default=False,
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Write nothing if a part of the document cannot be read as it is written.")
]


@app.command()
def generate(specs: Specs = _REPOSITORY / "specs", out: Out = _REPOSITORY / "generated") -> None:
    """Generate the core and a client package per provider; finish at once when nothing changed."""
    inputs = input_digests(specs)
    if unchanged(out, inputs):
        show(f"{shown_path(out)} is up to date.")
        return
    from .output.write import write

    problems = Problems()
    files = generated_files(specs, problems)
    show_problems(problems)
    show_written(write(out, files, inputs), out)


@app.command()
def check(specs: Specs = _REPOSITORY / "specs", out: Out = _REPOSITORY / "generated") -> None:
    """List generated files that are stale, edited, missing or unknown; write nothing. Exit status 1 if any."""
    from .output.formatting import formatted

    problems = Problems()
    files = generated_files(specs, problems)
    show_problems(problems)
    expected = formatted(files)
    differences = differences_of(out, expected)
    for path, state in differences.items():
        show(f"{shown_path(out)}/{path}: {state}")
    if differences:
        states = ", ".join(sorted(set(differences.values())))
        show(
            f"{len(differences)} of {len(expected)} files differ ({states}): run `make generate` and commit the result."
        )
        sys.exit(1)
    if not manifest_is_current(out, input_digests(specs), expected):
        show(
            f"{shown_path(out)} is what its inputs give, but its manifest is stale: run `make generate` and commit it."
        )
        sys.exit(1)
    show(f"{shown_path(out)} is what its inputs give ({len(expected)} files).")


@app.command()
def client(
    spec: Spec,
    name: Annotated[str, typer.Option(help="The name of the distribution; in snake case, of the module.")],
    out: Annotated[Path, typer.Option(help="The folder in which to make the package's folder.")],
    second_reader: SecondReader = None,
    groups: Groups = None,
    overlay: OverlayFile = None,
    skip_unsupported: SkipUnsupported = False,
    root: Root = None,
    strict: Strict = False,
    include_tag: IncludeTag = None,
    include_path: IncludePath = None,
    include_operation: IncludeOperation = None,
    exclude_tag: ExcludeTag = None,
    exclude_path: ExcludePath = None,
    exclude_operation: ExcludeOperation = None,
    templates: TemplatesFolder = None,
) -> None:
    """Make a client package from one OpenAPI file, in the folder NAME below OUT."""
    from .options import given_patterns
    from .output.write import write
    from .project.own_options import read_own_options, with_own_section
    from .project.own_templates import check_project_file, read_own_templates
    from .project.packages import check_distribution, check_local, single_package
    from .render.package import CORE, client_files
    from .upstream.second_reading import is_large

    problems = Problems(strict=strict)
    check_distribution(name, problems)
    check_local(spec, problems)
    problems.stop_on_errors()  # of a name that is too long, no file can be read
    folder = out / name
    options = read_own_options(folder, shown_path(folder / FILE), problems).overridden(
        groups=groups,
        include_tags=given_patterns("--include-tag", include_tag),
        include_paths=given_patterns("--include-path", include_path),
        include_operations=given_patterns("--include-operation", include_operation),
        exclude_tags=given_patterns("--exclude-tag", exclude_tag),
        exclude_paths=given_patterns("--exclude-path", exclude_path),
        exclude_operations=given_patterns("--exclude-operation", exclude_operation),
    )
    inputs: dict[str, Path] = {}
    own = read_own_templates(templates, inputs, problems)
    show_problems(problems)
    package = single_package(
        *(spec, name, problems),
        read_twice=second_reader,
        options=options,
        overlay=overlay,
        skip_unsupported=skip_unsupported,
        root=root,
        inputs=inputs,
    )
    show_problems(problems, hint=_HOW_TO_GO_ON)
    assert package is not None
    table = package.api.options.table()
    texts = client_files(package, table, own)
    files = {path.partition("/")[2]: text for path, text in texts.items()}
    check_project_file(files[FILE], table, own)
    files[FILE] = with_own_section(files[FILE], folder)
    summary = package_summary(package, len(set(problems)))
    if second_reader is None and is_large(package.api):
        summary.append(_READ_ONCE)
    del package
    gc.collect()  # the formatter, a process of its own, needs as much memory as what is no longer needed here
    show_written(write(folder, files, digests_of(inputs)), folder)
    show(*summary)
    core = shown_path(_REPOSITORY / "generated" / CORE)
    show(f"Install it beside the core: pip install {core} {shown_path(folder)}")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A spec file, a provider's folder, a folder of these, REV or REV:PATH.")],
    new: Annotated[str, typer.Argument(help="The same for the new version.")],
    format: Annotated[
        Format,
        typer.Option(help="For a terminal, a pull request, a program, GitHub Actions, code scanning, or a browser."),
    ] = "text",
    root: Root = None,
    package: PackageFolder = None,
    name: PackageName = None,
    write: Write = None,
    everything: Everything = False,
    accept: Accept = None,
    reason: Annotated[str | None, typer.Option(help="Why what --accept names is meant.")] = None,
) -> None:
    """Show what changed from OLD to NEW, and what it means for callers: on the wire, in Python, in WorkflowRun.

    Exit status 1: something breaks, and no accepted.yaml of NEW accepts it; 2: OLD or NEW cannot be read, or one of
    several providers in them, while the report is about the others.
    """
    with failures_reported(f"nothing was {'accepted' if accept or reason else 'compared'}", _WRONG_CALL):
        from .diff.accepting.command import accept_in_files, checked_reason
        from .diff.commands import comparison
        from .diff.report.files import report_files, write_reports

        files, reason = report_files(write or ()), checked_reason(accept, reason)
        compared = comparison(old, new, root, package, name)
        report, written = accept_in_files(compared, accept, reason) if accept else (compared.report, [])
        write_reports(report, files, everything=everything)
    from .diff.report import render

    if written and format == "text":
        show(*written, report.verdict)
    else:
        show_error(*written)
        show_report(render(report, format, everything=everything))
    show_problems(Problems(report.errors), "the other providers were compared", _WRONG_CALL)
    if report.breaking:
        sys.exit(1)


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="The id of a rule, as `diff` prints it.", show_default=False)],
) -> None:
    """Explain a rule of `diff`: which changes it reports, why they matter, and an example."""
    with failures_reported("nothing was explained", _WRONG_CALL):
        from .diff.report.explain import explanation

        text = explanation(rule)
    show(*text.rstrip("\n").split("\n"))


_READ_ONCE = "It was read once, as it is large: --second-reader has openapi-python-client read it too, and compares."
_HOW_TO_GO_ON = """\
Correct the document with --overlay FILE (complete the actions in the lines that begin with `overlay:`), or leave
out the affected operations with --skip-unsupported. An overlay begins like this:
    {overlay: 1.0.0, info: {title: Corrections, version: 1.0.0}, actions: [...]}"""


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
