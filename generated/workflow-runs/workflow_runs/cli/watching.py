"""`wait` and `watch`: runs until they rest, in a live table, in lines, or as JSON."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta

from .._form.models import RunStatus
from .._form.vocabulary import RESTING
from .._polling.change import Poll, RunChange
from .._polling.clock import current_clock
from .._polling.errors import WaitError
from .._providers.poll_policy import PollPolicy
from .._run.run import WorkflowRun
from .._stores.store import Store
from ..runs import Runs
from .display.board import Board
from .display.messages import NAME, CommandError, message_of, say_error
from .display.terminal import is_pipe, is_terminal, printable, say
from .display.words import line_of_change, name_of, span
from .ending import Ending
from .output import Output
from .references import References, is_ref
from .results import Format, Results

_MOST_ERRORS = 20


@dataclass
class Call:
    """What `wait` or `watch` is to do: its arguments and options.

    - `until`: the statuses that the command line names; else those at which waiting does not help.
    - `options`: the words of the command line that are neither references nor the store, to begin anew.
    - `sources`: those of the references.
    """

    name: str
    references: References
    format_: Format
    seconds: float
    until: Collection[RunStatus]
    per_provider: int
    policy: PollPolicy | None = None
    output: str | None = None
    store: str | None = None
    allowed: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    is_quiet: bool = False
    debug: bool = False
    options: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def shows_changes(self) -> bool:
        """Whether each change is written, and not only how runs are in the end."""
        return self.name == "watch" and self.format_ is not Format.JSON

    def rests(self, run: WorkflowRun) -> bool:
        """Whether nothing more is to be waited for."""
        return run.is_terminal or run.status in (self.until or RESTING)


class Watching:
    """Watches runs as a call says."""

    def __init__(self, call: Call, runs: Runs, output: Output, store: Store | None) -> None:
        self.call = call
        self._runs = runs
        self._output = output
        self._store = store
        now = current_clock().utc()
        self._board = Board(now + timedelta(seconds=call.seconds))
        self._results = Results(output, call.format_, is_one=call.references.is_one, until=call.until, debug=call.debug)
        self._table_is_data = call.shows_changes and call.format_ is Format.TEXT and call.output is None
        """Whether the data are the table, if there is one, and else the lines in its place."""
        self._is_live = self._draws_table()
        self._late: list[tuple[str, WorkflowRun | Exception]] = []
        self._running: dict[str, WorkflowRun | None] = {}

    def carry_out(self) -> Ending:
        """Watch all runs until they rest, or the time has passed."""
        call = self.call
        changes = self._runs.watch(
            self.begin(),
            timeout=call.seconds,
            until=call.until or RESTING,
            policy=call.policy,
            per_provider=call.per_provider,
            store=self._store,
            on_poll=self._polled,
        )
        with self._results.closing():
            with self._table(), closing(changes):
                for change in changes:
                    self._take(change)
                self._take_rested()
            self._tell_late()
        call.references.check_any()
        return self._results.ending

    def begin(self) -> Iterable[str]:
        """Begin to watch the runs that are known; the references of all."""
        references = self.call.references
        for ref in references.known:
            self._begin(ref)
        return self._streamed() if references.streams else references.known

    def _streamed(self) -> Iterator[str]:
        for ref in self.call.references:
            if ref not in self._running:  # the known ones begin all at once
                self._begin(ref)
            yield ref

    def _begin(self, ref: str) -> None:
        """Take a run into the store before it is asked for: a later command without references has it in any case."""
        self._running[ref] = None
        stored = self._store.load(ref) if self._store else None
        if self._store and stored is None and is_ref(ref):
            self._store.add(ref)
        if self._is_live:
            self._board.add(ref, stored.run if stored else None)

    def _polled(self, poll: Poll) -> None:
        if poll.run is not None and not self.call.shows_changes:
            self._running[name_of(poll.ref)] = poll.run
        if self._is_live:
            self._board.polled(poll)
        elif poll.error is not None and poll.next_poll is not None and not self.call.is_quiet:
            left = (poll.next_poll - current_clock().utc()).total_seconds()
            say(f"{message_of(poll.error)}; asking again in {span(left)}")

    def _take(self, change: RunChange) -> None:
        call = self.call
        if self._is_live:
            self._board.changed(change)
        if call.shows_changes and call.format_ is Format.JSON_LINES:
            self._results.add_change(change)
        elif change.error is None and not (self._is_live and (self._table_is_data or not call.shows_changes)):
            self._tell(change)
        if change.is_last:
            seen = self._running.pop(name_of(change.ref), None)
            if isinstance(change.error, WaitError) and change.error.run is None:
                change.error.run = seen
            answer = change.error or change.run
            if answer is not None:
                self._end(name_of(change.ref), answer)

    def _tell(self, change: RunChange) -> None:
        line = line_of_change(change, current_clock().utc())
        if self.call.shows_changes:
            self._output.write(f"{line}\n")
        elif not self.call.is_quiet:
            say(line)

    def _end(self, ref: str, answer: WorkflowRun | Exception) -> None:
        """Count a run that is not watched any more, and write it, at once or when the table is gone."""
        is_data = not self.call.shows_changes
        if self._is_live and (isinstance(answer, Exception) or (is_data and is_terminal(self._output.stream))):
            self._late.append((ref, answer))
        elif is_data:
            self._results.add(ref, answer)
        else:
            self._results.count_in(answer)
            if isinstance(answer, Exception):
                self._results.say_error(ref, answer)

    def _take_rested(self) -> None:
        """Count the runs that rested already when an earlier command told of them, by the same store."""
        for ref in list(self._running) if self._store else ():
            stored = self._store.load(ref) if self._store else None
            if stored is not None and stored.run is not None and self.call.rests(stored.run):
                if self._is_live:
                    self._board.changed(RunChange(ref=ref, run=stored.run, is_last=True))
                self._end(ref, stored.run)

    def _tell_late(self) -> None:
        errors = 0
        for ref, answer in self._late:
            is_error = isinstance(answer, Exception)
            errors += is_error
            if not self.call.shows_changes:
                self._results.add(ref, answer)
                continue
            self._results.count_in(answer)
            if isinstance(answer, Exception) and errors <= _MOST_ERRORS:
                self._results.say_error(ref, answer)
        if self.call.shows_changes and errors > _MOST_ERRORS:
            say_error(f"and {errors - _MOST_ERRORS:,} more such errors; --jsonl has all")

    def _draws_table(self) -> bool:
        if self.call.is_quiet:
            return False
        if self._table_is_data:
            return is_terminal(sys.stdout)
        if self.call.output is None and (is_pipe(sys.stdout) or (self.call.shows_changes and is_terminal(sys.stdout))):
            return False  # what comes there at once, perhaps behind a pipe, would destroy the table
        return is_terminal(sys.stderr)

    def _table(self) -> AbstractContextManager[object]:
        if not self._is_live:
            return nullcontext()
        from .display.table import LiveTable

        stream = sys.stdout if self._table_is_data else sys.stderr
        return LiveTable(self._board, stream, stays=self._table_is_data)


class Session:
    """A call of `wait` or `watch`, and what to say when somebody interrupts it."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def carry_out(self) -> Ending:
        """Do it."""
        call = self._call
        with ExitStack() as stack:
            store = stack.enter_context(Store(call.store)) if call.store is not None else None
            if store is not None and not (call.references.known or call.references.streams):
                call.references.known += store.refs()
                if not call.references.known:
                    raise CommandError(f"the store {call.store} has no runs yet: name some, such as dify:5b1f0c9e")
            output = stack.enter_context(Output(call.output))
            runs = stack.enter_context(Runs(allowed_base_urls=call.allowed))
            return Watching(call, runs, output, store).carry_out()

    def after_interruption(self) -> str:
        """That the runs go on, and the command that watches them again."""
        call = self._call
        words = [NAME, call.name, *call.options]
        if call.store is not None:
            words += ["--store", call.store]
        # All of them, also those that rest, or are in the store: they count for the exit status, and none may be lost.
        spelled_out = call.references.spelled_out() if call.references.streams else []
        words += spelled_out or call.sources
        same = "with the same references on standard input, " if call.references.streams and not spelled_out else ""
        return f"; the runs go on; {same}resume with: {printable(shlex.join(words))}"
