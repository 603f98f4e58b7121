"""What an answer has for each status word: the values at all pointers of the status table, so that the row applies."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from ...document.pointer import split
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Enum
from ...ir.types import NULL, Type, UnionOf, alternatives
from ..mapping import ABSENT, ChosenItem, FieldPath, StatusRow, StatusTable, loosely
from .types import Types
from .values import MISSING, Sampler, typed_word

_NO_WORD, _NO_NUMBER = "unheard of", "987654321"
"""Words that no table has."""
_MOST_ATTEMPTS = 500


@dataclass(frozen=True)
class StatusWriter:
    """Writes status words into answers."""

    table: StatusTable
    types: Types
    sampler: Sampler

    def answer(self, payload: Any, row: StatusRow | None) -> Any:
        """A copy of an answer in which a row of the table applies, or none; MISSING where the types do not allow it."""
        for words in self._attempts(row):
            written = copy.deepcopy(payload)
            self._write(written, words)
            if self._row_of(written) == row and all(map(self._fits, self._items(written))):
                return written
        return MISSING

    def _attempts(self, row: StatusRow | None) -> Iterator[tuple[str, ...]]:
        """The words at all pointers that may make a row apply: its own, and behind them none, then any.

        Where no row may apply, words that are in none come first.
        """
        given = row.words if row else ()
        rest = [self._words_at(index) for index in range(len(given), len(self.table.paths))]
        if row is None:
            rest = [words[::-1] if index == 0 else words for index, words in enumerate(rest)]
        for words in islice(product(*rest), _MOST_ATTEMPTS):
            yield (*given, *words)

    def _words_at(self, index: int) -> tuple[str, ...]:
        listed = [row.words[index] for row in self.table.rows if len(row.words) > index]
        path = self.table.paths[index]
        if path.presence:
            return (ABSENT, "present")
        others = [word for word in (_NO_NUMBER, _NO_WORD) if self._is_possible(word, path)]
        return tuple(dict.fromkeys([ABSENT, *listed, *others]))

    def _is_possible(self, word: str, path: FieldPath) -> bool:
        """Whether a word that is not documented can be sent: enums accept any text, or any number."""
        value = typed_word(word, path.type, self.types)
        return any(
            isinstance(value, type(named.values[0].value))
            if isinstance(named := self.types.named(member), Enum)
            else self.types.fits(value, member)
            for member in alternatives(path.type)
        )

    def _write(self, payload: Any, words: tuple[str, ...]) -> None:
        # What chooses no item of a list can contain what does.
        pairs = sorted(
            zip(self.table.paths, words, strict=True), key=lambda pair: (pair[0].item is not None, pair[1] == ABSENT)
        )
        for path, word in pairs:
            holder: Any = payload
            if path.item and (holder := self._item_for(payload, path.item, is_absent=word == ABSENT)) is None:
                continue
            if word != ABSENT:
                value = MISSING if path.presence else typed_word(word, path.type, self.types)
                self._set(holder, path, value)
            elif not _remove(holder, path) and path.item:
                _items(payload, path.item).remove(holder)

    def _item_for(self, payload: Any, item: ChosenItem, *, is_absent: bool) -> Any:
        """The item of a list into which a word is written; None where there is none, and no word is to be written."""
        found = _chosen(payload, item)
        if found is None and not is_absent and isinstance(items := _items(payload, item), list) and items:
            return items[0]
        return found

    def _set(self, holder: Any, path: FieldPath, value: Any) -> None:
        """Write a value, or a sample where it is MISSING."""
        base = path.item.path.pointer if path.item else ""
        *parents, last = path.fields
        at = base
        for field in parents:
            at = f"{at}/{field.wire}"
            if not isinstance(holder.get(field.wire), dict):
                holder[field.wire] = self.sampler.value(field.type, at, field.wire)
            holder = holder[field.wire]
        if value is not MISSING:
            holder[last.wire] = value
        elif holder.get(last.wire) is None or holder[last.wire] in path.nothing:
            holder[last.wire] = self.sampler.value(path.type, path.pointer, last.wire)

    def _row_of(self, payload: Any) -> StatusRow | None:
        """The row of the table that applies to an answer."""
        words = tuple(self._word(payload, path) for path in self.table.paths)
        exact = {row.words: row for row in reversed(self.table.rows)}
        keys = [words[:size] for size in range(len(words), 0, -1)]
        for key in keys:
            if key in exact:
                return exact[key]
        if any(row.basis == "inferred" for row in self.table.rows):
            loose = {loosely(row.words): row for row in reversed(self.table.rows)}
            return next((loose[loosely(key)] for key in keys if loosely(key) in loose), None)
        return None

    def _word(self, payload: Any, path: FieldPath) -> str:
        value = _chosen(payload, path.item) if path.item else payload
        for field in path.fields:
            value = value.get(field.wire) if isinstance(value, dict) else None
        if value is None or value in path.nothing:
            return ABSENT
        if path.presence:
            return "present"
        return word_of(value)

    def _items(self, payload: Any) -> Iterator[tuple[FieldPath, Any]]:
        for path in self.table.paths:
            yield path, _chosen(payload, path.item) if path.item else payload

    def _fits(self, located: tuple[FieldPath, Any]) -> bool:
        """Whether the properties that lead to a word are there if they are required."""
        path, holder = located
        for field in path.fields:
            if not isinstance(holder, dict):
                return True
            value = holder.get(field.wire)
            if value is None and field.required and (field.wire not in holder or not _is_nullable(field.type)):
                return False
            holder = value
        return True


def word_of(value: Any) -> str:
    """A value as the word that status tables have."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_nullable(type_: Type) -> bool:
    return type_ == NULL or (isinstance(type_, UnionOf) and NULL in type_.members)


def _items(payload: Any, item: ChosenItem) -> Any:
    for key in split(item.path.pointer):
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload


def _chosen(payload: Any, item: ChosenItem) -> Any:
    """The item that is chosen of a list in an answer; None where there is none."""
    items = _items(payload, item)
    fitting = [value for value in items or () if all(_fulfills(value, c.path, c.words) for c in item.conditions)]
    return (fitting[-1] if item.is_last else fitting[0]) if fitting else None


def pointer_in(payload: Any, path: FieldPath) -> str:
    """The pointer to a value in an answer, with the position of the item that holds it; "" where there is no item."""
    if path.item is None:
        return path.pointer
    chosen = _chosen(payload, path.item)
    positions = [index for index, value in enumerate(_items(payload, path.item) or ()) if value is chosen]
    return f"{path.item.path.pointer}/{positions[0]}{path.pointer_in_item}" if positions else ""


def _fulfills(value: Any, path: FieldPath, words: tuple[str, ...]) -> bool:
    for field in path.fields:
        value = value.get(field.wire) if isinstance(value, dict) else None
    return value is not None and word_of(value) in words


def _remove(holder: Any, path: FieldPath) -> bool:
    """Take a value away, or write one that means that there is none; False where the types do not allow that."""
    holders = [holder]
    for field in path.fields[:-1]:
        inner = holders[-1].get(field.wire)
        if not isinstance(inner, dict):
            return True
        holders.append(inner)
    for inner, field in reversed([*zip(holders, path.fields, strict=True)]):
        if not field.required:
            inner.pop(field.wire, None)
            return True
        if _is_nullable(field.type):
            inner[field.wire] = None
            return True
        if field is path.fields[-1] and path.nothing:
            inner[field.wire] = path.nothing[0]
            return True
    return False
