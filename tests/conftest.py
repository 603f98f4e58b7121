"""Property-based tests draw the same examples in every run; `--hypothesis-profile=new` draws others, `many` more.

No example has a deadline, and none may be too slow to draw: tests do not depend on how busy the machine is.
"""

from __future__ import annotations

import gc
import sys

import pytest
from hypothesis import HealthCheck, settings

from tests.examples import MANY, USUAL
from tests.search_path import prepare

prepare()

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True, max_examples=USUAL)
settings.register_profile("new", UNTIMED, derandomize=False, max_examples=USUAL)
settings.register_profile("many", UNTIMED, derandomize=False, max_examples=MANY)
settings.load_profile("same")

# What is collected lives to the end, so looking for garbage meanwhile finds none.
gc.disable()

# The modules of the tests are compiled once, for the processes that run them side by side, and for the next run.
# Afterwards nothing is: tests write modules of one name again and again.
WRITES_NO_BYTECODE, sys.dont_write_bytecode = sys.dont_write_bytecode, False


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays to the end, so Python need not look through it at each collection of garbage.

    Nor look for garbage after every 700 objects: a document has thousands, and tests have the memory.
    """
    sys.dont_write_bytecode = WRITES_NO_BYTECODE
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 100)
