"""The generator's commands, each run in a process of its own, as its users run them: `python -m generator ...`.

Most of such a process' time goes into imports. So an environment in which commands are run again and again gets a
server: a process that has imported the generator, and forks for each command. All else is as without it: the working
folder, the arguments, the output, the exit status. The first commands in an environment, and all where processes cannot
fork, start anew.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PLAIN_STARTS = 2
"""How many commands start anew in each environment."""


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    status: int
    out: str
    err: str


def generator(*arguments: str, cwd: Path, without: tuple[str, ...] = (), **more: str) -> Run:
    """Run a command in the folder `cwd`, in our environment with `more`, less what begins with one of `without`."""
    without = (*without, "PYTEST_CURRENT_TEST")  # which is another one in each test
    environment = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    own = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    whole = {**environment, **own, **more}
    with _lock:
        key = frozenset(whole.items())
        _starts[key] += 1
        if _starts[key] <= _PLAIN_STARTS or not hasattr(os, "fork"):
            server = None
        else:
            server = _servers.get(key) or _servers.setdefault(key, _Server(whole))
    if server is not None:
        return server.run(arguments, cwd)
    command = [sys.executable, "-m", "generator", *arguments]
    run = subprocess.run(command, cwd=cwd, env=whole, capture_output=True, check=False)
    return Run(run.returncode, run.stdout.decode(), run.stderr.decode())


class _Server:
    """A process that forks for each command in one environment. It ends with this process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "tests.commands"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lock = threading.Lock()
        atexit.register(self._end)

    def run(self, arguments: Sequence[str], cwd: Path) -> Run:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock, tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            request = {"arguments": arguments, "cwd": str(cwd), "out": str(out), "err": str(err)}
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            status = int(self._process.stdout.readline())
            return Run(status, out.read_bytes().decode(), err.read_bytes().decode())

    def _end(self) -> None:
        self._process.communicate()


_lock = threading.Lock()
_starts = Counter[frozenset[tuple[str, str]]]()
_servers: dict[frozenset[tuple[str, str]], _Server] = {}


# In the server


_SPEC = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get: {responses: {"200": {description: A., content: {application/json: {schema: {enum: [a, b]}}}}}}
"""


def _import_all() -> None:
    """Import what commands import, most of it late, and run two of them, for what they prepare."""
    package = importlib.import_module("generator")
    for module in pkgutil.walk_packages(package.__path__, "generator."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        spec = Path(folder) / "things.yaml"
        spec.write_text(_SPEC)
        for arguments in (
            ["client", str(spec), "--name", "things-client", "--out", f"{folder}/out"],
            ["diff", str(spec), str(spec)],
        ):
            sys.argv = ["generator", *arguments]
            with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
                package.cli.main()


def _serve() -> None:
    """Answer each line of the input with the exit status of a command. Returns in the child that is to run it."""
    requests, statuses = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")  # a command's children do not inherit these
    _import_all()
    gc.freeze()
    for line in requests:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _become(request)
            return
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, file=statuses, flush=True)
    sys.exit()


def _become(request: Mapping[str, str]) -> None:
    os.chdir(request["cwd"])
    sys.path[0] = request["cwd"]
    sys.argv = ["generator", *request["arguments"]]
    for name, descriptor in (("out", 1), ("err", 2)):
        file = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.dup2(file, descriptor)
        os.close(file)


if __name__ == "__main__":
    _serve()
    runpy.run_module("generator", run_name="__main__", alter_sys=True)
