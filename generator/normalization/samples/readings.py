"""What a mapping can read at the pointers of a response: values for samples, and the items that it chooses of lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..mapping import ABSENT, ChosenItem, FieldMapping, FieldPath, Mapping, StatusTable
from .types import Types
from .values import CREATED, Reading, Sampler, time_of, typed_word, words_of

_SECONDS_LATER = {"started_at": 5, "presented_at": 60, "updated_at": 90, "finished_at": 90, "scheduled_at": -60}
"""When something happens to a sample run, in seconds after it was created, by unified fields."""
_UNITS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000, "nanoseconds": 1_000_000_000}
_CONTENTS = ("inputs", "outputs", "metadata", "config", "input", "output")
"""The unified fields that hold any JSON, which is an object in samples."""
_READABLE: dict[str, tuple[Any, ...]] = {
    **{"seconds": (90,), "milliseconds": (90_000,)},
    **{"iso_duration": ("PT1M30S",), "unit_duration": ("1m30s",), "clock_duration": ("00:01:30",)},
    **{"from_zero": (0,)},
    **dict.fromkeys(("integer", "decimal"), (3, "3")),
}
"""Values that a converter reads, whatever the field is."""
Located = tuple[str, FieldPath]
"""Where the pointers of a path begin ("" or a list whose items they are in), and the path."""


def sampler_of(mapping: Mapping, types: Types) -> Sampler:
    """What makes sample answers that the mapping reads."""
    readings: dict[str, Reading] = {}
    for field, (base, path) in _fields(mapping):
        readings.setdefault(base + path.pointer, Reading(tuple(_values(field)), path.nothing))
    for base, table in _status_tables(mapping):
        for row in table.rows:
            for path, word in zip(table.paths, row.words, strict=False):
                if word != ABSENT and not path.presence:
                    reading = Reading((typed_word(word, path.type, types),), path.nothing)
                    readings.setdefault(base + path.pointer, reading)
    located = list(paths_of(mapping))
    chosen: dict[str, tuple[ChosenItem, ...]] = {}
    for base, path in located:
        if path.item:
            at = base + path.item.path.pointer
            chosen[at] = (*chosen.get(at, ()), path.item)
    needed = {prefix for base, path in located for prefix in prefixes(base + path.pointer)}
    return Sampler(types, readings, chosen, frozenset(needed))


def prefixes(pointer: str) -> Iterator[str]:
    """A pointer, and those of all that contains its value but for the whole document."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def paths_of(mapping: Mapping) -> Iterator[Located]:
    """The paths to all that a mapping reads of a response."""
    yield from (located for _, located in _fields(mapping))
    for base, table in _status_tables(mapping):
        yield from ((base, path) for path in table.paths)
    yield from (("", item.items.path) for item in mapping.lists)
    yield from (("", field.each.path) for field in mapping.fields if field.each)
    yield from (("", path) for _, path in mapping.identifiers)
    if envelope := mapping.envelope:
        yield from (("", path) for path in (envelope.run, envelope.status))


def _fields(mapping: Mapping) -> Iterator[tuple[FieldMapping, Located]]:
    """Each path that fills a unified field."""
    lists: Iterable[tuple[str, Iterable[FieldMapping]]] = [
        ("", mapping.fields),
        *((item.items.path.pointer, item.fields) for item in mapping.lists),
    ]
    for base, fields in lists:
        for field in fields:
            inner = base + field.each.path.pointer if field.each else base
            yield from ((field, (inner, path)) for path in field.paths)


def _status_tables(mapping: Mapping) -> Iterator[tuple[str, StatusTable]]:
    """The status tables, with where the pointers of each begin; that of the run is the last."""
    yield from ((item.items.path.pointer, item.statuses) for item in mapping.lists if item.statuses)
    yield "", mapping.statuses


def _values(mapping: FieldMapping) -> Iterator[Any]:
    """Values from which a field can be read, the likeliest first."""
    if mapping.words:
        yield from (word for word, _ in mapping.words.meanings if word != ABSENT)
        return
    *before, last = mapping.converter.split(", then ")
    for value in _converted(last, mapping.target.rpartition(".")[2]):
        yield value
        if "json_text" in before:
            yield json.dumps(value)
        elif before:
            yield str(value)
    if mapping.agree:
        yield words_of(mapping.target)


def _converted(converter: str, field: str) -> Iterator[Any]:
    """Values that a converter reads as a field."""
    later, content = _SECONDS_LATER.get(field, 0), {"text": words_of(field)}
    kind, _, unit = converter.partition("_")
    if kind == "epoch":
        yield (CREATED + later) * _UNITS.get(unit, 1)
        if unit not in _UNITS:
            yield "Thu, 01 Jan 2026 09:00:00 GMT"
    elif converter in _READABLE:
        yield from _READABLE[converter]
    elif converter.startswith("json_"):
        yield from (content, json.dumps(content))
    elif field.endswith("_at"):
        yield time_of(CREATED + later)
    elif converter in ("object", "keys", "pairs") or field in _CONTENTS:
        yield content
