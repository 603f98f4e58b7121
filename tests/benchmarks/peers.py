"""The environments of peers and tools, each made on demand from a file that pins every package with its hash."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import OUT
from tests.npm import install

LOCKS = Path(__file__).parent / "locks"
NEWEST = "NEWEST"
"""The variable of the environment that names a newer Python, for peers that ask for one."""
_NEEDED_PYTHON = re.compile(r"^# Python ([0-9]+)\.([0-9]+)$", re.MULTILINE)
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")


class PeerError(Exception):
    """A peer cannot be run here; the text says why."""


def pins(name: str) -> dict[str, str]:
    """The packages of an environment with their versions."""
    lines = (LOCKS / f"{name}.txt").read_text("utf-8").splitlines()
    return {match[1]: match[2] for line in lines if (match := _PIN.match(line))}


def tool_version(name: str) -> str:
    """The version of a program of this system, or of an npm package that is pinned; "none" where there is none."""
    pinned = json.loads((Path(__file__).parent / "package.json").read_text("utf-8"))["devDependencies"]
    if name in pinned:
        return str(pinned[name])
    if shutil.which(name) is None:
        return "none"
    run = subprocess.run(
        [name, "-version" if name == "java" else "--version"], capture_output=True, text=True, check=False
    )
    lines = (run.stdout or run.stderr).splitlines()  # that of Java is in quotes, among other words
    number = re.search(r"[0-9]+(?:\.[0-9]+)*", lines[0]) if lines else None
    return number[0] if number else "unknown"


def environment(name: str) -> Path:
    """The folder of the programs of an environment, which is made first where it is not there as pinned.

    Raises:
        PeerError: it cannot be made.
    """
    folder, pinned = OUT / "environments" / name, LOCKS / f"{name}.txt"
    stamp = folder / "installed"
    expected = f"{_python(name)}\n{pinned.read_text('utf-8')}"
    if not stamp.exists() or stamp.read_text("utf-8") != expected:
        shutil.rmtree(folder, ignore_errors=True)
        _command([_python(name), "-m", "venv", str(folder)])
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _command([*install, "--require-hashes", "--no-deps", "--requirement", str(pinned)])
        stamp.write_text(expected, "utf-8")
    return folder / "bin"


def tool(name: str) -> str:
    """The path of a program of this system.

    Raises:
        PeerError: there is none.
    """
    path = shutil.which(name)
    if path is None:
        raise PeerError(f"cannot be run: there is no {name} here")
    return path


def npm_packages() -> Path:
    """The folder of the npm packages that package-lock.json pins, which are installed first.

    Raises:
        PeerError: they cannot be installed.
    """
    npm, folder = tool("npm"), OUT / "npm"
    if not install(npm, Path(__file__).parent, folder):
        raise PeerError("cannot be installed: npm says why above")
    return folder / "node_modules"


def imported(name: str) -> Any:
    """The module of an environment with the same name, imported into this process.

    Raises:
        PeerError: the environment cannot be made.
    """
    (folder,) = (environment(name).parent / "lib").glob("python*/site-packages")
    sys.path.append(str(folder))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(folder))


def _python(name: str) -> str:
    """The Python of an environment: ours, unless the packages ask for a newer one."""
    needed = _NEEDED_PYTHON.search((LOCKS / f"{name}.in").read_text("utf-8"))
    if needed is None or sys.version_info >= (int(needed[1]), int(needed[2])):
        return sys.executable
    if not (newest := os.environ.get(NEWEST)):
        raise PeerError(f"needs Python {needed[1]}.{needed[2]} or newer, which {NEWEST}=/path/to/python3 names")
    return newest


def _command(command: list[str]) -> None:
    # With bytecode, as of an installed program.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        last = (run.stderr.strip() or run.stdout.strip() or f"exit status {run.returncode}").splitlines()[-1]
        raise PeerError(f"cannot be installed: {last[:300]}")
