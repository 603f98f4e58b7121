"""Run a command and measure it: `python -I -S measure.py SECONDS COMMAND...` prints one line of JSON.

A process of its own, because Linux counts what the parent held when a process began towards that process' peak:
measured from here, that is a few megabytes. Imported, it starts itself (`measured`).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PAUSE = 0.01


class Run(NamedTuple):
    """How a command ended; `status` is None when its time was up.

    `processor` is the seconds of the processor that it and what it waited for took, and `megabytes` the peak of its
    process tree.
    """

    status: int | None
    seconds: float
    processor: float
    megabytes: float
    stdout: str
    stderr: str


def measured(command: Sequence[str], *, limit: float, cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """Run `command` for at most `limit` seconds; nothing of it is left running."""
    watched = [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(limit), *command]
    run = subprocess.run(watched, cwd=cwd, env=env, capture_output=True, encoding="utf-8", errors="replace")
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)}: {run.stderr.strip()}")
    return Run(**json.loads(run.stdout))


def _tree(root: int) -> list[int]:
    """A process and all that it started and that still run; the system tells it where there is a /proc of Linux.

    One that has not begun its own program yet is left out: until then it lives in its parent's memory.
    """
    pids = [root]
    for pid in pids:
        try:
            own = Path(f"/proc/{pid}/cmdline").read_bytes()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pids += (int(child) for child in children if Path(f"/proc/{child}/cmdline").read_bytes() != own)
        except (OSError, ValueError):
            continue
    return pids


def _resident(pids: Sequence[int]) -> int:
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            continue
    return total * _PAGE


def _main(limit: float, command: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        peak, late = 0, False
        while True:
            pid, wait_status, usage = os.wait4(process.pid, os.WNOHANG)
            seconds = time.perf_counter() - start
            if pid:
                break
            peak = max(peak, _resident(_tree(process.pid)))
            if seconds > limit and not late:
                late = True
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(_PAUSE)
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        # ru_maxrss: the largest single process, in kilobytes (bytes on a Mac); it also sees what is between two looks
        largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        for file in (out, err):
            file.seek(0)
        run = Run(
            status=None if late else process.returncode,
            seconds=seconds,
            processor=usage.ru_utime + usage.ru_stime,
            megabytes=max(peak, largest) / 1e6,
            stdout=out.read().decode("utf-8", "replace"),
            stderr=err.read().decode("utf-8", "replace"),
        )
    print(json.dumps(run._asdict()))


if __name__ == "__main__":
    _main(float(sys.argv[1]), sys.argv[2:])
