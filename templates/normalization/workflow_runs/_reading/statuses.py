"""Tables from a provider's status words to `RunStatus` and `RunResult`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, TypeAlias

from msgspec import UnsetType

from .._form.models import RunResult, RunStatus, StatusBasis

Word: TypeAlias = str | int | UnsetType | None
"""A provider's word for a status: text, a value of an open enum, or nothing."""
Meaning: TypeAlias = tuple[RunStatus, RunResult | None]
Table: TypeAlias = Mapping[str | tuple[str, str], Meaning]
"""The meaning of a word, or of the words at two pointers. A word alone matches with any second word."""


class State(NamedTuple):
    """The state of a run; `raw_status` is the provider's own words, joined by `/`, or None where there are none."""

    status: RunStatus
    result: RunResult | None
    raw_status: str | None
    basis: StatusBasis


class Statuses:
    """The status words of one provider, and what they mean.

    Args:
        documented: the words that its documentation lists.
        beyond_spec: words that it sends without listing them.
        inferred: undocumented words, with their usual meaning. If there are any, words match in any case.
    """

    def __init__(
        self, documented: Table | None = None, beyond_spec: Table | None = None, inferred: Table | None = None
    ) -> None:
        tables = (
            (StatusBasis.INFERRED, inferred or {}),
            (StatusBasis.BEYOND_SPEC, beyond_spec or {}),
            (StatusBasis.DOCUMENTED, documented or {}),
        )
        self._meanings = {_key(words): (meaning, basis) for basis, table in tables for words, meaning in table.items()}
        self._folded = {_folded(words): meaning for words, (meaning, _) in self._meanings.items()} if inferred else {}

    def read(self, *values: Word) -> State:
        """The state that the provider's `values` at the pointers of the table mean.

        An exact spelling comes before a match in any case, and two words together before the first alone. A word that
        is in no table is `UNKNOWN`, and so is an absent first word.
        """
        words = tuple(map(_word, values))
        given = [word for word in words if word is not None]
        raw_status = "/".join(given) if given else None
        # Without a second word, only a row that has the first word alone can match.
        present = words[: words.index(None)] if None in words else words
        keys = [present[:size] for size in range(len(present), 0, -1)]
        for key in keys:
            if key in self._meanings:
                (status, result), basis = self._meanings[key]
                return State(status, result, raw_status, basis)
        for key in keys:
            if meaning := self._folded.get(_folded(key)):
                return State(*meaning, raw_status, StatusBasis.INFERRED)
        return State(RunStatus.UNKNOWN, None, raw_status, StatusBasis.UNKNOWN)


def _key(words: str | tuple[str, str]) -> tuple[str | None, ...]:
    return tuple(map(_word, words if isinstance(words, tuple) else (words,)))


def _folded(words: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple((word or "").casefold() for word in words)


def _word(value: Word) -> str | None:
    if value is None or isinstance(value, UnsetType):
        return None
    return str(value.value if isinstance(value, Enum) else value)
