"""`mypy --strict` as users run it, with nothing of this project's configuration.

What all packages need (the standard library, the run-time core, the libraries that it imports) is checked once for each
`requirements.lock`: every run begins with a copy of that cache. Mypy itself looks whether what is cached still holds.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tests.search_path import ROOT

OPTIONS = ("--strict", "--config-file=", "--python-version=3.11")
_CORE = ROOT / "templates" / "runtime"


def mypy(*arguments: str | Path, cwd: Path, path: Iterable[str | Path] = ()) -> subprocess.CompletedProcess[str]:
    """Mypy's run in the folder `cwd`, where it keeps its cache; it looks for modules in `path`, too."""
    fill_cache(cwd / ".mypy_cache")
    return _mypy(arguments, cwd, path)


def fill_cache(folder: Path) -> None:
    """Begin a cache of mypy in a folder that is not there yet."""
    if not folder.exists():
        shutil.copytree(_common_cache(), folder)


def _common_cache() -> Path:
    """The cache that all begin with; made by the first who asks."""
    lock = hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
    cache = ROOT / ".mypy_cache" / f"tests-{lock[:12]}"
    if not cache.exists():
        cache.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache.parent) as folder:
            _mypy([_CORE / "workflow_client_core"], Path(folder), [_CORE])
            with suppress(OSError):  # another process was faster
                (Path(folder) / ".mypy_cache").rename(cache)
    return cache


def _mypy(arguments: Iterable[str | Path], cwd: Path, path: Iterable[str | Path]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", *OPTIONS, "--cache-dir=.mypy_cache", *map(str, arguments)]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables["MYPYPATH"] = os.pathsep.join(map(str, path))
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
