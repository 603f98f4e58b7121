"""What the words of two status tables mean to callers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...normalization.mapping import ABSENT, StatusRow, StatusTable, loosely
from ..finding import Finding
from ..pairing.items import by_key

_BASES = ("inferred", "beyond_spec", "documented")
"""The later ones win where words differ in capitals alone."""


def compare_statuses(place: str, old: StatusTable, new: StatusTable) -> Iterator[Finding]:
    """The words that are understood differently; `place` is the unified field that they fill."""
    yield from _compare_constants(place, old, new)
    all_words = {row.words for table in (old, new) for row in table.rows}
    for words, before, after in by_key(_meanings(old, all_words), _meanings(new, all_words)):
        yield from _compare_meanings(f"{place} word {'/'.join(words)}", before, after)
    if _ignores_case(old) != _ignores_case(new):
        rule = "normalized-status-removed" if _ignores_case(old) else "normalized-status-added"
        texts = ("understood", "") if _ignores_case(old) else ("", "understood")
        yield Finding(rule, f"{place} words in other capitals", *texts, old.source, new.source)


def _compare_constants(place: str, old: StatusTable, new: StatusTable) -> Iterator[Finding]:
    """The statuses that two events have by themselves."""
    if not (old.paths or new.paths) and old.rows[0].outcome != new.rows[0].outcome:
        outcomes = (old.rows[0].outcome, new.rows[0].outcome)
        yield Finding("normalized-status-changed", place, *outcomes, old.source, new.source)


def _compare_meanings(place: str, old: StatusRow | None, new: StatusRow | None) -> Iterator[Finding]:
    if old and new:
        sources = (old.source, new.source)
        if old.outcome != new.outcome:
            yield Finding("normalized-status-changed", place, old.outcome, new.outcome, *sources)
        elif old.basis != new.basis:
            yield Finding("normalized-status-basis-changed", place, old.basis, new.basis, *sources)
    elif old:
        yield Finding("normalized-status-removed", place, old.outcome, "", old.source, None)
    elif new:
        yield Finding("normalized-status-added", place, "", new.outcome, None, new.source)


def _meanings(table: StatusTable, all_words: set[tuple[str, ...]]) -> dict[tuple[str, ...], StatusRow]:
    """The row that an adapter reads for each of `all_words` that it understands."""
    return {words: row for words in all_words if (row := _meaning(table, words))}


def _meaning(table: StatusTable, words: tuple[str, ...]) -> StatusRow | None:
    """The row that an adapter reads for these words, as `Statuses.read` of workflow_runs does.

    More words together win over the first ones alone, and a word of exactly that spelling over others.
    """
    words = (*words, *[ABSENT] * len(table.paths))[: len(table.paths)]
    keys = [words[:size] for size in range(len(words), 0, -1)]
    rows = {row.words: row for row in table.rows}
    if exact := next((rows[key] for key in keys if key in rows), None):
        return exact
    if not _ignores_case(table):
        return None
    folded = {loosely(row.words): row for row in sorted(table.rows, key=lambda row: _BASES.index(row.basis))}
    row = next((folded[loosely(key)] for key in keys if loosely(key) in folded), None)
    return replace(row, basis="inferred") if row else None


def _ignores_case(table: StatusTable) -> bool:
    """Where words are inferred, capitals, spaces and hyphens do not matter, for the documented ones either."""
    return any(row.basis == "inferred" for row in table.rows)
