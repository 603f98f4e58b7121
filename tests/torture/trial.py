"""Carries one case out, with limits of time and memory."""

from __future__ import annotations

import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.torture.subject import Broken, Case, Subject

ROOT = Path(__file__).parents[2]
CPU_SECONDS = 30.0
MEMORY_MB = 2048
#: `ru_maxrss` is in kilobytes, on macOS in bytes.
_PER_MB = 1024**2 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Failure:
    """How a case failed. Cases of one `kind` have the same cause, as far as can be seen."""

    kind: str
    text: str


@dataclass(frozen=True)
class Trial:
    """What came of a case: an outcome or a failure, the processor time, and the most memory the process had so far."""

    outcome: str
    failure: Failure | None
    cpu_seconds: float
    peak_mb: float


class TooSlow(BaseException):
    """A case has used up its processor time. Not an `Exception`, so that nothing takes it for an answer."""


def tried(subject: Subject, case: Case, folder: Path) -> Trial:
    """Carry out `case` in `folder`, which is emptied afterwards."""
    start, children = time.process_time(), _seconds_of_children()
    outcome, failure = "failed", None
    try:
        with _limited():
            outcome = subject.attack(case, folder)
    except (Exception, TooSlow) as error:
        failure = _failure(error)
    finally:
        _empty(folder)
    cpu_seconds = time.process_time() - start + _seconds_of_children() - children
    peak_mb = peak()
    if failure is None and peak_mb > MEMORY_MB:
        outcome, failure = "failed", Failure("too much memory", f"The process had {peak_mb:,.0f} MB.")
    return Trial(outcome, failure, cpu_seconds, peak_mb)


def peak() -> float:
    """The most memory, in MB, that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PER_MB


def _seconds_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _limited() -> Iterator[None]:
    previous = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TooSlow(f"after {CPU_SECONDS:.0f} s of processor time")


def _failure(error: BaseException) -> Failure:
    text = "".join(traceback.format_exception(error))
    if isinstance(error, Broken):
        return Failure(error.what, text)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
    ours = [frame for frame in frames if ".venv" not in frame.filename and frame.filename != __file__]
    place = f"{Path(ours[-1].filename).relative_to(ROOT)}, {ours[-1].name}" if ours else "elsewhere"
    return Failure(f"{type(error).__name__} in {place}", text)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
