"""How long an attempt waits until one of the connections of its client is free."""

from __future__ import annotations

import time

from .passed import Passed

MAX_CONNECTIONS = 100
"""As many as a client opens at once to the servers that it reaches in the same way; further calls wait for one."""


class Waiting:
    """A wait, which has not begun, goes on, or has ended."""

    _passed: Passed | None = None
    _limit = 0.0
    _began_at = 0.0
    seconds = 0.0
    """How long it took; 0 until it has ended."""

    def begin(self, passed: Passed, limit: float) -> None:
        """Wait for connections that callers passed, if they did, and for so many seconds at most."""
        self._passed, self._limit, self._began_at = passed, limit, time.monotonic()

    def end(self) -> None:
        """There is a connection."""
        if self._passed is not None:
            self._passed, self.seconds = None, time.monotonic() - self._began_at

    @property
    def goes_on(self) -> bool:
        """Whether it certainly goes on; a transport of the caller may have connections of which nothing is known."""
        return self._passed is not None and not self._passed.argument

    def problem(self) -> str:
        """Why the attempt that waits was never sent, and what to do."""
        argument = "" if self._passed is None else self._passed.argument
        whose, remedy = f"{MAX_CONNECTIONS} connections", "pass an http_client with more connections"
        if argument:
            whose, remedy = f"connections of the {argument}", "give it more of them (httpx2.Limits)"
        return (
            f"all {whose} were busy for {round(self._limit, 2):g} s, so that it was never sent:"
            f" make fewer calls at once, or {remedy}"
        )
