"""What an update means for callers of the unified model: one provider's mapping before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...document.problems import Source
from ...normalization.capabilities import capabilities
from ...normalization.mapping import Mapping
from ...normalization.unified import UnifiedModel
from ..finding import Finding
from ..pairing.items import by_key
from .call import compare_call, compare_server
from .events import compare_events
from .fields import compare_certainty, compare_fields
from .misfits import misfits
from .polling import compare_polling
from .rebase import rebase
from .statuses import compare_statuses

if TYPE_CHECKING:
    from ..versions import Version


def compare(old: Version, new: Version) -> Iterator[Finding]:
    """The differences of one provider; `compare_unified` has those of the unified model itself, which concern all."""
    if old.package and new.package and not (old.unified and new.unified):
        return  # a single file knows of no layer
    yield from misfits(old, new)
    if old.mapping and new.mapping:
        yield from _compare_mappings(old.mapping, new.mapping)
        if old.unified and new.unified:
            yield from _compare_documentation(old.mapping, new.mapping, old.unified, new.unified)
    elif new.mapping and not old.problems:  # or it was covered, by a mapping that did not fit for a while
        yield Finding("normalized-provider-added", "provider", "", new.mapping.ref_form, None, new.mapping.source)
    elif old.mapping and not new.problems:
        yield Finding("normalized-provider-removed", "provider", old.mapping.ref_form, "", old.mapping.source, None)
    elif old.mapping and new.package and (rebased := rebase(old.mapping, new.package)):
        # What the new mapping makes of it is not known yet; what the spec promises is.
        yield from compare_server(old.mapping.operation, rebased.operation)
        yield from compare_certainty(old.mapping, rebased)


def _compare_mappings(old: Mapping, new: Mapping) -> Iterator[Finding]:
    yield from compare_call(old, new)
    yield from compare_server(old.operation, new.operation)
    yield from compare_polling(old, new)
    of_response = [*compare_statuses("status", old.statuses, new.statuses), *compare_fields(old, new)]
    yield from of_response
    yield from compare_events(old, new, of_response)


def _compare_documentation(
    old: Mapping, new: Mapping, old_unified: UnifiedModel, new_unified: UnifiedModel
) -> Iterator[Finding]:
    """The reasons and sentences that differ, while the runs stay as they are."""
    rule = "normalized-notes-changed"
    for place, before, after in by_key(_reasons(old, old_unified), _reasons(new, new_unified)):
        # What has a reason on one side only is a field or a word that came or went, which other rules report.
        if before and after and before[0] != after[0]:
            yield Finding(rule, place, before[0], after[0], before[1], after[1])
    for text in sorted({*old.differences} ^ {*new.differences}):
        texts = (text, "") if text in old.differences else ("", text)
        yield Finding(rule, "differences", *texts, old.source, new.source)


def _reasons(mapping: Mapping, unified: UnifiedModel) -> dict[str, tuple[str, Source]]:
    """The reasons that the documentation gives, by what they are for, and where the mapping has them."""
    sources = {name: reason.source for reason in mapping.absent for name in reason.names}
    reasons = {
        f"absent {name}": (because, sources.get(name) or sources.get(name.partition(".")[0]) or mapping.source)
        for name, because in capabilities(mapping, unified).absent
    }
    for reason in mapping.raw_only:
        what = "raw_only rest of" if reason.is_rest else "raw_only"
        reasons |= {f"{what} {pointer}": (reason.because, reason.source) for pointer in reason.names}
    for target, table in mapping.status_tables().items():
        reasons |= {f"{target} {basis}": (because, table.source) for basis, because in table.reasons.items()}
    return reasons
