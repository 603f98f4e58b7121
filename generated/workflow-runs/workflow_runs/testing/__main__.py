"""Try everything without an account: `python -m workflow_runs.testing`."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from .._providers.poll_policy import PollPolicy
from ..runs import Runs
from ._demo import add_demo_runs, installed_providers
from ._provider import FakeProvider

_DESCRIPTION = """Start a fake of all providers whose clients are installed, on the loopback interface, and watch a
made-up run of each until it rests. With a command, carry that out instead: it gets the references as its last
arguments, and the fake's addresses and made-up credentials in its environment."""
_SLOWEST = 1000
_POLICY = PollPolicy(initial=0.5, factor=1.2, maximum=2.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line; the exit status."""
    parser = argparse.ArgumentParser("python -m workflow_runs.testing", description=_DESCRIPTION)
    parser.add_argument("--serve", action="store_true", help="only start the fake, and say how clients find it")
    parser.add_argument("--port", type=int, default=0, help="its port; default: any that is free")
    parser.add_argument("--pace", type=float, default=1.0, help="how slow the runs are; default: 1, about 10 seconds")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to carry out, such as: workflow-runs watch")
    options = parser.parse_args(arguments)
    names = installed_providers()
    if not names:
        parser.error("the client of no provider is installed: install an extra of workflow-runs, such as all")
    if not 0 < options.pace <= _SLOWEST:
        parser.error(f"--pace must be above 0 and at most {_SLOWEST}")
    fake = FakeProvider(*names)
    try:
        server = fake.serve(options.port).start()
    except (OSError, ValueError) as error:
        parser.error(f"--port: {error}")
    with server:
        refs = add_demo_runs(fake, options.pace)
        try:
            if options.serve:
                return _serve(server.environment, refs)
            command = options.command[1:] if options.command[:1] == ["--"] else options.command
            if command:
                return subprocess.call([*command, *refs], env={**os.environ, **server.environment})
            os.environ.update(server.environment)
            return _watch(refs)
        except KeyboardInterrupt:
            return 130
        except FileNotFoundError as error:
            parser.error(str(error))


def _serve(environment: dict[str, str], refs: Sequence[str]) -> int:
    for name, value in environment.items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"# runs: {' '.join(refs)}", flush=True)
    threading.Event().wait()
    return 0


def _watch(refs: Sequence[str]) -> int:
    began, width = time.monotonic(), max(map(len, refs), default=0)
    with Runs() as runs:
        for change in runs.watch(refs, timeout="10m", policy=_POLICY):
            seconds = time.monotonic() - began
            before = f"{change.before} -> " if change.before else ""
            status = change.run.status if change.run else change.error
            print(
                f"{seconds:5.1f} s  {change.ref!s:{width}}  {before}{status}{'.' if change.is_last else ''}", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
