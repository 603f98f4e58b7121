"""Packages built offline into wheels, and environments that they are installed in."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

import msgspec
from uv import find_uv_bin

LIBRARIES = Path(msgspec.__file__).parents[1]


def build(folder: Path, target: str, into: Path) -> Path:
    """The file that hatchling builds of a folder: its `wheel` or its `sdist`."""
    before = {*into.iterdir()} if into.exists() else set()
    _run([sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)], folder)
    (built,) = {*into.iterdir()} - before
    return built


def build_wheels(folders: Iterable[Path], into: Path) -> None:
    """Build the packages in `folders` without any index."""
    for folder in folders:
        build(folder, "wheel", into)


def environment(root: Path, wheels: Iterable[Path]) -> Path:
    """The interpreter of a new environment that has the wheels, and the libraries of this one beside them."""
    venv.create(root, with_pip=False, symlinks=os.name != "nt")
    python = root / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    options = ["--no-index", "--no-deps", "--no-cache", "--compile-bytecode"]
    _run([find_uv_bin(), "pip", "install", "--python", str(python), *options, *map(str, wheels)], root)
    (installed,) = root.rglob("site-packages")
    (installed / "libraries.pth").write_text(f"{LIBRARIES}\n", "utf-8")
    return python


def run(command: list[str], folder: Path) -> str:
    """What `command` prints in `folder`, with no other way to the packages than their installation."""
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
