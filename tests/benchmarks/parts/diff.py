"""`PART=diff`: `diff` of large documents beside Redocly's `redocly diff`.

GitHub's document and the next one, the same file twice, and a schema that many operations share. npm installs Redocly
and GitHub's documents, as package-lock.json pins them.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Quantity, Unmeasured
from tests.benchmarks.peers import PeerError, npm_packages, tool
from tests.benchmarks.processes import OUT, ROOT, Program, compared, run_once
from tests.benchmarks.setting import Setting
from tests.diff.causes.test_large_update import OPERATIONS, PROPERTIES, document

ROUNDS = 3
PEERS = ()
TOOLS = ("node", "@redocly/cli")
_REDOCLY = "Redocly"
_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents, the goal for which they count, and the exit status of both programs: 1 where something breaks."""

    name: str
    old: Path
    new: Path
    goal: str
    status: int

    def __str__(self) -> str:
        return self.name


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Compare each pair of documents by turns."""
    try:
        node, modules = tool("node"), npm_packages()
    except PeerError as missing:
        return [Unmeasured("all documents", _REDOCLY, str(missing))]
    chosen = pairs(modules, OUT)
    rows: list[Comparison | Unmeasured] = []
    for pair in setting.each(chosen, map(str, chosen)):
        redocly = (node, str(modules / "@redocly" / "cli" / "bin" / "cli.js"), "diff", str(pair.old), str(pair.new))
        peer = Program(_REDOCLY, {pair.name: redocly}, _QUIET, status=pair.status)
        goals: dict[Quantity, str] = {"seconds": pair.goal}
        beside_redocly = compared(pair.name, ours(pair), peer, setting.rounds_of(ROUNDS), goals)
        rows += [*beside_redocly, *_memory_beside_client(pair, beside_redocly)]
    return rows


def _memory_beside_client(pair: Pair, rows: list[Comparison | Unmeasured]) -> list[Comparison]:
    """The memory of `diff`, which was measured, beside that of `client` on the new document."""
    command = (sys.executable, "-m", "generator", "client", str(pair.new), "--name", "large-client")
    out = ("--out", str(OUT / "diff-client"))
    client = Program("client", {pair.name: (*command, *out)}, {"PYTHONPATH": str(ROOT)})
    return [
        replace(
            row, peer=client.name, peer_samples=(run_once(client).megabytes,) * len(row.our_samples), goal="diff-memory"
        )
        for row in rows
        if isinstance(row, Comparison) and row.quantity == "megabytes"
    ]


def ours(pair: Pair) -> Program:
    """Our `diff` of two documents."""
    command = (sys.executable, "-m", "generator", "diff", str(pair.old), str(pair.new))
    return Program("diff", {pair.name: command}, {"PYTHONPATH": str(ROOT)}, status=pair.status)


def pairs(modules: Path, out: Path) -> list[Pair]:
    """The documents to compare; those that are not among the modules are written to the folder `out`."""
    github = {age: modules / f"github-{age}" / "generated" / "api.github.com.json" for age in ("old", "new")}
    large = {age: out / f"large-{age}.json" for age in ("old", "new")}
    for age, type_ in (("old", "string"), ("new", "integer")):
        large[age].write_text(json.dumps(document(type_), indent=1), encoding="utf-8")
    copied = Path(shutil.copy(github["new"], out / "github-copy.json"))
    old, new = (_version(path) for path in github.values())
    return [
        Pair(f"GitHub, @octokit/openapi {old} to {new}", **github, goal="diff-update", status=1),
        Pair(f"GitHub {new}, an equal file", copied, github["new"], goal="diff-equal", status=0),
        Pair(f"{PROPERTIES} properties that {OPERATIONS} operations share", **large, goal="diff-update", status=1),
    ]


def _version(document: Path) -> str:
    return str(json.loads((document.parents[1] / "package.json").read_text("utf-8"))["version"])
