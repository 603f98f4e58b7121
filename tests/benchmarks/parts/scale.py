"""`PART=scale`: a client of a document with many operations, beside other generators.

The documents have as many models as operations, which refer to each other at random.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Quantity, Unmeasured
from tests.benchmarks.documents.large import document
from tests.benchmarks.generators import LABELS, MODELS_ONLY, OPC, OPENAPI_GENERATOR, generator_program
from tests.benchmarks.peers import PeerError
from tests.benchmarks.processes import LIMIT, OUT, ROOT, Program, by_turns, compared
from tests.benchmarks.setting import Setting

SIZES = (300, 1000, 3000)
JOBS = (
    (OPC, 300, 5),
    (OPC, 1000, 3),
    (OPC, 3000, 2),
    (MODELS_ONLY, 1000, 2),
    ("pyopenapi-gen", 1000, 1),
    ("httpxgen", 1000, 1),
    (OPENAPI_GENERATOR, 1000, 1),
)
"""Peers, numbers of operations, and rounds."""
LIMIT_OF_OTHERS = 240.0
ROUNDS_OF_GROWTH = 5
PEERS = (OPC, MODELS_ONLY, "pyopenapi-gen", "httpxgen", OPENAPI_GENERATOR)
TOOLS = ("java",)
_FOLDER = OUT / "scale"


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Generate a client of each document by turns with each peer, then of all documents by turns."""
    rows: list[Comparison | Unmeasured] = []
    jobs = JOBS[:1] if setting.quick else JOBS
    for peer, size, rounds in setting.each(jobs, [f"{size:,} operations, beside {peer}" for peer, size, _ in jobs]):
        rows += _beside(peer, size, setting.rounds_of(rounds))
    if setting.quick:
        return [*rows, Unmeasured("1,000 operations and more", "all peers", "were left out, as they take minutes")]
    setting.display.say("scale: growth")
    return [*rows, *growth(setting.rounds_of(ROUNDS_OF_GROWTH))]


def _beside(peer: str, size: int, rounds: int) -> list[Comparison | Unmeasured]:
    what = f"{size:,} operations"
    try:
        program = generator_program(peer, {"large": written(size)}, _FOLDER / "peer")
    except PeerError as missing:
        return [Unmeasured(what, LABELS.get(peer, peer), str(missing))]
    names: dict[Quantity, str] = {"seconds": f"scale-time-{size}", "megabytes": f"scale-memory-{size}"}
    goals = names if peer == OPC and size > JOBS[0][1] else {}
    # The first document is the shortest. What Python compiles there serves the others.
    warm = (peer, size, rounds) == JOBS[0]
    limit = LIMIT if peer == OPC else LIMIT_OF_OTHERS
    return compared(what, ours(size), replace(program, limit=limit), rounds, goals, warm=warm)


def growth(rounds: int) -> list[Comparison]:
    """Compare what an operation takes in a document with what it takes in the next smaller one."""
    costs = by_turns([ours(size) for size in SIZES], rounds)
    seconds = [tuple(row[i].seconds / size for row in costs) for i, size in enumerate(SIZES)]
    names = [f"{size:,} operations" for size in SIZES]
    return [
        Comparison("one operation", names[i], names[i - 1], "seconds", seconds[i], seconds[i - 1], "scale-growth")
        for i in range(1, len(SIZES))
    ]


def written(size: int) -> Path:
    """The file of a document, which is written where it is not there."""
    file = _FOLDER / f"{size}.json"
    if not file.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document(size)), encoding="utf-8")
    return file


def package(size: int) -> Path:
    """The folder of the package that `ours` makes of a document of so many operations."""
    return _FOLDER / f"ours-{size}" / "large-client"


def ours(size: int) -> Program:
    """The `client` command on a document of so many operations."""
    command = (sys.executable, "-m", "generator", "client", str(written(size)), "--name", "large-client")
    out = ("--out", str(package(size).parent))
    return Program("client", {"client": (*command, *out)}, {"PYTHONPATH": str(ROOT)})
