"""The command `client`, killed: before its n-th change on disk, or at any moment.

Each run is a fork of the worker, as a process of its own would spend its time with imports.
"""

from __future__ import annotations

import io
import itertools
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from generator.cli import program
from generator.output import swap
from tests.torture.subject import Broken, Case, Counts, Subject
from tests.torture.trees import contents

_NAME = "garden-client"
_SPEC = """\
openapi: 3.1.0
info: {{title: Garden, version: "{version}"}}
paths:
  /beds/{{bed}}:
    get:
      operationId: getBed
      parameters: [{{name: bed, in: path, required: true, schema: {{type: string}}}}]
      responses:
        "200": {{description: A bed., content: {{application/json: {{schema: {{$ref: "#/components/schemas/Bed"}}}}}}}}
components:
  schemas:
    Bed: {{type: object, properties: {{name: {{type: string}}, {plant}: {{type: string, enum: [rose, tulip]}}}}}}
"""
_BEFORE = ("nothing", "same", "older", "edited")
_MOST_CHANGES = 120
"""More changes on disk than a run makes, so that some cases come to their end."""
_WRITES = {
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.symlink",
    "ctypes.dlsym",
    "subprocess.Popen",
}


def draw(random: Random) -> Case:
    at: Case = {"change": random.randrange(1, _MOST_CHANGES)}
    if random.random() < 0.5:
        at = {"milliseconds": round(random.uniform(0, 120), 1)}
    return {"before": random.choice(_BEFORE), "exchange": random.random() < 0.5, "killed": at}


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    killed, exchange, before = case["killed"], case["exchange"], case["before"]
    assert isinstance(killed, dict)
    new = _tree("new")
    (folder / "mine").write_text("not generated")
    (folder / "temporary").mkdir()
    _start(folder, str(before))
    old = contents(folder / "out" / _NAME)
    was_killed = _run(folder, "new", exchange=bool(exchange), killed=killed)
    seen = contents(folder / "out" / _NAME)
    _check_readable(seen, old, exchange=bool(exchange))
    _run(folder, "new", exchange=bool(exchange), killed={})
    _check_complete(folder, edited=before == "edited")
    if not was_killed:
        return "came to its end"
    return f"killed: {'new' if seen == new else 'old' if seen == old else 'mixed'} tree"


def _start(folder: Path, before: str) -> None:
    (folder / "new.yaml").write_text(_SPEC.format(version=2, plant="plant"))
    (folder / "old.yaml").write_text(_SPEC.format(version=1, plant="flower"))
    if before == "nothing":
        return
    _run(folder, "new" if before == "same" else "old", exchange=True, killed={})
    if before == "edited":
        (folder / "out" / _NAME / "README.md").write_text("mine\n")
        (folder / "out" / _NAME / "notes.txt").write_text("mine\n")


def _check_readable(seen: dict[str, bytes], old: dict[str, bytes], *, exchange: bool) -> None:
    """Check what a reader sees: one of the trees; where files are replaced one by one, each file of one of them."""
    new = _tree("new")
    if exchange and seen not in (old, new):
        raise Broken("the folder is neither the old nor the new one", sorted(seen))
    if not seen.keys() >= old.keys() & new.keys():
        raise Broken("a file that both trees have is missing", sorted(seen))
    if mixed := [path for path, data in seen.items() if data not in (old.get(path), new.get(path))]:
        raise Broken("a file is half written", mixed)


def _check_complete(folder: Path, *, edited: bool) -> None:
    out = folder / "out"
    if contents(out / _NAME) != _tree("new"):
        raise Broken("the next run does not complete the folder", sorted(contents(out / _NAME)))
    copies = contents(out / f".{_NAME}.kept")
    if edited and set(copies.values()) != {b"mine\n"}:
        raise Broken("an edited file is lost", sorted(copies))
    expected = {_NAME, f".{_NAME}.manifest.json"} | ({f".{_NAME}.kept"} if edited else set())
    if (names := {path.name for path in out.iterdir()}) != expected:
        raise Broken("something is left beside the folder", sorted(names ^ expected))
    if left := sorted(path.name for path in (folder / "temporary").iterdir()):
        raise Broken("a temporary folder is left", left)
    if {path.name for path in folder.iterdir()} != {"mine", "new.yaml", "old.yaml", "out", "temporary"}:
        raise Broken("something was written outside the output folder", sorted(folder.iterdir()))
    if (folder / "mine").read_text() != "not generated":
        raise Broken("a file outside the output folder was changed")


@cache
def _tree(version: str) -> dict[str, bytes]:
    """The files of a run that nobody disturbs; it is in this process, so that its forks have imported everything."""
    with tempfile.TemporaryDirectory() as name, redirect_stdout(io.TextIOWrapper(io.BytesIO())):
        folder = Path(name)
        _start(folder, "nothing")
        _command(folder, version)
        return contents(folder / "out" / _NAME)


def _command(folder: Path, version: str) -> None:
    spec, out = os.fspath(folder / f"{version}.yaml"), os.fspath(folder / "out")
    program.app(["client", spec, "--name", _NAME, "--out", out], standalone_mode=False)


def _run(folder: Path, version: str, *, exchange: bool, killed: dict[str, Case]) -> bool:
    """Whether a run in a child was killed, before a change on disk or after some time."""
    child = os.fork()
    if not child:
        _in_child(folder, version, exchange, killed.get("change"))
    milliseconds = killed.get("milliseconds")
    if isinstance(milliseconds, int | float):
        time.sleep(milliseconds / 1000)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, -signal.SIGKILL) or (status and not killed):
        raise Broken("a run fails", (folder / f"{version}.log").read_text())
    (folder / f"{version}.log").unlink(missing_ok=True)
    return status != 0


def _in_child(folder: Path, version: str, exchange: bool, change: Case) -> None:
    """Run the command, and end the process; killed before the given change on disk."""
    status = 1
    try:
        log = os.open(folder / f"{version}.log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        tempfile.tempdir = os.fspath(folder / "temporary")
        if not exchange:
            swap._exchange = lambda a, b: False
        if isinstance(change, int):
            sys.addaudithook(_killer(change))
        _command(folder, version)
        status = 0
    except SystemExit as end:
        status = int(bool(end.code))
    finally:
        os._exit(status)


def _killer(change: int) -> Callable[[str, tuple[Any, ...]], None]:
    count = itertools.count(1)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in _WRITES) and next(count) == change:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


SUBJECT = Subject(
    name="kills",
    promise="A run may be killed at any moment: the folder is the old or the new one, and the next run completes it.",
    draw=draw,
    attack=attack,
    counts=Counts(test=5, default=120, full=1_600),
    minutes=5,
)
