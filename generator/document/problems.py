"""Problems: what is wrong with an input, where it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from ..escaping import one_line
from ..interpreter.fast_dataclasses import dataclass

Severity = Literal["error", "warning"]
UNDECIDED = "undecided"
"""The id of what a person has not decided yet."""
_LONGEST = 4_000
"""Characters of a message or a hint that are shown."""
_MANY = 3
"""This many warnings with the same text, or more, are printed as one."""


@dataclass(slots=True, eq=False)
class Source:
    """Where a value was written: `file` as the user named it, RFC 6901 `pointer`, 1-based `line` (0: the whole file).

    A document has as many sources as values, and hardly any of them is ever shown: therefore a child holds no more than
    the last token of its pointer. Nothing changes one; that it is not frozen makes it three times as fast to make.
    """

    file: str
    _end: str = ""
    line: int = 0
    _parent: Source | None = None

    @property
    def pointer(self) -> str:
        """An RFC 6901 pointer from the file's root."""
        tokens, source = list[str](), self
        while source._parent is not None:
            tokens.append(source._end)
            source = source._parent
        tokens.append(source._end)
        return "/".join(reversed(tokens))

    @property
    def container(self) -> Source | None:
        """The source of the mapping or list that has the value; None for a root, and where it is not known."""
        return self._parent

    def child(self, token: str, mark: tuple[str, int, *tuple[object, ...]]) -> Source:
        """The source of a value in this one: its reference token, and its file (overlays bring others) and line."""
        return Source(mark[0], token, mark[1], self)

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
    """Something that is wrong. `id` is stable and short (`dangling-reference`); `hint` says what to do next.

    `action` is an overlay action (a line of YAML) that would correct it, where there is one.
    """

    id: str
    source: Source
    message: str
    hint: str = ""
    severity: Severity = "error"
    action: str = ""
    see: tuple[Source, ...] = ()
    """Further sources that the message is about; they are printed after it."""
    subject: str = ""
    """What it is about, where `source` does not say so: a pointer, an enum value. It stays when the message changes."""
    is_loss: bool = False
    """Whether it is a warning because the document is not read strictly: something of it is lost to the client."""

    def __str__(self) -> str:
        see = f" ({', '.join(map(str, self.see))})" if self.see else ""
        text = f"{one_line(str(self.source))}: {self.severity}[{self.id}]: {one_line(self.message + see)}"
        return f"{text}\n    hint: {one_line(self.hint)}" if self.hint else text


class ProblemsFound(Exception):  # noqa: N818 - it carries problems, it is not one
    """Raised at the end of a stage that found errors; carries all problems found so far."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted_problems(problems)
        super().__init__("\n".join(map(str, self.problems)))


def refusal(id: str, where: Source, message: str, hint: str = "") -> ProblemsFound:
    """What is raised where a single error ends the reading of a document."""
    return ProblemsFound([Problem(id, where, message, hint)])


class Problems(list[Problem]):
    """Collects the problems of a run, so that all of them are reported at once.

    `strict`: whether a loss is an error. It is not one for the user who cannot correct somebody else's document.
    """

    def __init__(self, problems: Iterable[Problem] = (), *, strict: bool = True) -> None:
        super().__init__(problems)
        self.strict = strict

    def of_part(self) -> Problems:
        """An empty collection, as strict as this one, for the problems of a part of its input."""
        return Problems(strict=self.strict)

    def error(
        self, id: str, source: Source, message: str, hint: str = "", *, see: tuple[Source, ...] = (), subject: str = ""
    ) -> None:
        """Record something that stops the run at the end of its stage."""
        self.append(Problem(id, source, _cut(message), _cut(hint), see=see, subject=subject))

    def warning(self, id: str, source: Source, message: str, hint: str = "") -> None:
        """Record something that was repaired, or is allowed but worth a look."""
        self.append(Problem(id, source, _cut(message), _cut(hint), "warning"))

    def loss(
        self, id: str, source: Source, message: str, instead: str, hint: str = "", *, is_slight: bool = False
    ) -> None:
        """Record that a part of the document cannot be read, and what is read `instead`, which is certain without it.

        An error where reading is strict and the loss not slight, or where nothing can be read instead (""); else a
        warning.
        """
        if (self.strict and not is_slight) or not instead:
            self.error(id, source, message, hint)
        else:
            hint = hint or "correct it by an overlay action; with --strict it is an error"
            self.append(Problem(id, source, _cut(f"{message}; {instead}"), _cut(hint), "warning", is_loss=True))

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop the run."""
        return [problem for problem in self if problem.severity == "error"]

    def stop_on_errors(self) -> None:
        """End a stage: raise `ProblemsFound` with all problems when any of them is an error."""
        if self.errors:
            raise ProblemsFound(self)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Add the problems that end a block, and go on behind it: errors of one input do not hide another's."""
        try:
            yield
        except ProblemsFound as error:
            self[:] = dict.fromkeys([*self, *error.problems])


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Order by file, line and id, and drop repetitions, so that a report does not depend on the order of the checks."""
    pointers: dict[str, str] = {}  # many problems can be at one value, and a pointer can be long: each is held once

    def place(problem: Problem) -> tuple[str, int, str, str, str]:
        pointer = problem.source.pointer
        pointer = pointers.setdefault(pointer, pointer)
        return problem.source.file, problem.source.line, pointer, problem.id, problem.message

    return sorted(dict.fromkeys(problems), key=place)


def group_repeated(problems: list[Problem]) -> list[tuple[Problem, tuple[int, ...]]]:
    """The problems in their order, each with the further lines of its file with the same problem.

    Only warnings are grouped, and only from three on: each error has to be corrected where it is.
    """
    groups: dict[Problem, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_without_line(problem), []).append(problem)
    result: list[tuple[Problem, tuple[int, ...]]] = []
    for problem in problems:
        group = groups[_without_line(problem)]
        if len(group) < _MANY:
            result.append((problem, ()))
        elif problem is group[0]:
            result.append((problem, tuple(repetition.source.line for repetition in group[1:])))
    return result


def _without_line(problem: Problem) -> Problem:
    if problem.severity == "error" or not problem.source.line:
        return problem
    return replace(problem, source=Source(problem.source.file))


def _cut(text: str) -> str:
    """A text for a message, without the end of a very long one: it quotes names, and a document has many problems."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text) - _LONGEST:,} more characters)"


def abridged(words: Iterable[str], most: int) -> str:
    """Words for a message, of which only so many are shown: "a, b and 3 more"."""
    words = list(words)
    return ", ".join(words[:most]) + (f" and {len(words) - most:,} more" if len(words) > most else "")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of the document that is not generated: the user said to leave out what cannot be."""

    what: str
    """The operation ("GET /runs/{id}"), or the pointer of another part."""
    source: Source
    problem: Problem
    """The error that prevents it; its source can be another part, to which the operation refers."""
