"""How often a provider is asked for a run that somebody waits for."""

from __future__ import annotations

import math

from msgspec import Struct

from .._text import quoted

_LONGEST = 366 * 24 * 3600.0  # in seconds; much longer times do not fit in a datetime


class PollPolicy(Struct, frozen=True, kw_only=True):
    """When a run is asked for again, and when asking ends although the run has not. All times are in seconds.

    - `initial`: until the second request. The time grows by `factor` while nothing changes, up to `maximum`; as soon as
      a run moves on, it begins with `initial` again.
    - `jitter`: which part of these times is left to chance, 0 to 1: at 0.2, between 80% and 100% of each is waited,
      so that programs that started together do not ask together.
    - `max_consecutive_errors`: how many transient errors in a row are borne. Any success begins a new count.
    - `max_server_delay`: the longest time that a server may ask for (Retry-After: RFC 9110, 10.2.3). A longer one
      ends the wait; it is never cut short.
    - `unknown_polls`: how many answers in a row may have the same status that this package does not know.
    - `not_found_grace`: how long an answer "there is no such run" is not believed, before the run has been seen:
      many services start runs later than they say.

    Raises:
        ValueError: a number is out of range.
        TypeError: a value is not a number.
    """

    initial: float = 1.0
    factor: float = 1.6
    maximum: float = 30.0
    jitter: float = 0.2
    max_consecutive_errors: int = 10
    max_server_delay: float = 600.0
    unknown_polls: int = 20
    not_found_grace: float = 5.0

    def __post_init__(self) -> None:
        for name in ("max_consecutive_errors", "unknown_polls"):
            if type(getattr(self, name)) is not int:
                raise TypeError(f"{name} of a PollPolicy must be a whole number, not {getattr(self, name)!r}")
        for name in self.__struct_fields__:
            value: object = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                unit = "" if name in _WITHOUT_UNIT else " of seconds"
                raise TypeError(f"{name} of a PollPolicy must be a number{unit}, not {quoted(str(value))}")
            least, most = _RANGES.get(name, (0.0, _LONGEST))
            if not least <= value <= most:
                range_ = f"{least:g} to {most:.9g}" if most < math.inf else f"{least:g}"
                message = f"{name} of a PollPolicy must be a number from {range_}, not {quoted(str(value))}"
                raise ValueError(message)
        if self.initial > self.maximum:
            raise ValueError(
                f"initial of a PollPolicy, {self.initial:g} s, must not be longer than its maximum, {self.maximum:g} s"
            )

    def delay(self, unmoved: int) -> float:
        """Seconds until the next request after so many answers in a row with nothing new, before chance."""
        try:
            return min(self.maximum, self.initial * float(self.factor) ** unmoved)
        except OverflowError:
            return self.maximum


_WITHOUT_UNIT = ("factor", "jitter", "max_consecutive_errors", "unknown_polls")
_RANGES = {
    "initial": (0.001, _LONGEST),
    "maximum": (0.001, _LONGEST),
    "factor": (1.0, 1000.0),
    "jitter": (0.0, 1.0),
    "max_consecutive_errors": (0, math.inf),
    "unknown_polls": (1, math.inf),
}
