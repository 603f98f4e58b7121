"""The commands of the generator, run in this process, and what has to hold of whatever they print."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Callable, Set
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from generator.document.problems import Problems, ProblemsFound
from generator.output import formatting
from generator.printing import show_problems
from tests.torture.subject import Broken

_PROBLEM = re.compile(r"(?P<file>.+?)(?P<line>:[0-9]+)?: (?P<severity>error|warning)\[(?P<id>[a-z0-9.-]+)\]: .")
_MORE = (
    *("    hint: ", "    overlay: ", "    the same on ", "Correct the document with --overlay FILE"),
    *("out the affected operations with --skip-unsupported.", "    {overlay: 1.0.0, info: {title: Corrections, "),
)
"""The beginnings of other lines of a report."""
_END = re.compile(r"[0-9,]+ problems?; nothing was (written|compared)\.")
_DEFECTS = {"second-reading", "invalid-code", "unsafe-path", "bad-template"}
"""Problems that say that the generator itself is wrong."""


@dataclass(frozen=True)
class Run:
    """How a command ended; `problems` are the lines that begin one."""

    status: int
    out: str
    err: str
    problems: list[re.Match[str]]

    @property
    def errors(self) -> list[re.Match[str]]:
        """Those whose severity is error."""
        return [problem for problem in self.problems if problem["severity"] == "error"]


def run(
    command: Callable[..., None],
    consequence: str,
    status: int,
    *arguments: Any,
    is_formatted: bool,
    defects_are_problems: bool = False,
    **options: Any,
) -> Run:
    """Call a command as the command line does. Raises `Broken` where its report is not one, or shows a defect.

    `defects_are_problems`: what is wrong with code, or with a template, is a problem of the user's own templates.
    """
    out, err = _stream(), _stream()
    code = 0
    # The command asks for a collection of all garbage, which takes as long as all else here.
    without_collection = patch.object(gc, "collect", lambda: 0)
    without_ruff = patch.object(formatting, "_run_ruff", lambda folder: "")
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        without_collection,
        nullcontext() if is_formatted else without_ruff,
    ):
        try:
            _call(command, arguments, options, consequence, status)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    printed = _text(out)
    if not printed.replace("\n", "").isprintable():
        raise Broken("an unprintable character is printed", repr(printed))
    return Run(code, printed, *_report(_text(err), set() if defects_are_problems else _DEFECTS))


def _call(command: Callable[..., None], arguments: Any, options: Any, consequence: str, status: int) -> None:
    """What the command line does, but for exceptions: each is a failure of its own kind here."""
    try:
        command(*arguments, **options)
    except ProblemsFound as error:
        show_problems(Problems(error.problems), consequence, status)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def _report(text: str, defects: Set[str]) -> tuple[str, list[re.Match[str]]]:
    problems = []
    for line in text.splitlines():
        if not line.isprintable():
            raise Broken("an unprintable character is printed", repr(line))
        if match := _PROBLEM.match(line):
            if match["severity"] == "error" and match["id"] in defects:
                raise Broken(f"a defect is reported: {match['id']}", line)
            problems.append(match)
        elif not line.startswith(_MORE) and not _END.fullmatch(line):
            raise Broken("a line of the report is not a problem", repr(line))
    return text, problems
