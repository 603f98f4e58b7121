"""What could not be read of a response, collected while it becomes a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

from msgspec import UNSET, Struct, UnsetType
from workflow_client_core import Issue

from .._form.models import RunIssue, RunResult
from .._text import escaped

T = TypeVar("T")

IssueKind: TypeAlias = Literal[
    "missing",
    "unreadable",
    "out of range",
    "no zone",
    "not JSON",
    "not an object",
    "not a number",
    "disagreement",
    "unknown word",
    "another run",
    "no run here",
]
"""The first word or words of every `RunIssue.problem`."""


class Notes(Struct, eq=False):
    """The issues of one response: those of its decoding, then those that converters find.

    - `of_decoding`: the issues of its decoding.
    - `error_text`: what the response has for people in the usual text fields of errors, without credentials.
    - `conceal`: masks the credentials that were sent in a text of the response, before it is quoted in a message.
    - `observed_at`: when the response arrived; None if nobody knows.
    - `early_end`: whether the response has the time of an end, of a run or step that has not ended.
    """

    of_decoding: Iterable[Issue] = ()
    error_text: str = ""
    conceal: Callable[[str], str] = str
    observed_at: datetime | None = None
    early_end: bool = False
    _issues: dict[RunIssue, None] = {}
    _left_out: Set[str] = frozenset()

    def __post_init__(self) -> None:
        if self.of_decoding:
            self._add_of_decoding(tuple(self.of_decoding))

    def _add_of_decoding(self, issues: tuple[Issue, ...]) -> None:
        for issue in issues:
            if issue.found == "nothing":
                self.add(issue.pointer, "missing", f"expected {issue.expected}")
            else:
                self.add(issue.pointer, "unreadable", f"expected {issue.expected}, found {issue.found}")
        # Half a surrogate pair was replaced, and its text is still there.
        self._left_out = {issue.pointer for issue in issues if issue.expected != "Unicode text"}

    @property
    def issues(self) -> tuple[RunIssue, ...]:
        """All of them, without repetitions."""
        return tuple(self._issues)

    def add(self, pointer: str, kind: IssueKind, detail: str) -> None:
        """Note what is wrong at `pointer` (RFC 6901). The detail must not quote what may be a secret."""
        self._issues[RunIssue(pointer, f"{kind}: {detail}")] = None

    def end(self, time: datetime | None, result: RunResult | None) -> datetime | None:
        """The time of an end; None, which is remembered, for a run or step that has no result, as it has not ended."""
        if result is None and time is not None:
            self.early_end = True
            return None
        return time

    def has(self, kind: IssueKind) -> bool:
        """Whether there is an issue of a kind."""
        return any(issue.problem.startswith(f"{kind}:") for issue in self._issues)

    def items(self, pointer: str, values: Sequence[T] | UnsetType | None) -> Iterator[tuple[str, T]]:
        """The items of the list at `pointer`, each behind its own pointer in the document.

        Decoding leaves unreadable items out, so that later items move up.
        """
        if values is None or values is UNSET:
            return iter(())
        if self._left_out:
            return self._items_moved_up(pointer, values)
        return ((f"{pointer}/{position}", value) for position, value in enumerate(values))

    def _items_moved_up(self, pointer: str, values: Sequence[T]) -> Iterator[tuple[str, T]]:
        position = 0
        for value in values:
            while f"{pointer}/{position}" in self._left_out:
                position += 1
            yield f"{pointer}/{position}", value
            position += 1

    def entries(self, pointer: str, values: Mapping[str, T] | UnsetType | None) -> Iterator[tuple[str, str, T]]:
        """The values of the object at `pointer`, each behind its own pointer in the document and its key."""
        entries: Mapping[str, T] = {} if isinstance(values, UnsetType) or values is None else values
        for key, value in entries.items():
            yield f"{pointer}/{escaped(key)}", key, value

    def choose(
        self,
        pointer: str,
        values: Sequence[T] | UnsetType | None,
        is_chosen: Callable[[T], bool],
        *,
        last: bool = False,
    ) -> tuple[str, T] | tuple[str, None]:
        """The first item of the list at `pointer` that `is_chosen`, or the last one, behind its own pointer.

        None, and the pointer of an item after the last one (`/tasks/-`), where there is no such item.
        """
        items = self.items(pointer, values)
        for at, value in reversed([*items]) if last else items:
            if is_chosen(value):
                return at, value
        return f"{pointer}/-", None
