"""Threads that send requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from queue import SimpleQueue


class Workers:
    """Threads that carry out jobs, as many as there are jobs at once; they never keep the program from ending."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._context = copy_context()
        self._threads = 0

    def submit(self, job: Callable[[], object], in_flight: int) -> None:
        """Carry out a job, which raises nothing, in the context in which this was made.

        Args:
            in_flight: how many jobs there are, this one included.

        Raises:
            RuntimeError: the system has no thread for it.
        """
        if self._threads < in_flight:
            thread = threading.Thread(target=self._work, name="workflow-runs-watch", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                if self._threads == 0:
                    raise
                # Those that there are will do it.
            else:
                self._threads += 1
        self._jobs.put(job)

    def close(self) -> None:
        """End the threads, each after the job that it is carrying out."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._context.copy().run(job)
            del job  # it holds what came of it
