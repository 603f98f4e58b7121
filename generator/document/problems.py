"""Problems: what is wrong with an input, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

Severity = Literal["error", "warning"]
_MANY = 3
"""As many warnings that say the same as are told as one."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A place in an input file: `file` as the user named it, RFC 6901 `pointer`, 1-based `line` (0: the whole file).

    A document has as many places as values, and hardly any of them is ever shown: one that is `below` another holds no
    more than the last token of its pointer.
    """

    file: str
    _end: str = ""
    line: int = 0
    _above: Source | None = None

    @property
    def pointer(self) -> str:
        """An RFC 6901 pointer from the file's root."""
        tokens, place = list[str](), self
        while place._above is not None:
            tokens.append(place._end)
            place = place._above
        tokens.append(place._end)
        return "/".join(reversed(tokens))

    def below(self, token: str, file: str, line: int) -> Source:
        """The place of what stands in this, by its reference token; overlays put parts of other files there."""
        return Source(file, token, line, self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Source):
            return NotImplemented
        return self is other or (self.line == other.line and self.file == other.file and self.pointer == other.pointer)

    def __lt__(self, other: Source) -> bool:
        return (self.file, self.pointer, self.line) < (other.file, other.pointer, other.line)

    def __hash__(self) -> int:
        return hash((self.file, self.line, self.pointer))

    def __repr__(self) -> str:
        return f"Source({self.file!r}, {self.pointer!r}, {self.line})"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `id` is stable and short (`dangling-reference`); `hint` says what to do next.

    `action` is an overlay action (a line of YAML) that would mend it, where there is one.
    """

    id: str
    source: Source
    message: str
    hint: str = ""
    severity: Severity = "error"
    action: str = ""

    def __str__(self) -> str:
        text = f"{_one_line(str(self.source))}: {self.severity}[{self.id}]: {_one_line(self.message)}"
        return f"{text}\n    hint: {_one_line(self.hint)}" if self.hint else text


class ProblemsFound(Exception):  # noqa: N818 - it carries findings, it is not one
    """Raised at the end of a stage that found errors; carries everything found so far."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted_problems(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Problems:
    """Collects the findings of a run, so that all of them are reported at once."""

    found: list[Problem] = field(default_factory=list)

    def error(self, id: str, where: Source, message: str, hint: str = "") -> None:
        """Record something that stops the run at the end of its stage."""
        self.found.append(Problem(id, where, message, hint))

    def warning(self, id: str, where: Source, message: str, hint: str = "") -> None:
        """Record something that was mended, or is allowed but worth a look."""
        self.found.append(Problem(id, where, message, hint, "warning"))

    @property
    def errors(self) -> list[Problem]:
        """The findings that stop the run."""
        return [problem for problem in self.found if problem.severity == "error"]

    def stop_on_errors(self) -> None:
        """End a stage: raise `ProblemsFound` with everything found when any of it is an error."""
        if self.errors:
            raise ProblemsFound(self.found)


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Order by file, line and id, and drop repetitions, so that a report does not depend on the order of the checks."""
    return sorted(
        dict.fromkeys(problems), key=lambda p: (p.source.file, p.source.line, p.source.pointer, p.id, p.message)
    )


def group_repeated(problems: Iterable[Problem]) -> list[tuple[Problem, tuple[int, ...]]]:
    """The problems in their order, each with the further lines of the same file where the same is to be said.

    Only warnings are told together, and only from three on: an error is a place to go to.
    """
    found = list(problems)
    alike: dict[Problem, list[Problem]] = {}
    for problem in found:
        alike.setdefault(_anywhere(problem), []).append(problem)
    result: list[tuple[Problem, tuple[int, ...]]] = []
    for problem in found:
        same = alike[_anywhere(problem)]
        if len(same) < _MANY:
            result.append((problem, ()))
        elif problem is same[0]:
            result.append((problem, tuple(other.source.line for other in same[1:])))
    return result


def _anywhere(problem: Problem) -> Problem:
    if problem.severity == "error" or not problem.source.line:
        return problem
    return replace(problem, source=Source(problem.source.file))


def _one_line(text: str) -> str:
    # Messages and names of files are input: a control or bidi character in it must not forge lines of a report.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of the document that is not generated, because the user said to leave out what cannot be."""

    what: str
    """The operation ("GET /runs/{id}"), or where else in the document."""
    source: Source
    problem: Problem
    """What stands in the way; its place may be another one, to which the operation refers."""
