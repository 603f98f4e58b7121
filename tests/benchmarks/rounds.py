"""Measuring inside a process: candidates take turns, so that a machine that slows down slows all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from time import process_time

Work = Callable[[int], object]
"""Does something as many times as it is told."""

SECONDS = 0.005
"""How long a candidate works in a round, at least."""


def repeated(function: Callable[[], object]) -> Work:
    """The work of calling a function."""

    def work(times: int) -> None:
        for _ in range(times):
            function()

    return work


def seconds_by_turns(candidates: Mapping[str, Work], rounds: int) -> dict[str, tuple[float, ...]]:
    """Seconds of the processor that each candidate takes for doing its work once: a sample for each round.

    Every other round goes through the candidates backwards, so that none always follows the same one. What they load
    on first use is loaded before.
    """
    for work in candidates.values():
        work(3)
    times = {name: max(1, int(SECONDS / max(_seconds(work, 3), 1e-7))) for name, work in candidates.items()}
    samples: dict[str, list[float]] = {name: [] for name in candidates}
    gc.collect()
    for number in range(rounds):
        turns = list(candidates.items())
        for name, work in reversed(turns) if number % 2 else turns:
            samples[name].append(_seconds(work, times[name]))
    return {name: tuple(values) for name, values in samples.items()}


def _seconds(work: Work, times: int) -> float:
    start = process_time()
    work(times)
    return (process_time() - start) / times
