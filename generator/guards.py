"""What surrounds the stages: errors of one input do not hide another's, and large documents neither crash nor stall."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from .document.problems import Problem, Problems, ProblemsFound
from .document.tree import Object


@contextmanager
def errors_collected(problems: Problems) -> Iterator[None]:
    """Add the errors that end a block to `problems`, and go on behind it."""
    try:
        yield
    except ProblemsFound as error:
        problems[:] = dict.fromkeys([*problems, *error.problems])


@contextmanager
def recursion_bounded(document: Object) -> Iterator[None]:
    """Report a document that nests too deeply for recursion: chains of references can be as long as the document."""
    try:
        yield
    except RecursionError as error:
        message = "schemas refer to one another, or contain one another, in a chain that is too long"
        raise ProblemsFound([Problem("too-deep", document.source, message)]) from error


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
