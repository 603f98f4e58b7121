"""The part of an API that a package has: the operations that its options include, without those that they exclude.

A valid document comes in, as `repair/` leaves it. One without the other operations goes out, and without what these
alone need: so what is wrong with them concerns nobody. A webhook has tags and an operationId, but no path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .document.field_reader import name_hint
from .document.operations import METHODS, every_operation, names_in_options
from .document.pointer import split
from .document.problems import Problem, Problems
from .document.tree import Array, Object
from .interpreter.fast_dataclasses import dataclass
from .options import Options, Pattern, Patterns
from .repair.leave_out import keep_operations

_VARIABLE = re.compile(r"\{[^{}/]*\}")
_PATH = re.compile(r"(?:([A-Za-z]+)\s+)?(/.*|[^\s/]+://.*)", re.DOTALL)
_SEGMENTS = {"**": "(?:/[^/]*)*", "*": "/[^/]+"}
"""The regular expressions of the segments that are wildcards."""


class Selection(NamedTuple):
    """What `select` leaves."""

    document: Object
    problems: list[Problem]
    """The problems that came in, without those that concern only what was cut."""
    names: frozenset[str]
    """What options can call the operations of the whole document; see `names_in_options`."""
    operations_cut: int = 0
    webhooks_cut: int = 0
    unmatched: tuple[Problem, ...] = ()
    """An error for each pattern that names no operation."""


def select(
    document: Object, options: Options, known_problems: list[Problem], *, allow_unmatched: bool = False
) -> Selection:
    """The document with the operations that the options choose; `known_problems` are those found before.

    Raises ProblemsFound where a pattern cannot be read, and unless `allow_unmatched` where one names no operation, or
    nothing is left.
    """
    names = frozenset(name for operation in _operations(document) for name in operation.names)
    if not options.patterns:
        return Selection(document, known_problems, names)
    problems = Problems()
    include = _Names(options.include_tags, _paths(options.include_paths, problems), options.include_operations)
    exclude = _Names(options.exclude_tags, _paths(options.exclude_paths, problems), options.exclude_operations)
    known = _operations(document)
    unread = {
        keys[1] for problem in known_problems if (keys := split(problem.source.pointer))[:1] == ("paths",) and keys[1:]
    }
    unmatched = (*include.unmatched(known, unread), *exclude.unmatched(known, unread))
    problems += () if allow_unmatched else unmatched
    problems.stop_on_errors()

    def is_chosen(path: str, method: str, value: Object) -> bool:
        operation = _Operation.of(path, method, value)
        return not exclude.match(operation) and (not options.includes or include.match(operation))

    remaining = keep_operations(document, is_chosen, known_problems, keep_unused=not options.includes)
    if not allow_unmatched and not any(every_operation(remaining.document)):
        hint = "what is excluded is in no package, whatever includes it: take a pattern out"
        message = "no operation is left: each is excluded"
        problems.error("nothing-left", options.excludes[0].source, message, hint)
        problems.stop_on_errors()
    return Selection(
        remaining.document, remaining.problems, names, remaining.operations_cut, remaining.webhooks_cut, unmatched
    )


class _Operation(NamedTuple):
    """What patterns can name an operation by; the path of a webhook is ""."""

    path: str
    method: str
    id: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, path: str, method: str, value: Object) -> _Operation:
        id, tags = value.get("operationId"), value.get("tags")
        texts = (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, Array) else ()
        return cls(path, method, id if isinstance(id, str) else "", tuple(texts))

    @property
    def names(self) -> list[str]:
        """What options can call it."""
        return names_in_options(self.path, self.method, self.id)


def _operations(document: Object) -> list[_Operation]:
    return [_Operation.of(path, method, value) for path, method, value in every_operation(document)]


@dataclass(frozen=True, slots=True)
class _Path:
    """A pattern of paths, and as a regular expression; a method, or "" for all."""

    pattern: Pattern
    expression: re.Pattern[str]
    method: str

    def matches(self, operation: _Operation) -> bool:
        return self.method in ("", operation.method) and self.matches_path(operation.path)

    def matches_path(self, path: str) -> bool:
        return path != "" and self.expression.fullmatch(_comparable(path)) is not None


@dataclass(frozen=True, slots=True)
class _Names:
    """The patterns that include operations, or exclude them."""

    tags: Patterns
    paths: tuple[_Path, ...]
    ids: Patterns

    def match(self, operation: _Operation) -> bool:
        """Whether any of the patterns names an operation."""
        return (
            any(pattern.text in operation.tags for pattern in self.tags)
            or any(pattern.text == operation.id for pattern in self.ids)
            or any(path.matches(operation) for path in self.paths)
        )

    def unmatched(self, operations: list[_Operation], unread: Iterable[str]) -> Iterator[Problem]:
        """An error for each pattern that names none of the operations, nor the path of a problem, perhaps unread."""
        tags = {tag for operation in operations for tag in operation.tags}
        ids = {operation.id for operation in operations} - {""}
        for pattern in self.tags:
            if pattern.text not in tags:
                yield _unmatched(pattern, "no operation has the tag", name_hint(pattern.text, sorted(tags)))
        for pattern in self.ids:
            if pattern.text not in ids:
                yield _unmatched(pattern, "no operation has the operationId", _hint_for_id(pattern.text, sorted(ids)))
        for path in self.paths:
            if not any(path.matches(operation) for operation in operations) and not any(map(path.matches_path, unread)):
                yield _unmatched(path.pattern, "no operation has a path like", _hint_for_path(path, operations))


def _unmatched(pattern: Pattern, message: str, hint: str) -> Problem:
    return Problem("unmatched-pattern", pattern.source, f"{message} {pattern.text!r}", hint)


def _hint_for_id(text: str, ids: list[str]) -> str:
    if _PATH.fullmatch(text):
        return "operations are named by method and path among the paths to include or exclude"
    return name_hint(text, ids)


def _hint_for_path(path: _Path, operations: list[_Operation]) -> str:
    others = sorted({operation.method.upper() for operation in operations if path.matches_path(operation.path)})
    if others:
        return f"the paths like this have the methods {', '.join(others)}"
    text = path.pattern.text.partition("/")
    return name_hint(text[1] + text[2], sorted({operation.path for operation in operations} - {""}))


def _paths(patterns: Iterable[Pattern], problems: Problems) -> tuple[_Path, ...]:
    """The patterns of paths as regular expressions; those that are none are reported."""
    paths = []
    for pattern in patterns:
        match = _PATH.fullmatch(pattern.text.strip())
        method = (match[1] or "").lower() if match else ""
        if match is None or method not in ("", *METHODS):
            message = f"{pattern.text!r} is not a path, nor a method and a path"
            hint = "such as /beds/**, or 'GET /beds/{id}'; a path begins with '/', and * stands for one segment"
            problems.error("bad-pattern", pattern.source, message, hint)
        else:
            paths.append(_Path(pattern, _expression(match[2]), method))
    return tuple(paths)


def _expression(path: str) -> re.Pattern[str]:
    """A path with wildcards as a regular expression: `*` is one segment or a part of one, `**` any number of them."""
    first, *segments = _comparable(path).split("/")
    parts = [_SEGMENTS.get(segment) or f"/{_with_stars(segment)}" for segment in segments]
    return re.compile(_with_stars(first) + "".join(parts), re.DOTALL)


def _with_stars(segment: str) -> str:
    return "[^/]*".join(map(re.escape, segment.split("*")))


def _comparable(path: str) -> str:
    """A path without what two spellings of it may differ in: the names of its variables, and a slash at its end."""
    return _VARIABLE.sub("{}", path).rstrip("/")
