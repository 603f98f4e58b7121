"""The command line: `generate` and `check` for the maintainers of this repository, `client` for any OpenAPI file.

`diff` and `explain` are for those who review a new version of either.
"""

from __future__ import annotations

import gc
import keyword
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import resources
from .diff.report import Format
from .document.problems import Problems, ProblemsFound, Source, group_repeated, sorted_problems
from .output.manifest import check as compare
from .output.manifest import inputs_digest, manifest_is_current, unchanged

if TYPE_CHECKING:
    from .ir.model import Package
    from .output.write import Written

ROOT = resources.repository_folder()
# packaging.python.org, "Names and normalization"
_DISTRIBUTION = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Generate typed client packages from OpenAPI documents.",
)
Specs = Annotated[Path, typer.Option(help="The folder with a folder per provider.", show_default="specs")]
Out = Annotated[Path, typer.Option(help="The folder that holds the packages.", show_default="generated")]


@app.command()
def generate(specs: Specs = ROOT / "specs", out: Out = ROOT / "generated") -> None:
    """Generate the core and a client package per provider; finish at once when nothing changed."""
    inputs = _inputs(specs)
    if unchanged(out, inputs):
        print(f"{_shown(out)} is up to date.")
        return
    problems = Problems()
    files = _files(specs, problems)
    _report(problems)
    from .output.write import write

    _summarize(write(out, files, inputs), out)


@app.command()
def check(specs: Specs = ROOT / "specs", out: Out = ROOT / "generated") -> None:
    """Generate elsewhere and compare: names files that are stale, edited, missing or unknown. Exit status 1 if any."""
    problems = Problems()
    files = _files(specs, problems)
    _report(problems)
    from .output.write import formatted

    fresh = formatted(files)
    differences = compare(out, fresh)
    for difference in differences:
        print(f"{_shown(out)}/{difference.path}: {difference.kind}")
    if differences:
        kinds = ", ".join(sorted({d.kind for d in differences}))
        print(f"{len(differences)} of {len(fresh)} files differ ({kinds}): run `make generate`, commit what it wrote.")
        raise typer.Exit(1)
    if not manifest_is_current(out, _inputs(specs), fresh):
        print(f"{_shown(out)} is what its inputs give, but its manifest is stale: run `make generate`, and commit it.")
        raise typer.Exit(1)
    print(f"{_shown(out)} is what its inputs give ({len(fresh)} files).")


@app.command()
def client(
    spec: Annotated[
        Path, typer.Argument(help="An OpenAPI 3 or Swagger 2.0 document, YAML or JSON.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="The name of the distribution; in snake case, of the module.")],
    out: Annotated[Path, typer.Option(help="The folder in which to make the package's folder.")],
    second_reader: Annotated[
        bool | None,
        typer.Option(
            help="Have openapi-python-client read the document as well, and compare; by default if not large."
        ),
    ] = None,
    groups: Annotated[
        bool | None,
        typer.Option(help="Make groups of methods from tags: client.runs.get(); by default of 40 operations or more."),
    ] = None,
    overlay: Annotated[
        Path | None, typer.Option(help="Corrections of the document: an OpenAPI Overlay 1.0 file.", show_default=False)
    ] = None,
    skip_unsupported: Annotated[
        bool, typer.Option("--skip-unsupported", help="Leave out operations that cannot be generated, and list them.")
    ] = False,
) -> None:
    """Make a client package from any one OpenAPI file, in a folder NAME below OUT."""
    problems = Problems()
    module = name.replace("-", "_").replace(".", "_").lower()
    taken = {"workflow_client_core", "msgspec", "httpx2", "anyio", *sys.stdlib_module_names}
    if not _DISTRIBUTION.fullmatch(name) or not module.isidentifier() or keyword.iskeyword(module) or module in taken:
        hint = "letters, digits and single '-', beginning with a letter, and nobody else's: example-client"
        problems.error("bad-name", Source("--name"), f"{name!r} is no name for a distribution and a module", hint)
        _report(problems)
    if re.match(r"https?:/", str(spec)):
        hint = "download it first; the files that it refers to belong beside it"
        problems.error("unreadable-file", Source(str(spec)), "this is no file, and nothing is fetched", hint)
        _report(problems)
    from .output.write import write
    from .pipeline import is_large, single_package
    from .render.package import CORE, client_files

    read: dict[str, Path] = {}
    package = single_package(
        *(spec, name, problems),
        second=second_reader,
        groups=groups,
        overlay=overlay,
        skip=skip_unsupported,
        inputs=read,
    )
    _report(problems, hint=_HOW_TO_GO_ON)
    assert package is not None
    files = {path.partition("/")[2]: text for path, text in client_files(package).items()}
    said = _said(package, len(set(problems)))
    if second_reader is None and is_large(package.api):
        said += (
            "It was read once, as it is large: --second-reader has openapi-python-client read it too, and compares.\n"
        )
    del package
    gc.collect()  # the formatter, a process of its own, needs as much memory as what is no longer needed here
    _summarize(write(out / name, files, inputs_digest(read)), out / name)
    _put(said)
    print(f"Install it beside the core: pip install {_shown(ROOT / 'generated' / CORE)} {_shown(out / name)}")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A spec file, a provider's folder, a folder of these, REV or REV:PATH.")],
    new: Annotated[str, typer.Argument(help="The same, of the new version.")],
    format: Annotated[
        Format, typer.Option(help="For a terminal, a pull request, a program, or GitHub Actions.")
    ] = "text",
) -> None:
    """Say what changed from OLD to NEW, and what it means for callers: on the wire, in Python, in WorkflowRun.

    Exit status 1: something breaks, and no accepted.yaml of NEW accepts it; 2: OLD or NEW cannot be read.
    """
    with _bad_input_is_a_wrong_call("nothing was compared"):
        from .diff.commands import compared

        report = compared(old, new)
    from .diff.report import render

    _put(render(report, format))
    if report.breaking:
        raise typer.Exit(1)


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="The id of a rule, as `diff` prints it.", show_default=False)],
) -> None:
    """Print one of the rules by which `diff` judges: what it is about, why, and an example."""
    with _bad_input_is_a_wrong_call("nothing was explained"):
        from .diff.commands import explained

        text = explained(rule)
    _put(text)


def _inputs(specs: Path) -> dict[str, str]:
    """What the generated files follow from: specs, templates, the generator, and the tools that the lock names."""
    found: dict[str, Path] = {}
    for prefix, folder in (
        ("specs", specs),
        ("templates", resources.templates_folder()),
        ("generator", resources.package_folder()),
    ):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and "__pycache__" not in path.parts and not _is_for_diff(prefix, inside):
                found[f"{prefix}/{inside.as_posix()}"] = path
    found |= {"LICENSE": resources.license_file(), "requirements.lock": ROOT / "requirements.lock"}
    return inputs_digest(found)


def _is_for_diff(prefix: str, inside: Path) -> bool:
    if prefix == "generator":
        return inside.parts[0] == "diff"
    return prefix == "specs" and inside.name == "accepted.yaml"


def _files(specs: Path, problems: Problems) -> dict[str, str]:
    from .pipeline import normalization, provider_package
    from .render.package import client_files, core_files

    folders = sorted(p for p in specs.glob("*/") if p.is_dir() and not p.name.startswith((".", "__")))
    for folder in folders:
        if not (folder / "openapi.yaml").is_file():
            hint = "call the document openapi.yaml (JSON is YAML, too), or remove the folder"
            problems.error("missing-spec", Source(_shown(folder)), "a provider's folder without openapi.yaml", hint)
    if not folders:
        hint = "each provider has a folder with openapi.yaml and provider.yaml"
        problems.error("no-specs", Source(str(specs)), "there is no provider's folder here", hint)
    packages: dict[str, Package] = {}
    for folder in folders:
        if not (folder / "openapi.yaml").is_file():
            continue
        found = Problems()  # of its own: a stage stops on its own provider's errors only
        package = provider_package(folder, _shown(folder), found)
        if package is not None and not found.errors:
            packages[folder.name] = package
        problems += found
    layer = normalization(specs, _shown(specs), packages, problems)
    if problems.errors:
        return {}
    files = core_files()
    if layer is not None:
        from .normalization.render.package import runs_files

        files |= runs_files(*layer)
    for package in packages.values():
        files |= client_files(package)
    return files


def _said(package: Package, warnings: int) -> str:
    api = package.api
    counts = [(len(api.operations), "operation"), (len(api.models), "model"), (len(api.enums), "enum")]
    counts += [(n, word) for n, word in ((len(api.webhooks), "webhook"), (warnings, "warning")) if n]
    words = ", ".join(f"{n} {word}" if n == 1 else f"{n} {word}s" for n, word in counts)
    lines = [f"{package.distribution}: {words}"]
    if package.left_out:
        lines.append(f"Left out, as it cannot be generated ({len(package.left_out)}):")
    lines += (f"    {one.what} ({one.source}): {one.problem.id}, {one.problem.source}" for one in package.left_out)
    return "".join(f"{line}\n" for line in lines)


def _summarize(written: Written, out: Path) -> None:
    shown = _shown(out)
    if written.added and not (written.changed or written.removed or written.replaced or written.unchanged):
        print(f"{shown}: {len(written.added)} files written.")
        return
    for kind, paths in (("added", written.added), ("changed", written.changed), ("removed", written.removed)):
        for path in paths[:20]:
            print(f"{kind:8}{shown}/{path}")
        if len(paths) > 20:
            print(f"{kind:8}... and {len(paths) - 20} more")
    for replaced in written.replaced:
        kept = f"; a copy is kept in {_shown(out.resolve().parent / replaced.kept)}" if replaced.kept else ""
        print(f"{shown}/{replaced.path} was {replaced.kind} and has been replaced{kept}", file=sys.stderr)
    changed = len(written.added) + len(written.changed) + len(written.removed)
    print(f"{shown}: {changed} files written or removed, {written.unchanged} as before.")


@contextmanager
def _bad_input_is_a_wrong_call(so: str) -> Iterator[None]:
    """End with 2, as 1 is an answer of `diff`."""
    try:
        yield
    except ProblemsFound as found:
        _report(Problems(found.problems), so, 2)
    except OSError as error:
        print(f"{error.filename or 'the system'}: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(2) from error


def _put(text: str) -> None:
    """Print a text that may hold anything, wherever it goes: what cannot be encoded there is escaped."""
    encoding = sys.stdout.encoding
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


_HOW_TO_GO_ON = """\
Correct the document by --overlay FILE (lines that begin with `overlay:` are actions for it, to be completed), or leave
out the operations concerned by --skip-unsupported. An overlay begins so:
    {overlay: 1.0.0, info: {title: Corrections, version: 1.0.0}, actions: [...]}"""


def _report(problems: Problems, so: str = "nothing was written", status: int = 1, hint: str = "") -> None:
    """Print what was found; end the run when any of it is an error."""
    if not problems:
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, soft_wrap=True, highlight=False)
    found = sorted_problems(problems)
    for problem, lines in group_repeated(found):
        head, mark, rest = str(problem).partition(f"{problem.severity}[{problem.id}]")
        console.print(Text.assemble(head, (mark, "red" if problem.severity == "error" else "yellow"), rest))
        if lines:
            console.print(f"    the same at {len(lines)} other places: lines {', '.join(map(str, lines))}")
        if hint and problem.action:
            console.print(Text(f"    overlay: {problem.action}"))
    errors = sum(problem.severity == "error" for problem in found)
    if errors:
        console.print(f"{errors} problem{'' if errors == 1 else 's'}; {so}.", style="bold")
        if hint and any(problem.action for problem in found):
            console.print(Text(hint))
        raise typer.Exit(status)


def _shown(path: Path) -> str:
    """A path as people in this folder would write it."""
    relative = os.path.relpath(path.resolve())
    return str(path) if relative.startswith("..") else relative


def main() -> None:
    """Run the command line. Exit status 0: done; 1: problems, printed; 2: a wrong call."""
    try:
        app()
    except ProblemsFound as found:
        problems = Problems(found.problems)
        try:
            _report(problems)
        except typer.Exit:
            sys.exit(1)
    except OSError as error:
        sys.exit(f"{error.filename or 'the system'}: {error.strerror or error}")
