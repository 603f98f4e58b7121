"""One run at a time writes a folder; others wait for it."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ..document.problems import Problem, ProblemsFound, Source
from .manifest import beside

if sys.platform != "win32":
    import fcntl

MAX_WAIT = 300.0
"""Seconds that a run waits for another one. Writing takes seconds; whoever waits longer waits for a run that hangs."""
_INTERVAL = 0.05


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of the folder; the system releases it when the run is killed. No lock where there is no `flock`.

    Raises ProblemsFound (`busy`) when another run does not release it within MAX_WAIT.
    """
    if sys.platform == "win32":
        yield
        return
    lock = beside(out, "lock")
    descriptor = _acquired(lock, out)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _acquired(lock: Path, out: Path) -> int:
    """A descriptor of the lock's file, which is locked and says which process holds it."""
    deadline = time.monotonic() + MAX_WAIT
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), os.lstat(lock)):
                os.write(descriptor, f"{os.getpid():10}\n".encode())
                return descriptor
        except FileNotFoundError:
            pass  # its holder removed it between our two calls: it locks nothing any more
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.read(descriptor, 10).decode(errors="replace").strip()
                os.close(descriptor)
                message = f"another run{f' (process {holder})' if holder else ''} is writing {out.name}"
                hint = "wait until it has ended, and run this again"
                raise ProblemsFound([Problem("busy", Source(str(out)), message, hint)]) from None
            time.sleep(_INTERVAL)
        os.close(descriptor)
