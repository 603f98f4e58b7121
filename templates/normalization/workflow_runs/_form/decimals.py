"""How many digits the numbers of a run can have."""

from __future__ import annotations

from decimal import Decimal

MOST_DIGITS = 4300
"""Before the point, and after it: as many as CPython converts between int and text."""


def has_few_digits(number: Decimal) -> bool:
    """Whether a finite number has at most `MOST_DIGITS` digits before its point, and as many after it."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and number.adjusted() < MOST_DIGITS and exponent >= -MOST_DIGITS
