"""What a subject of `make torture` is: a promise, and how cases that attack it are drawn and carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

#: What JSON can hold, so that a failing case can be made smaller, written to a file and read again. Bytes are text, by
#: Latin-1.
Case: TypeAlias = "dict[str, Case] | list[Case] | str | int | float | bool | None"


class Broken(Exception):  # noqa: N818 - the promise is broken; nothing went wrong in the suite
    """The promise of a subject is broken.

    `what` names the kind of fault and is the same for all cases of the kind; `detail` shows this one.
    """

    def __init__(self, what: str, detail: object = "") -> None:
        super().__init__(what, detail)
        self.what = what

    def __str__(self) -> str:
        what, detail = self.args
        return f"{what}: {detail}" if detail != "" else what


@dataclass(frozen=True)
class Counts:
    """How many cases a run has: in `make test`, by default, and in full."""

    test: int
    default: int
    full: int


@dataclass(frozen=True)
class Subject:
    """One promise, and the attack on it.

    `draw` returns a case from the given generator of random numbers alone, so that each can be drawn again. `attack`
    carries a case out, and returns what came of it in a word or two. It may write into the folder it gets, which is
    empty. It raises `Broken` when the promise is broken; any exception that it lets pass counts as a failure, too.

    `minutes` is the time that a full run may take for the subject, with two processors. The default run takes a
    twelfth of it.
    """

    name: str
    promise: str
    draw: Callable[[Random], Case]
    attack: Callable[[Case, Path], str]
    counts: Counts
    minutes: float

    def case(self, seed: int, index: int) -> Case:
        """The case of this number, which does not depend on the cases before it."""
        return self.draw(Random(f"{seed}:{self.name}:{index}"))
