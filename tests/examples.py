"""What properties draw: how many examples, few in `make test` and twenty times as many with `many`; and orders.

pytest --hypothesis-profile=many    # and others in each run
"""

from __future__ import annotations

import random

from hypothesis import settings
from hypothesis import strategies as st

USUAL = 50
"""The examples of a property for which its test says no number, in `make test`."""
MANY = 20 * USUAL


def examples(count: int) -> int:
    """`count`, or what is as many in the profile that is in use."""
    return count * settings().max_examples // USUAL


def shufflers() -> st.SearchStrategy[random.Random]:
    """What shuffles in a drawn order. Hypothesis' `randoms` draws every single exchange."""
    return st.integers(0, 2**32 - 1).map(random.Random)
