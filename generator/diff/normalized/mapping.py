"""What an update means for callers of the unified model: one provider's mapping before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...normalization.mapping import Mapping
from ..finding import Finding
from .call import compare_call, compare_server
from .fields import compare_certainty, compare_fields
from .misfits import misfits
from .notes import compare_notes
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
        yield from _compare_mappings(old, new, old.mapping, new.mapping)
    elif new.mapping and not old.problems:  # or it was covered, by a mapping that did not fit for a while
        yield Finding("normalized-provider-added", "", "provider", "", new.mapping.form, None, new.mapping.source)
    elif old.mapping and not new.problems:
        yield Finding("normalized-provider-removed", "", "provider", old.mapping.form, "", old.mapping.source, None)
    elif old.mapping and new.package and (rebased := rebase(old.mapping, new.package)):
        # What the new mapping makes of it is not known yet; what the spec promises is.
        yield from compare_server(old.mapping.operation, rebased.operation)
        yield from compare_certainty(old.mapping, rebased)


def _compare_mappings(old: Version, new: Version, before: Mapping, after: Mapping) -> Iterator[Finding]:
    yield from compare_call(before, after)
    yield from compare_server(before.operation, after.operation)
    yield from compare_statuses("status", before.statuses, after.statuses)
    yield from compare_fields(before, after)
    if old.unified and new.unified:
        yield from compare_notes(before, after, old.unified, new.unified)
