"""No command looks for garbage, while it runs or when it ends."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

from generator.interpreter.garbage import garbage_collector_paused
from tests.search_path import ROOT

PROGRAM = """
import atexit, gc, runpy, sys
atexit.register(lambda: print(f"{gc.get_freeze_count() > 1000} {collections}"))
collections = []
gc.collect()
gc.callbacks.append(lambda phase, about: collections.append(phase) if "generator.cli" in sys.modules else None)
sys.argv[1:] = ["--version"]
runpy.run_module("generator", run_name="__main__", alter_sys=True)
"""


def test_a_command_looks_for_no_garbage() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[1:] == ["True []"]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_afterwards_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with garbage_collector_paused():
            assert not gc.isenabled()
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()
