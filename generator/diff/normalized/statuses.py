"""What the words of two status tables mean to callers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...normalization.mapping import StatusRow, StatusTable
from ..finding import Finding

_BASES = ("inferred", "beyond_spec", "documented")
"""The later ones win where words differ in capitals alone."""


def compare_statuses(place: str, old: StatusTable, new: StatusTable) -> Iterator[Finding]:
    """The words that are understood differently; `place` is the unified field that they fill."""
    for words in sorted({row.words for table in (old, new) for row in table.words}):
        yield from _compare_word(f"{place} word {'/'.join(words)}", _meaning(old, words), _meaning(new, words))
    if _folds(old) != _folds(new):
        rule = "normalized-status-removed" if _folds(old) else "normalized-status-added"
        before, after = ("understood", "") if _folds(old) else ("", "understood")
        yield Finding(rule, "", f"{place} words in other capitals", before, after, old.source, new.source)


def _compare_word(place: str, old: StatusRow | None, new: StatusRow | None) -> Iterator[Finding]:
    if old and new:
        sources = (old.source, new.source)
        if _shown(old) != _shown(new):
            yield Finding("normalized-status-changed", "", place, _shown(old), _shown(new), *sources)
        elif old.basis != new.basis:
            yield Finding("normalized-status-basis-changed", "", place, old.basis, new.basis, *sources)
    elif old:
        yield Finding("normalized-status-removed", "", place, _shown(old), "", old.source, None)
    elif new:
        yield Finding("normalized-status-added", "", place, "", _shown(new), None, new.source)


def _meaning(table: StatusTable, words: tuple[str, ...]) -> StatusRow | None:
    """The row that an adapter would read for these words, as `Statuses.read` of workflow_runs does.

    Two words together win over the first alone, and a word of exactly that spelling over others.
    """
    there = words[: len(table.paths)]
    keys = [there[:size] for size in range(len(there), 0, -1)]
    exact = {row.words: row for row in table.words}
    if found := next((exact[key] for key in keys if key in exact), None):
        return found
    rows = sorted(table.words, key=lambda row: _BASES.index(row.basis)) if _folds(table) else []
    folded = {_folded(row.words): row for row in rows}
    found = next((folded[_folded(key)] for key in keys if _folded(key) in folded), None)
    return replace(found, basis="inferred") if found else None


def _folds(table: StatusTable) -> bool:
    """Where words are inferred, capitals do not matter, for the documented ones either."""
    return any(row.basis == "inferred" for row in table.words)


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words)


def _shown(row: StatusRow) -> str:
    return f"{row.status}/{row.result.lower()}" if row.result else row.status
