"""What callers pass to `wait` and `watch`, checked."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection
from datetime import timedelta
from inspect import iscoroutinefunction

from .._form.models import RunStatus
from .._providers.poll_policy import PollPolicy
from .._text import listed, quoted
from .state import PollState

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[smhd]))+", re.ASCII)
_PIECE = re.compile(r"([0-9.]+)(ms|[smhd])", re.ASCII)
_LONGEST = 100 * 366 * 86400.0


def seconds_of(value: float | timedelta | str, name: str) -> float:
    """A duration in seconds: of a number of seconds, a timedelta, or a text such as `10m`, `1h30m` or `500ms`.

    Args:
        name: what the duration is called, for messages.

    Raises:
        ValueError: it is not above zero, longer than 100 years, or not written so.
        TypeError: it is of another type.
    """
    if isinstance(value, str):
        if _SPAN.fullmatch(value) is None:
            raise ValueError(f"{name} must look like '90s', '10m' or '1h30m', not {quoted(value)}")
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PIECE.findall(value))
    elif isinstance(value, timedelta):
        seconds = value.total_seconds()
    elif type(value) is not bool and isinstance(value, int | float):  # pyright: ignore[reportUnnecessaryIsInstance]
        seconds = value
    else:
        raise TypeError(f"{name} must be seconds, a timedelta or a text such as '10m', not {type(value).__name__}")
    if not 0 < seconds <= _LONGEST:
        raise ValueError(f"{name} must be above zero and at most 100 years, not {quoted(str(value))}")
    return float(seconds)


def statuses_of(until: Collection[RunStatus]) -> frozenset[RunStatus]:
    """The statuses that end a wait.

    Raises:
        ValueError: it is empty, or has a word that is not a status.
        TypeError: it is not a collection; a single status is not one.
    """
    if isinstance(until, str) or not isinstance(until, Collection):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"until must be a collection of RunStatus, such as {{RunStatus.SUCCEEDED}}, not {until!r}")
    known = [status for status in RunStatus if status is not RunStatus.UNKNOWN]
    wrong = [str(status) for status in until if status not in known]
    if wrong or not until:
        raise ValueError(f"until must name some of {listed(sorted(known))}, not {listed(wrong) if wrong else 'none'}")
    return frozenset(RunStatus(status) for status in until)


def policy_of(policy: PollPolicy | None) -> PollPolicy | None:
    """The policy itself.

    Raises:
        TypeError: it is of another type.
    """
    if not isinstance(policy, PollPolicy | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"policy must be a PollPolicy, not {type(policy).__name__}")
    return policy


def state_of(state: PollState | None) -> PollState:
    """The state itself; None: that of a run which nobody has asked for.

    Raises:
        TypeError: it is of another type.
    """
    if not isinstance(state, PollState | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"state must be a PollState, not {type(state).__name__}: PollState.from_json reads JSON")
    return state or PollState()


def check_callback(function: Callable[..., object] | None, name: str) -> None:
    """Raise TypeError if this cannot be called after each request, or after each change."""
    if function is None:
        return
    if not callable(function):
        raise TypeError(f"{name} must be a function, not {type(function).__name__}")
    if iscoroutinefunction(function):
        raise TypeError(f"{name} must be a plain function: nobody would await what a coroutine function returns")


def check_cancel(cancel: threading.Event | None) -> None:
    """Raise TypeError if another thread cannot set this to end a wait."""
    if not isinstance(cancel, threading.Event | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        kind = f"{type(cancel).__module__.partition('.')[0]}.{type(cancel).__name__}"
        raise TypeError(f"cancel must be a threading.Event, not {kind}")
