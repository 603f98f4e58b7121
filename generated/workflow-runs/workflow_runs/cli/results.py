"""Runs as a command gives them: for people, as JSON, or as a JSON a line."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from typing import Any

import msgspec

from .._form.models import RunStatus
from .._polling.change import RunChange
from .._polling.clock import current_clock
from .._polling.errors import WaitError
from .._provider_errors.errors import ProviderError
from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .._text import brief
from .display.messages import CommandError, message_of, say_error, say_traceback
from .display.terminal import PipeClosed, color_of, colored, mark_of, printable
from .display.words import card_of, line_of, name_of
from .ending import Ending, ending_of, worst
from .output import Output


class Format(Enum):
    """How runs are written."""

    TEXT = auto()
    JSON = auto()
    JSON_LINES = auto()


class Results:
    """Writes runs, and the errors in their place, as they come.

    JSON of a call that names one run is that run; else a list, whose items for errors have `ref` and `error`.

    Args:
        output: where to.
        format_: how.
        is_one: whether the call names one run.
        until: the statuses that the call names.
        debug: whether to say where errors come from.
    """

    def __init__(
        self,
        output: Output,
        format_: Format,
        *,
        is_one: bool,
        until: Collection[RunStatus] = (),
        debug: bool = False,
    ) -> None:
        self._output = output
        self._format = format_
        self._is_one = is_one
        self._until = until
        self._debug = debug
        self._count = 0
        self._endings = set[Ending]()

    @property
    def ending(self) -> Ending:
        """How the command ends for what was added so far."""
        return worst(self._endings)

    def count_in(self, answer: WorkflowRun | Exception) -> None:
        """Let a run, or the error in its place, count for how the command ends."""
        self._endings.add(ending_of(answer, self._until))

    def add(self, ref: RunRef | str, answer: WorkflowRun | Exception) -> None:
        """Write a run, or the error in its place, which is told on standard error, too."""
        self.count_in(answer)
        run = answer if isinstance(answer, WorkflowRun) else seen_run(answer)
        if isinstance(answer, Exception):
            self.say_error(ref, answer)
        if self._format is Format.TEXT:
            if run is not None:
                self._write_text(ref, run)
        elif self._is_one and self._format is Format.JSON:
            if run is not None:
                self._write_json(run.to_json())
        elif isinstance(answer, WorkflowRun):
            self._write_item(answer.to_json())
        else:
            self._write_item(msgspec.json.encode({"ref": name_of(ref), "error": error_object(answer), "run": run}))

    def add_change(self, change: RunChange) -> None:
        """Write a change as JSON on a line."""
        value: dict[str, Any] = {"ref": name_of(change.ref), "before": change.before, "kinds": change.kinds}
        value |= {"is_last": change.is_last, "run": change.run}
        value["error"] = None if change.error is None else error_object(change.error)
        self._write_line(msgspec.json.encode(value))

    @contextmanager
    def closing(self) -> Generator[None]:
        """Close the list in the end; where an error ends it before, if it was begun."""
        try:
            yield
        except BaseException:
            if self._count:
                with suppress(OSError, CommandError, PipeClosed):
                    self._output.write("\n]\n")
            raise
        if self._format is Format.JSON and not self._is_one:
            self._output.write("\n]\n" if self._count else "[]\n")

    def say_error(self, ref: RunRef | str, error: Exception) -> None:
        """Tell of an error on standard error."""
        message = message_of(error)
        name = brief(name_of(ref))
        say_error(message if name in message or self._is_one else f"{name}: {message}")
        if self._debug:
            say_traceback(error)

    def _write_text(self, ref: RunRef | str, run: WorkflowRun) -> None:
        stream, now = self._output.stream, current_clock().utc()
        status = f"{mark_of(run.status, stream)} "
        if not self._is_one:
            line = line_of(run, now)
            self._output.write(f"{colored(status, color_of(run.status), stream)}{name_of(ref)}: {line}\n")
            return
        rows = list(card_of(run, now))
        width = max(len(name) for name, _ in rows)
        self._output.write(f"{name_of(run.ref)}\n")
        for name, value in rows:
            shown = colored(f"{status}{value}", color_of(run.status), stream) if name == "status" else value
            self._output.write(f"  {printable(name):{width}}  {shown}\n")

    def _write_json(self, data: bytes) -> None:
        self._output.write_json(f"{msgspec.json.format(data, indent=2).decode()}\n")

    def _write_line(self, data: bytes) -> None:
        self._output.write_json(f"{data.decode()}\n")

    def _write_item(self, data: bytes) -> None:
        if self._format is Format.JSON_LINES:
            self._write_line(data)
            return
        # Counted before, and written at once, so that an interruption leaves a list that can be closed.
        begin = "," if self._count else "["
        self._count += 1
        self._output.write_json(f"{begin}\n{msgspec.json.format(data, indent=2).decode()}")


def seen_run(error: Exception) -> WorkflowRun | None:
    """The run as it was when it was last seen, where waiting for it has ended in an error."""
    return error.run if isinstance(error, WaitError) else None


def error_object(error: Exception) -> dict[str, Any]:
    """An error as JSON: its class, what to do, and what the provider said."""
    value: dict[str, Any] = {"type": type(error).__name__, "message": message_of(error)}
    if isinstance(error, ProviderError):
        value |= {"status": error.status, "transient": error.transient, "retry_after": error.retry_after}
        value |= {"code": error.code, "request_id": error.request_id}
    return value
