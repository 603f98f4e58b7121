"""How long `workflow-runs get` takes until its request goes out, beside the HTTP library alone: time of the processor.

    .venv/bin/python -m tests.benchmarks.starting

Both are started by turns, and the medians compared. It fails above the goal.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

GENERATED = Path(__file__).resolve().parents[2] / "generated"
GOAL = 1.4
ROUNDS = 21
_SENT = 7
"""The exit status at the moment in which a connection would be opened."""

LIBRARY = "import httpx2; httpx2.Client()"
COMMAND = f"""
import os, socket, sys
socket.create_connection = lambda *arguments, **options: os._exit({_SENT})
sys.argv = ["workflow-runs", "get", "dify:5b1f"]
from workflow_runs.cli import main
main()
"""


def main() -> None:
    """Measure, print, and end with 1 if the goal is missed."""
    with TemporaryDirectory() as cache:  # of what Python compiles, of both alike
        library, command = medians(cache)
    print(f"{LIBRARY}: {library * 1000:.0f} ms")
    print(f"workflow-runs get, until its request goes out: {command * 1000:.0f} ms")
    print(f"ratio: {command / library:.2f}, goal: at most {GOAL}")
    sys.exit(command / library > GOAL)


def medians(cache: str) -> list[float]:
    """The seconds that the library takes, and those of the command."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, sorted(GENERATED.glob("workflow-*")))),
        "PYTHONPYCACHEPREFIX": cache,
        "DIFY_API_KEY": "key",
        "DIFY_BASE_URL": "http://127.0.0.1:9",
    }
    programs = {LIBRARY: 0, COMMAND: _SENT}
    for program, status in programs.items():  # the first start of each writes what it compiles
        seconds_of(program, status, environment)
    times: dict[str, list[float]] = {program: [] for program in programs}
    for _ in range(ROUNDS):
        for program, status in programs.items():
            times[program].append(seconds_of(program, status, environment))
    return [statistics.median(times[program]) for program in (LIBRARY, COMMAND)]


def seconds_of(program: str, status: int, environment: dict[str, str]) -> float:
    """Seconds of the processor that a program takes in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != status:
        sys.exit(f"the program has ended with {done.returncode}, not {status}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
