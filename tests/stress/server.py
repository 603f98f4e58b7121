"""`python -m tests.stress.server COUNT SEED`: the servers of all providers, in a process of their own.

It writes their addresses as a line of JSON, and, as soon as its input ends, what they saw.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0


class Addresses(Struct):
    """Where the servers are: for `Runs(base_urls=...)`, and the variables of the environment with credentials."""

    base_urls: dict[str, str]
    environment: dict[str, str]


class Seen(Struct):
    """What servers saw.

    - `asked`: how often each run was asked for.
    - `most_at_once`: by provider, how many requests there were at most at the same time.
    - `connections`: how many were made. `left_open`: how many of them nobody closed.
    """

    asked: dict[str, int]
    most_at_once: dict[str, int]
    connections: int
    left_open: int


class Servers:
    """The servers, as another process has them."""

    def __init__(self, process: Popen[str], addresses: Addresses) -> None:
        self._process = process
        self.addresses = addresses

    def seen(self) -> Seen:
        """End them; what they saw."""
        import msgspec

        text, _ = self._process.communicate(timeout=2 * _PATIENCE)
        return msgspec.json.decode(text, type=Seen)


@contextmanager
def servers(count: int, seed: int) -> Iterator[Servers]:
    """The servers of so many runs."""
    import msgspec

    command = [sys.executable, "-m", "tests.stress.server", str(count), str(seed)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield Servers(process, msgspec.json.decode(line, type=Addresses))
        finally:
            process.kill()


def main(count: int, seed: int) -> None:
    """Serve until the input ends."""
    from workflow_runs.testing import FakeProvider

    from tests.stress.faults import case

    fake = FakeProvider()
    for number in range(count):
        item = case(number, seed)
        fake.add(item.ref, *item.answers)
    with ExitStack() as stack:
        started = {name: stack.enter_context(fake.serve()) for name in fake.samples}
        base_urls = {name: server.base_urls[name] for name, server in started.items()}
        _write({"base_urls": base_urls, "environment": fake.environment})
        sys.stdin.read()
        end = time.monotonic() + _PATIENCE
        while (left_open := sum(server.open_connections for server in started.values())) and time.monotonic() < end:
            time.sleep(0.01)
        hosts = {server.url.partition("://")[2]: name for name, server in started.items()}
        _write(
            {
                "asked": Counter((call.ref or "").partition("?")[0] for call in fake.calls),
                "most_at_once": {hosts[host]: most for host, most in fake.max_in_flight.items()},
                "connections": sum(server.connections for server in started.values()),
                "left_open": left_open,
            }
        )


def _write(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "templates/runtime"), *map(str, ROOT.glob("generated/workflow-*"))]
    main(int(sys.argv[1]), int(sys.argv[2]))
