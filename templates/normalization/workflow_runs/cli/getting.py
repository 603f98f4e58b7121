"""`get` and `normalize`: runs as they are now."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from queue import SimpleQueue
from typing import TypeAlias

from .._normalize.normalize import normalize
from .._providers.lookup import find
from .._run.run import WorkflowRun
from .._watching.workers import Workers
from ..runs import Runs
from .display.messages import NAME, CommandError
from .display.terminal import is_terminal, say
from .ending import Ending
from .output import Output, refuse_to_overwrite
from .references import STDIN, References
from .results import Format, Results

_AT_ONCE = 8

Answer: TypeAlias = WorkflowRun | Exception


def get(
    references: References,
    output: str | None,
    format_: Format,
    *,
    timeout: float | None,
    allowed: Mapping[str, list[str]],
    debug: bool,
) -> Ending:
    """Ask for each run once, and write what comes, in the order of the references."""
    with Output(output) as out, Runs(timeout=timeout, allowed_base_urls=allowed) as runs:
        results = Results(out, format_, is_one=references.is_one, debug=debug)
        answers = _answers(runs, references) if not references.is_one else [_answer(runs, references.known[0])]
        with results.closing():
            for ref, answer in answers:
                results.add(ref, answer)
        references.check_any()
        return results.ending


def normalize_file(
    provider: str, path: str, output: str | None, format_: Format, *, ref: str | None, event: str | None
) -> Ending:
    """Write the run of a response, or of the body of an event, that a file has."""
    find(provider)
    refuse_to_overwrite(output, [path])
    data = _content(path)
    if event is not None:
        run = normalize(provider, data, ref=ref, event=event)
    elif ref is not None:
        run = normalize(provider, data, ref=ref)
    else:
        raise CommandError("say which run it is with --ref, or with --event that it is the body of an event")
    with Output(output) as out:
        results = Results(out, format_, is_one=True)
        results.add(run.ref, run)
        return results.ending


def _content(path: str) -> bytes:
    if path == STDIN:
        if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]
            raise CommandError("standard input is closed: name a file")
        if is_terminal(sys.stdin):
            say(f"{NAME}: reading the response from the terminal; Ctrl-D ends it")
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{path} cannot be read: {reason}") from error


def _answers(runs: Runs, refs: Iterable[str]) -> Iterator[tuple[str, Answer]]:
    """The answers for these runs in their order, some of them asked for at once."""
    workers = Workers()
    asked = deque[SimpleQueue[tuple[str, Answer]]]()
    try:
        for ref in refs:
            asked.append(SimpleQueue())
            workers.submit(partial(_put, runs, ref, asked[-1]), min(len(asked), _AT_ONCE))
            while len(asked) >= 2 * _AT_ONCE or (asked and not asked[0].empty()):
                yield asked.popleft().get()
        while asked:
            yield asked.popleft().get()
    finally:
        workers.close()


def _put(runs: Runs, ref: str, queue: SimpleQueue[tuple[str, Answer]]) -> None:
    queue.put(_answer(runs, ref))


def _answer(runs: Runs, ref: str) -> tuple[str, Answer]:
    try:
        return ref, runs.get(ref)
    except Exception as error:
        return ref, error
