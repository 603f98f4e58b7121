"""Worker processes that carry cases out, and what watches over them."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from tests.torture.shrink import smallest
from tests.torture.subject import Case, Subject
from tests.torture.trial import MEMORY_MB, Failure, peak, tried

#: A case that waits is given up after this time. It is long, as the machine may be busy.
WALL_SECONDS = 180.0
_SHRUNK_PER_KIND = 1


@dataclass(frozen=True)
class Chunk:
    """Some cases of a subject, in order."""

    module: str
    seed: int
    first: int
    count: int


@dataclass(frozen=True)
class FailedCase:
    """A case that failed, as small as it could be made where `shrunk` is true."""

    index: int
    case: Case
    failure: Failure
    shrunk: bool = False


@dataclass(frozen=True)
class Done:
    """What came of a chunk, or of its first `count` cases where its worker ended."""

    chunk: Chunk
    count: int
    outcomes: Counter[str]
    slowest_seconds: float
    peak_mb: float
    wall_seconds: float
    failures: list[FailedCase]


def subject_of(module: str) -> Subject:
    """The subject that a module of `tests.torture.subjects` defines."""
    subject = import_module(module).SUBJECT
    assert isinstance(subject, Subject)
    return subject


def carried_out(chunks: Iterable[Chunk], jobs: int) -> Iterator[Done]:
    """What comes of each chunk. `chunks` is asked for the next one when a worker is free.

    A worker that dies, or waits too long, is replaced; the rest of its chunk is carried out by another one.
    """
    waiting = iter(chunks)
    rest: list[Chunk] = []
    idle = [_Worker() for _ in range(jobs)]
    busy: dict[Connection, _Worker] = {}
    try:
        while True:
            while idle and (chunk := rest.pop() if rest else next(waiting, None)):
                worker = idle.pop()
                worker.start(chunk)
                busy[worker.connection] = worker
            if not busy:
                return
            ready = [c for c in wait(list(busy), timeout=0.5) if isinstance(c, Connection)]
            late = [connection for connection, worker in busy.items() if worker.is_late() and connection not in ready]
            for connection in [*ready, *late]:
                worker = busy.pop(connection)
                done = worker.given_up() if connection in late else worker.result()
                yield done
                if left := _rest(done):
                    rest.append(left)
                idle.append(worker if worker.process.is_alive() else _Worker())
    finally:
        for worker in [*idle, *busy.values()]:
            worker.end()


def _rest(done: Done) -> Chunk | None:
    chunk = done.chunk
    if done.count == chunk.count:
        return None
    return Chunk(chunk.module, chunk.seed, chunk.first + done.count, chunk.count - done.count)


class _Worker:
    """A process that carries out a chunk at a time."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.current: Synchronized[int] = context.Value("q", -1)
        self.process: SpawnProcess = context.Process(target=_serve, args=(theirs, self.current), daemon=False)
        self.process.start()
        theirs.close()

    def start(self, chunk: Chunk) -> None:
        self.chunk, self._seen, self._since = chunk, -1, time.monotonic()
        self._start = self._since
        self.current.value = chunk.first
        self.connection.send(chunk)

    def is_late(self) -> bool:
        """Whether the worker is at the same case since `WALL_SECONDS`."""
        if (current := self.current.value) != self._seen:
            self._seen, self._since = current, time.monotonic()
        return time.monotonic() - self._since > WALL_SECONDS

    def result(self) -> Done:
        """What came of the chunk; if the process died, the case that it was at is a failure."""
        try:
            done = self.connection.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            return self._ended(f"the process died ({self.process.exitcode})")
        assert isinstance(done, Done)
        return done

    def given_up(self) -> Done:
        """What came of a chunk whose current case does not end; its process is killed."""
        self.process.kill()
        self.process.join()
        return self._ended(f"no end after {WALL_SECONDS:.0f} s")

    def _ended(self, kind: str) -> Done:
        index = self.current.value
        case = subject_of(self.chunk.module).case(self.chunk.seed, index)
        count = index - self.chunk.first + 1
        failed = FailedCase(index, case, Failure(kind, kind))
        wall_seconds = time.monotonic() - self._start
        return Done(self.chunk, count, Counter(failed=1, unknown=count - 1), 0.0, 0.0, wall_seconds, [failed])

    def end(self) -> None:
        """End the process; it cleans up behind itself when it is between two cases."""
        with suppress(OSError):
            self.connection.send(None)
        self.process.join(10)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(connection: Connection, current: Synchronized[int]) -> None:
    """What a worker does: carries out each chunk that comes, until None does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run ends its workers
    shrunk: Counter[str] = Counter()
    with suppress(OSError, ValueError):  # where there is such a limit, so that no case takes the machine's memory
        resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY_MB * 1024**2, resource.RLIM_INFINITY))
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        while isinstance(chunk := connection.recv(), Chunk):
            done = _carried_out(chunk, current, Path(name), shrunk)
            connection.send(done)
            if done.peak_mb > MEMORY_MB:
                return


def _carried_out(chunk: Chunk, current: Synchronized[int], folder: Path, shrunk: Counter[str]) -> Done:
    subject = subject_of(chunk.module)
    start = time.monotonic()
    outcomes: Counter[str] = Counter()
    failures: list[FailedCase] = []
    slowest_seconds = 0.0
    count = 0
    for index in range(chunk.first, chunk.first + chunk.count):
        current.value = index
        case = subject.case(chunk.seed, index)
        trial = tried(subject, case, folder)
        count += 1
        outcomes[trial.outcome] += 1
        slowest_seconds = max(slowest_seconds, trial.cpu_seconds)
        if trial.failure is not None:
            failures.append(_shrunk(subject, index, case, trial.failure, folder, shrunk))
        if trial.peak_mb > MEMORY_MB:
            break
    return Done(chunk, count, outcomes, slowest_seconds, peak(), time.monotonic() - start, failures)


def _shrunk(
    subject: Subject, index: int, case: Case, failure: Failure, folder: Path, shrunk: Counter[str]
) -> FailedCase:
    shrunk[failure.kind] += 1
    if shrunk[failure.kind] > _SHRUNK_PER_KIND or failure.kind == "too much memory" or "TooSlow" in failure.kind:
        return FailedCase(index, case, failure)
    small = smallest(case, partial(_fails_alike, subject, failure, folder))
    again = tried(subject, small, folder).failure
    return FailedCase(index, small, again or failure, shrunk=True)


def _fails_alike(subject: Subject, failure: Failure, folder: Path, candidate: Case) -> bool:
    again = tried(subject, candidate, folder).failure
    return again is not None and again.kind == failure.kind
