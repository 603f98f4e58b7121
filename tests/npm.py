"""Packages of npm that a maintainer's target runs, in the versions and with the hashes of a lock file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def install(npm: str, packages: Path, out: Path) -> bool:
    """Install into `out` what the package-lock.json of the folder `packages` pins, and return whether npm could.

    No script of a package runs.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(packages / name, out)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    return subprocess.run(command, cwd=out, check=False).returncode == 0
