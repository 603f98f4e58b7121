"""Reading references from an iterator that may wait for more of them: in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from .._refs.ref import RunRef

READ_AHEAD = 10_000
"""As many references are read before their runs are asked for the first time."""


class ReadingThread:
    """Reads an iterator. Its thread never keeps the program from ending.

    Args:
        refs: the iterator; it may be read until the end of what it is waiting for after `close`, but no further.
        on_ref: called in the thread with each reference.
        on_end: called in the thread at the end, with the error that the iterator raised, or None.
    """

    def __init__(
        self,
        refs: Iterator[RunRef | str],
        on_ref: Callable[[RunRef | str], object],
        on_end: Callable[[BaseException | None], object],
    ) -> None:
        self._refs = refs
        self._on_ref = on_ref
        self._on_end = on_end
        self._room = threading.Semaphore(READ_AHEAD)
        self._closed = False
        threading.Thread(target=self._read, name="workflow-runs-refs", daemon=True).start()

    def go_on(self) -> None:
        """Read one more."""
        self._room.release()

    def close(self) -> None:
        """Read no more."""
        self._closed = True
        self._room.release()

    def _read(self) -> None:
        try:
            while self._room.acquire() and not self._closed:
                try:
                    ref = next(self._refs)
                except StopIteration:
                    self._on_end(None)
                    return
                self._on_ref(ref)
        except BaseException as error:
            self._on_end(error)
