"""`PART=import`: what importing a client and `workflow_runs` takes, and how long `workflow-runs get` takes to begin.

Each import runs in a process of its own, whose start does not count, but for `workflow-runs get`, whose whole process
does until a connection would be opened.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Unmeasured
from tests.benchmarks.generators import OPC, generator_program
from tests.benchmarks.parts import scale
from tests.benchmarks.peers import PeerError, environment
from tests.benchmarks.processes import OUT, ROOT, OwnError, run_once
from tests.benchmarks.setting import Setting

ROUNDS = 21
OPERATIONS = 300
PEERS = (OPC,)
_SENT = 7
"""The exit status at the moment in which a connection would be opened."""
_JUO = ROOT / "specs" / "juo" / "openapi.yaml"
_OPC_CLIENT = "plain_juo"
_IMPORT = """
import time
start = time.process_time()
{statement}
print(time.process_time() - start)
"""
_GET = f"""
import os, socket, sys, time

def sent(*arguments, **options):
    print(time.process_time(), flush=True)
    os._exit({_SENT})

socket.create_connection = sent
sys.argv = ["workflow-runs", "get", "dify:5b1f"]
from workflow_runs.cli import main
main()
"""
_START_HTTPX2 = "import time, httpx2; httpx2.Client(); print(time.process_time())"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that prints the seconds of the processor that count, and what has to be on its path."""

    name: str
    code: str
    python: str = sys.executable
    path: tuple[Path, ...] = ()
    status: int = 0


def importing(name: str, statement: str, *path: Path, python: str = sys.executable) -> Program:
    """The program that carries out a statement, and times it."""
    return Program(name, _IMPORT.format(statement=statement), python, path)


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Start the programs of each pair by turns."""
    rows: list[Comparison | Unmeasured] = []
    pairs: list[tuple[Program, Program, str]] = []
    for of_pair in (_juo, _least, _large) if not setting.quick else (_juo, _least):
        try:
            pairs.append(of_pair())
        except PeerError as missing:
            rows.append(Unmeasured("import of a client", OPC, str(missing)))
    pairs += _runs()
    for ours, peer, goal in setting.each(pairs, [ours.name for ours, *_ in pairs]):
        our_samples, peer_samples = seconds_by_turns((ours, peer), setting.rounds_of(ROUNDS))
        rows.append(Comparison(ours.name, ours.name, peer.name, "seconds", our_samples, peer_samples, goal))
    return rows


def _juo() -> tuple[Program, Program, str]:
    """The client of Juo with its models, and what plain openapi-python-client makes of the same document."""
    ours = importing(
        "import workflow_client_juo and its models", "from workflow_client_juo import JuoClient, models", *_packages()
    )
    return ours, _plain_client(_JUO), "import-client"


def _least() -> tuple[Program, Program, str]:
    """What the classes of our models are made of: no client whose models are classes takes less."""
    return importing("import msgspec alone", "import msgspec"), _plain_client(_JUO), ""


def _large() -> tuple[Program, Program, str]:
    """The same of a document with more than a thousand classes."""
    ours, classes = scale.ours(OPERATIONS), f"a client of {OPERATIONS} operations"
    if failures := run_once(ours).failures:
        raise OwnError(f"client: {failures}")
    name = f"import {classes}, and its models"
    program = importing(name, "from large_client import models", scale.package(OPERATIONS), *_packages())
    return program, _plain_client(scale.written(OPERATIONS)), ""


def _runs() -> list[tuple[Program, Program, str]]:
    """`workflow_runs`, what programs take of it, and the start of its command, beside httpx2."""
    httpx2 = importing("import httpx2", "import httpx2")
    get = Program("workflow-runs get", _GET, path=_packages(), status=_SENT)
    used = "from workflow_runs import Runs, RunStatus"
    return [
        (importing("import workflow_runs", "import workflow_runs", *_packages()), httpx2, "import-runs"),
        (importing(used, used, *_packages()), httpx2, ""),
        (get, Program("httpx2", _START_HTTPX2), "start-get"),
    ]


def _packages() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "generated").glob("workflow-*")))


def _plain_client(document: Path) -> Program:
    """The import of what plain openapi-python-client makes of a document, with the call that it names first."""
    generated = OUT / "plain" / document.stem
    plain = generator_program(OPC, {_OPC_CLIENT: document}, generated, "--meta", "none")
    if failures := run_once(plain).failures:
        raise PeerError(f"cannot generate the client: {failures[_OPC_CLIENT]}")
    api = min((generated / _OPC_CLIENT / "api").glob("*/[!_]*.py"))
    statement = f"import {_OPC_CLIENT}.models, {_OPC_CLIENT}.api.{api.parent.name}.{api.stem}"
    return importing(f"the client of {OPC}", statement, generated, python=str(environment(OPC) / "python"))


def seconds_by_turns(programs: Sequence[Program], rounds: int) -> list[tuple[float, ...]]:
    """The seconds that each program prints, a sample for each round. A start before writes what Python compiles."""
    for program in programs:
        seconds_of(program)
    rows = [[seconds_of(program) for program in programs] for _ in range(rounds)]
    return [tuple(row[index] for row in rows) for index in range(len(programs))]


def seconds_of(program: Program) -> float:
    """The seconds that a program prints."""
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, program.path)),
        "PYTHONPYCACHEPREFIX": str(OUT / "bytecode"),
        "DIFY_API_KEY": "key",
        "DIFY_BASE_URL": "http://127.0.0.1:9",
    }
    command = [program.python, "-c", program.code]
    run = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if run.returncode != program.status:
        raise OwnError(f"{program.name} ended with {run.returncode}: {run.stderr[-2000:]}")
    return float(run.stdout)
