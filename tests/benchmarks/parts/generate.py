"""`PART=generate`: `generate` of all providers, from nothing, and where there is nothing to do.

From nothing: in a copy of the repository without `generated/`, beside one call of another generator for each provider,
one after the other. With nothing to do: beside the start of Python.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from filecmp import dircmp
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Quantity, Unmeasured
from tests.benchmarks.generators import LABELS, OPC, OPENAPI_GENERATOR, generator_program
from tests.benchmarks.peers import PeerError
from tests.benchmarks.processes import OUT, ROOT, OwnError, Program, compared, nothing, run_once
from tests.benchmarks.setting import Setting

ROUNDS = {OPC: 5, OPENAPI_GENERATOR: 1}
ROUNDS_OF_NOTHING = 21
PEERS = (OPC, OPENAPI_GENERATOR)
TOOLS = ("java",)
DOCUMENTS = {path.parent.name: path for path in sorted((ROOT / "specs").glob("*/openapi.yaml"))}
FROM_NOTHING = f"{len(DOCUMENTS)} providers, from nothing"
_TREE = OUT / "generate"
_STARTING = Program("the start of Python", {"start": (sys.executable, "-c", "pass")})


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Generate from nothing, by turns with each peer, then where there is nothing to do."""
    rows: list[Comparison | Unmeasured] = []
    for peer in setting.each([*ROUNDS, ""], [f"from nothing, beside {peer}" for peer in ROUNDS] + ["nothing to do"]):
        if not peer:
            rows += _beside_python("nothing to do", setting.rounds_of(ROUNDS_OF_NOTHING))
        elif setting.quick and peer != OPC:
            rows.append(Unmeasured(FROM_NOTHING, LABELS[peer], "was left out, as it takes minutes"))
        else:
            rows += _beside_generator(peer, setting.rounds_of(ROUNDS[peer]))
    return rows


def _beside_generator(peer: str, rounds: int) -> list[Comparison | Unmeasured]:
    try:
        program = generator_program(peer, DOCUMENTS, OUT / "generate-peer")
    except PeerError as missing:
        return [Unmeasured(FROM_NOTHING, LABELS.get(peer, peer), str(missing))]
    copy_inputs(_TREE)
    ours = generating(_TREE, prepare=lambda: remove_outputs(_TREE))
    goals: dict[Quantity, str] = {"seconds": "generate-cold"} if peer == OPC else {}
    # What the first peer's turns have compiled serves ours beside the others.
    rows = compared(FROM_NOTHING, ours, program, rounds, goals, warm=peer == OPC)
    if differing := differences(dircmp(_TREE / "generated", ROOT / "generated", ignore=["__pycache__"])):
        raise OwnError(f"generate: what it has written is not what is in generated/: {', '.join(differing[:5])}")
    return rows


def _beside_python(what: str, rounds: int) -> list[Comparison | Unmeasured]:
    copy_inputs(_TREE)
    run_once(generating(_TREE))
    return compared(what, generating(_TREE), _STARTING, rounds, {"seconds": "generate-nothing"})


def generating(tree: Path, prepare: Callable[[], object] = nothing) -> Program:
    """`generate` in a copy of the repository."""
    command = (sys.executable, "-m", "generator", "generate")
    return Program("generate", {"generate": command}, {"PYTHONPATH": str(tree)}, tree, prepare=prepare)


def copy_inputs(tree: Path) -> None:
    """Make a folder anew that has a copy of all that `generate` reads, and nothing else."""
    shutil.rmtree(tree, ignore_errors=True)
    for folder in ("generator", "templates", "specs"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "requirements.lock", "LICENSE", "CONTRIBUTING.md"):
        shutil.copy2(ROOT / file, tree)


def remove_outputs(tree: Path) -> None:
    """Remove what `generate` has left in such a folder."""
    shutil.rmtree(tree / "generated", ignore_errors=True)
    for path in tree.glob(".generated*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def differences(compared_folders: dircmp[str]) -> list[str]:
    """The paths that differ between two folders, or are in one of them only."""
    here = [*compared_folders.diff_files, *compared_folders.left_only, *compared_folders.right_only]
    return here + [path for folder in compared_folders.subdirs.values() for path in differences(folder)]
