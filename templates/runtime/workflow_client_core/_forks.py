"""What begins anew in a process that was forked from this one."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class RenewedAfterFork(Protocol):
    """What has connections, which belong to the parent, or locks, which may be held by threads that the child lacks."""

    def after_fork(self) -> None:
        """Begin anew, in the child."""


_RENEWED: WeakSet[RenewedAfterFork] = WeakSet()


def renew_after_fork(value: RenewedAfterFork) -> None:
    """Call `value.after_fork()` in each child that is forked while `value` exists."""
    _RENEWED.add(value)


def _after_fork() -> None:
    for value in list(_RENEWED):
        value.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
