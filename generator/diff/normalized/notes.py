"""What the documentation of `workflow-runs` tells of a provider, where it changes while the runs stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from ...document.problems import Source
from ...normalization.capabilities import capabilities
from ...normalization.mapping import Mapping
from ...normalization.unified import UnifiedModel
from ..finding import Finding

_RULE = "normalized-notes-changed"


def compare_notes(
    old: Mapping, new: Mapping, old_unified: UnifiedModel, new_unified: UnifiedModel
) -> Iterator[Finding]:
    """The reasons and sentences that differ."""
    before, after = _reasons(old, old_unified), _reasons(new, new_unified)
    # What has a reason on one side only is a field or a word that came or went, which other rules tell of.
    for place in sorted(before.keys() & after.keys()):
        (text, source), (later, where) = before[place], after[place]
        if text != later:
            yield Finding(_RULE, "", place, text, later, source, where)
    for text in sorted({*old.differences} ^ {*new.differences}):
        before_after = (text, "") if text in old.differences else ("", text)
        yield Finding(_RULE, "", "differences", *before_after, old.source, new.source)


def _reasons(mapping: Mapping, unified: UnifiedModel) -> dict[str, tuple[str, Source]]:
    given = {name: reason.source for reason in mapping.absent for name in reason.names}
    found = {
        f"absent {name}": (because, given.get(name) or given.get(name.partition(".")[0]) or mapping.source)
        for name, because in capabilities(mapping, unified).absent
    }
    for reason in mapping.raw_only:
        found |= {f"raw_only {pointer}": (reason.because, reason.source) for pointer in reason.names}
    tables = {"status": mapping.statuses}
    tables |= {f"{each.target}.status": each.statuses for each in mapping.lists if each.statuses}
    for target, table in tables.items():
        found |= {f"{target} {basis}": (because, table.source) for basis, because in table.because.items()}
    return found
