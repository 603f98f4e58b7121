"""Where something was measured: the machine, the commit, the versions."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def machine() -> dict[str, str]:
    """The processor, its cores, the memory and the system."""
    return {
        "processor": _line_of("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{_system()}, {platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }


def commit() -> str:
    """The revision that is checked out, and whether something of it was edited."""
    revision = _output("git", "rev-parse", "--short=12", "HEAD")
    if not revision:
        return "unknown"
    edited = _output("git", "status", "--porcelain", "--", "generator", "templates", "generated", "specs")
    return f"{revision} with changes" if edited else revision


def versions(packages: Sequence[str]) -> dict[str, str]:
    """The versions of packages of this environment."""
    return {name: version(name) for name in packages}


def _output(*command: str) -> str:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout.strip()


def _memory() -> str:
    kilobytes = _line_of("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 2**20:.0f} GiB" if kilobytes.isascii() and kilobytes.isdigit() else "unknown"


def _system() -> str:
    return _line_of("/etc/os-release", "PRETTY_NAME", "=").strip('"') or platform.system()


def _line_of(path: str, name: str, separator: str = ":") -> str:
    """The value of the first line `name: value` of a file, or "" where there is none."""
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return ""
    for line in lines:
        key, _, value = line.partition(separator)
        if key.strip() == name:
            return value.strip()
    return ""
