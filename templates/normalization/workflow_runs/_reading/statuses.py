"""Tables from a provider's status words to `RunStatus` and `RunResult`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import product
from typing import NamedTuple, TypeAlias

from msgspec import UNSET, UnsetType

from .._form.models import RunResult, RunStatus, StatusBasis
from .notes import Notes

Word: TypeAlias = str | int | bool | UnsetType | None
"""A provider's word for a status: text, a value of an open enum, an integer, a truth value, or nothing."""
Meaning: TypeAlias = tuple[RunStatus, RunResult | None]
Words: TypeAlias = tuple[str | None, ...]
Key: TypeAlias = str | int | tuple[str | int | None, ...] | None
Table: TypeAlias = Mapping[Key, Meaning]
"""The meaning of a word, or of the words at several pointers; None for no word.

The first words alone match with any further ones. A word that the provider sends as an integer is the same as its text;
as an integer it is found sooner.
"""


_SEPARATORS = str.maketrans(" -", "__")


class State(NamedTuple):
    """The state of a run; `raw_status` is the provider's own words, joined by `/`, or None where there are none."""

    status: RunStatus
    result: RunResult | None
    raw_status: str | None
    basis: StatusBasis


class Statuses:
    """The status words of one provider, and what they mean.

    Args:
        documented: the words that its documentation lists; one of them may mean UNKNOWN, which is not an issue.
        beyond_spec: words that it sends without listing them.
        inferred: undocumented words, with their usual meaning. If there are any, words match in any case,
            and with a space, a hyphen or an underscore alike.
    """

    known: Callable[[tuple[Word, ...]], State | None]
    """The state that `read` would return for words that are exactly those of a row; None for any others."""

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
        size = max(map(len, self._meanings), default=0)
        rows = [words for _, table in tables for words in table]
        self.known = {values: self._exact(_key(values)) for words in rows for values in _values(words, size)}.get

    def read(self, pointers: tuple[str, ...], notes: Notes, *values: Word) -> State:
        """The state that the provider's `values` at the pointers of the table mean.

        An exact spelling comes before any other match, and more words together before the first ones alone. An
        absent word is `UNKNOWN`, unless the table says what that means; so is a word that is in no table, and `notes`
        say so.
        """
        words = _key(values)
        state = self._exact(words)
        if state is not None:
            return state
        raw_status = _joined(words)
        for key in _beginnings(words):
            if meaning := self._folded.get(_folded(key)):
                return State(*meaning, raw_status, StatusBasis.INFERRED)
        if raw_status is not None:
            notes.add(
                pointers[self._unknown(words)], "unknown word", "no status is known for it; it stands in raw_status"
            )
        return State(RunStatus.UNKNOWN, None, raw_status, StatusBasis.UNKNOWN)

    def _exact(self, words: Words) -> State | None:
        """The state that words mean, or the first ones of them, if a table spells them so."""
        for key in _beginnings(words):
            if key in self._meanings:
                (status, result), basis = self._meanings[key]
                is_unknown = status is RunStatus.UNKNOWN
                return State(status, result, _joined(words), StatusBasis.UNKNOWN if is_unknown else basis)
        return None

    def _unknown(self, words: Words) -> int:
        """The position of the word that has no meaning behind those before it; of the last one, if it is absent."""
        rows = [(key, words) for key in self._meanings] + [(key, _folded(words)) for key in self._folded]
        known = max(size for key, own in rows or [((), ())] for size in range(len(words)) if key[:size] == own[:size])
        given = [position for position, word in enumerate(words) if word is not None]
        return max((position for position in given if position <= known), default=given[0])


def word(value: Word) -> str | None:
    """A provider's word as text: `true` for True; None for nothing."""
    if type(value) is str:
        return value
    if value is None or value is UNSET:
        return None
    plain = value.value if isinstance(value, Enum) else value
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def _key(words: Key | tuple[Word, ...]) -> Words:
    return tuple(map(word, words if isinstance(words, tuple) else (words,)))


def _values(words: Key, size: int) -> Iterator[tuple[Word, ...]]:
    """The values of `size` pointers that are exactly the words of a row, with none at the further pointers."""
    row = words if isinstance(words, tuple) else (words,)
    return product(*((None, UNSET) if word is None else (word,) for word in (*row, *(None,) * (size - len(row)))))


def _beginnings(words: Words) -> Iterator[Words]:
    """The words, and the first ones of them, the longest first."""
    return (words[:size] for size in range(len(words), 0, -1))


def _joined(words: Words) -> str | None:
    return "/".join(word for word in words if word is not None) if any(word is not None for word in words) else None


def _folded(words: Words) -> Words:
    return tuple(word and word.casefold().translate(_SEPARATORS) for word in words)
