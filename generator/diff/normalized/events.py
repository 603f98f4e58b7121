"""The events of two mappings: which there are, how their bodies are read, and whether they say whose run it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...normalization.mapping import EventMapping, Mapping
from ..finding import Finding
from ..pairing.items import by_key
from .fields import compare_fields
from .statuses import compare_statuses


def compare_events(old: Mapping, new: Mapping, of_response: list[Finding]) -> Iterator[Finding]:
    """The events that came or went, and what is read in another way of the others.

    Not what they inherit: `of_response` are the differences of how a response is read.
    """
    known = {(finding.rule, finding.old, finding.new) for finding in of_response}
    events = ({event.name: event for event in mapping.events} for mapping in (old, new))
    for name, before, after in by_key(*events):
        place = f"event {name}"
        if before and after:
            for finding in _compare(before, after):
                if (finding.rule, finding.old, finding.new) not in known:
                    yield replace(finding, place=f"{place} {finding.place}")
        elif before:
            yield Finding("normalized-event-removed", place, "read", "", before.mapping.source, None)
        elif after:
            yield Finding("normalized-event-added", place, "", "read", None, after.mapping.source)


def _compare(old: EventMapping, new: EventMapping) -> Iterator[Finding]:
    """The differences of one event; their places are within it."""
    yield from compare_statuses("status", old.mapping.statuses, new.mapping.statuses)
    yield from compare_fields(old.mapping, new.mapping)
    sources = (old.mapping.source, new.mapping.source)
    before, after = _name_at(old), _name_at(new)
    if before != after:
        yield Finding("normalized-event-changed", "name", before, after, *sources)
    before, after = _ref(old), _ref(new)
    if before != after:
        rule = "normalized-event-changed" if new.ref else "normalized-event-ref-lost"
        yield Finding(rule, "reference", before, after, *sources)


def _name_at(event: EventMapping) -> str:
    return event.name_at.pointer if event.name_at else "nowhere"


def _ref(event: EventMapping) -> str:
    return ", ".join(f"{part} at {path.pointer}" for part, path in event.ref) or "given by callers"
