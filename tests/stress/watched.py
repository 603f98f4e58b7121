"""Many runs watched at once, against servers with faults: each ends once, as its script says."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias
from unittest.mock import patch

from workflow_runs import AsyncRuns, PollPolicy, RunChange, Runs, Store, WorkflowRun

from tests.stress.faults import BEFORE, Case, case
from tests.stress.server import Addresses, Seen, servers

Way: TypeAlias = Literal["sync", "async", "store"]
"""How runs are watched: by `Runs`, by `AsyncRuns`, or by `Runs` with a store."""
AT_ONCE = 8
TIMEOUT = "2h"
IDLE = 5.0
"""Seconds after which httpx2 closes a connection that nobody uses, so that it may have to be made again."""
POLICY = PollPolicy(initial=0.002, maximum=0.05, max_server_delay=600.0)
_LOOKS = 4
"""How often it is seen how much is in memory."""


@dataclass
class Told:
    """What was told of one run."""

    statuses: list[str] = field(default_factory=list[str])
    ends: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Watched:
    """What it took: seconds, and megabytes more than at the first change.

    - `most_runs`: how many of them were in memory at most; only counted where `way` is `async`.
    """

    way: Way
    runs: int
    requests: int
    wall: float
    cpu: float
    memory: float
    most_runs: int


class Listener:
    """Listens to changes, and checks that they fit each other.

    Args:
        cases: the runs.
        looks_around: whether to count the runs in memory. Other threads would be disturbed by that.
    """

    def __init__(self, cases: Iterable[Case], *, looks_around: bool) -> None:
        self.told = {item.ref: Told() for item in cases}
        self.broken: list[str] = []
        self.memory: list[float] = []
        self.most_runs = 0
        self._looks_around = looks_around
        self._runs_before = _runs_in_memory() if looks_around else 0
        self._changes = 0

    def hear(self, change: RunChange) -> None:
        """Note a change."""
        told = self.told[str(change.ref)]
        if told.ends:
            self.broken.append(f"{change.ref}: {change} came after its end")
        before = told.statuses[-1] if told.statuses else BEFORE
        if (change.before.value if change.before else BEFORE) != before:
            self.broken.append(f"{change.ref}: it was {before}, and the change says {change.before}")
        if change.run is not None and change.run.status.value != before and not change.error:
            told.statuses.append(change.run.status.value)
        if change.is_last:
            told.ends.append(type(change.error).__name__ if change.error else told.statuses[-1])
        if self._changes % (len(self.told) // _LOOKS + 1) == 0:
            self.memory.append(memory())
            if self._looks_around:
                self.most_runs = max(self.most_runs, _runs_in_memory() - self._runs_before)
        self._changes += 1


def watch_many(count: int, ways: tuple[Way, ...] = ("sync", "async"), seed: int = 1) -> tuple[list[Watched], list[str]]:
    """Watch so many runs of all providers in each way; with the promises that were broken, in words."""
    cases = [case(number, seed) for number in range(count * len(ways))]
    watched: list[Watched] = []
    broken: list[str] = []
    told: dict[str, Told] = {}
    with servers(len(cases), seed) as running, patch.dict(os.environ, running.addresses.environment):
        for number, way in enumerate(ways):
            part = cases[number :: len(ways)]
            listener = Listener(part, looks_around=way == "async")
            files, threads = _open_files(), set(threading.enumerate())
            watched.append(_watched(way, part, listener, running.addresses))
            _join(set(threading.enumerate()) - threads)
            left = {name: target for name, target in _open_files().items() if name not in files}
            broken += [*listener.broken, *(f"{way}: the client left {target} open" for target in left.values())]
            told |= listener.told
        return watched, [*broken, *_broken(cases, told, running.seen(), watched)]


def _watched(way: Way, cases: list[Case], listener: Listener, addresses: Addresses) -> Watched:
    wall, cpu = time.monotonic(), time.process_time()
    if way == "async":
        asyncio.run(_watch_async(listener, addresses))
    elif way == "sync":
        _watch(listener, addresses, None)
    else:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.db") as store:
            _watch(listener, addresses, store)
    return Watched(
        way=way,
        runs=len(cases),
        requests=sum(len(item.answers) for item in cases),
        wall=time.monotonic() - wall,
        cpu=time.process_time() - cpu,
        memory=max(listener.memory) - listener.memory[0],
        most_runs=listener.most_runs,
    )


def _watch(listener: Listener, addresses: Addresses, store: Store | None) -> None:
    with (
        Runs(base_urls=addresses.base_urls) as runs,
        closing(
            runs.watch(iter(listener.told), timeout=TIMEOUT, policy=POLICY, per_provider=AT_ONCE, store=store)
        ) as changes,
    ):
        for change in changes:
            listener.hear(change)


async def _watch_async(listener: Listener, addresses: Addresses) -> None:
    async with (
        AsyncRuns(base_urls=addresses.base_urls) as runs,
        aclosing(runs.watch(list(listener.told), timeout=TIMEOUT, policy=POLICY, per_provider=AT_ONCE)) as changes,
    ):
        async for change in changes:
            listener.hear(change)


def _broken(cases: list[Case], told_of: dict[str, Told], seen: Seen, watched: list[Watched]) -> list[str]:
    """The promises that were broken, in words."""
    lines: list[str] = []
    for item in cases:
        told, asked = told_of[item.ref], seen.asked.get(item.ref, 0)
        if (told.ends, told.statuses) != ([item.end], list(item.statuses)):
            lines.append(f"{item.ref}: {told} instead of {item.statuses}, {item.end}")
        if asked != len(item.answers):
            lines.append(f"{item.ref}: asked {asked} times instead of {len(item.answers)}")
    for provider, most in seen.most_at_once.items():
        if most > AT_ONCE:
            lines.append(f"{provider} had {most} requests at once, and {AT_ONCE} are allowed")
    lives = sum(1 + int(item.wall / IDLE) for item in watched)
    most = sum(item.breaks for item in cases) + lives * AT_ONCE * len(seen.most_at_once)
    if seen.connections > most:
        lines.append(f"{seen.connections} connections were made, and {most} were needed")
    if seen.left_open:
        lines.append(f"{seen.left_open} connections were left open")
    return lines


def _open_files() -> dict[str, str]:
    """The open files of this process, sockets included, where the system lists them."""
    files: dict[str, str] = {}
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        try:
            files[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue  # that of the folder itself
    return files


def _runs_in_memory() -> int:
    return sum(isinstance(item, WorkflowRun) for item in gc.get_objects())


def memory() -> float:
    """The memory of this process in megabytes, where the system says it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return 0.0


def _join(threads: set[threading.Thread]) -> None:
    """Wait until threads have ended, which they do by themselves."""
    for thread in threads:
        thread.join(30)
