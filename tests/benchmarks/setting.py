"""How a part of the benchmark is run, and what shows how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

T = TypeVar("T")


class Display:
    """A progress bar on a terminal; elsewhere a line for each step.

    It is drawn between measurements alone: a thread of its own would take time of the processor.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, auto_refresh=False, transient=True)
        self._task: TaskID | None = None

    def begin(self, part: str, steps: int) -> None:
        self.end()
        if self._console.is_terminal:
            self._task = self._progress.add_task(part, total=steps)
            self._progress.start()

    def say(self, text: str, *, advance: int = 0) -> None:
        if self._task is None:
            self._console.print(text, highlight=False, markup=False)
        else:
            self._progress.update(self._task, description=f"{text:48.48}", advance=advance)
            self._progress.refresh()

    def end(self) -> None:
        if self._task is not None:
            self._progress.stop()
            self._progress.remove_task(self._task)
            self._task = None


@dataclass(frozen=True, slots=True)
class Setting:
    """`rounds` are those asked for; None: as many as each part thinks right. `quick`: without what takes minutes."""

    display: Display
    part: str = ""
    rounds: int | None = None
    quick: bool = False

    def rounds_of(self, usual: int) -> int:
        return self.rounds or (max(1, usual // 3) if self.quick else usual)

    def each(self, items: Sequence[T], names: Iterable[str]) -> Iterator[T]:
        """The items, one after the other, which the display shows by their names."""
        self.display.begin(self.part, len(items))
        for number, (item, name) in enumerate(zip(items, names, strict=True)):
            self.display.say(f"{self.part}: {name}", advance=int(number > 0))
            yield item
        self.display.end()
