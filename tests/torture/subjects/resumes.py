"""A program that watches runs with a store, killed at any moment and started again until it comes to its end.

Each program is a fork of the worker, as one of its own would spend its time with imports. It reports each change before
it asks for the next one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
import warnings
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import httpx2  # noqa: F401 - before the fork, like the client
import workflow_client_dify  # noqa: F401
from workflow_runs import RESTING, AsyncRuns, PollPolicy, RunChange, Runs, Store, StoredRun, WorkflowRun

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.torture.subject import Broken, Case, Counts, Subject

_KILLS = 10
_ENDS = ("succeeded", "failed", "stopped", "paused")
_POLICY = PollPolicy(initial=0.002, maximum=0.01, jitter=0.5)
_REFUSED = -1
"""In place of the number of steps: an error of the server."""


def draw(random: Random) -> Case:
    return {
        "mode": random.choice(("sync", "async")),
        "scripts": [_script(random) for _ in range(random.randrange(2, 13))],
        "kills": [_kill(random) for _ in range(_KILLS)],
    }


def _kill(random: Random) -> Case:
    """After how many reports, and how many milliseconds more."""
    if random.random() < 0.2:
        return {"reports": 0, "milliseconds": round(random.uniform(0, 300), 1)}
    return {"reports": random.randrange(1, 10), "milliseconds": round(random.uniform(0, 8), 2)}


def _script(random: Random) -> Case:
    """The number of steps that each answer says, and how the run ends with the last one."""
    answers: list[Case] = []
    steps = 0
    for _ in range(random.randrange(5, 40)):
        steps += random.randrange(3)
        answers.append(_REFUSED if random.random() < 0.1 else steps)
    return {"answers": [*answers, steps + 1], "end": random.choice(_ENDS)}


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    trial: Any = case
    with Loopback() as server:
        story = _Story(trial["scripts"], folder / "runs.db")
        server.respond = story.respond
        for kill in trial["kills"]:
            story.begin()
            was_killed = story.take(_program(trial["mode"], story, server.url, kill))
            story.check()
            if not was_killed:
                break
        for _ in range(2):  # the second has nothing to do
            story.begin()
            if story.take(_program(trial["mode"], story, server.url, None)):
                raise Broken("a program is killed that nobody kills")
            story.check()
        story.check_end()
    return f"{trial['mode']}: killed {'at least 9 times' if story.starts > 10 else 'less often'}"


class _Story:
    """What the server answered, and what the programs told, one after the other.

    - `starts`: how many programs there were.
    - `asked`: for each run, which program sent each of its requests.
    - `delivered`: for each run, the steps of each change, in order.
    """

    def __init__(self, scripts: list[Any], path: Path) -> None:
        self.path = path
        self.scripts = {str(number): script for number, script in enumerate(scripts)}
        self.refs = [f"dify:{name}" for name in self.scripts]
        self.starts = 0
        self.asked: defaultdict[str, list[int]] = defaultdict(list)
        self.delivered: defaultdict[str, list[int]] = defaultdict(list)
        self._resting: dict[str, int] = {}
        self._lock = threading.Lock()

    def respond(self, received: Received) -> Reply:
        name = received.target.rpartition("/")[2]
        with self._lock:
            steps, is_end = self._answer(name, len(self.asked[name]))
            # By its key, as a request may be read when its program was killed and the next one is there.
            self.asked[name].append(int(received.headers["authorization"].rpartition("-")[2]))
        if steps == _REFUSED:
            return json_reply({"code": "busy"}, 503)
        status = self.scripts[name]["end"] if is_end else "running"
        return json_reply({"id": name, "status": status, "total_steps": steps})

    def _answer(self, name: str, index: int) -> tuple[int, bool]:
        answers = self.scripts[name]["answers"]
        return answers[min(index, len(answers) - 1)], index >= len(answers) - 1

    def begin(self) -> None:
        """Another program starts."""
        with self._lock:
            self.starts += 1

    def take(self, program: tuple[str, bool]) -> bool:
        """Take what a program told, and whether it was killed."""
        text, was_killed = program
        for line in text.splitlines():
            name, steps = line.split()
            self.delivered[name].append(int(steps))
        return was_killed

    def check(self) -> None:
        """Compare what is stored with what was told and asked."""
        with Store(self.path) as store:
            store.claim()  # a killed program has left no lock
            for name, ref in zip(self.scripts, self.refs, strict=True):
                stored, undelivered = store.load(ref), [_steps(change.run) for _, change in store.undelivered(ref)]
                self._check_run(name, stored, undelivered)

    def _check_run(self, name: str, stored: StoredRun | None, undelivered: list[int]) -> None:
        delivered = self.delivered[name]
        detail = {"run": name, "delivered": delivered, "undelivered": undelivered}
        if (
            delivered != sorted(delivered)
            or undelivered != sorted(set(undelivered))
            or (delivered and undelivered and undelivered[0] < delivered[-1])
        ):
            raise Broken("changes are out of order", detail)
        if stored is None or stored.run is None:
            if delivered or undelivered:
                raise Broken("a change was told before it was stored", detail)
            return
        if (steps := _steps(stored.run)) not in {*delivered, *undelivered}:
            raise Broken("a change is lost", {**detail, "stored": steps})
        if name in self._resting and max(self.asked[name]) > self._resting[name]:
            raise Broken("a run that rests is asked for again", detail)
        if stored.run.status in RESTING:
            self._resting.setdefault(name, self.starts)

    def check_end(self) -> None:
        """Check that all runs were told of to their ends, with each change that a program took note of."""
        for name, script in self.scripts.items():
            delivered, asked = self.delivered[name], self.asked[name]
            if not delivered or delivered[-1] != script["answers"][-1]:
                raise Broken("the end of a run is not told", {"run": name, "delivered": delivered})
            # Who asks again has dealt with the answer before.
            handled = {self._answer(name, i)[0] for i in range(len(asked) - 1) if asked[i] == asked[i + 1]} - {_REFUSED}
            if lost := handled - set(delivered):
                raise Broken("a change is never told", {"run": name, "lost": sorted(lost)})


def _steps(run: WorkflowRun | None) -> int:
    if run is None or run.usage is None or run.usage.steps is None:
        raise Broken("a run comes without its steps", run)
    return run.usage.steps


def _program(mode: str, story: _Story, url: str, kill: dict[str, Any] | None) -> tuple[str, bool]:
    """What a program reports, and whether it was killed."""
    readable, writable = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn: there are threads
        child = os.fork()
    if not child:
        _in_child(mode, story, url, writable)
    os.close(writable)
    with os.fdopen(readable) as reports:
        text = ""
        if kill is not None:
            text = "".join(reports.readline() for _ in range(kill["reports"]))
            time.sleep(kill["milliseconds"] / 1000)
            os.kill(child, signal.SIGKILL)
        text += reports.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, -signal.SIGKILL):
        raise Broken("a program fails", story.path.with_suffix(".log").read_text())
    return text, status != 0


def _in_child(mode: str, story: _Story, url: str, reports: int) -> None:
    """Watch the runs, report the changes, and end the process."""
    status = 1
    try:
        log = os.open(story.path.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ["DIFY_API_KEY"] = f"secret-{story.starts}"

        def report(change: RunChange) -> None:
            if change.error is not None:
                raise change.error
            os.write(reports, f"{str(change.ref).removeprefix('dify:')} {_steps(change.run)}\n".encode())

        if mode == "async":
            asyncio.run(_watch_async(story, url, report))
        else:
            with Store(story.path) as store, Runs(base_urls={"dify": url}) as runs:
                for change in runs.watch(story.refs, timeout="1m", policy=_POLICY, store=store):
                    report(change)
        status = 0
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


async def _watch_async(story: _Story, url: str, report: Any) -> None:
    with Store(story.path) as store:
        async with AsyncRuns(base_urls={"dify": url}) as runs:
            async for change in runs.watch(story.refs, timeout="1m", policy=_POLICY, store=store):
                report(change)


SUBJECT = Subject(
    name="resumes",
    promise="A program that watches with a store may be killed at any moment: the next one tells every change, in"
    " order, and asks for no run again that rests.",
    draw=draw,
    attack=attack,
    counts=Counts(test=2, default=12, full=150),
    minutes=5,
)
