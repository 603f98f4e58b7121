"""All that the commands print: nothing else in the generator writes to standard output or to standard error.

Every text is escaped (`escaping.py`), whoever wrote it. The workflow commands of `diff --format github` and the colors
of a terminal are added by us afterwards.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager

from .escaping import one_line, printable, shown_path

TYPE_CHECKING = False  # that of `typing`, which takes long to import: `up_to_date.py` says when that matters
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    from .document.problems import Problems
    from .ir.model import Package
    from .output.write import Written

_LISTED = 20
"""Files that a run names of those added, changed or removed each; more are counted."""


def show(*lines: str) -> None:
    """Print lines to standard output."""
    _write("".join(f"{one_line(line)}\n" for line in lines), sys.stdout)


def show_error(*lines: str) -> None:
    """Print lines to standard error."""
    _write("".join(f"{one_line(line)}\n" for line in lines), sys.stderr)


def show_report(report: str) -> None:
    """Print a report of `diff`, whose parts are escaped already: it has colors, or workflow commands of our own."""
    _write(report, sys.stdout)


def _write(text: str, stream: TextIO) -> None:
    """Write a text wherever it goes: what cannot be encoded there is escaped."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 problem", "2 problems"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@contextmanager
def failures_reported(consequence: str, status: int) -> Iterator[None]:
    """End with `status` when an input cannot be used, or the system refuses; say why.

    The traceback of an error of ours is escaped, too, as the text of the exception may quote an input.
    """
    from .document.problems import Problems, ProblemsFound

    try:
        yield
    except ProblemsFound as error:
        show_problems(Problems(error.problems), consequence, status)
    except OSError as error:
        show_error(f"{error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(status)
    except Exception:
        import traceback

        show_error(*traceback.format_exc().rstrip("\n").split("\n"))
        sys.exit(status)


def show_problems(
    problems: Problems, consequence: str = "nothing was written", status: int = 1, hint: str = ""
) -> None:
    """Print the problems; end the run with `status` when any of them is an error.

    `hint` says how to get rid of errors for which there is an overlay action.
    """
    if not problems:
        return
    from rich.console import Console
    from rich.text import Text

    from .document.problems import UNDECIDED, group_repeated, sorted_problems

    console = Console(stderr=True, soft_wrap=True, highlight=False)
    shown = sorted_problems(problems)
    for problem, lines in group_repeated(shown):
        source, label, message = printable(str(problem)).partition(f"{problem.severity}[{problem.id}]")
        console.print(Text.assemble(source, (label, "red" if problem.severity == "error" else "yellow"), message))
        if lines:
            console.print(f"    the same on {len(lines)} other lines: {', '.join(map(str, lines))}")
        if hint and problem.action:
            console.print(Text(one_line(f"    overlay: {problem.action}")))
    questions = sum(problem.id == UNDECIDED for problem in shown)
    errors = sum(problem.severity == "error" for problem in shown) - questions
    if errors or questions:
        counts = [counted(count, noun) for count, noun in ((questions, "question"), (errors, "problem")) if count]
        console.print(f"{' and '.join(counts)}; {consequence}.", style="bold")
        if hint and any(problem.action for problem in shown):
            console.print(Text(hint))
        sys.exit(status)


def package_summary(package: Package, warnings: int) -> list[str]:
    """What a package has, in numbers, and what was left out of it."""
    from .python.annotations import enum_classes

    api = package.api
    counts = [(len(api.operations), "operation"), (len(api.models), "model"), (len(enum_classes(api)), "enum")]
    counts += [(len(api.webhooks), "webhook"), (warnings, "warning")]
    lines = [f"{package.distribution}: {_enumeration(counts)}"]
    if api.options.patterns:
        cut = [(api.operations_cut, "operation"), (api.webhooks_cut, "webhook")]
        lines.append(f"Cut by the options to include and exclude: {_enumeration(cut)}")
    if package.api.left_out:
        lines.append(f"Left out, as it cannot be generated ({len(package.api.left_out)}):")
    for left_out in package.api.left_out:
        lines.append(f"    {left_out.what} ({left_out.source}): {left_out.problem.id}, {left_out.problem.source}")
    return lines


def _enumeration(counts: list[tuple[int, str]]) -> str:
    return ", ".join(counted(count, noun) for count, noun in counts if count or noun not in ("webhook", "warning"))


def show_written(written: Written, out: Path) -> None:
    """Print what a run did to the folder `out`; warn about edited files that it replaced."""
    shown = shown_path(out)
    if written.added and not (written.changed or written.removed or written.replaced or written.unchanged):
        show(f"{shown}: {len(written.added)} files written.")
        return
    for verb, paths in (("added", written.added), ("changed", written.changed), ("removed", written.removed)):
        for path in paths[:_LISTED]:
            show(f"{verb:8}{shown}/{path}")
        if len(paths) > _LISTED:
            show(f"{verb:8}... and {len(paths) - _LISTED} more")
    for replaced in written.replaced:
        copy = f"; a copy is kept in {shown_path(out.resolve().parent / replaced.copy)}" if replaced.copy else ""
        show_error(f"{shown}/{replaced.path} was {replaced.state} and has been replaced{copy}")
    changed = len(written.added) + len(written.changed) + len(written.removed)
    show(f"{shown}: {changed} files written or removed, {written.unchanged} as before.")
