"""What properties draw: how many examples, few in `make test` and twenty times as many with `many`; and orders.

pytest --hypothesis-profile=many    # and others in each run
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

USUAL = 50
"""The examples of a property for which its test says no number, in `make test`."""
MANY = 20 * USUAL


def examples(count: int) -> int:
    """`count`, or what is as many in the profile that is in use."""
    return count * settings().max_examples // USUAL


def drawn(make: Callable[[random.Random], Any]) -> st.SearchStrategy[Any]:
    """What the function makes of a random generator, whose seed Hypothesis draws."""
    return st.integers(0, 2**64 - 1).map(lambda seed: make(random.Random(seed)))


def shufflers() -> st.SearchStrategy[random.Random]:
    """What shuffles in a drawn order. Hypothesis' `randoms` draws every single exchange."""
    return drawn(lambda chance: chance)
