"""The words of an enum in two versions."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Enum
from ...ir.types import Scalar
from ..finding import Finding
from .documentation import compare_texts
from .pairs import Pair, SiteRules

_BECAME_ENUM = SiteRules(
    "request-parameter-became-enum", "request-property-became-enum", "response-property-became-enum"
)
_BECAME_NOT_ENUM = SiteRules(
    "request-parameter-became-not-enum", "request-property-became-not-enum", "response-property-became-not-enum"
)
_VALUE_ADDED = SiteRules(
    "request-parameter-enum-value-added", "request-property-enum-value-added", "response-property-enum-value-added"
)
_VALUE_REMOVED = SiteRules(
    "request-parameter-enum-value-removed",
    "request-property-enum-value-removed",
    "response-property-enum-value-removed",
)


def compare_enums(pair: Pair, old: Enum | Scalar, new: Enum | Scalar) -> Iterator[Finding]:
    """The findings about two enums of one kind, or about an enum where the other version allows any value."""
    if isinstance(old, Scalar) or isinstance(new, Scalar):
        if isinstance(new, Enum):
            yield pair.finding(_BECAME_ENUM, "any", _listed(new), new=new.source)
        elif isinstance(old, Enum):
            yield pair.finding(_BECAME_NOT_ENUM, _listed(old), "any", old=old.source)
        return
    before = {member.value: member for member in old.values}
    after = {member.value: member for member in new.values}
    for word in sorted(before.keys() - after.keys()):
        yield pair.finding(_VALUE_REMOVED, str(word), "", before[word].source, new.source)
    for word in sorted(after.keys() - before.keys()):
        yield pair.finding(_VALUE_ADDED, "", str(word), old.source, after[word].source)
    for word in sorted(before.keys() & after.keys()):
        one, other = before[word], after[word]
        place = f"{pair.place} {word}"
        said = (one.description, one.source), (other.description, other.source)
        yield from compare_texts("schema-description-changed", place, *said)


def _listed(enum: Enum) -> str:
    return ", ".join(sorted(str(member.value) for member in enum.values))
