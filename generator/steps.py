"""A bound on the work for a document: small ones can ask for very much, by what refers to what in them.

What is really done is counted, and not the time, so that a document is refused on all machines or on none: each mapping
that is made (`document/tree.py`), and each turn of the loops whose length depends on what refers to what.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

BASE = 10_000_000
"""Steps that are allowed for any document: 10 to 20 seconds of work."""
PER_VALUE = 100
"""Further steps for each value of a document, and again for each reading of it: published ones need less than 70."""
PER_MAPPING = 10
"""Steps that making a mapping counts: with all that is done for it, it takes as long as ten turns of a loop."""

_left = sys.maxsize


class TooManySteps(Exception):  # noqa: N818 - it says what there are
    """Raised by the step that is one too many; `at` is the value at which that was, where it is known."""

    def __init__(self, at: object) -> None:
        super().__init__("too many steps")
        self.at = at


def count_steps(number: int, at: object = None) -> None:
    """Count steps of the work for the current document, at a value of it. Raises TooManySteps."""
    global _left
    _left -= number
    if _left < 0:
        raise TooManySteps(at)


@contextmanager
def steps_bounded(values: int) -> Iterator[None]:
    """Allow as many steps inside the block as a document of so many values may need."""
    global _left
    before, _left = _left, BASE + PER_VALUE * values
    try:
        yield
    finally:
        _left = before


def allow_steps_for(values: int) -> None:
    """Allow as many more steps as a further file of so many values may need."""
    global _left
    _left += PER_VALUE * values
