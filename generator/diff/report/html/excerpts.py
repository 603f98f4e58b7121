"""The sources of a change and the texts of both versions -> the lines of both, side by side, as a reviewer compares
them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from ....document.pointer import find, is_index, split, unescape
from ....document.problems import Source
from ....interpreter.fast_dataclasses import dataclass

LONGEST = 240
"""Lines of a value that are compared; of a longer one only its first lines are shown."""
MOST_ROWS = 36
"""Rows of one excerpt."""
_BEFORE, _CONTEXT = 2, 3
"""Lines that are shown before the value, and around each line that differs."""
_WIDEST = 320
"""Characters of a line that are shown."""
_LONGEST_LINE = 20_000
"""Characters of a line that are looked at."""
_LONG_LINE = 2_000
"""Characters of a line that holds more than one value of interest: JSON without line ends."""
_KEY_ABOVE = 3
"""Lines in which the key of a value is looked for: its own, and those above."""
_CLIMBED = 8
"""Levels above a source that are looked at for one that contains the other source, too."""

Kind = Literal["same", "changed", "removed", "added", "place", "skipped"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its number, and its text, of which `marked` is what the other version has differently.

    The number is 0 in a file whose lines are too long to be shown: its JSON is laid out in lines of our own.
    """

    number: int
    start: str
    marked: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Two lines side by side, or `skipped` ones; `place`: the one that the change is about, where no line differs."""

    kind: Kind
    old: Line | None = None
    new: Line | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines around a change; a version that does not mention it has no source, and no lines."""

    old: Source | None
    new: Source | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Value:
    """The lines of a value, from index `begin` to `end` of the lines of its file; `place` is the line of its source."""

    lines: Sequence[str]
    begin: int
    end: int
    has_numbers: bool = True

    @property
    def own(self) -> Sequence[str]:
        return self.lines[self.begin : self.end]

    def line(self, index: int, counterpart: str | None = None) -> Line:
        """A line of the file as it is shown; `counterpart` is the line beside it, if it differs."""
        text = self._shown(self.lines[index])
        number = index + 1 if self.has_numbers else 0
        if counterpart is None:
            return Line(number, _cut(text, _WIDEST))
        first, last = _differing(text, self._shown(counterpart))
        if not text[:first].strip() and last == len(text):  # another line, and not the same one with other words
            return Line(number, _cut(text, _WIDEST))
        start, marked, end = text[:first], text[first:last], text[last:]
        if len(text) > _WIDEST and len(start) > _WIDEST // 3:
            start = f"\u2026{start[-_WIDEST // 3 :]}"
        return Line(number, start, _cut(marked, _WIDEST // 2), _cut(end, _WIDEST // 3))

    def _shown(self, line: str) -> str:
        return line[:_LONGEST_LINE].rstrip().expandtabs(4)


class Excerpts:
    """Cuts excerpts out of the texts of both versions; the lines of each file are found once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, Sequence[str]] = {}
        self._values_by_file: dict[str, Any] = {}

    def excerpt(self, old: Source | None, new: Source | None) -> Excerpt | None:
        """The lines at two sources of a change; None where neither version has any."""
        kinds: tuple[Kind, Kind] = ("removed", "added")
        if old and new:
            if pair := self._comparable(old, new):
                rows = [*_compared(*pair)]
                if _is_inside(old, new) or _is_inside(new, old):
                    rows = _around(self._value(old if _is_inside(old, new) else new), rows, _is_inside(old, new))
                return Excerpt(old, new, _without_margin(_shortened(rows)))
            # What contains the change says nothing about it: it is the same in both versions, or too long.
            if _is_inside(new, old):
                old, kinds = None, ("place", "place")
            elif _is_inside(old, new):
                new, kinds = None, ("place", "place")
        values = self._value(old), self._value(new)
        rows = [
            row
            for value, kind, is_old in zip(values, kinds, (True, False), strict=True)
            if value
            for row in _alone(value, kind, is_old=is_old)
        ]
        sources = (old if values[0] else None, new if values[1] else None)
        return Excerpt(*sources, _without_margin(_shortened(rows))) if rows else None

    def _comparable(self, old: Source, new: Source) -> tuple[_Value, _Value] | None:
        """The lines of the innermost value that contains both sources, or of both; None if comparing says nothing."""
        for sources in (_same_place(old, new), (old, new)):
            before, after = map(self._value, sources)
            if before and after and max(len(before.own), len(after.own)) < LONGEST:
                nested = _is_inside(old, new) or _is_inside(new, old)
                if not nested or (sources != (old, new) and before.own != after.own):
                    return before, after
        return None

    def _value(self, source: Source | None) -> _Value | None:
        """The lines of the value at a source; None where there is no text of it."""
        if source is None or not source.line or source.file not in self._texts:
            return None
        if source.file not in self._lines:
            self._lines[source.file] = re.split("\r\n|\r|\n", self._texts[source.file])
        lines = self._lines[source.file]
        if source.line > len(lines):
            return None
        begin = _begin(lines, source)
        if len(lines[begin]) > _LONG_LINE and (laid_out := self._laid_out(source)):
            return laid_out
        return _Value(lines, begin, _end(lines, begin))

    def _laid_out(self, source: Source) -> _Value | None:
        """The value at a source of a JSON file with long lines, in lines of our own."""
        if source.file not in self._values_by_file:
            try:
                self._values_by_file[source.file] = json.loads(self._texts[source.file])
            except (ValueError, RecursionError):
                self._values_by_file[source.file] = None
        *_, key = ("", *split(source.pointer))
        value = find(self._values_by_file[source.file], split(source.pointer))
        if value is None:
            return None
        lines = json.dumps(value if is_index(key) else {key: value}, indent=2, ensure_ascii=False).splitlines()
        own = lines if is_index(key) else [line[2:] for line in lines[1:-1]]
        return _Value(own, 0, min(len(own), LONGEST), has_numbers=False)


def _is_inside(source: Source, container: Source) -> bool:
    return source.pointer.startswith(f"{container.pointer}/")


def _same_place(old: Source, new: Source) -> tuple[Source, Source]:
    """The values to compare: of two sources of which one is inside the other, the same value; or the sources."""
    if _are_items(old, new):
        return old.container or old, new.container or new
    for source in _containers(old):
        if source.pointer == new.pointer:
            return source, new
    for source in _containers(new):
        if source.pointer == old.pointer:
            return old, source
    return old, new


def _are_items(old: Source, new: Source) -> bool:
    """Whether two sources are items of the same list."""
    (old_list, _, old_index), (new_list, _, new_index) = (side.pointer.rpartition("/") for side in (old, new))
    return old_list == new_list and old_index != new_index and is_index(old_index) and is_index(new_index)


def _containers(source: Source) -> Iterator[Source]:
    """A source, and the next ones above it."""
    container: Source | None = source
    for _ in range(_CLIMBED):
        if container is None:
            return
        yield container
        container = container.container


def _begin(lines: Sequence[str], source: Source) -> int:
    """The index of the line with the key of the value: a mapping's source is its first line, which may be below."""
    key = re.escape(unescape(source.pointer.rpartition("/")[2]))
    is_key = re.compile(rf"""\s*(?:- +)*(?:{key}|"{key}"|'{key}')\s*:""")
    index = source.line - 1
    for above in range(index, max(-1, index - _KEY_ABOVE), -1):
        if is_key.match(lines[above]):
            return above
    return index


def _end(lines: Sequence[str], begin: int) -> int:
    """The index behind the last line of the value whose key or item is on line `begin`, by how lines are indented."""
    indent, is_item = _indent(lines[begin]), lines[begin].lstrip().startswith("- ")
    end = begin + 1
    for index in range(begin + 1, min(len(lines), begin + LONGEST)):
        text = lines[index].strip()
        if not text:
            continue
        if _indent(lines[index]) < indent:
            break
        if _indent(lines[index]) == indent:
            if text[0] in "]}":
                return index + 1
            if is_item or not text.startswith("-"):  # the items of a list may be indented as much as its key
                break
        end = index + 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _compared(old: _Value, new: _Value) -> Iterator[Row]:
    """The rows of a value that both versions have, with the lines before it."""
    matcher = SequenceMatcher(None, old.own, new.own, autojunk=False)
    for back in range(min(_BEFORE, old.begin, new.begin), 0, -1):
        yield Row("same", old.line(old.begin - back), new.line(new.begin - back))
    differs = old.own != new.own
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        for i, j in zip_longest(range(old.begin + i1, old.begin + i2), range(new.begin + j1, new.begin + j2)):
            if tag == "equal":
                kind: Kind = "same" if differs or i > old.begin else "place"
                yield Row(kind, old.line(i), new.line(j))
            elif i is None:
                yield Row("added", None, new.line(j))
            elif j is None:
                yield Row("removed", old.line(i))
            else:
                yield Row("changed", old.line(i, new.lines[j]), new.line(j, old.lines[i]))


def _alone(value: _Value, kind: Kind, *, is_old: bool) -> Iterator[Row]:
    """The rows of a value that is compared with nothing, with the lines before it."""
    for index in range(max(0, value.begin - _BEFORE), value.end):
        line = value.line(index)
        shown: Kind = "same" if index < value.begin else kind
        yield Row(shown, line, None) if is_old else Row(shown, None, line)


def _around(value: _Value | None, rows: Sequence[Row], is_old: bool) -> list[Row]:
    """Of the rows of what contains a value, those of the value in the version that has it, and the next ones."""
    assert value is not None
    own = range(value.begin + 1, value.end + 1)
    lines = [row.old if is_old else row.new for row in rows]
    indices = [index for index, line in enumerate(lines) if line and line.number in own]
    if not value.has_numbers or not indices:
        return [*rows]
    return [*rows[max(0, indices[0] - _CONTEXT - _BEFORE) : indices[-1] + 1 + _CONTEXT]]


def _shortened(all_rows: Iterable[Row]) -> Iterator[Row]:
    """The rows near those that differ, and how many are left out between them."""
    rows = [*all_rows]
    near = {
        index for at, row in enumerate(rows) if row.kind != "same" for index in range(at - _CONTEXT, at + _CONTEXT + 1)
    }
    shown = skipped = 0
    for index, row in enumerate(rows):
        if shown < MOST_ROWS and (index in near or {index + 1, index + 2} & near):
            if skipped and shown:
                yield Row("skipped", skipped=skipped)
            yield row
            shown, skipped = shown + 1, 0
        else:
            skipped += 1
    if skipped and shown == MOST_ROWS:
        yield Row("skipped", skipped=skipped)


def _without_margin(shortened: Iterable[Row]) -> tuple[Row, ...]:
    """The rows without the spaces that all of their lines begin with."""
    rows = [*shortened]
    starts = [line.start for row in rows for line in (row.old, row.new) if line and (line.start or line.marked)]
    margin = min(map(_indent, starts), default=0)

    def moved(line: Line | None) -> Line | None:
        return line and replace(line, start=line.start[margin:])

    return tuple(replace(row, old=moved(row.old), new=moved(row.new)) for row in rows)


def _differing(text: str, counterpart: str) -> tuple[int, int]:
    """Where the part of a text begins and ends that another text has differently: whole words."""
    start = _in_common(text, counterpart)
    end = _in_common(text[start:][::-1], counterpart[start:][::-1])
    return start, len(text) - end


def _in_common(text: str, counterpart: str) -> int:
    """How many characters two texts share at their beginnings, in whole words."""
    pairs = enumerate(zip(text, counterpart, strict=False))
    length = next((at for at, (mine, its) in pairs if mine != its), min(len(text), len(counterpart)))
    is_inside = any(rest[length : length + 1].isalnum() for rest in (text, counterpart))
    while is_inside and length and text[length - 1].isalnum():
        length -= 1
    return length


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}\u2026"
