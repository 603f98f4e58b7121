"""Where the packages are that tests import: the run-time core as it is written, and what is in `generated/`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def search_path() -> list[str]:
    """The folders of the packages, that of the generator first; a new provider's client is among them by itself."""
    clients = sorted(path.parent for path in (ROOT / "generated").glob("*/pyproject.toml"))
    core = ROOT / "templates" / "runtime"  # instead of its copy
    return [os.fspath(folder) for folder in (ROOT, core, *clients) if folder.name != "workflow-client-core"]


def prepare() -> None:
    """Let this process, and those that it spawns, import the packages."""
    sys.path[:0] = [folder for folder in search_path() if folder not in sys.path]
