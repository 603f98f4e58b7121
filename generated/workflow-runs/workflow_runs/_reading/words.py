"""Tables from a provider's words to the words of the unified model, such as those of `trigger.kind`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import UNSET

from .notes import Notes
from .statuses import Word, word

M = TypeVar("M")


class Words(Generic[M]):
    """The words of one provider at a pointer, and what they mean.

    Args:
        meanings: by word; None for no word.
        others: the meaning of any other word; without it, another word is an issue.
    """

    def __init__(self, meanings: Mapping[str | None, M], others: M | None = None) -> None:
        self._meanings = meanings
        self._others = others

    def read(self, value: Word, pointer: str, notes: Notes) -> M | None:
        """The meaning of the provider's `value` at `pointer`; None where it has none, with a note if it is a word."""
        meaning = self._meanings.get(value if isinstance(value, str) else word(value))
        if meaning is not None or value is None or value is UNSET:
            return meaning
        if self._others is None:
            notes.add(pointer, "unknown word", "no meaning is known for it")
        return self._others
