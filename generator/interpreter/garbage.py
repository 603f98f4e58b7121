"""When Python's garbage collector runs: hardly ever, as most of what a command makes lives until the command ends."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager

TYPE_CHECKING = False  # that of `typing`, which takes long to import
if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def garbage_collector_paused() -> Iterator[None]:
    """Pause the garbage collector: with it, trees of small objects, of which few die, take twice as long."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def leave_garbage_to_the_system() -> None:
    """Have Python look for no garbage any more, nor when the process ends: the system then gets back all memory."""
    gc.disable()
    atexit.register(gc.freeze)
