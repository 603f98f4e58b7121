"""`PART=scale`: a client of a document with many operations, beside other generators.

The documents have as many models as operations, which refer to each other at random.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Quantity, Unmeasured
from tests.benchmarks.documents.large import document
from tests.benchmarks.peers import PeerError
from tests.benchmarks.plain import OPC, plain_program
from tests.benchmarks.processes import OUT, ROOT, Program, by_turns, compared
from tests.benchmarks.setting import Setting

SIZES = (300, 1000, 3000)
ROUNDS = {300: 5, 1000: 3, 3000: 2}
ROUNDS_OF_GROWTH = 5
PEERS = (OPC,)
_FOLDER = OUT / "scale"


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Generate a client of each document by turns with each peer, then of all documents by turns."""
    rows: list[Comparison | Unmeasured] = []
    sizes = SIZES[:1] if setting.quick else SIZES
    names = [f"{size:,} operations" for size in sizes]
    for size, name in zip(setting.each(sizes, names), names, strict=True):
        rows += _beside_plain(size, name, setting.rounds_of(ROUNDS[size]))
    if setting.quick:
        return [*rows, Unmeasured("more operations", OPC, "was left out, as it takes minutes")]
    setting.display.say("scale: growth")
    return [*rows, *growth(setting.rounds_of(ROUNDS_OF_GROWTH))]


def _beside_plain(size: int, what: str, rounds: int) -> list[Comparison | Unmeasured]:
    try:
        plain = plain_program({"plain": written(size)}, _FOLDER / "plain")
    except PeerError as missing:
        return [Unmeasured(what, OPC, str(missing))]
    goals: dict[Quantity, str] = {"seconds": f"scale-time-{size}", "megabytes": f"scale-memory-{size}"}
    # The first document is the shortest. What that has compiled serves the others.
    return compared(what, ours(size), plain, rounds, goals, warm=size == SIZES[0])


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


def ours(size: int) -> Program:
    """The `client` command on a document of so many operations."""
    command = (sys.executable, "-m", "generator", "client", str(written(size)), "--name", "large-client")
    out = ("--out", str(_FOLDER / f"ours-{size}"))
    return Program("client", {"client": (*command, *out)}, {"PYTHONPATH": str(ROOT)})
