"""`PART=generate`: `generate` of all providers, from nothing, and where there is nothing to do.

From nothing: in a copy of the repository without `generated/`, beside one call of plain openapi-python-client for each
provider, one after the other. With nothing to do: beside starting Python.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from filecmp import dircmp
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Unmeasured
from tests.benchmarks.peers import PeerError
from tests.benchmarks.plain import OPC, plain_program
from tests.benchmarks.processes import OUT, ROOT, OwnError, Program, compared, nothing, run_once
from tests.benchmarks.setting import Setting

ROUNDS, ROUNDS_OF_NOTHING = 5, 21
PEERS = (OPC,)
DOCUMENTS = {path.parent.name: path for path in sorted((ROOT / "specs").glob("*/openapi.yaml"))}
_TREE = OUT / "generate"
_STARTING = Program("starting Python", {"start": (sys.executable, "-c", "pass")})


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Generate from nothing, then where there is nothing to do."""
    from_nothing, nothing_to_do = f"{len(DOCUMENTS)} providers, from nothing", "nothing to do"
    rows: list[Comparison | Unmeasured] = []
    for what in setting.each([from_nothing, nothing_to_do], [from_nothing, nothing_to_do]):
        if what == nothing_to_do:
            rows += _beside_python(what, setting.rounds_of(ROUNDS_OF_NOTHING))
            continue
        try:
            rows += _beside_plain(what, setting.rounds_of(ROUNDS))
        except PeerError as missing:
            rows.append(Unmeasured(what, OPC, str(missing)))
    return rows


def _beside_plain(what: str, rounds: int) -> list[Comparison | Unmeasured]:
    plain = plain_program(DOCUMENTS, OUT / "generate-plain")
    copy_inputs(_TREE)
    rows = compared(
        what, generating(_TREE, prepare=lambda: remove_outputs(_TREE)), plain, rounds, {"seconds": "generate-cold"}
    )
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
    for file in ("pyproject.toml", "LICENSE", "CONTRIBUTING.md"):
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
