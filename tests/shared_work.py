"""What is made once for all processes that run tests side by side."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest


def made_once(name: str, make: Callable[[Path], object], factory: pytest.TempPathFactory) -> Path:
    """The folder of this name, which `make` fills in the first process that asks for it.

    Where two ask at the same time, both fill a folder, and the one that is ready first is used by both.
    """
    base = factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = common / f"made-{name}"
    if not folder.exists():
        make(own := factory.mktemp(name))
        with suppress(OSError):  # another process was faster
            own.rename(folder)
    return folder
