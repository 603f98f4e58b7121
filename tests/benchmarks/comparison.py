"""What the benchmark measures: our cost beside another one, sample by sample."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Literal

Quantity = Literal["seconds", "megabytes"]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some numbers, and the least and the greatest of them."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, numbers: tuple[float, ...]) -> Spread:
        return cls(median(numbers), min(numbers), max(numbers))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What something of ours costs beside a peer. Two samples with the same index were measured one after the other.

    `what` names the work, such as a document, and `ours` and `peer` those who do it. `goal` is the id of the goal for
    which it counts, if any.
    """

    what: str
    ours: str
    peer: str
    quantity: Quantity
    our_samples: tuple[float, ...]
    peer_samples: tuple[float, ...]
    goal: str = ""

    @property
    def our_cost(self) -> Spread:
        return Spread.of(self.our_samples)

    @property
    def peer_cost(self) -> Spread:
        return Spread.of(self.peer_samples)

    @property
    def ratio(self) -> Spread:
        """How many times the peer's cost ours is: less than 1 where ours is the lower one."""
        return Spread.of(tuple(a / b for a, b in zip(self.our_samples, self.peer_samples, strict=True)))


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Work that was not measured, or that a peer failed to do, with the reason."""

    what: str
    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartResult:
    """All that one run of a part measured, when, of which commit, on which machine, and with which versions."""

    date: str
    commit: str
    seconds: float
    machine: dict[str, str]
    versions: dict[str, str]
    comparisons: tuple[Comparison, ...]
    unmeasured: tuple[Unmeasured, ...] = ()
