"""Runs that a Celery queue waits for, by the program in QUEUES.md: a broker in memory, and a worker in this process."""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx2
from celery.contrib.testing.worker import start_worker  # type: ignore[import-untyped]
from celery.signals import setup_logging  # type: ignore[import-untyped]
from workflow_runs import PollPolicy, RunChange, Runs

from tests.clients.providers import GENERATED
from tests.stress.scripts import STATUSES, Provider, script

PAGE = (GENERATED / "workflow-runs" / "QUEUES.md").read_text("utf-8")
(PROGRAM,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
THREADS = 8
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Queued:
    """What came of it: of each run what its last changes told, and how often it was asked for; and seconds."""

    ends: list[list[str]]
    asked: list[int]
    wall: float
    cpu: float

    def broken(self) -> list[str]:
        """The promises that were broken, in words."""
        lines: list[str] = []
        for number, (ends, asked) in enumerate(zip(self.ends, self.asked, strict=True)):
            answers = script(number)
            if ends != [STATUSES[answers[-1].word]] or asked != len(answers):
                lines.append(f"dify:{number} ended as {ends} after {asked} requests, and has {answers}")
        return lines


@contextmanager
def program(folder: Path, transport: httpx2.MockTransport) -> Iterator[Any]:
    """The program of the page as a module, with the in-memory broker and this provider."""
    with patch.dict("os.environ", {"DIFY_API_KEY": "key"}), Runs(transport=transport) as runs:
        text = PROGRAM.replace("amqp://localhost", "memory://").replace("redis://localhost", "cache+memory://")
        path, name = folder / "polling.py", f"polling_{next(_NUMBERS)}"  # Celery shares tasks by their names
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module: Any = importlib.util.module_from_spec(spec)
        with patch.dict(sys.modules, {name: module}):
            spec.loader.exec_module(module)
            module.runs.close()
            module.runs = SimpleNamespace(poll=partial(runs.poll, policy=PollPolicy(initial=0.001, maximum=0.01)))
            yield module


def transport(provider: Provider) -> httpx2.MockTransport:
    """Answers requests for the runs `dify:0`, `dify:1` and so on, without a server."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        number = request.url.path.rpartition("/")[2]
        planned = provider.answer(int(number))
        if not planned.word:
            return httpx2.Response(planned.status, headers={"Retry-After": "0"}, json={"message": "later"})
        return httpx2.Response(200, json={"id": number, "status": planned.word})

    return httpx2.MockTransport(answer)


@contextmanager
def worker(app: Any) -> Iterator[None]:
    """A worker with eight threads in this process, until the block ends."""
    # The broker in memory is asked for the next message at intervals; limits of messages at work would add seconds.
    app.conf.update(broker_transport_options={"polling_interval": 0.005}, worker_prefetch_multiplier=0)
    setup_logging.connect(_leave_logging_alone)
    try:
        with start_worker(app, concurrency=THREADS, pool="threads", perform_ping_check=False):
            try:
                yield
            finally:
                app.control.shutdown()  # a message, so that the worker does not wait for one
    finally:
        setup_logging.disconnect(_leave_logging_alone)


def _leave_logging_alone(**_: object) -> None:
    """Where somebody sets it up, Celery does not: the level and the handlers of all tests of this process."""


def poll_by_queue(count: int, folder: Path, seconds: float) -> Queued:
    """Let the queue wait for so many runs, for so many seconds at most."""
    scripts = [script(number) for number in range(count)]
    provider, all_ended = Provider(scripts), threading.Event()
    ends: list[list[str]] = [[] for _ in scripts]
    counted: Counter[str] = Counter()
    lock = threading.Lock()

    def tell(change: RunChange) -> None:
        if change.is_last:
            number = int(change.ref.run_id if not isinstance(change.ref, str) else change.ref)
            ends[number].append(str(change.run.status) if change.run and not change.error else repr(change.error))
            with lock:
                counted["ended"] += 1
                if counted["ended"] >= count:
                    all_ended.set()

    wall, cpu = time.monotonic(), time.process_time()
    with program(folder, transport(provider)) as module:
        module.tell = tell
        with worker(module.app):
            for number in range(count):
                module.start(f"dify:{number}", timedelta(hours=2))
            all_ended.wait(seconds)
    return Queued(ends, provider.asked, time.monotonic() - wall, time.process_time() - cpu)
